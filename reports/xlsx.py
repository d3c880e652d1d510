"""Workbooks as an office uses them: dates are dates, rows can be filtered, pages print whole, nothing runs.

Text is written into string cells, which no spreadsheet runs, so it stays as somebody wrote it: the apostrophe that a
CSV file needs before `=` would be one more character of a citizen's words here.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from reports.period import SEOUL

_HARMLESS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 18


class Book:
    """A workbook; closed when the block ends, and not written when it fails."""

    def __init__(self, target: str | IO[bytes], *, title: str, author: str = "", **options: Any) -> None:
        self._book = xlsxwriter.Workbook(target, {**_HARMLESS, **options})
        self._book.set_properties({"title": title, "author": author})
        self._title = title
        self._head = self._book.add_format({"bold": True, "bg_color": "#E7ECF3", "border": 1})
        base = {"text_wrap": True, "valign": "top", "align": "left"}
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({**base, "num_format": "yyyy-mm-dd"})
        self._instant = self._book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm"})

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._book.close()

    def sheet(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Any]],
        widths: Sequence[int] = (),
    ) -> None:
        """A table under its headings, which stay in sight and are repeated on each printed page."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, widths[column] if widths else _WIDTH)
            sheet.write_string(0, column, heading, self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
        sheet.autofilter(0, 0, last, max(len(headings) - 1, 0))
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        # An ampersand begins a code there.
        sheet.set_header(f"&L{self._title.replace('&', '&&')[:150]}&R{name}")
        sheet.set_footer("&C&P / &N")

    def facts(self, name: str, pairs: Iterable[tuple[str, Any]], widths: tuple[int, int] = (30, 60)) -> None:
        """Labels and values without headings."""
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, (label, value) in enumerate(pairs):
            sheet.write_string(number, 0, label, self._head)
            self._write(sheet, number, 1, value)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            local = value.astimezone(SEOUL).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self._instant)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, datetime.min.time()), self._day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value, self._text)
        else:
            sheet.write_string(row, column, "" if value is None else str(value), self._text)
