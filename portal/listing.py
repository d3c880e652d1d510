"""Lists of the portal: order, pages and links that keep the rest of the query, the same on every screen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 50
PAGE_ARGUMENT = "page"
ORDER_ARGUMENT = "order"
SIZE_ARGUMENT = "rows"
SIZES = ("25", "50", "100", "200")


@dataclass(frozen=True)
class Column:
    """One column of a list: what it is called, what a cell says, what it sorts by."""

    name: str
    label: str
    value: Callable[[Any], Any]
    sort: str = ""
    is_number: bool = False
    is_default: bool = True


def cells(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[str]]:
    """The rows as a spreadsheet has them: what each column says."""
    return ([str(column.value(row)) for column in columns] for row in rows)


def labels(columns: Sequence[Column]) -> list[str]:
    return [column.label for column in columns]


@dataclass(frozen=True)
class Heading:
    """A column as the table's head shows it in this order of rows."""

    label: str
    url: str
    direction: str
    is_number: bool


@dataclass(frozen=True)
class PageLinks:
    """Links below a list; the numbers around the current page."""

    page: Page[Any]
    query: str

    def url(self, number: int) -> str:
        return f"?{self.query}{'&' if self.query else ''}{PAGE_ARGUMENT}={number}"

    @property
    def previous(self) -> str:
        return self.url(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        return self.url(self.page.number + 1) if self.page.has_next() else ""

    @property
    def sizes(self) -> Iterator[tuple[str, str, bool]]:
        """Rows a page: number, address of the first page with so many, and whether it is the current one."""
        rest = query_without(QueryDict(self.query), SIZE_ARGUMENT)
        for size in SIZES:
            url = f"?{rest}{'&' if rest else ''}{SIZE_ARGUMENT}={size}"
            yield size, url, int(size) == self.page.paginator.per_page

    @property
    def numbers(self) -> Iterator[tuple[str, str, bool]]:
        """Text, address (none for the gap) and whether it is the current page."""
        paginator = self.page.paginator
        for number in paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1):
            if isinstance(number, int):
                yield f"{number:,}", self.url(number), number == self.page.number
            else:
                yield str(number), "", False


def query_without(arguments: QueryDict, *names: str) -> str:
    """The query of this page without some arguments, to hang other values on."""
    rest = arguments.copy()
    for name in names:
        rest.pop(name, None)
    for name in [name for name in rest if not any(rest.getlist(name))]:
        rest.pop(name)
    return rest.urlencode()


def page_size(request: HttpRequest, size: int = PAGE_SIZE) -> int:
    """As many rows as the person asked for, of those that are offered."""
    asked = request.GET.get(SIZE_ARGUMENT, "")
    return int(asked) if asked in SIZES else size


def paginate(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = PAGE_SIZE) -> PageLinks:
    """A page number that is no number or too high gives the first or last page, never an error."""
    page = Paginator(rows, page_size(request, size)).get_page(request.GET.get(PAGE_ARGUMENT))
    return PageLinks(page, query_without(request.GET, PAGE_ARGUMENT))


def ordering(request: HttpRequest, columns: Sequence[Column], default: str) -> str:
    """The order asked for, when a column allows it."""
    asked = request.GET.get(ORDER_ARGUMENT, "")
    allowed = {column.sort for column in columns if column.sort}
    return asked if asked.removeprefix("-") in allowed else default


def headings(request: HttpRequest, columns: Sequence[Column], order: str) -> list[Heading]:
    query = query_without(request.GET, PAGE_ARGUMENT, ORDER_ARGUMENT)
    return [_heading(column, query, order) for column in columns]


def _heading(column: Column, query: str, order: str) -> Heading:
    if not column.sort:
        return Heading(column.label, "", "", column.is_number)
    direction = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(order, "")
    next_order = f"-{column.sort}" if direction == "ascending" else column.sort
    url = f"?{query}{'&' if query else ''}{ORDER_ARGUMENT}={next_order}"
    return Heading(column.label, url, direction, column.is_number)
