"""Tables that other systems bring: columns by name in any order, all errors at once, all or nothing.

The file itself (encoding, separator, workbook) is opened by `cameras.dataset_files`; here its header is found and its
cells are read. Times are ISO 8601 with an offset, or Seoul time without one; Seoul has had no summer time since 1988.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from cameras.dataset_files import SEPARATORS, Row, Table, UnusableFile, open_table
from cameras.dataset_text import folded
from cameras.dataset_values import shown

SEOUL = datetime.timezone(datetime.timedelta(hours=9))
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=SEOUL)
LONGEST_VALUE = 200
SHOWN_ERRORS = 1_000

_LOOSE = re.compile(
    r"(\d{4})[-/.년]\s*(\d{1,2})[-/.월]\s*(\d{1,2})[.일]?"
    r"(?:[ T]+(?:(오전|오후|AM|PM)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


class CellRefused(ValueError):
    """Why a cell cannot be read, for the person who corrects the file."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row: where, which value, why."""

    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason}

    def __str__(self) -> str:
        return f"{self.row}행 [{self.column}] ‘{self.value}’: {self.reason}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name; `aliases` are other names under which systems write it."""

    name: str
    is_required: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A table whose header was found: where each column stands, and the rows below it."""

    table: Table
    header_row: int
    places: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and the cells by column name; rows without anything are passed over."""
        for number, cells in self.table.rows():
            if number > self.header_row and any(map(str.strip, cells)):
                yield (
                    number,
                    {
                        name: folded(cells[place]) if place < len(cells) else ""
                        for name, place in self.places.items()
                    },
                )


@dataclass(slots=True)
class ImportResult:
    """`created`, `updated`, `unchanged`, `rejected` count rows of the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    digest: str = ""
    ledger_entry: int | None = None
    is_stored: bool = False
    is_refused: bool = False

    @property
    def rejected(self) -> int:
        return len({error.row for error in self.errors})

    def figures(self) -> dict[str, int]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }

    def as_json(self) -> dict[str, Any]:
        return {
            **self.figures(),
            "stored": self.is_stored,
            "sha256": self.digest,
            "ledger_entry": self.ledger_entry,
            "errors": [error.as_json() for error in self.errors[:SHOWN_ERRORS]],
        }


def open_sheet(path: str | Path, columns: Sequence[Column]) -> Sheet:
    """The table of a file whose header has the most of these columns; `UnusableFile` names the columns that lack."""
    table = open_table(path)
    best: tuple[int, int, Row, int | str] | None = None
    for place, (way, rows) in enumerate(_ways(table)):
        for row in rows:
            known = len(_places(row[1], columns))
            if best is None or known > best[0]:
                best = known, -place, row, way
    if best is None or not best[0]:
        wanted = ", ".join(column.name for column in columns)
        raise UnusableFile(
            f"열 이름이 있는 줄을 찾지 못했습니다. 첫 줄에 다음 열 이름을 적으십시오: {wanted}"
        )
    _, _, (number, cells), way = best
    if isinstance(way, int):
        table.sheet = way
    else:
        table.separator = way
    return Sheet(table, number, places_of(cells, columns))


def places_of(cells: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Where each column stands in a header; `UnusableFile` names what lacks or stands twice."""
    places = _places(cells, columns)
    if lacking := [column.name for column in columns if column.is_required and column.name not in places]:
        raise UnusableFile(f"열이 없습니다: {', '.join(lacking)} (파일의 열: {shown(', '.join(cells))})")
    for column in columns:
        if sum(_is_named(cell, column) for cell in cells) > 1:
            raise UnusableFile(f"같은 열이 둘 이상입니다: {column.name}")
    return places


def _ways(table: Table) -> Iterator[tuple[int | str, Sequence[Row]]]:
    """Each sheet of a workbook, each separator of a text, with its first rows."""
    if table.is_workbook:
        yield from ((sheet, table.beginning_of(sheet)) for sheet in range(max(1, len(table.sheets))))
    else:
        yield from ((separator, table.beginning_by(separator)) for separator in SEPARATORS)


def _places(cells: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    return {
        column.name: place
        for column in columns
        for place, cell in islice(
            ((place, cell) for place, cell in enumerate(cells) if _is_named(cell, column)), 1
        )
    }


def _is_named(cell: str, column: Column) -> bool:
    name = folded(cell).replace(" ", "").lower()
    return any(name == each.replace(" ", "").lower() for each in (column.name, *column.aliases))


# Cells


def text(cell: str, longest: int = LONGEST_VALUE) -> str:
    if not cell.isprintable():
        raise CellRefused("보이지 않는 문자가 있습니다.")
    if len(cell) > longest:
        raise CellRefused(f"{longest}자를 넘습니다.")
    return cell


def needed(cell: str, longest: int = LONGEST_VALUE) -> str:
    if not cell:
        raise CellRefused("값이 필요합니다.")
    return text(cell, longest)


def day(cell: str) -> datetime.date:
    return instant(cell).astimezone(SEOUL).date()


def optional_day(cell: str) -> datetime.date | None:
    return day(cell) if cell else None


def instant(cell: str, zone: datetime.tzinfo = SEOUL) -> datetime.datetime:
    """A point in time; `zone` is that of times without an offset."""
    try:
        found = datetime.datetime.fromisoformat(cell)
    except ValueError:
        found = _loose_instant(cell)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    if found < EARLIEST:
        raise CellRefused("2000년보다 앞선 시각입니다.")
    return found


def optional_instant(cell: str, zone: datetime.tzinfo = SEOUL) -> datetime.datetime | None:
    return instant(cell, zone) if cell else None


def past(at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    if at > now:
        raise CellRefused("아직 오지 않은 시각입니다.")
    return at


@lru_cache(maxsize=4096)
def _loose_instant(cell: str) -> datetime.datetime:
    """As offices and spreadsheets write it: 2026. 10. 1. 오후 3:05, 2026/10/01 15:05."""
    match = _LOOSE.fullmatch(cell.strip())
    if match is None:
        raise CellRefused("시각을 2026-10-01 09:00:00 꼴로 적으십시오.")
    year, month, date_, half, hour, minute, second, fraction, offset = match.groups()
    hours = int(hour or 0)
    if half in ("오후", "PM") and hours < 12:
        hours += 12
    elif half in ("오전", "AM") and hours == 12:
        hours = 0
    text_ = f"{year}-{month:>02}-{date_:>02}T{hours:02}:{minute or '00'}:{second or '00'}"
    fraction_ = f".{fraction:0<6}" if fraction else ""
    try:
        return datetime.datetime.fromisoformat(f"{text_}{fraction_}{offset or ''}")
    except ValueError:
        raise CellRefused("없는 날짜나 시각입니다.") from None
