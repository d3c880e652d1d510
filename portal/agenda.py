"""할 일과 기한: one person's list of what is due, overdue or about to lapse, sorted by when.

The items come from every app's provider (`ordinance.due`) and are made anew at each look. The same list feeds the
screen, the morning mail (`portal.reminders`) and the calendar (`portal.calendar_events`), so all three show what the
person may open, by the rule of the first page (`portal.home.concerns`).
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import Officer
from ordinance import due, holidays
from ordinance.due import DueItem, Severity
from portal.home import concerns, days_text, is_notice, is_to_do, way_in

WEEK, MONTH = datetime.timedelta(days=7), datetime.timedelta(days=30)
OTHER_KIND = "기타"


class Stage(models.IntegerChoices):
    """How pressing a matter is. A higher number is worse, and worth another mail."""

    INFO = 0, "알림"
    SOON = 1, "다가오는 기한"
    TODAY = 2, "오늘 할 일"
    OVERDUE = 3, "기한 경과"
    FAILED = 4, "위험"


class Bucket(Enum):
    """A group of the list: label, and the style that the first page gives to such items."""

    FAILED = ("위험", Severity.FAILED)
    OVERDUE = ("기한 경과", Severity.OVERDUE)
    TODAY = ("오늘", Severity.DUE)
    WEEK = ("7일 이내", Severity.DUE)
    MONTH = ("30일 이내", Severity.DUE)
    LATER = ("그 뒤", Severity.INFO)
    UNDATED = ("기한이 정해지지 않음", Severity.INFO)

    @property
    def label(self) -> str:
        return str(self.value[0])

    @property
    def style(self) -> str:
        return str(self.value[1])

    @property
    def slug(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Entry:
    """An item as this person sees it today."""

    item: DueItem
    today: datetime.date
    kind: str
    is_own: bool
    # One of those whose task it is, or to be told of it in any case.
    is_duty: bool
    # The officer whose matter it is, where that is somebody else.
    owner_name: str = ""
    # Where this person deals with it or reads of it.
    url: str = ""

    @property
    def stage(self) -> Stage:
        return stage(self.item, self.today)

    @property
    def bucket(self) -> Bucket:
        return bucket(self.item, self.today)

    @property
    def title(self) -> str:
        """On one line, with the count: what mails and calendars say. The detail stays in the portal."""
        title = " ".join(self.item.title.split())
        return f"{title} ({self.item.count:,}건)" if self.item.count > 1 else title

    @property
    def when(self) -> str:
        """The due date in words, seen from today; empty without one."""
        return days_text(self.item.due_on, self.today)

    @property
    def since_on(self) -> datetime.date | None:
        return timezone.localdate(self.item.since) if self.item.since else None


@dataclass(frozen=True)
class Group:
    bucket: Bucket
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Day:
    """A day of the month calendar, whatever is due on it."""

    on: datetime.date
    entries: Sequence[Entry]
    rest: str
    is_today: bool


def stage(item: DueItem, today: datetime.date) -> Stage:
    """How pressing it is on that day: a provider may leave it to the date."""
    if item.severity == Severity.FAILED:
        return Stage.FAILED
    if item.severity == Severity.INFO:
        return Stage.INFO
    if item.severity == Severity.OVERDUE or (item.due_on is not None and item.due_on < today):
        return Stage.OVERDUE
    return Stage.SOON if item.due_on is not None and item.due_on > today else Stage.TODAY


def bucket(item: DueItem, today: datetime.date) -> Bucket:
    found = stage(item, today)
    if found in (Stage.FAILED, Stage.OVERDUE):
        return Bucket[found.name]
    # What only informs cannot be late: its day is over, the notice still stands.
    if item.due_on is None or item.due_on < today:
        return Bucket.UNDATED
    if item.due_on == today:
        return Bucket.TODAY
    if item.due_on <= today + WEEK:
        return Bucket.WEEK
    return Bucket.MONTH if item.due_on <= today + MONTH else Bucket.LATER


def seen_by(person: Officer, now: datetime.datetime) -> list[Entry]:
    """Everything whose screen this person may open, the own matters first, then by date. Asks each provider once."""
    return entries_of(person, due.collect(now, person), now)


def entries_of(person: Officer, items: Iterable[DueItem], now: datetime.datetime) -> list[Entry]:
    """What of these items concerns the person, in the order of the list."""
    today = timezone.localdate(now)
    concerning = [item for item in items if concerns(person, item)]
    names = _names({item.officer_id for item in concerning} - {None, person.pk})
    entries = [
        Entry(
            item=item,
            today=today,
            kind=kind_of(item),
            is_own=item.officer_id == person.pk,
            is_duty=item.officer_id == person.pk or _is_duty(item, person),
            owner_name=names.get(item.officer_id, ""),
            url=way_in(person, item),
        )
        for item in concerning
    ]
    return sorted(entries, key=_order)


def duties(entries: Iterable[Entry]) -> list[Entry]:
    """Without the tasks of others: what this person is reminded of."""
    return [entry for entry in entries if entry.is_duty]


def _is_duty(item: DueItem, person: Officer) -> bool:
    if item.officer_id is not None:
        return False
    return is_to_do(person, item) or is_notice(item)


def kind_of(item: DueItem) -> str:
    if item.kind:
        return item.kind
    label = item.code.partition(".")[0]
    return str(apps.get_app_config(label).verbose_name) if label in apps.app_configs else OTHER_KIND


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """By urgency, without empty groups."""
    found: dict[Bucket, list[Entry]] = {each: [] for each in Bucket}
    for entry in entries:
        found[entry.bucket].append(entry)
    return [Group(each, members) for each, members in found.items() if members]


def month(first_on: datetime.date, entries: Iterable[Entry], today: datetime.date) -> list[Day]:
    """Every day of the month with what is due on it and why nobody works on it; one query."""
    length = calendar.monthrange(first_on.year, first_on.month)[1]
    last_on = first_on.replace(day=length)
    rest = holidays.calendar(first_on, last_on)
    by_day: dict[datetime.date, list[Entry]] = {}
    for entry in entries:
        if entry.item.due_on is not None:
            by_day.setdefault(entry.item.due_on, []).append(entry)
    days = [first_on + datetime.timedelta(days=number) for number in range(length)]
    return [Day(on, by_day.get(on, ()), rest.name(on), on == today) for on in days]


def _order(entry: Entry) -> tuple[bool, datetime.date, int, str, str]:
    item = entry.item
    return not entry.is_own, item.due_on or datetime.date.max, -entry.stage, item.code, item.key


def _names(numbers: set[int | None]) -> dict[int | None, str]:
    if not numbers:
        return {}
    return {officer.pk: str(officer) for officer in Officer.objects.filter(pk__in=numbers)}
