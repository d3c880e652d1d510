"""Taking a file of holidays into the table: all of it or nothing, and open due dates follow.

What looks like no holiday (names of observances, a year with more days off than any has had) is a doubt: nothing is
stored until a person has confirmed it, for every due date counts with these days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from ordinance import holiday_changes, holiday_files
from ordinance.holiday_files import HolidayFile, HolidayRow, RowError, UnusableFile
from ordinance.holiday_seed import add_all
from ordinance.models import Holiday

# A year has had up to some twenty of them; elections, special and local days included.
DAYS_OFF_IN_A_YEAR = 30

__all__ = ["ImportResult", "UnusableFile", "import_content", "import_file", "import_rows"]


@dataclass
class ImportResult:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    is_dry_run: bool = False
    added: list[HolidayRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    is_confirmed: bool = False
    moved: list[holiday_changes.Moved] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.errors and not self.is_asked

    @property
    def is_asked(self) -> bool:
        """Nothing was stored since a person has to confirm the doubts first."""
        return bool(self.doubts) and not self.is_confirmed and not self.is_dry_run

    @property
    def rejected(self) -> int:
        return len({error.row for error in self.errors})

    def as_dict(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "ignored": len(self.ignored),
            "rejected": self.rejected,
            "moved": len(self.moved),
            "dry_run": self.is_dry_run,
            "doubts": self.doubts,
            "errors": [
                {"row": each.row, "column": each.column, "value": each.value, "reason": each.reason}
                for each in self.errors
            ],
        }


def import_file(path: Path, *, by: str, dry_run: bool = False, confirmed: bool = False) -> ImportResult:
    found = holiday_files.read(path)
    return _store(found, by=by, dry_run=dry_run, source=path.name, confirmed=confirmed)


def import_content(
    content: bytes, *, name: str, by: str, dry_run: bool = False, confirmed: bool = False
) -> ImportResult:
    """The same for an uploaded file. `UnusableFile` when it is no such file at all."""
    found = holiday_files.parse(content, source=name)
    return _store(found, by=by, dry_run=dry_run, source=name, confirmed=confirmed)


def import_rows(rows: Sequence[Holiday], *, by: str, dry_run: bool, source: str) -> ImportResult:
    """Rows of ours (a year from the package) by the same way as a file's."""
    found = HolidayFile(
        [
            HolidayRow(number, each.on, each.name, each.kind, each.source)
            for number, each in enumerate(rows, start=1)
        ]
    )
    return _store(found, by=by, dry_run=dry_run, source=source)


def _store(
    found: HolidayFile, *, by: str, dry_run: bool, source: str, confirmed: bool = False
) -> ImportResult:
    result = ImportResult(
        is_dry_run=dry_run,
        ignored=found.ignored,
        errors=found.errors,
        doubts=found.doubts,
        is_confirmed=confirmed,
    )
    if found.errors:
        return result
    with (
        transaction.atomic(),
        holiday_changes.changing(by=by, reason=f"공휴일 가져오기: {source}"[:100]) as change,
    ):
        _bring_up(found.rows, result, by=by)
        result.doubts += _crowded_years(result.added)
        if dry_run or result.is_asked:
            result.moved = holiday_changes.settle(change)
            transaction.set_rollback(True)
    result.moved = result.moved or change.moved
    return result


def _crowded_years(added: Sequence[HolidayRow]) -> list[str]:
    doubts = []
    for year in sorted({row.on.year for row in added}):
        days = Holiday.objects.of_year(year).values("on").distinct().count()
        if days > DAYS_OFF_IN_A_YEAR:
            doubts.append(f"{year}년의 공휴일이 {days}일이 됩니다. 한 해의 공휴일은 보통 스무 날 안팎입니다.")
    return doubts


def _bring_up(rows: list[HolidayRow], result: ImportResult, *, by: str) -> None:
    days = [row.on for row in rows]
    on_record: dict[object, list[Holiday]] = {}
    for holiday in Holiday.objects.within(min(days), max(days)):
        on_record.setdefault(holiday.on, []).append(holiday)
    for row in rows:
        same_day = on_record.get(row.on, [])
        same = next((holiday for holiday in same_day if holiday.name == row.name), None)
        if same is None and same_day:
            # A day off by any other name: calendars call 기독탄신일 성탄절. A second row would say nothing new.
            result.unchanged += 1
            result.notes.append(
                f"{row.row}행 {row.on} {row.name}: 이미 '{same_day[0].name}'로 등록된 날입니다."
            )
        elif same is None:
            result.added.append(row)
        elif same.kind == row.kind:
            result.unchanged += 1
        else:
            same.kind, same.source = row.kind, row.source
            same.save()
            result.updated += 1
    new = [Holiday(on=row.on, name=row.name, kind=row.kind, source=row.source) for row in result.added]
    add_all(new, by=by, reason="공휴일 가져오기")
    result.created = len(new)
