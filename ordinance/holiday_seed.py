"""A year's holidays from the `holidays` package, put right where the decree says otherwise.

The package is a good start but no authority: every row says where it comes from, and `CORRECTIONS` wins over it. The
years 2026 and 2027 were compared with the Holiday Decree (2026-05-01) day by day; the tests repeat that.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import holidays as package
from simple_history.utils import bulk_create_with_history

from ordinance import holiday_changes
from ordinance.models import Holiday

Kind = Holiday.Kind
DECREE = "관공서의 공휴일에 관한 규정"
SUBSTITUTE_SUFFIX = " 대체 휴일"
# What the package says and what the decree calls the day.
NAMES = {"신정연휴": "1월 1일", "삼일절": "3·1절", "국군의 날": "임시공휴일(국군의 날)"}
# Days that the government named for one year only.
TEMPORARY = {"임시공휴일", "국군의 날"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A day that the package lacks or has too much, with the provision that says so."""

    on: datetime.date
    name: str
    kind: str
    source: str
    is_removed: bool = False


# None at present: the release in use knows Labour Day, Constitution Day and their substitutes from 2026 on.
CORRECTIONS: tuple[Correction, ...] = ()


def of_year(year: int) -> list[Holiday]:
    """Unsaved rows; several holidays on one day are several rows."""
    found: dict[tuple[datetime.date, str], Holiday] = {}
    source = f"{DECREE} (holidays {package.__version__})"
    for on, names in package.country_holidays("KR", years=year, language="ko").items():
        for name in names.split("; "):
            holiday = Holiday(on=on, name=_name(name), kind=_kind(name), source=source)
            found[on, holiday.name] = holiday
    for correction in CORRECTIONS:
        if correction.on.year == year:
            found.pop((correction.on, correction.name), None)
            if not correction.is_removed:
                found[correction.on, correction.name] = Holiday(
                    on=correction.on, name=correction.name, kind=correction.kind, source=correction.source
                )
    return [found[key] for key in sorted(found)]


def fill(years: Iterable[int], *, by: str) -> int:
    """Adds what those years lack, as one change."""
    wanted = [holiday for year in years for holiday in of_year(year)]
    if not wanted:
        return 0
    days = [holiday.on for holiday in wanted]
    on_record = set(Holiday.objects.within(min(days), max(days)).values_list("on", "name"))
    missing = [holiday for holiday in wanted if (holiday.on, holiday.name) not in on_record]
    add_all(missing, by=by, reason="공휴일 일괄 등록")
    return len(missing)


def add_all(rows: list[Holiday], *, by: str, reason: str) -> holiday_changes.Change:
    """Many days as one change, with their history; open due dates move once."""
    with holiday_changes.changing(by=by, reason=reason) as change:
        if rows:
            bulk_create_with_history(rows, Holiday, default_change_reason=reason)
    return change


def _name(name: str) -> str:
    base = name.removesuffix(SUBSTITUTE_SUFFIX)
    known = NAMES.get(base, base)
    return f"대체공휴일({known})" if base != name else known


def _kind(name: str) -> str:
    if name.endswith(SUBSTITUTE_SUFFIX):
        return Kind.SUBSTITUTE
    if name in TEMPORARY:
        return Kind.TEMPORARY
    if name.endswith(("선거일", "투표일")):
        return Kind.ELECTION
    return Kind.NATIONAL
