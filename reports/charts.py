"""Bar charts as vector graphics, drawn by hand: an SVG of some twenty lines needs no plotting library.

Bars lie down, so that Korean names of any length stand beside them. One dark colour on white with the number printed at
the end of each bar: nothing is told by colour alone, and a grey print says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from django.template.loader import render_to_string

from reports import fonts, wording
from reports.tabulation import Column, Table

WIDTH = 640
LABEL_WIDTH = 190
VALUE_WIDTH = 96
BAR, STEP, TOP = 16, 25, 6
# Of a label, in syllables: a Hangul one is about as wide as the letters are high, anything else about half of that.
LONGEST_LABEL = 15


@dataclass(frozen=True)
class Bar:
    label: str
    value: str
    length: float
    value_x: float
    y: int
    text_y: int


def bar_chart(table: Table) -> str:
    """The chart of a table's chart column, with a description that says all of its numbers; empty without numbers."""
    values = [_number(row[table.chart]) for row in table.rows] if table.chart else []
    if not any(values):
        return ""
    column = _column(table, table.chart)
    labels = [str(row[table.columns[0].code]) for row in table.rows]
    return render_to_string(
        "reports/chart.svg",
        {
            "alt": _description(table, labels, values, column),
            "width": WIDTH,
            "height": TOP * 2 + STEP * len(values) - (STEP - BAR),
            "label_x": LABEL_WIDTH - 8,
            "bar_x": LABEL_WIDTH,
            "bar_height": BAR,
            "bars": _bars(labels, values, column),
            "family": fonts.korean_family(),
        },
    )


def _number(value: Any) -> float | None:
    """What nobody recorded is no 0: it has no bar, and its words say so."""
    return None if value is None else float(value)


def _fitted(label: str) -> str:
    if _breadth(label) <= LONGEST_LABEL:
        return label
    while _breadth(label) > LONGEST_LABEL - 1:
        label = label[:-1]
    return f"{label.rstrip()}…"


def _breadth(text: str) -> float:
    return sum(1 if east_asian_width(letter) in "WF" else 0.5 for letter in text)


def _bars(labels: Sequence[str], values: Sequence[float | None], column: Column) -> list[Bar]:
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    longest = max(value or 0 for value in values)
    shares = [(value or 0) / longest for value in values]
    return [
        Bar(
            label=_fitted(label),
            value=wording.written(value, column.kind, column.absent),
            length=round(room * share, 1),
            value_x=round(LABEL_WIDTH + room * share + 6, 1),
            y=TOP + STEP * number,
            text_y=TOP + STEP * number + BAR - 4,
        )
        for number, (label, value, share) in enumerate(zip(labels, values, shares, strict=True))
    ]


def _description(table: Table, labels: Sequence[str], values: Sequence[float | None], column: Column) -> str:
    parts = [
        f"{label} {wording.written(value, column.kind, column.absent)}"
        for label, value in zip(labels, values, strict=True)
    ]
    return f"{table.title} {column.label} 막대그래프: {', '.join(parts)}"


def _column(table: Table, code: str) -> Column:
    return next(column for column in table.columns if column.code == code)
