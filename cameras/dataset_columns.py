"""The columns of the national dataset: names old and new, which are required, what each cell becomes.

Layouts: the classic 13 columns (15 with the portal's own two), local files with 번호 first and WGS84위도/WGS84경도,
and the 18 columns of the bulk file. Columns are found by name, in any order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from cameras import dataset_values as values
from cameras.dataset_files import UnusableFile
from cameras.dataset_text import folded


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name first, then the names of older and local files; `field` is "" when it is not read."""

    field: str
    names: tuple[str, ...]
    read: Callable[[str], Any] | None = None
    is_required: bool = True

    @property
    def label(self) -> str:
        return self.names[0]


def _text(longest: int) -> Callable[[str], str]:
    return partial(values.read_text, longest=longest)


COLUMNS = (
    Column(
        "local_government_code",
        ("개방자치단체코드",),
        partial(values.read_code, longest=10),
        is_required=False,
    ),
    Column("number", ("관리번호",), partial(values.read_number, longest=40), is_required=False),
    Column("institution", ("관리기관명",), partial(values.read_name, longest=200)),
    Column("road_address", ("소재지도로명주소",), partial(values.read_address, longest=300)),
    Column("lot_address", ("소재지지번주소",), partial(values.read_address, longest=300)),
    Column("dataset_purpose", ("설치목적구분",), values.read_purpose),
    Column("count", ("카메라대수",), values.read_camera_count),
    Column("pixel_10k", ("카메라화소수",), values.read_pixels),
    Column("filming_direction", ("촬영방면정보",), _text(500)),
    Column("retention_days", ("보관일수",), values.read_retention),
    Column("installed_month", ("설치연월", "설치년월"), values.read_month),
    Column("phone", ("관리기관전화번호",), partial(values.read_phone, longest=40)),
    Column("latitude", ("WGS84위도", "위도"), values.read_position),
    Column("longitude", ("WGS84경도", "경도"), values.read_position),
    Column("reference_on", ("데이터기준일자",), values.read_date),
    Column("dataset_update_kind", ("데이터갱신구분",), _text(20), is_required=False),
    Column("dataset_updated_at", ("데이터갱신시점",), values.read_instant, is_required=False),
    Column("dataset_modified_at", ("최종수정시점",), values.read_instant, is_required=False),
    Column("provider_code", ("제공기관코드",), partial(values.read_code, longest=10), is_required=False),
    Column("provider_name", ("제공기관명",), _text(200), is_required=False),
)
# A running number of a local file, and what our own file of rejected rows adds: known, and not read.
ERROR_COLUMNS = ("오류행번호", "오류내용")
IGNORED = ("번호", "연번", *ERROR_COLUMNS)

BULK_LAYOUT = (
    "개방자치단체코드",
    "관리번호",
    "관리기관명",
    "소재지도로명주소",
    "소재지지번주소",
    "설치목적구분",
    "카메라대수",
    "카메라화소수",
    "촬영방면정보",
    "보관일수",
    "설치연월",
    "관리기관전화번호",
    "WGS84위도",
    "WGS84경도",
    "데이터기준일자",
    "데이터갱신구분",
    "데이터갱신시점",
    "최종수정시점",
)

_BY_NAME = {name: column for column in COLUMNS for name in column.names}
FIELDS = tuple(column.field for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where in one file."""

    cells: tuple[str, ...]
    places: tuple[tuple[int, Column], ...]
    row: int
    # What was passed over to find it: (code, row, sentence).
    notes: tuple[tuple[str, int, str], ...] = ()

    @property
    def passed_over(self) -> frozenset[int]:
        """Rows below the names that are no data."""
        return frozenset(row for code, row, _ in self.notes if code == "units_row")

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field for _, column in self.places)

    def place(self, field: str) -> int | None:
        return next((place for place, column in self.places if column.field == field), None)

    def order(self, name: str) -> int:
        """Where errors of a column stand among a row's; those of a column that the file lacks come first."""
        return self.cells.index(name) if name in self.cells else -1

    def label(self, field: str) -> str:
        """The column's name as this file writes it."""
        place = self.place(field)
        if place is not None:
            return self.cells[place]
        return next(column.label for column in COLUMNS if column.field == field)


def known_columns(cells: list[str]) -> int:
    """How many different columns a row names."""
    return len({_BY_NAME[name].field for name in map(_normal, cells) if name in _BY_NAME})


def resembles_header(cells: list[str]) -> bool:
    """Whether a row is meant to be the column names, complete or not."""
    return 2 * known_columns(cells) > sum(column.is_required for column in COLUMNS)


def read_header(row: int, cells: list[str]) -> Header:
    """Every problem of the header at once: unknown, double and missing columns."""
    names = [_normal(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    problems: list[str] = []
    unknown = [_shown(name, place) for place, name in enumerate(names) if not _is_known(name)]
    if unknown:
        problems.append(f"알 수 없는 열: {', '.join(unknown[:30])}")
    places = tuple((place, _BY_NAME[name]) for place, name in enumerate(names) if name in _BY_NAME)
    problems += _double_columns(names, places)
    present = {column.field for _, column in places}
    missing = [column.label for column in COLUMNS if column.is_required and column.field not in present]
    if missing:
        problems.append(f"없는 열: {', '.join(missing)}")
    if problems:
        known = ", ".join(BULK_LAYOUT)
        raise UnusableFile(
            f"{row}행(열 이름)이 전국CCTV표준데이터와 다릅니다. {' / '.join(problems)}. 표준 열: {known}"
        )
    return Header(tuple(names), places, row)


def _normal(cell: str) -> str:
    """A column's name without blanks, and without a unit in brackets behind it: 카메라대수(대)."""
    name = folded(cell).replace(" ", "")
    if name not in _BY_NAME and name.endswith(")"):
        bare = name.partition("(")[0]
        return bare if bare in _BY_NAME else name
    return name


def _is_known(name: str) -> bool:
    return name in _BY_NAME or name in IGNORED


def _shown(name: str, place: int) -> str:
    return f"‘{name[:40]}’" if name else f"{place + 1}번째 열(이름 없음)"


def _double_columns(names: list[str], places: tuple[tuple[int, Column], ...]) -> list[str]:
    found: dict[str, list[str]] = {}
    for place, column in places:
        found.setdefault(column.field, []).append(names[place])
    double = [", ".join(labels) for labels in found.values() if len(labels) > 1]
    double += [name for name in IGNORED if names.count(name) > 1]
    return [f"두 번 나오는 열: {'; '.join(double)}"] if double else []
