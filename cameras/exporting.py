"""The register as a file of the national dataset: cameras added up again into rows, importable without a change.

Left out are cameras not yet in service, removed ones, and those exempt from the sign duty for security. The file
appears under its name only when it is complete.
"""

import csv
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from accounts.korean import josa
from cameras import dataset_values as values
from cameras.dataset_columns import BULK_LAYOUT
from cameras.dataset_groups import KIND_FIELDS, SHARED_FIELDS, shared_value
from cameras.dataset_text import address, folded, tidy
from cameras.dataset_values import SEOUL, neutralise
from cameras.models import Camera
from cameras.querysets import CameraQuerySet
from ledger.files import as_text, replacing

ENCODINGS = ("utf-8-sig", "cp949", "utf-8")
MAX_WORKBOOK_ROWS = 1_048_576
_NUMBERS = ("카메라대수", "카메라화소수", "보관일수", "WGS84위도", "WGS84경도")


class UnusableTarget(Exception):
    """The file cannot be written so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    rows: int
    sites: int
    cameras: int

    def as_json(self) -> dict[str, int]:
        return {"rows": self.rows, "sites": self.sites, "cameras": self.cameras}


def export_file(
    path: str | Path,
    encoding: str = "utf-8-sig",
    as_of_today: bool = False,
    *,
    cameras: CameraQuerySet | None = None,
) -> ExportResult:
    """Write the 18 columns; a name that ends in .xlsx makes a workbook. `cameras` limits what is written."""
    path = Path(path)
    if encoding not in ENCODINGS:
        raise UnusableTarget(f"쓸 수 없는 인코딩입니다: {encoding}. {', '.join(ENCODINGS)} 가운데 고르세요.")
    today = datetime.now(SEOUL).date() if as_of_today else None
    # Closed here, also when a row cannot be written: left to the interpreter, the query would outlive its connection.
    with closing(_rows(Camera.objects.all() if cameras is None else cameras, today)) as rows:
        counted = _Counted(rows)
        try:
            with replacing(path, mode=0o666) as file:
                if path.suffix.lower() == ".xlsx":
                    _write_workbook(file, counted)
                else:
                    _write_csv(file, counted, encoding)
        except IsADirectoryError:
            raise UnusableTarget(f"파일이 아니라 폴더입니다: {path}") from None
        except OSError as error:
            raise UnusableTarget(f"파일을 쓸 수 없습니다: {path} ({error.strerror or error})") from None
    return ExportResult(counted.rows, counted.sites, counted.cameras)


class _Counted:
    """Rows on their way into a file, counted."""

    def __init__(self, rows: Iterator[tuple[bool, int, list[str]]]) -> None:
        self._rows = rows
        self.rows = self.sites = self.cameras = 0

    def __iter__(self) -> Iterator[list[str]]:
        for is_first_of_site, count, cells in self._rows:
            self.rows += 1
            self.sites += is_first_of_site
            self.cameras += count
            yield cells


# Rows

_SITE_COLUMNS = (
    "site__number",
    "site__institution__name",
    "site__road_address",
    "site__lot_address",
    "site__latitude",
    "site__longitude",
)
_COLUMNS = ("site_id", *_SITE_COLUMNS, *KIND_FIELDS, *SHARED_FIELDS)
_KIND_AT = 1 + len(_SITE_COLUMNS)
_SHARED_AT = _KIND_AT + len(KIND_FIELDS)


def _rows(cameras: CameraQuerySet, today: date | None) -> Generator[tuple[bool, int, list[str]], None, None]:
    listed = cameras.in_dataset().order_by("site_id", "ordinal").values_list(*_COLUMNS)
    for _, site_cameras in groupby(listed.iterator(chunk_size=5_000), key=lambda camera: camera[0]):
        kinds: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for camera in site_cameras:
            kinds.setdefault(camera[_KIND_AT:_SHARED_AT], []).append(camera)
        for place, (kind, of_kind) in enumerate(kinds.items()):
            yield place == 0, len(of_kind), _cells(kind, of_kind, today)


def _cells(kind: tuple[Any, ...], cameras: list[tuple[Any, ...]], today: date | None) -> list[str]:
    number, institution, road, lot, latitude, longitude = cameras[0][1:_KIND_AT]
    purpose, pixels, retention, month = kind
    shared = {
        name: shared_value(name, [camera[_SHARED_AT + place] for camera in cameras])
        for place, name in enumerate(SHARED_FIELDS)
    }
    return [
        neutralise(shared["local_government_code"]),
        neutralise(tidy(number)),
        neutralise(folded(institution)),
        neutralise(address(road)),
        neutralise(address(lot)),
        purpose,
        str(len(cameras)),
        "" if pixels is None else str(pixels),
        neutralise(shared["filming_direction"]),
        str(retention),
        values.month_to_cell(month),
        neutralise(shared["phone"]),
        values.position_to_cell(latitude),
        values.position_to_cell(longitude),
        values.date_to_cell(today or shared["reference_on"]),
        neutralise(shared["dataset_update_kind"]),
        values.instant_to_cell(shared["dataset_updated_at"]),
        values.instant_to_cell(shared["dataset_modified_at"]),
    ]


# Files


def _write_csv(file: BinaryIO, rows: _Counted, encoding: str) -> None:
    with as_text(file, encoding) as text:
        writer = csv.writer(text)
        writer.writerow(BULK_LAYOUT)
        for row, cells in enumerate(rows, start=2):
            try:
                writer.writerow(cells)
            except UnicodeEncodeError as error:
                raise UnusableTarget(_unencodable(row, cells, encoding, error)) from None


def _unencodable(row: int, cells: list[str], encoding: str, error: UnicodeEncodeError) -> str:
    for name, cell in zip(BULK_LAYOUT, cells, strict=True):
        try:
            cell.encode(encoding)
        except UnicodeEncodeError as at:
            character = cell[at.start]
            return (
                f"{row}행 ‘{name}’의 글자 ‘{character}’(U+{ord(character):04X})는 CP949에 없습니다: "
                f"{cell[:80]}. UTF-8(utf-8-sig)로 내보내거나 그 글자를 바꾸세요."
            )
    return f"{row}행을 {encoding}{josa(encoding, '으로/로')} 쓸 수 없습니다: {error.reason}"


def _write_workbook(file: BinaryIO, rows: _Counted) -> None:
    """Texts as text cells, never as formulas or links; figures as figures."""
    import xlsxwriter

    numeric = {BULK_LAYOUT.index(name) for name in _NUMBERS}
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet("전국CCTV표준데이터")
        heading = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        for column, name in enumerate(BULK_LAYOUT):
            sheet.write_string(0, column, name, heading)
        for row, cells in enumerate(rows, start=1):
            if row >= MAX_WORKBOOK_ROWS:
                raise UnusableTarget("엑셀 시트가 담을 수 있는 행 수를 넘습니다. CSV로 내보내세요.")
            for column, cell in enumerate(cells):
                if not cell:
                    continue
                if column in numeric:
                    sheet.write_number(row, column, float(cell))
                else:
                    sheet.write_string(row, column, cell, text)
        sheet.freeze_panes(1, 0)
