"""The shape of frozen figures: sections of figures and tables, each with its source and its article.

Everything here turns into plain JSON, is printed by one template and compared by one function; so a new
table needs no new code to be printed, frozen or compared with an earlier version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

Kind = Literal[
    "text", "count", "bytes", "percent", "days", "years", "seconds", "file_hours", "date", "instant", "mono"
]
Value = str | int | float | None
Row = dict[str, Value]

# A printed list that nobody reads to the end hides what matters; the rest travels in the attached file.
LONGEST_LIST = 60
# How a figure without a value reads: unknown is not zero, and each kind of unknown has its word.
NOT_RECORDED, NOT_LOOKED_AT, NOT_APPLICABLE = "기록 없음", "확인하지 않음", "해당 없음"
NONE = "–"
UNKNOWN_ROWS = {
    NOT_RECORDED: "이 기간의 기록이 없어 이 표에 적을 것이 있었는지 알 수 없습니다.",
    NOT_LOOKED_AT: "저장소를 확인하지 않아 이 표에 적을 것이 있는지 알 수 없습니다.",
}
# What the figures mean, by the number that is frozen with them. A report says when it counts in another way than the
# one before it.
METHOD = 4


@dataclass(frozen=True)
class Column:
    code: str
    label: str
    kind: Kind = "text"
    # Share of the table's width, in percent; 0 leaves it to the printer.
    width: int = 0
    # How a cell without a value reads.
    absent: str = NONE


@dataclass
class Figure:
    """One number with a name."""

    code: str
    label: str
    value: Value
    kind: Kind = "count"
    previous: Value = None
    # What belongs to the quarter can be counted again for an earlier one; what stands on the day of counting cannot.
    is_flow: bool = False
    # More than zero is something the office must explain.
    is_shortfall: bool = False
    # How it reads without a value.
    absent: str = NOT_RECORDED
    previous_absent: str = NOT_RECORDED


@dataclass
class Table:
    """Rows with a key, so that two versions can be laid beside each other."""

    code: str
    title: str
    columns: list[Column]
    rows: list[Row]
    source: str
    article: str = ""
    note: str = ""
    # What is said without rows, where it is known that there are none.
    empty: str = "해당 사항이 없습니다."
    # Why nothing is known of the rows (`NOT_RECORDED`, `NOT_LOOKED_AT`); empty: they are known.
    unknown: str = ""
    total: Row | None = None
    # Code of the column that a bar chart shows, with the column that names its bars.
    chart: str = ""
    # So many rows are printed, 0: all; the frozen figures hold every row.
    longest: int = 0

    @property
    def printed(self) -> list[Row]:
        return self.rows[: self.longest] if self.longest else self.rows

    @property
    def without_rows(self) -> str:
        """What stands in place of the rows: "there are none" only where somebody would have written them down."""
        return UNKNOWN_ROWS.get(self.unknown, self.empty)

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.printed)


@dataclass
class Section:
    code: str
    title: str
    lead: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source: str = ""
    article: str = ""

    @property
    def of_the_quarter(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.is_flow]

    @property
    def of_the_day(self) -> list[Figure]:
        return [figure for figure in self.figures if not figure.is_flow]


@dataclass
class Figures:
    """All figures of a report, as they are frozen."""

    period: str
    period_label: str
    from_on: str
    until_on: str
    as_of: str
    is_interim: bool
    district: str
    committee: str
    sections: list[Section]
    # Of the report of the quarter before, when there is one: the instant of its counting.
    previous_as_of: str = ""
    # Whether what belongs to the quarter before was counted again: it was not reported, or only in between.
    previous_is_recounted: bool = False
    method: int = METHOD
    # Page one as it was told, for the editions that are made of the frozen figures; empty before there were any.
    front: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Self:
        # Reports issued before the number was frozen counted in the first way.
        values = {"method": 1, **frozen}
        values["sections"] = [section_from_json(item) for item in frozen["sections"]]
        return cls(**values)

    def figures(self) -> Iterable[tuple[Section, Figure]]:
        for section in self.sections:
            for figure in section.figures:
                yield section, figure

    def tables(self) -> Iterable[tuple[Section, Table]]:
        for section in self.sections:
            for table in section.tables:
                yield section, table

    def value(self, code: str) -> Value:
        """The value of one figure; KeyError when the report has none of that code."""
        for _, figure in self.figures():
            if figure.code == code:
                return figure.value
        raise KeyError(code)

    def table(self, code: str) -> Table:
        for _, table in self.tables():
            if table.code == code:
                return table
        raise KeyError(code)


def where_recorded(is_recorded: bool, figures: list[Figure]) -> list[Figure]:
    """The figures, without values where nothing of them was on record yet."""
    if not is_recorded:
        for figure in figures:
            figure.value, figure.absent = None, NOT_RECORDED
    return figures


def where_known(is_known: bool, tables: list[Table], absent: str = NOT_RECORDED) -> list[Table]:
    """The tables; where nothing of them was on record or looked at, what stands for no rows says so."""
    if not is_known:
        for table in tables:
            table.unknown = absent
    return tables


def shorten(table: Table, longest: int = LONGEST_LIST) -> Table:
    """Keep a printed list readable; it says how many rows were not printed."""
    table.longest = longest
    return table


def section_from_json(item: Mapping[str, Any]) -> Section:
    """A chapter as it was frozen."""
    values = dict(item)
    values["figures"] = [Figure(**figure) for figure in item["figures"]]
    values["tables"] = [_table(table) for table in item["tables"]]
    return Section(**values)


def _table(item: Mapping[str, Any]) -> Table:
    # Reports issued before froze what they printed, with the number of the other rows.
    values = {name: value for name, value in item.items() if name not in ("left_out", "key")}
    values["columns"] = [Column(**column) for column in item["columns"]]
    return Table(**values)
