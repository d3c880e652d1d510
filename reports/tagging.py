"""Mending the tags that WeasyPrint 70 writes, before the file is written.

What it leaves open for a reader who listens: running heads and feet are marked as content that stands nowhere in the
document, a table of several pages is as many tables, cells name their headers by identifiers that repeat on each page,
and no table says what it is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

Element = Any
_ARTIFACT = ["/Artifact", b"BMC"]


def mend(document: Any, pdf: Any) -> None:
    elements = {item.reference: item for item in pdf.objects if _is_element(item)}
    _scope_headers(elements)
    _join_tables(document, elements)
    _set_aside(pdf, elements)


def _is_element(item: Any) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/StructElem"


def _scope_headers(elements: Mapping[Any, Element]) -> None:
    """Say of each header cell whether it heads a column or a row.

    WeasyPrint links every cell to its headers by identifiers instead, but a header row that is repeated on each page
    repeats its identifiers too, which a tagged PDF may not; the scope says the same in a tenth of the size.
    """
    for element in elements.values():
        if element["S"] not in ("/TH", "/TD"):
            continue
        element.pop("ID", None)
        attributes = element["A"]
        attributes.pop("Headers", None)
        if element["S"] == "/TH":
            attributes["Scope"] = "/Column" if _stands_in_head(element, elements) else "/Row"
        elif len(attributes) == 1:
            del element["A"]


def _stands_in_head(element: Element, elements: Mapping[Any, Element]) -> bool:
    row = elements.get(element["P"])
    group = elements.get(row["P"]) if row is not None else None
    return group is not None and group["S"] == "/THead"


def _join_tables(document: Any, elements: Mapping[Any, Element]) -> None:
    """One table, however many pages it runs over: its heading once, and what it is about as its summary."""
    import pydyf

    written = (element for element in elements.values() if element["S"] == "/Table")
    first_of: dict[int, Element] = {}
    for source, table in zip(_tables(document), written, strict=True):
        first = first_of.setdefault(id(source), table)
        if first is table:
            caption = source.find("caption")
            if caption is not None and caption.text:
                about = caption.text.replace("\u2060", "")
                table["A"] = pydyf.Dictionary({"O": "/Table", "Summary": pydyf.String(about)})
            continue
        for reference in table["K"]:
            part = elements[reference]
            if part["S"] != "/THead":
                part["P"] = first.reference
                first["K"].append(reference)
        table["K"].clear()
        elements[table["P"]]["K"].remove(table.reference)


def _tables(document: Any) -> Iterator[Any]:
    """The source of every table box, page by page, in the order in which they were tagged."""
    for page in document.pages:
        yield from _tables_in(page._page_box)


def _tables_in(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)
    if getattr(box, "is_table_wrapper", False) and box.element_tag == "table":
        yield box.element
        return
    yield from chain.from_iterable(map(_tables_in, getattr(box, "children", ())))


def _set_aside(pdf: Any, elements: dict[Any, Element]) -> None:
    """What belongs to no element of the document is no content of it: heads, feet, headings that are repeated."""
    root = pdf.catalog.get("StructTreeRoot")
    if root is None:
        return
    tree = _object(pdf, root)
    kept = set(_below(tree["K"], elements))
    numbers = _object(pdf, tree["ParentTree"])["Nums"]
    # Pages come first, each with the element of every piece of its content.
    for page, owners in zip(_pages(pdf), numbers[1::2], strict=False):
        aside = {mcid for mcid, owner in enumerate(owners) if owner not in kept}
        for mcid in aside:
            owners[mcid] = "null"
        _unmark(_object(pdf, page["Contents"]), aside)
    for reference, element in elements.items():
        if reference not in kept:
            element.free = "f"


def _below(references: Iterable[Any], elements: Mapping[Any, Element]) -> Iterator[Any]:
    todo = list(references)
    while todo:
        reference = todo.pop()
        element = elements.get(reference)
        if element is not None:
            yield reference
            todo.extend(element["K"])


def _pages(pdf: Any) -> Iterator[Any]:
    return (_object(pdf, reference) for reference in pdf.page_references)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _unmark(stream: Any, aside: set[int]) -> None:
    """Make artifacts of these pieces of marked content: `/Span <</MCID 3>> BDC` is `/Artifact BMC` then."""
    if not aside:
        return
    written: list[Any] = []
    parts = iter(stream.stream)
    for part in parts:
        if isinstance(part, dict) and part.get("MCID") in aside:
            next(parts)
            written[-1:] = _ARTIFACT
        else:
            written.append(part)
    stream.stream = written
