"""The national standard CCTV dataset (전국CCTV표준데이터): reading it into typed rows with every error, writing it.

Rows without 관리번호 that differ in anything but figures that make another kind (direction, count, telephone) are
several poles at one address: each is a site with a number of ours, made from what tells it apart. Districts publish a
new 관리번호 with each yearly upload; rows of one place, purpose and direction under an older 데이터기준일자 are told.

Two passes over the same bytes: `read` judges every row and keeps only what is needed to judge the next ones;
`Dataset.rows` then yields the good rows again. So a national file of 370,000 rows never stands in memory as
objects. Nothing here touches the register.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from cameras import dataset_header, geography
from cameras.dataset_columns import COLUMNS, ERROR_COLUMNS, FIELDS, Column, Header, resembles_header
from cameras.dataset_files import SEPARATORS, Row, Table, UnusableFile, open_table
from cameras.dataset_poles import Pole, are_several, numbered
from cameras.dataset_rejected import RejectedRows
from cameras.dataset_uploads import Uploads
from cameras.dataset_values import RETENTION_UNKNOWN, CellRefused, counting_from_1904, neutralise, shown
from cameras.models.register import MAX_CAMERAS_PER_SITE, MAX_RETENTION_DAYS
from cameras.numbering import own_number
from ledger.files import as_text, replacing
from ordinance import parameters

__all__ = ["Dataset", "DatasetRow", "RowError", "UnusableFile", "read"]

# Beyond this many the list of errors helps nobody; they are still counted.
MAX_LISTED_ERRORS = 100_000
PROGRESS_EVERY = 500
_CACHED_CELLS = 20_000

Progress = Callable[[int, int | None, str], None]


class RowError(NamedTuple):
    """One thing wrong with one row; `row` as a spreadsheet counts (header = 1)."""

    row: int
    column: str
    value: str
    reason: str
    hint: str

    def as_json(self) -> dict[str, Any]:
        return dict(self._asdict())


@dataclass(slots=True)
class DatasetRow:
    """One row: a site's cameras of one kind. A field that the file has no column for has its blank.

    So has a cell that could not be read, and it is named in `unread`: whoever needs it must not judge.
    """

    row: int
    number: str
    is_numberless: bool
    institution: str
    road_address: str
    lot_address: str
    dataset_purpose: str
    count: int
    pixel_10k: int | None
    filming_direction: str
    retention_days: int
    installed_month: date | None
    phone: str
    latitude: Decimal | None
    longitude: Decimal | None
    reference_on: date | None
    local_government_code: str = ""
    dataset_update_kind: str = ""
    dataset_updated_at: datetime | None = None
    dataset_modified_at: datetime | None = None
    provider_code: str = ""
    provider_name: str = ""
    unread: frozenset[str] = frozenset()
    has_assumed_retention: bool = False  # the file does not say; the person who imports it did

    def has_read(self, needs: frozenset[str]) -> bool:
        return not self.unread or self.unread.isdisjoint(needs)

    @property
    def place(self) -> tuple[Any, ...]:
        return (self.institution, self.road_address, self.lot_address, self.latitude, self.longitude)

    @property
    def kind(self) -> tuple[str, int | None, int, date | None]:
        """What tells the rows of one site apart."""
        return (self.dataset_purpose, self.pixel_10k, self.retention_days, self.installed_month)


class Refusal(NamedTuple):
    """A check's verdict on a whole row."""

    field: str
    reason: str
    hint: str
    is_clash: bool = False  # with another row: the cell itself need not be wrong


class RowCheck(NamedTuple):
    """A check across the columns of a row: made on every row in which the cells it needs could be read."""

    needs: frozenset[str]
    find: Callable[[DatasetRow], Iterable[Refusal]]


ADDRESSES = frozenset({"road_address", "lot_address"})
POSITION = frozenset({"latitude", "longitude"})
PLACE = frozenset({"institution", *ADDRESSES, *POSITION})
KIND = frozenset({"dataset_purpose", "pixel_10k", "retention_days", "installed_month"})
IDENTITY = PLACE | {"dataset_purpose", "installed_month"}


@dataclass(slots=True)
class _SeenSite:
    row: int
    place: int
    kinds: dict[int, int]
    cameras: int
    rows: int
    poles: list[Pole] | None = None


@dataclass(slots=True)
class Dataset:
    """A file that was judged: what is wrong with it, and its good rows on demand."""

    table: Table
    header: Header
    retention_maximum: int
    checks: tuple[RowCheck, ...]
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    rejected_rows: set[int] = field(default_factory=set)
    rejected: RejectedRows = field(default_factory=RejectedRows)
    accepted: int = 0
    cameras: int = 0
    seen: dict[str, _SeenSite] = field(default_factory=dict)
    uploads: Uploads = field(default_factory=Uploads)
    left_out: set[int] = field(default_factory=set)  # good rows that are not taken, and rows that are no data
    sums: list[int] = field(default_factory=list)
    unknown_periods: int = 0
    assumed_period: int | None = None
    takes_newest_only: bool = False
    _pole_numbers: dict[int, str] = field(default_factory=dict)
    _directions: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def sites(self) -> int:
        return len(self.seen)

    @property
    def fields(self) -> frozenset[str]:
        return self.header.fields

    def rows(self) -> Iterator[DatasetRow]:
        """The good rows, in the file's order."""
        reader = _RowReader(self.table, self.header, self.assumed_period)
        for number, cells in _body(self.table, self.header):
            if number not in self.rejected_rows and number not in self.left_out:
                row, _ = reader.read(number, cells)
                if number in self._pole_numbers:
                    row.number = self._pole_numbers[number]
                yield row

    def rows_by_site(self) -> Iterator[list[DatasetRow]]:
        """The good rows, those of one site together, as soon as its last row was read."""
        waiting: dict[str, list[DatasetRow]] = {}
        for row in self.rows():
            expected = self.seen[row.number].rows
            if expected == 1:
                yield [row]
                continue
            rows = waiting.setdefault(row.number, [])
            rows.append(row)
            if len(rows) == expected:
                yield waiting.pop(row.number)

    def names(self, site_number: str) -> bool:
        """Whether any row bears this number, a wrong one included."""
        return site_number in self.seen or self.rejected.names(site_number)

    def directions_beside(self, row: DatasetRow) -> frozenset[str]:
        """The directions of all poles at a row's place; empty where it is the only one."""
        return self._directions.get(row.number, frozenset())

    def write_rejected(self, path: Path) -> int:
        """The bad rows as they came, each with what is wrong: to be corrected and imported again."""
        why: dict[int, list[str]] = {}
        for error in self.errors:
            why.setdefault(error.row, []).append(f"{error.column}: {error.reason} {error.hint}".strip())
        width = len(self.header.cells)
        kept = [place for place, name in enumerate(self.header.cells) if name not in ERROR_COLUMNS]
        with replacing(path, mode=0o666) as file, as_text(file, "utf-8-sig") as text:
            writer = csv.writer(text)
            writer.writerow([*(self.header.cells[place] for place in kept), *ERROR_COLUMNS])
            for number, cells in _body(self.table, self.header):
                if number in self.rejected_rows:
                    padded = [*cells, *[""] * (width - len(cells))]
                    original = [neutralise(shown(padded[place], len(padded[place]))) for place in kept]
                    writer.writerow([*original, number, neutralise(" / ".join(why.get(number, [])))])
        return len(self.rejected_rows)

    # Judging

    def _judge(self, reader: "_RowReader", number: int, cells: list[str]) -> None:
        row, errors = reader.read(number, cells)
        refusals = [*_problems(row, self.checks), *self._clashes(row)]
        if errors or refusals:
            if dataset_header.is_sum(cells, self.header):
                self.sums.append(number)
                self.left_out.add(number)
                return
            self.unknown_periods += reader.has_unknown_period
            errors += [self._error(row, refusal, cells) for refusal in refusals]
            errors.sort(key=lambda error: self.header.order(error.column))
            self._reject(number, errors)
            self.rejected.note(row, (refusal.field for refusal in refusals if not refusal.is_clash))
            return
        self.unknown_periods += reader.has_unknown_period
        self._note(row)
        self.uploads.note(row)
        self.accepted += 1
        self.cameras += row.count

    def _reject(self, number: int, errors: list[RowError]) -> None:
        self.rejected_rows.add(number)
        self.error_count += len(errors)
        room = MAX_LISTED_ERRORS - len(self.errors)
        self.errors.extend(errors[:room])

    def _clashes(self, row: DatasetRow) -> Iterator[Refusal]:
        """What is wrong with a row beside the good rows before it."""
        site = self.seen.get(row.number)
        if site is None:
            return
        if row.has_read(PLACE) and site.place != hash(row.place):
            yield Refusal(
                "number",
                f"{site.row}행과 관리번호가 같은데 관리기관, 주소 또는 좌표가 다릅니다.",
                "한 관리번호는 한 장소입니다. 번호나 장소를 바로잡으세요.",
                is_clash=True,
            )
        elif (
            row.has_read(_EVERYTHING if row.is_numberless else KIND | PLACE) and _sameness(row) in site.kinds
        ):
            yield Refusal(
                "number" if not row.is_numberless else "road_address",
                f"{site.kinds[_sameness(row)]}행과 같은 행입니다.",
                "한 행만 남기고 지우세요. 대수가 더 있으면 카메라대수에 더하세요.",
                is_clash=True,
            )
        elif site.cameras + row.count > MAX_CAMERAS_PER_SITE:
            yield Refusal(
                "count",
                f"한 지점의 카메라가 {MAX_CAMERAS_PER_SITE:,}대를 넘습니다.",
                "카메라대수를 확인하세요.",
            )

    def _note(self, row: DatasetRow) -> None:
        """A good row, for the judgement of those after it."""
        site = self.seen.get(row.number)
        if site is None:
            site = self.seen[row.number] = _SeenSite(row.row, hash(row.place), {}, 0, 0)
        site.kinds[_sameness(row)] = row.row
        site.cameras += row.count
        site.rows += 1
        if row.is_numberless:
            site.poles = site.poles or []
            site.poles.append(
                Pole(row.row, hash(row.kind), row.filming_direction, row.count, row.reference_on, row.phone)
            )

    def _settle(self) -> None:
        """Once all rows are judged: older uploads go, poles of one address part."""
        if self.takes_newest_only:
            for row, (number, count) in self.uploads.superseded.items():
                self._leave_out(row, number, count)
        shared = [
            (number, site.poles)
            for number, site in self.seen.items()
            if site.poles and are_several(site.poles)
        ]
        for number, poles in shared:
            self._part(number, poles)

    def _leave_out(self, row: int, number: str, count: int) -> None:
        self.left_out.add(row)
        self.accepted -= 1
        self.cameras -= count
        site = self.seen[number]
        site.rows -= 1
        site.cameras -= count
        if site.poles:
            site.poles = [pole for pole in site.poles if pole.row != row]
        if not site.rows:
            del self.seen[number]

    def _part(self, number: str, poles: list[Pole]) -> None:
        place = self.seen.pop(number).place
        directions = frozenset(pole.direction for pole in poles)
        for pole, own in numbered(number, poles):
            self._pole_numbers[pole.row] = own
            self._directions[own] = directions
            site = self.seen.setdefault(own, _SeenSite(pole.row, place, {}, 0, 0))
            site.cameras += pole.cameras
            site.rows += 1

    def _error(self, row: DatasetRow, refusal: Refusal, cells: list[str]) -> RowError:
        if refusal.field in POSITION and row.latitude is not None and row.longitude is not None:
            text = f"{_short(row.latitude)}, {_short(row.longitude)}"
        else:
            place = self.header.place(refusal.field)
            text = cells[place] if place is not None and place < len(cells) else ""
        return RowError(row.row, self.header.label(refusal.field), shown(text), refusal.reason, refusal.hint)


def read(
    path: str | Path,
    *,
    checks: Iterable[RowCheck] | None = None,
    progress: Progress | None = None,
    newest_only: bool = False,
    retention_if_unknown: int | None = None,
) -> Dataset:
    """Judge every row of a file. Raises `UnusableFile` when it is no such file at all.

    A file of column names alone is one: an empty register is exported so.

    `checks` replaces the check of the maximum retention period: the register allows recorded exceptions.
    """
    table = open_table(path, partial(progress, 0, None, "엑셀 파일 읽기") if progress else None)
    if len(table.sheets) > 1:
        table.sheet = _sheet_with_the_data(table)
    header = _find_header(table)
    maximum = parameters.value("retention_max_days")
    if retention_if_unknown is not None and not 1 <= retention_if_unknown <= int(maximum.value):
        raise UnusableFile(
            f"모르는 보관일수에 쓸 값은 1일부터 {maximum.value}일({maximum.citation})까지입니다: {retention_if_unknown}"
        )
    if checks is None:
        checks = [retention_check(int(maximum.value), maximum.citation, lambda row: False)]
    dataset = Dataset(table, header, int(maximum.value), tuple(checks))
    dataset.takes_newest_only, dataset.assumed_period = newest_only, retention_if_unknown
    reader = _RowReader(table, header, retention_if_unknown)
    for number, cells in _body(table, header):
        dataset._judge(reader, number, cells)
        if progress and number % PROGRESS_EVERY == 0:
            progress(number, max(number, table.expected_rows) or None, "파일 확인")
    dataset._settle()
    return dataset


# Checks across the columns of a row


def _address_problems(row: DatasetRow) -> Iterator[Refusal]:
    if not (row.road_address or row.lot_address):
        yield Refusal("road_address", "주소가 없습니다.", "도로명주소와 지번주소 가운데 하나는 적으세요.")


def _position_problems(row: DatasetRow) -> Iterator[Refusal]:
    if row.latitude is None and row.longitude is None:
        return
    if row.latitude is None or row.longitude is None:
        empty = "latitude" if row.latitude is None else "longitude"
        yield Refusal(empty, "위도와 경도 가운데 하나만 있습니다.", "둘 다 적거나 둘 다 비우세요.")
        return
    problem = geography.problem(row.latitude, row.longitude)
    if problem:
        yield Refusal("latitude", problem.reason, problem.hint)


_OWN_CHECKS = (RowCheck(ADDRESSES, _address_problems), RowCheck(POSITION, _position_problems))


def _problems(row: DatasetRow, checks: tuple[RowCheck, ...]) -> Iterator[Refusal]:
    """What is wrong with a row on its own, beyond its single cells."""
    for check in (*_OWN_CHECKS, *checks):
        if row.has_read(check.needs):
            yield from check.find(row)


def retention_check(maximum: int, citation: str, is_excepted: Callable[[DatasetRow], bool]) -> RowCheck:
    """The ordinance's maximum; more only where the register holds a recorded exception for those cameras."""

    def check(row: DatasetRow) -> Iterator[Refusal]:
        if row.retention_days > min(maximum, MAX_RETENTION_DAYS) and not is_excepted(row):
            yield Refusal(
                "retention_days",
                f"최대 보관기간 {maximum}일({citation})을 넘습니다.",
                f"{maximum} 이하로 적으세요. 더 보관할 근거가 있으면 대장에 초과 사유를 먼저 기록하세요.",
            )

    return RowCheck(frozenset({"retention_days"}), check)


def _sheet_with_the_data(table: Table) -> int:
    """Offices keep a note before the data, or a sheet for each 동: none of it is left out without a word."""
    beginnings = [table.beginning_of(sheet) for sheet in range(len(table.sheets))]
    names = [_row_of_names(rows) for rows in beginnings]
    named = [sheet for sheet, place in enumerate(names) if place is not None]
    filled = [sheet for sheet in named if len(beginnings[sheet]) > (names[sheet] or 0) + 1]
    if len(filled) > 1:
        shown = ", ".join(f"‘{table.sheets[sheet]}’" for sheet in filled)
        raise UnusableFile(
            f"자료가 여러 시트에 있습니다: {shown}. 한 시트로 모으거나 시트마다 따로 저장해 주세요."
        )
    return next(iter((*filled, *named)), 0)


def _row_of_names(rows: list[Row]) -> int | None:
    return next((place for place, (_, cells) in enumerate(rows) if resembles_header(cells)), None)


def _find_header(table: Table) -> Header:
    rows = table.beginning()
    if not rows:
        raise UnusableFile(f"빈 파일입니다: {table.name}")
    if not table.is_workbook and _row_of_names(rows) is None:
        table.separator = dataset_header.best_separator(table.beginning_by, SEPARATORS)
        rows = table.beginning()
    return dataset_header.find(rows)


def _body(table: Table, header: Header) -> Iterator[tuple[int, list[str]]]:
    width = len(header.cells)
    passed_over = header.passed_over
    for number, cells in table.rows():
        if number in passed_over:
            continue
        if number > header.row and any(cells) and any(cell.strip(" \u00a0\u3000") for cell in cells):
            if table.is_workbook and len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]  # a sheet does not store empty cells
            yield number, cells


class _RowReader:
    """Reads the cells of one file's rows; equal cells of a column are read once."""

    def __init__(self, table: Table, header: Header, assumed_period: int | None) -> None:
        self.assumed_period = assumed_period
        self.has_unknown_period = False  # the row that was read last
        self.retention_at = header.place("retention_days")
        self.width = len(header.cells)
        self.names = header.cells
        self.columns: list[tuple[int, Column, Callable[[str], Any], dict[str, Any]]] = [
            (place, column, counting_from_1904(column.read) if table.counts_from_1904 else column.read, {})
            for place, column in header.places
            if column.read
        ]

    def read(self, number: int, cells: list[str]) -> tuple[DatasetRow, list[RowError]]:
        errors = self._length_problems(number, cells)
        values: dict[str, Any] = {}
        unread: set[str] = set()
        last = len(cells)
        for place, column, read_cell, known in self.columns:
            if place >= last:
                unread.add(column.field)
                continue
            cell = cells[place]
            try:
                value = known[cell]
            except KeyError:
                try:
                    value = read_cell(cell)
                except CellRefused as refused:
                    errors.append(
                        RowError(number, self.names[place], shown(cell), refused.reason, refused.hint)
                    )
                    unread.add(column.field)
                    continue
                if len(known) < _CACHED_CELLS:
                    known[cell] = value
            values[column.field] = value
        self.has_unknown_period = values.get("retention_days") == RETENTION_UNKNOWN
        if self.has_unknown_period and self.assumed_period is None:
            errors.append(self._period_problem(number, cells))
            unread.add("retention_days")
        elif self.has_unknown_period:
            values["retention_days"] = self.assumed_period
        row = _row(number, values, frozenset(unread))
        row.has_assumed_retention = self.has_unknown_period
        return row, errors

    def _period_problem(self, number: int, cells: list[str]) -> RowError:
        place = self.retention_at or 0
        return RowError(
            number,
            self.names[place],
            shown(cells[place]),
            "보관일수를 알 수 없습니다.",
            "보관일수를 일 단위 숫자로 적으세요. 예: 30. 한꺼번에 정하려면 가져올 때 ‘모르는 보관일수’에 쓸 값을 주세요.",
        )

    def _length_problems(self, number: int, cells: list[str]) -> list[RowError]:
        if len(cells) == self.width:
            return []
        if len(cells) < self.width:
            missing = ", ".join(self.names[len(cells) :])
            return [
                RowError(
                    number,
                    self.names[len(cells)],
                    "",
                    f"칸이 모자랍니다({len(cells)}/{self.width}).",
                    f"빠진 칸: {missing}. 빈 칸도 쉼표로 나누어야 합니다.",
                )
            ]
        surplus = [cell for cell in cells[self.width :] if cell.strip()]
        if not surplus:
            return []
        return [
            RowError(
                number,
                self.names[-1],
                shown(surplus[0]),
                f"칸이 남습니다({len(cells)}/{self.width}).",
                '쉼표가 든 칸은 따옴표(")로 묶으세요.',
            )
        ]


_BLANKS: dict[str, Any] = {
    column.field: 0 if column.field in {"count", "retention_days"} else "" for column in COLUMNS
} | dict.fromkeys(
    (
        "pixel_10k",
        "installed_month",
        "latitude",
        "longitude",
        "reference_on",
        "dataset_updated_at",
        "dataset_modified_at",
    )
)


def _row(number: int, values: dict[str, Any], unread: frozenset[str]) -> DatasetRow:
    for name in unread:
        values[name] = _BLANKS[name]
    site_number = values.pop("number", "")
    is_numberless = not site_number and "number" not in unread
    row = DatasetRow(row=number, number=site_number, is_numberless=is_numberless, unread=unread, **values)
    if is_numberless and row.has_read(IDENTITY):
        row.number = own_number(*identity(row))
    return row


_EVERYTHING = frozenset(FIELDS)
_every_column = attrgetter(*FIELDS)


def _sameness(row: DatasetRow) -> int:
    """What two rows of one number must not share: without 관리번호 only everything makes them one and the same."""
    return hash(_every_column(row) if row.is_numberless else row.kind)


def identity(row: DatasetRow) -> tuple[str, ...]:
    """What a row without 관리번호 is known by."""
    return (
        row.institution,
        row.road_address,
        row.lot_address,
        row.dataset_purpose,
        "" if row.installed_month is None else f"{row.installed_month:%Y-%m}",
        _short(row.latitude),
        _short(row.longitude),
    )


def _short(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.9f}".rstrip("0").rstrip(".")


assert {column.field for column in COLUMNS} <= set(DatasetRow.__dataclass_fields__)  # noqa: S101
