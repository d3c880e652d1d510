"""Public holidays: the table that deadlines are counted with.

The lunar days, the substitutes and the days that the government names weeks before cannot be computed from a rule
that stays true, so they are rows (관공서의 공휴일에 관한 규정). Sundays are holidays by the same decree but no rows;
Saturdays are none, and each way of counting says itself what it does with them.

Whatever changes a row makes open due dates move in the same transaction: see `holiday_changes`.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from ordinance.holiday_changes import Change, changing
from ordinance.models import Holiday

SATURDAY, SUNDAY = 5, 6
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
