"""A table of the bundle: a query, its columns by name, and what of it the ledger must say too.

Cells are text as an office writes it: days and instants of Seoul, choices in words, an officer as a reference
(`officer:12`). Names stand in files of their own, and only where somebody asked for them with a purpose.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

from django.db.models import Field, ForeignKey, Model, QuerySet

from accounts.models import Officer
from ordinance.periods import SEOUL
from reports.annex import neutral

CHUNK = 2_000
Converter = Callable[[Any], Any]


@dataclass(frozen=True)
class Span:
    """The days of an inspection, both included, and their instants [start, end).

    `entries`: how many the ledger had when the tables were begun. What came later stands in no table.
    """

    from_on: dt.date
    until_on: dt.date
    entries: int

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.from_on, dt.time.min, SEOUL)

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.combine(self.until_on + dt.timedelta(days=1), dt.time.min, SEOUL)


class By(StrEnum):
    """How the entry of a row is found from the cell of a column."""

    ENTRY = "entry"  # it is the entry's number
    SUBJECT = "subject"  # put into a pattern it is the entry's subject
    PAYLOAD = "payload"  # it stands in the entry's payload


@dataclass(frozen=True)
class Link:
    """What the ledger must say of each row: an entry of `kind`.

    `name` is the subject's pattern with {} for the cell, or the payload's name. `values` are columns and the names in the
    payload that must be equal. `is_complete`: no entry of the kind in the span may lack its row.
    """

    kind: str
    column: str
    by: By = By.ENTRY
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_complete: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "column": self.column,
            "by": self.by.value,
            "name": self.name,
            "values": dict(self.values),
            "complete": self.is_complete,
        }


@dataclass(frozen=True)
class Table:
    """`columns` are paths of fields (`site__number`), or pairs of a path and a heading of its own."""

    name: str
    title: str
    article: str
    rows: Callable[[Span], "QuerySet[Any]"]
    columns: Sequence[str | tuple[str, str]]
    # What the rows are: of when, and which.
    note: str
    link: Link | None = None

    @property
    def path(self) -> str:
        return f"{self.name}.csv"

    def headings(self, model: type[Model]) -> list[str]:
        return [
            str(field_at(model, each).verbose_name) if isinstance(each, str) else each[1]
            for each in self.columns
        ]

    def write(self, span: Span, target: BinaryIO) -> int:
        """CSV in UTF-8 with a mark, as spreadsheets open it; how many rows, the heading aside."""
        found = self.rows(span)
        model = found.model
        paths = [each if isinstance(each, str) else each[0] for each in self.columns]
        lines = found.values_list(*paths).iterator(chunk_size=CHUNK)
        return write_rows(
            target, self.headings(model), _converted(lines, [_converter(model, p) for p in paths])
        )


def write_rows(target: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    text.flush()
    text.detach()
    return count


def field_at(model: type[Model], path: str) -> "Field[Any, Any]":
    names = path.split("__")
    for name in names[:-1]:
        related = model._meta.get_field(name).related_model
        if not isinstance(related, type):
            raise TypeError(f"{path}: no path of fields")
        model = related
    found: Any = model._meta.pk if names[-1] == "pk" else model._meta.get_field(names[-1])
    return found


def plain(value: Any) -> Any:
    """A cell without choices: what a spreadsheet takes for a formula is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, dt.datetime):
        return value.astimezone(SEOUL).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list | dict):
        return neutral(json.dumps(value, ensure_ascii=False))
    return neutral(value) if isinstance(value, str) else value


def _converted(lines: Iterable[Sequence[Any]], converters: Sequence[Converter]) -> Iterator[list[Any]]:
    for line in lines:
        yield [convert(value) for convert, value in zip(converters, line, strict=True)]


def _converter(model: type[Model], path: str) -> Converter:
    found = field_at(model, path)
    if isinstance(found, ForeignKey) and issubclass(found.related_model, Officer):
        return lambda key: "" if key is None else f"officer:{key}"
    if found.flatchoices:
        words = {value: str(label) for value, label in found.flatchoices}
        return lambda value: words.get(value, plain(value))
    return plain
