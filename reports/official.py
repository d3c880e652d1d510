"""A document that leaves the office, in the layout of official Korean documents: one model for its PDF and its HWPX.

Who writes a document fills in `Document`; `blocks` puts its words in order once, and both files are made of that order,
so that the same words stand in both (`reports.official_pdf`, `reports.hwpx`). Order and marks follow the manual of
행정업무의 운영 및 혁신에 관한 규정: 1. 가. 1) 가) (1) (가), no mark where there is only one item, two spaces before 끝.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from reports import wording

SYLLABLES = "가나다라마바사아자차카타파하"
END = "끝."
_GAP = "  "
DEEPEST = 6


class Disclosure(StrEnum):
    OPEN = "공개"
    PARTLY = "부분공개"
    CLOSED = "비공개"


@dataclass(frozen=True)
class Item:
    """One item of the text with what stands below it; marks are given when it is set."""

    text: str
    items: tuple["Item", ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under headings, or label and value where there are none. `widths` are shares of the width."""

    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...] = ()
    title: str = ""
    widths: tuple[int, ...] = ()
    # What is said below it.
    note: str = ""


@dataclass(frozen=True)
class Approval:
    """One box: who signs in which place, and how: 결재, 전결 (delegated), 대결 (standing in). Empty: to be signed by hand."""

    position: str
    name: str = ""
    mark: str = ""
    on: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that is printed. Days are written already; an empty number or day is a place to fill in by hand."""

    organisation: str
    subject: str
    receiver: str
    items: tuple[Item, ...]
    sender: str
    via: str = ""
    # The official form whose fields the tables below the text are, and its name.
    form: str = ""
    form_title: str = ""
    tables: tuple[Table, ...] = ()
    # Said after the tables, before the end, under its title.
    closing_title: str = ""
    closing: tuple[Item, ...] = ()
    enclosures: tuple[str, ...] = ()
    annexes: tuple[Table, ...] = ()
    seal: str = "(직인 생략)"
    # Instead of sender and seal: who receives signs by hand.
    signature: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    cooperation: str = ""
    number: str = ""
    on: str = ""
    department: str = ""
    officer: str = ""
    address: str = ""
    homepage: str = ""
    phone: str = ""
    email: str = ""
    disclosure: str = ""
    disclosure_ground: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Document":
        values = dict(kept)
        for name in ("items", "closing"):
            values[name] = _items_of(values[name])
        for name in ("tables", "annexes"):
            values[name] = tuple(_table_of(each) for each in values[name])
        values["approvals"] = tuple(Approval(**each) for each in values["approvals"])
        values["enclosures"] = tuple(values["enclosures"])
        values["signature"] = tuple(values["signature"])
        return cls(**values)


def _items_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(each["text"], _items_of(each["items"])) for each in kept)


def _table_of(kept: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in kept["rows"])
    return Table(rows, tuple(kept["headings"]), kept["title"], tuple(kept["widths"]), kept["note"])


class Kind(StrEnum):
    """What a block is; templates and HWPX give each its look."""

    OFFICE = "office"
    HEAD = "head"
    RECEIPT = "receipt"
    ITEM = "item"
    FORM = "form"
    FORM_TITLE = "form-title"
    HEADING = "heading"
    GRID = "grid"
    FACTS = "facts"
    NOTE = "note"
    ENCLOSURE = "enclosure"
    END = "ending"
    SENDER = "sender"
    SIGNATURE = "signature"
    APPROVAL = "approval"
    FOOT = "foot"
    ANNEX = "annex"


@dataclass(frozen=True)
class Block:
    """A line of text or a table, in the order in which it is read."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    headings: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    # What is read out as the table's name.
    caption: str = ""
    small: str = field(default="")

    @property
    def strings(self) -> Iterator[str]:
        """All its words, as a reader meets them."""
        yield self.text
        yield self.small
        for row in (self.headings, *self.rows):
            yield from row


def blocks(document: Document) -> list[Block]:
    """The whole document in reading order."""
    return [
        *_opening(document),
        *_body(document),
        *_close(document),
        *(block for table in document.annexes for block in _table(table, Kind.ANNEX)),
    ]


def _opening(document: Document) -> Iterator[Block]:
    if document.signature:
        yield Block(Kind.RECEIPT, document.subject)
        return
    yield Block(Kind.OFFICE, document.organisation)
    rows = (("수신", document.receiver), ("(경유)", document.via), ("제목", document.subject))
    yield Block(Kind.HEAD, rows=rows, widths=(12, 88), caption="수신과 제목")


def _body(document: Document) -> list[Block]:
    found = list(_marked(document.items))
    if document.form:
        found.append(Block(Kind.FORM, f"[{document.form}]"))
    if document.form_title:
        found.append(Block(Kind.FORM_TITLE, document.form_title))
    for table in document.tables:
        found += _table(table, Kind.HEADING)
    if document.closing and document.closing_title:
        found.append(Block(Kind.HEADING, document.closing_title))
    found += _marked(document.closing)
    return found if document.signature else _ended(found, document.enclosures)


def _ended(found: list[Block], enclosures: Sequence[str]) -> list[Block]:
    """끝. stands two spaces after the last word, or alone below a table."""
    marks = [f"{n}. " if len(enclosures) > 1 else "" for n in range(1, len(enclosures) + 1)]
    for n, (mark, text) in enumerate(zip(marks, enclosures, strict=True)):
        found.append(Block(Kind.ENCLOSURE, f"{'' if n else f'붙임{_GAP}'}{mark}{text} 1부.", level=min(n, 1)))
    last = found[-1] if found else None
    if last is not None and last.kind in (Kind.ITEM, Kind.ENCLOSURE):
        found[-1] = Block(last.kind, f"{last.text}{_GAP}{END}", level=last.level)
    else:
        found.append(Block(Kind.END, END))
    return found


def _marked(items: Sequence[Item], level: int = 0) -> Iterator[Block]:
    for n, item in enumerate(items):
        mark = _mark(level, n) if len(items) > 1 else ""
        yield Block(Kind.ITEM, f"{mark} {item.text}".strip(), level=level)
        yield from _marked(item.items, level + 1)


def _mark(level: int, n: int) -> str:
    """1. 가. 1) 가) (1) (가); after 하 come 거, 너 …"""
    name = str(n + 1) if level % 2 == 0 else _syllable(n)
    return (f"{name}.", f"{name})", f"({name})")[min(level // 2, 2)]


def _syllable(n: int) -> str:
    # 가 나 … 하, then 거 너 … 허: the next vowel but one of the Hangul block.
    vowel, consonant = divmod(n, len(SYLLABLES))
    return chr(ord(SYLLABLES[consonant]) + 28 * 4 * vowel)


def _table(table: Table, heading: Kind) -> Iterator[Block]:
    if table.title:
        yield Block(heading, table.title)
    kind = Kind.GRID if table.headings else Kind.FACTS
    yield Block(
        kind,
        rows=table.rows,
        headings=table.headings,
        widths=table.widths or ((24, 76) if kind == Kind.FACTS else ()),
        caption=table.title or "내용",
    )
    if table.note:
        yield Block(Kind.NOTE, table.note)


def _close(document: Document) -> Iterator[Block]:
    if document.signature:
        for line in (*([document.on] if document.on else []), *document.signature):
            yield Block(Kind.SIGNATURE, line)
        return
    yield Block(Kind.SENDER, document.sender, small=document.seal)
    yield approval_boxes(document.approvals)
    if document.cooperation:
        yield Block(Kind.NOTE, f"협조자{_GAP}{document.cooperation}")
    yield Block(Kind.FOOT, rows=tuple(_foot(document)), widths=(14, 40, 12, 34), caption="시행과 연락처")


def approval_boxes(approvals: Sequence[Approval] = ()) -> Block:
    """결재란; without a decision on record, boxes to sign by hand."""
    boxes = approvals or tuple(Approval(each) for each in ("담당", "팀장", "과장", "국장"))
    blank = ".   ."
    return Block(
        Kind.APPROVAL,
        headings=("결재", *(each.position for each in boxes)),
        rows=(
            ("구분", *(each.mark for each in boxes)),
            ("성명·서명", *(each.name for each in boxes)),
            ("날짜", *(each.on or blank for each in boxes)),
        ),
        widths=(16, *(84 // len(boxes) for _ in boxes)),
        caption="결재",
    )


def _foot(document: Document) -> Iterator[tuple[str, ...]]:
    """시행, 접수; the place; how to reach; who may read it."""
    yield "시행", f"{document.number} ({document.on})" if document.number else "", "접수", ""
    yield "주소", document.address or "–", "누리집", document.homepage or "–"
    yield (
        "담당",
        " ".join(filter(None, [document.department, document.officer])),
        "전화",
        document.phone or "–",
    )
    grades = " ".join(
        f"{'■' if each.value == document.disclosure else '□'} {each.value}" for each in Disclosure
    )
    ground = f" ({document.disclosure_ground})" if document.disclosure_ground else ""
    yield "공개 구분", f"{grades}{ground}", "전자우편", document.email or "–"


def words(document: Document) -> str:
    """Its text, a line a block: what a search or a comparison reads."""
    return "\n".join(" ".join(filter(None, block.strings)) for block in blocks(document))


def day(on: dt.date | None) -> str:
    return wording.day(on) if on else ""


def paragraphs(text: str) -> tuple[Item, ...]:
    """Each line of a text as an item of its own."""
    return tuple(Item(line.strip()) for line in text.splitlines() if line.strip())
