"""공개판: what everybody may have of a report, from the same frozen figures.

A table that names a camera, a folder or a person's reasons stays with the committee (`WITHHELD`); page one leaves out who is
in charge and the titles of agenda items. A new table belongs to one of the two lists, or a test fails.
"""

import csv
import io
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from reports import wording
from reports.annex import neutral
from reports.tabulation import NONE, Column, Figure, Figures, Row, Table, Value

CSV_NAME = "figures.csv"
# Tables that stay with the committee: camera numbers, names of folders, words that officials wrote of a case, names.
WITHHELD = frozenset(
    {
        "proof_causes",
        "exceptions",
        "confirmations",
        "unclaimed_folders",
        "unrecognised_reasons",
        "late_sweeps",
        "troubled_sweeps",
        "incident_delays",
    }
)
PUBLIC = frozenset(
    {
        "by_purpose", "by_department", "by_state", "by_retention", "by_age", "by_dataset_purpose", "camera_fields", "site_fields", "proofs_by_month",
        "expected_and_found", "destruction_by_month", "kept_beyond", "holds_by_ground", "holds_by_age",
        "requests_by_channel", "requests_by_outcome", "requests_written_later", "given_by_ground", "looks_by_step",
        "copies_by_source", "redactions_by_doubt", "looks_by_matter",
        "sign_checks", "staff_by_role", "pledges", "log_by_act", "log_by_rule",
        "consultations", "meetings", "resolutions", "duties", "duties_not_judged", "ledger_by_kind", "by_article",
        "uncounted",
    }
)  # fmt: skip
# Of these a row tells of somebody's matter: a count below this would point at the person, and goes into one row with others.
SMALLEST = 3
OF_PERSONS: dict[str, tuple[str, ...]] = {
    "given_by_ground": ("given",),
    "looks_by_matter": ("all",),
    "log_by_rule": ("asked",),
    "copies_by_source": ("made",),
    "redactions_by_doubt": ("checked",),
    "holds_by_ground": ("in_force", "placed", "released"),
    "requests_by_channel": ("requests",),
    "requests_by_outcome": ("requests",),
    "staff_by_role": ("persons",),
}
_HEADINGS = ("장", "표", "항목", "열", "값", "앞의 값", "속하는 때", "출처", "근거")


def public(figures: Figures) -> Figures:
    """A copy without what stays with the committee. KeyError for a table that nobody has decided on."""
    found = deepcopy(figures)
    for section in found.sections:
        for table in section.tables:
            if table.code not in WITHHELD | PUBLIC:
                raise KeyError(f"nobody has decided whether the table {table.code!r} is for everybody")
        section.tables = [_without_few(table) for table in section.tables if table.code in PUBLIC]
    for sentence in found.front.get("sentences", ()):
        sentence["text"] = sentence.get("public") or sentence["text"]
    for matter in found.front.get("matters", ()):
        matter |= {"owner": "", "measure": ""}
    return found


def _without_few(table: Table) -> Table:
    """Rows of which there are few are told together: the total stays what it is, and no row tells of one person's matter."""
    counted = OF_PERSONS.get(table.code, ())
    few = [
        row
        for row in table.rows
        if 0 < max((_number(row.get(code)) for code in counted), default=0) < SMALLEST
    ]
    if not few:
        return table
    name, *others = table.columns
    together: Row = {"key": "few", name.code: f"{SMALLEST}건이 안 되는 것을 합침"}
    for column in others:
        is_sum = column.kind == "count"
        together[column.code] = (
            sum(map(int, (_number(row.get(column.code)) for row in few))) if is_sum else NONE
        )
    return replace(table, rows=[*(row for row in table.rows if row not in few), together])


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0


def as_csv(figures: Figures) -> bytes:
    """Every figure and every cell, a line each, as they are printed: UTF-8 with a mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for line in _lines(figures):
        writer.writerow([neutral(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")


def _lines(figures: Figures) -> Iterator[tuple[str, ...]]:
    counted = f"{wording.written(figures.as_of, 'instant')} 현재"
    for section in figures.sections:
        for figure in section.figures:
            when = figures.period_label if figure.is_flow else counted
            now, before = _values(figure)
            yield section.title, "", figure.label, "", now, before, when, section.source, section.article
        for table in section.tables:
            for row in [*table.rows, *([table.total] if table.total else [])]:
                yield from _cells(section.title, table, row)


def _values(figure: Figure) -> tuple[str, str]:
    return (
        wording.written(figure.value, figure.kind, figure.absent),
        wording.written(figure.previous, figure.kind, figure.previous_absent),
    )


def _cells(section: str, table: Table, row: Row) -> Iterator[tuple[str, ...]]:
    name, *others = table.columns
    for column in others:
        value = _cell(row, column)
        yield section, table.title, _cell(row, name), column.label, value, "", "", table.source, table.article


def _cell(row: Row, column: Column) -> str:
    return wording.written(row.get(column.code), column.kind, column.absent)
