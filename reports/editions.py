"""공개판: what everybody may have of a report, from the same frozen figures.

A table that names a camera, a folder or a person's reasons stays with the committee (`WITHHELD`); page one leaves out who is
in charge and the titles of agenda items. A new table belongs to one of the two lists, or a test fails.
"""

import csv
import io
from collections.abc import Iterator
from copy import deepcopy

from reports import wording
from reports.annex import neutral
from reports.tabulation import Column, Figure, Figures, Row, Table

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
        "staff_by_role", "pledges", "log_by_act", "log_by_rule",
        "consultations", "meetings", "resolutions", "duties", "ledger_by_kind", "by_article",
        "uncounted",
    }
)  # fmt: skip
_HEADINGS = ("장", "표", "항목", "열", "값", "앞의 값", "속하는 때", "출처", "근거")


def public(figures: Figures) -> Figures:
    """A copy without what stays with the committee. KeyError for a table that nobody has decided on."""
    found = deepcopy(figures)
    for section in found.sections:
        for table in section.tables:
            if table.code not in WITHHELD | PUBLIC:
                raise KeyError(f"nobody has decided whether the table {table.code!r} is for everybody")
        section.tables = [table for table in section.tables if table.code in PUBLIC]
    for sentence in found.front.get("sentences", ()):
        sentence["text"] = sentence.get("public") or sentence["text"]
    for matter in found.front.get("matters", ()):
        matter |= {"owner": "", "measure": ""}
    return found


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
