"""Tables of a page as data: one template for all of them, cards at 360 px (`portal/components/sheet.html`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from portal.pages import page
from portal.screens import list_screen


@dataclass(frozen=True)
class Cell:
    """What stands in it; `badge` is the ending of a `p-badge--` class."""

    text: Any
    url: str = ""
    badge: str = ""


@dataclass(frozen=True)
class Sheet:
    """A heading, the names of its columns, its rows; `empty` is said where there is none."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]] = ()
    empty: str = "없습니다."
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def rows_of(rows: Iterable[Sequence[Any]]) -> list[list[Cell]]:
    """Plain values become cells; nothing is a dash."""
    return [
        [each if isinstance(each, Cell) else Cell("-" if each in (None, "") else each) for each in row]
        for row in rows
    ]


def sheet_list(
    request: HttpRequest,
    rows: "QuerySet[Any]",
    of_page: Callable[[list[Any]], Iterable[Sequence[Any]]],
    heads: Sequence[str],
    *,
    empty: str,
    **words: Any,
) -> HttpResponse:
    """A list whose page is one table: `of_page` gives the cells of its rows, asked together."""
    return list_screen(
        request,
        "portal/competence/list.html",
        rows,
        together=lambda found: [Sheet("", heads, rows_of(of_page(found)), empty)],
        **words,
    )


def sheet_page(
    request: HttpRequest,
    *,
    facts: Sequence[tuple[str, Any]] = (),
    warnings: Sequence[str] = (),
    texts: Sequence[str] = (),
    sheets: Sequence[Sheet] = (),
    buttons: Sequence[tuple[str, str, bool]] = (),
    attachments: Any = None,
    code: Any = None,
    code_url: str = "",
    code_source: str = "",
    **words: Any,
) -> HttpResponse:
    """Facts and tables of one matter; `code` is a QR with its address, which is fetched anew from `code_source`, `buttons` are acts that need no question."""
    shown = {
        "facts": facts,
        "warnings": warnings,
        "texts": texts,
        "sheets": sheets,
        "buttons": buttons,
        "attachments": attachments,
        "code": code,
        "code_url": code_url,
        "code_source": code_source,
    }
    return page(request, "portal/competence/page.html", shown, **words)
