"""The shape of frozen figures: sections of figures and tables, each with its source and its article.

Everything here turns into plain JSON, is printed by one template and compared by one function; so a new
table needs no new code to be printed, frozen or compared with an earlier version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

Kind = Literal["text", "count", "bytes", "percent", "days", "years", "seconds", "date", "instant", "mono"]
Value = str | int | float | None
Row = dict[str, Value]

# A printed list that nobody reads to the end hides what matters; the rest travels in the attached file.
LONGEST_LIST = 60


@dataclass(frozen=True)
class Column:
    code: str
    label: str
    kind: Kind = "text"
    # Share of the table's width, in percent; 0 leaves it to the printer.
    width: int = 0


@dataclass
class Figure:
    """One number with a name."""

    code: str
    label: str
    value: Value
    kind: Kind = "count"
    previous: Value = None
    # What flows through a quarter can be counted again for an earlier one; what stands at an instant cannot.
    is_flow: bool = False
    # More than zero is something the office must explain.
    is_shortfall: bool = False


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
    empty: str = "해당 사항이 없습니다."
    total: Row | None = None
    # Code of the column that a bar chart shows, with the column that names its bars.
    chart: str = ""
    left_out: int = 0
    # The column that tells whether a row is in order; rows that are not are printed in bold.
    key: str = "key"


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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Self:
        values = dict(frozen)
        values["sections"] = [_section(item) for item in frozen["sections"]]
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


def shorten(table: Table, longest: int = LONGEST_LIST) -> Table:
    """Keep a printed list readable and say how much was left out."""
    if len(table.rows) > longest:
        table.left_out = len(table.rows) - longest
        table.rows = table.rows[:longest]
    return table


def _section(item: Mapping[str, Any]) -> Section:
    values = dict(item)
    values["figures"] = [Figure(**figure) for figure in item["figures"]]
    values["tables"] = [_table(table) for table in item["tables"]]
    return Section(**values)


def _table(item: Mapping[str, Any]) -> Table:
    values = dict(item)
    values["columns"] = [Column(**column) for column in item["columns"]]
    return Table(**values)
