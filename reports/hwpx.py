"""HWPX, the word processor's own format of Korean offices: plain paragraphs and tables, nothing that runs.

The package gives every paragraph a number by chance and keeps the hour; both are set here, so that the same words give
the same bytes.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from reports import fonts
from reports.official import Block, Document, Kind, blocks

# 1 mm in the units of the format (1/7200 inch).
MM = 7200 / 25.4
BLUE, GREY, SHADE = "#12304F", "#4A5563", "#E8EDF3"
FONT = "함초롬바탕"
PORTRAIT, LANDSCAPE = 174.0, 273.0
_WHEN = (1980, 1, 1, 0, 0, 0)

# How a line of each kind looks: alignment, size in points, bold, colour, space before and after in points, indent in mm.
_LOOKS: dict[Kind, tuple[str, float, bool, str, float, float, float]] = {
    Kind.OFFICE: ("CENTER", 20, True, BLUE, 0, 16, 0),
    Kind.RECEIPT: ("CENTER", 19, True, BLUE, 0, 12, 0),
    Kind.ITEM: ("JUSTIFY", 11, False, "#000000", 0, 5, 0),
    Kind.FORM: ("LEFT", 8.5, False, GREY, 12, 0, 0),
    Kind.FORM_TITLE: ("CENTER", 14, True, BLUE, 2, 4, 0),
    Kind.HEADING: ("LEFT", 12, True, BLUE, 12, 4, 0),
    Kind.ANNEX: ("LEFT", 12, True, BLUE, 0, 4, 0),
    Kind.NOTE: ("LEFT", 8.5, False, GREY, 2, 6, 0),
    Kind.ENCLOSURE: ("LEFT", 11, False, "#000000", 4, 0, 0),
    Kind.END: ("LEFT", 11, False, "#000000", 4, 0, 3),
    Kind.SENDER: ("CENTER", 18, True, BLUE, 24, 18, 0),
    Kind.SIGNATURE: ("RIGHT", 11, False, "#000000", 8, 4, 0),
}


def of_document(document: Document, *, created: dt.datetime) -> bytes:
    """An official document, word for word what its PDF says."""
    paper = Paper(document.subject, document.organisation, created)
    for block in blocks(document):
        paper.add(block)
    return paper.content()


def of_table(
    title: str,
    lines: Sequence[str],
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    author: str,
    created: dt.datetime,
    widths: Sequence[int] = (),
    approvals: Block | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """A register over whole pages: A4 landscape, headings on each page."""
    paper = Paper(title, author, created, width_mm=LANDSCAPE)
    paper.add(Block(Kind.RECEIPT, title))
    for line in lines:
        paper.add(Block(Kind.NOTE, line))
    if approvals is not None:
        paper.add(approvals)
    body = tuple(tuple(row) for row in rows)
    if body:
        paper.add(Block(Kind.GRID, rows=body, headings=tuple(headings), widths=tuple(widths)), size=8)
    for note in notes:
        paper.add(Block(Kind.NOTE, note))
    return paper.content()


class Paper:
    """A document that is being written, block by block."""

    def __init__(self, title: str, author: str, created: dt.datetime, *, width_mm: float = PORTRAIT) -> None:
        import hwpx  # the library takes a while to load

        self._file: Any = hwpx.HwpxDocument.new()
        self._width = width_mm
        self._is_empty = True
        self._looks: dict[tuple[Any, ...], str] = {}
        self._cell_look = ""
        is_wide = width_mm > PORTRAIT
        sides = {"left": 12, "right": 12, "top": 15, "bottom": 15} if is_wide else _sides()
        self._file.page.setup(
            paper_size="A4", orientation="LANDSCAPE" if is_wide else "PORTRAIT", margins_mm=sides
        )
        moment = f"{created.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        # Of the package's own empty document its author would stay.
        self._file.parts.clear_document_metadata(timestamp=moment)
        self._file.parts.set_document_metadata(
            title=fonts.printable(title),
            creator=fonts.printable(author),
            created_date=moment,
            modified_date=moment,
        )
        self._file.parts.clear_preview()
        self._line = self._file.styles.ensure_border_fill(border_color="#8793A1", border_width="0.12 mm")
        self._bare = self._file.styles.ensure_border_fill(active_borders=[])
        self._shaded = self._file.styles.ensure_border_fill(
            border_color="#8793A1", border_width="0.12 mm", fill_color=SHADE
        )

    def add(self, block: Block, *, size: float = 10) -> None:
        if block.rows:
            self._table(block, size)
        elif block.text:
            self._paragraph(block)

    def content(self) -> bytes:
        self._number()
        return _settled(self._file.to_bytes())

    def _paragraph(self, block: Block) -> None:
        alignment, size, bold, colour, before, after, indent = _LOOKS[block.kind]
        hanging = 6.0 if block.kind == Kind.ITEM else 0.0
        left = indent + 6.0 * block.level + hanging
        if block.kind == Kind.ENCLOSURE and block.level:
            left = 11.0
        row = self._next(block.text, self._run(size, bold, colour))
        if block.small:
            row.add_run(f" {fonts.printable(block.small)}", char_pr_id_ref=self._run(9.5, False, GREY))
        self._file.styles.apply_paragraph_format(
            paragraphs=[row],
            alignment=alignment,
            line_spacing_percent=160,
            indent_left_mm=left,
            first_line_indent_mm=-hanging,
            spacing_before_pt=before,
            spacing_after_pt=after,
            page_break_before=block.kind == Kind.ANNEX,
            keep_with_next=block.kind in (Kind.HEADING, Kind.FORM, Kind.FORM_TITLE),
        )

    def _next(self, text: str, run: str) -> Any:
        """A new document begins with an empty paragraph that holds the page's settings: the first words go there."""
        if self._is_empty:
            self._is_empty = False
            row = self._file.paragraphs[0]
            row.add_run(fonts.printable(text), char_pr_id_ref=run)
            return row
        return self._file.add_paragraph(fonts.printable(text), char_pr_id_ref=run, inherit_style=False)

    def _table(self, block: Block, size: float) -> None:
        rows = ([block.headings] if block.headings else []) + list(block.rows)
        is_bare = block.kind == Kind.HEAD
        share = 0.62 if block.kind == Kind.APPROVAL else 1.0
        table = self._file.add_table(
            len(rows),
            len(rows[0]),
            width=round(self._width * share * MM),
            border_fill_id_ref=self._bare if is_bare else self._line,
        )
        table.set_column_widths(block.widths or [1] * len(rows[0]))
        # Only what flows is divided between pages.
        table.set_treat_as_char(False)
        if block.headings:
            table.element.set("repeatHeader", "1")
        for n, (written, row) in enumerate(zip(rows, table.rows, strict=True)):
            is_head = bool(block.headings) and n == 0
            for m, (text, cell) in enumerate(zip(written, row.cells, strict=True)):
                is_label = is_head or _is_label(block.kind, m)
                self._cell(cell, text, size, is_label=is_label, is_head=is_head, is_bare=is_bare)
        self._file.add_paragraph("", inherit_style=False)

    def _cell(
        self, cell: Any, text: str, size: float, *, is_label: bool, is_head: bool, is_bare: bool
    ) -> None:
        fill = self._bare if is_bare else self._shaded if is_label else self._line
        cell.element.set("borderFillIDRef", str(fill))
        if is_head:
            cell.element.set("header", "1")
        run = self._run(11 if is_bare else size, is_label, BLUE if is_label else "#000000")
        lines = fonts.printable(text).split("\n")
        first = cell.paragraphs[0]
        first.char_pr_id_ref, first.para_pr_id_ref = run, self._left(first)
        first.text = lines[0]
        for line in lines[1:]:
            cell.add_paragraph(line, char_pr_id_ref=run, para_pr_id_ref=self._left(first))

    def _left(self, paragraph: Any) -> str:
        """In a narrow cell nothing is spread over the width; the look is made once."""
        if not self._cell_look:
            self._file.styles.apply_paragraph_format(paragraphs=[paragraph], alignment="LEFT")
            self._cell_look = str(paragraph.para_pr_id_ref)
        return self._cell_look

    def _run(self, size: float, bold: bool, colour: str) -> str:
        key = (size, bold, colour)
        if key not in self._looks:
            self._looks[key] = self._file.styles.ensure_run(bold=bold, color=colour, font=FONT, size=size)
        return self._looks[key]

    def _number(self) -> None:
        for n, section in enumerate(self._file.sections):
            for m, element in enumerate(section.element.iter()):
                name = str(element.tag).rpartition("}")[2]
                if name in ("p", "tbl") and element.get("id"):
                    element.set("id", str(n * 10_000_000 + m + 1))


def _sides() -> dict[str, float]:
    return {"left": 18, "right": 18, "top": 20, "bottom": 20}


def _is_label(kind: Kind, column: int) -> bool:
    return kind != Kind.GRID and (column == 0 or (kind == Kind.FOOT and column == 2))


def _settled(content: bytes) -> bytes:
    """The same parts, each of the same hour."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as settled:
        for part in source.infolist():
            info = zipfile.ZipInfo(part.filename, _WHEN)
            info.compress_type = part.compress_type
            settled.writestr(info, source.read(part))
    return target.getvalue()
