"""Public holidays: the table that deadlines are counted with.

The lunar days, the substitutes and the days that the government names weeks before cannot be computed from a rule
that stays true, so they are rows (관공서의 공휴일에 관한 규정). Sundays are holidays by the same decree but no rows;
Saturdays are none, and each way of counting says itself what it does with them.

Whatever changes a row (these functions, a form in the portal, the import) makes open due dates move in the same
transaction; several changes inside one `changing` block make them move once.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils import timezone

import ledger.append
from ledger import canonical
from ordinance.models import Holiday

SATURDAY, SUNDAY = 5, 6
LINE_KIND = "due_date.moved"
# The decree names fifteen days of every year since 2013. A year with fewer than this has only been begun.
KNOWN_FROM = 10


@dataclass(frozen=True)
class Calendar:
    """The holidays of some years, taken from the table once, so that counting needs no more queries."""

    names: Mapping[datetime.date, tuple[str, ...]]
    known_years: frozenset[int]

    def is_holiday(self, on: datetime.date) -> bool:
        """By the decree: a day in the table, or a Sunday."""
        return on.weekday() == SUNDAY or on in self.names

    def is_working_day(self, on: datetime.date) -> bool:
        return on.weekday() != SATURDAY and not self.is_holiday(on)

    def name(self, on: datetime.date) -> str:
        """Why nobody works on that day; empty for a working day."""
        if on in self.names:
            return "·".join(self.names[on])
        return {SATURDAY: "토요일", SUNDAY: "일요일"}.get(on.weekday(), "")

    def next_working_day(self, on: datetime.date) -> datetime.date:
        """That day, or the next one that is neither Saturday nor holiday."""
        while not self.is_working_day(on):
            on += datetime.timedelta(days=1)
        return on

    def previous_working_day(self, on: datetime.date) -> datetime.date:
        while not self.is_working_day(on):
            on -= datetime.timedelta(days=1)
        return on

    def covers(self, from_on: datetime.date, until_on: datetime.date) -> bool:
        """Whether every year of the range has its holidays on record."""
        return all(year in self.known_years for year in range(from_on.year, until_on.year + 1))

    def changed(
        self, adding: Iterable[tuple[datetime.date, str]], removing: Iterable[tuple[datetime.date, str]]
    ) -> "Calendar":
        """The same calendar with some days more and some fewer, for a look before the act."""
        gone = set(removing)
        days = [(on, name) for on, each in self.names.items() for name in each if (on, name) not in gone]
        return Calendar.of([*days, *adding], self.known_years)

    @classmethod
    def of(cls, days: Iterable[tuple[datetime.date, str]], known_years: Iterable[int]) -> "Calendar":
        names: dict[datetime.date, list[str]] = defaultdict(list)
        for on, name in days:
            names[on].append(name)
        return cls({on: tuple(each) for on, each in names.items()}, frozenset(known_years))


def calendar(from_on: datetime.date, until_on: datetime.date) -> Calendar:
    """The table's days of all years that the range touches, in one query.

    A year counts as known when most of its holidays by law are there: an election day or New Year entered early
    does not make the year's calendar complete.
    """
    rows = list(
        Holiday.objects.within(
            datetime.date(from_on.year, 1, 1), datetime.date(until_on.year, 12, 31)
        ).values_list("on", "name", "kind")
    )
    by_law = Counter(on.year for on, _name, kind in rows if kind == Holiday.Kind.NATIONAL)
    known = {year for year, days in by_law.items() if days >= KNOWN_FROM}
    return Calendar.of(((on, name) for on, name, _kind in rows), known)


def is_holiday(on: datetime.date) -> bool:
    return on.weekday() == SUNDAY or Holiday.objects.filter(on=on).exists()


def is_working_day(on: datetime.date) -> bool:
    return on.weekday() != SATURDAY and not is_holiday(on)


def is_year_known(year: int) -> bool:
    return days_by_law(year) >= KNOWN_FROM


def days_by_law(year: int) -> int:
    return Holiday.objects.of_year(year).filter(kind=Holiday.Kind.NATIONAL).count()


def missing_text(year: int) -> str:
    """What to tell people of a missing year."""
    if begun := days_by_law(year):
        return f"{year}년 공휴일이 다 등록되지 않았습니다(법정공휴일 {begun}일)"
    return f"{year}년 공휴일이 등록되지 않았습니다"


def missing_year(today: datetime.date | None = None) -> int | None:
    """The year whose holidays are missing: this one at any time, the coming one from 1 October."""
    day = today or timezone.localdate()
    if not is_year_known(day.year):
        return day.year
    if day.month >= 10 and not is_year_known(day.year + 1):
        return day.year + 1
    return None


# -- changing the table ----------------------------------------------------------------------------------------


@dataclass
class Change:
    """What one act changes in the table: the days, who did it, why."""

    by: str = ""
    reason: str = ""
    days: list[datetime.date] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moved: list["Moved"] = field(default_factory=list)

    def note(self, on: datetime.date, what: str) -> None:
        self.days.append(on)
        self.notes.append(what)


@dataclass(frozen=True, slots=True)
class Moved:
    """An open due date that another table of holidays gives another day."""

    subject_kind: str
    subject_number: str
    purpose: str
    old_due_on: datetime.date
    new_due_on: datetime.date


_current: ContextVar[Change | None] = ContextVar("holiday_change", default=None)


@contextmanager
def changing(*, by: str, reason: str = "") -> Iterator[Change]:
    """One transaction of changes to the table, at whose end open due dates are computed anew, once."""
    if (outer := _current.get()) is not None:
        yield outer
        return
    # Refused now, not only on the day when a due date moves and the line is written.
    canonical.check_references(LINE_KIND, by, "holidays")
    change = Change(by=by, reason=reason)
    token = _current.set(change)
    try:
        with transaction.atomic():
            yield change
            settle(change)
    finally:
        _current.reset(token)


def settle(change: Change) -> list["Moved"]:
    """Moves what the days noted so far have an effect on, and writes a line for each that moved."""
    from ordinance import duedates  # counts with this module

    if change.days and not transaction.get_rollback():
        moved = duedates.follow_holidays(change)
        change.days, change.notes = [], []
        change.moved += moved
        if moved:
            # The last step of the transaction: who writes to the ledger makes others wait.
            ledger.append.record_many(map(partial(_line, change), moved))
    return change.moved


def _line(change: Change, moved: "Moved") -> ledger.append.Draft:
    return ledger.append.Draft(
        kind=LINE_KIND,
        actor=change.by,
        subject=f"{moved.subject_kind}:{moved.subject_number}",
        payload={
            "purpose": moved.purpose,
            "old_due_on": moved.old_due_on.isoformat(),
            "new_due_on": moved.new_due_on.isoformat(),
        },
    )


def note_deleted(instance: Holiday, **kwargs: object) -> None:
    """Hangs on the signal, since rows are also deleted by query set."""
    with changing(by="system:holidays") as change:
        change.note(instance.on, f"공휴일 삭제: {instance}")


def _give_reason(holiday: Holiday, reason: str) -> None:
    """For the row's history, which takes it from this attribute."""
    holiday._change_reason = reason[:100]  # type: ignore[attr-defined]


def add(
    on: datetime.date,
    name: str,
    kind: str = Holiday.Kind.TEMPORARY,
    *,
    by: str,
    source: str = "",
    reason: str = "",
) -> Change:
    """Adds a day and moves what is open. Says which due dates moved."""
    with changing(by=by, reason=reason) as change:
        holiday = Holiday(on=on, name=name, kind=kind, source=source)
        holiday.full_clean()
        _give_reason(holiday, reason)
        holiday.save()
    return change


def remove(holiday: Holiday, *, by: str, reason: str = "") -> Change:
    """Takes a day out again and moves what is open."""
    with changing(by=by, reason=reason) as change:
        _give_reason(holiday, reason)
        holiday.delete()
    return change


def affected_by(
    *, adding: Iterable[tuple[datetime.date, str]] = (), removing: Iterable[Holiday] = ()
) -> list[Moved]:
    """Which open due dates would move, without changing anything: what a screen shows before the act."""
    from ordinance import duedates

    gone = [(holiday.on, holiday.name) for holiday in removing]
    return duedates.would_move(adding=list(adding), removing=gone)
