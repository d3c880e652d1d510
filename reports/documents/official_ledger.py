"""The two official ledgers as PDF or HWPX with approval boxes, XLSX or CSV. Names are in them: who made one, and of when, is in the ledger."""

import csv
import datetime as dt
import hashlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from ledger import append
from records.official_ledgers import out_of_purpose, personal_video
from records.official_ledgers.personal_video import LineKind, Where
from reports import hwpx, official, standby, wording, xlsx
from reports.annex import neutral
from reports.figures.context import district_name
from reports.period import SEOUL

MADE, READ = "reports.official_ledger_made", "reports.official_ledger_read"
LONGEST = dt.timedelta(days=366 * 5)


class UnusableLedger(ValueError):
    """The ledger cannot be made so; the message says why."""


class Name(StrEnum):
    PERSONAL_VIDEO = "personal-video"
    OUT_OF_PURPOSE = "out-of-purpose"


TITLES = {
    Name.PERSONAL_VIDEO: "개인영상정보 관리대장",
    Name.OUT_OF_PURPOSE: "개인정보의 목적 외 이용 및 제3자 제공 대장",
}
FORMS = {
    Name.PERSONAL_VIDEO: "표준 개인정보 보호지침 별지 제3호서식",
    Name.OUT_OF_PURPOSE: "개인정보 처리 방법에 관한 고시 별지 제1호서식",
}
NOTHING = "이 기간에 기록된 것이 없습니다."
SOURCE = "이 시스템에 기록된 이용·제공·열람·파기에서 옮겨 적었습니다. 손으로 고친 줄은 없습니다."
HEADINGS = {Name.PERSONAL_VIDEO: personal_video.HEADINGS, Name.OUT_OF_PURPOSE: out_of_purpose.HEADINGS}
# Shares of the width in HWPX.
WIDTHS = {
    Name.PERSONAL_VIDEO: (4, 6, 9, 13, 9, 12, 13, 16, 9, 9),
    Name.OUT_OF_PURPOSE: (3, 6, 11, 10, 10, 9, 12, 7, 7, 7, 7, 11),
}


@dataclass(frozen=True)
class Made:
    content: bytes
    rows: int
    by_kind: dict[str, int]
    sha256: str


@dataclass(frozen=True)
class Shown:
    """Rows of a ledger as a screen shows them."""

    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def show(
    name: Name,
    from_on: dt.date,
    until_on: dt.date,
    where: Where,
    *,
    purpose: str = "",
    by: Officer | None = None,
) -> Shown:
    """The lines on screen. Persons stand in them for a stated purpose only, and who looked is in the ledger first."""
    _check(from_on, until_on)
    if purpose and by is not None:
        with transaction.atomic():
            append.record(
                READ,
                actor=f"officer:{by.pk}",
                subject=f"official-ledger:{name.value}",
                payload={"from": from_on.isoformat(), "until": until_on.isoformat(), "purpose": purpose},
            )
    rows, _ = _rows(name, from_on, until_on, where, with_persons=bool(purpose))
    return Shown(HEADINGS[name], [tuple(_text(cell) for cell in row) for row in rows])


def _check(from_on: dt.date, until_on: dt.date) -> None:
    if until_on < from_on:
        raise UnusableLedger("끝 날이 시작 날보다 앞섭니다.")
    if until_on - from_on > LONGEST:
        raise UnusableLedger("한 번에 다섯 해까지 만들 수 있습니다.")


def make(
    name: Name,
    from_on: dt.date,
    until_on: dt.date,
    ending: str,
    *,
    actor: str,
    where: Where | None = None,
    purpose: str = "",
) -> Made:
    """One ledger of these days, both included; `UnusableLedger` where that cannot be."""
    _check(from_on, until_on)
    write = WAYS.get(ending)
    if write is None:
        raise UnusableLedger(f"파일 이름의 끝은 {', '.join(WAYS)} 가운데 하나여야 합니다: {ending or '없음'}")
    rows, kinds = _rows(name, from_on, until_on, where or Where())
    content = write(name, from_on, until_on, rows)
    digest = hashlib.sha256(content).hexdigest()
    by_kind = {kind.value: kinds[kind] for kind in LineKind}
    with transaction.atomic():
        append.record(
            MADE,
            actor=actor,
            subject=f"official-ledger:{name.value}",
            payload={
                "from": from_on.isoformat(),
                "until": until_on.isoformat(),
                "rows": len(rows),
                "format": ending.removeprefix("."),
                "sha256": digest,
                **({"purpose": purpose} if purpose else {}),
                **({"where": {key: value for key, value in vars(where).items() if value}} if where else {}),
            },
        )
    return Made(content, len(rows), by_kind, digest)


Rows = list[tuple[Any, ...]]


def _rows(
    name: Name, from_on: dt.date, until_on: dt.date, where: Where, *, with_persons: bool = True
) -> tuple[Rows, Counter[LineKind]]:
    if name == Name.PERSONAL_VIDEO:
        lines = personal_video.lines(from_on, until_on, where)
        line_cells = personal_video.cells if with_persons else personal_video.without_persons
        rows: Rows = [line_cells(number, line) for number, line in enumerate(lines, start=1)]
        return rows, Counter(line.kind for line in lines)
    given = out_of_purpose.hand_overs(from_on, until_on, where)
    row_cells = out_of_purpose.cells if with_persons else out_of_purpose.without_persons
    rows = [row_cells(number, row) for number, row in enumerate(given, start=1)]
    return rows, Counter(out_of_purpose.kind_of(row) for row in given)


def _pdf(name: Name, from_on: dt.date, until_on: dt.date, rows: Rows) -> bytes:
    district = district_name(until_on)
    context = {
        "title": TITLES[name],
        "author": district,
        "district": district,
        "description": f"{TITLES[name]} {from_on} ~ {until_on}",
        "keywords": "관리대장, 이용, 제공, 열람, 파기",
        "form": FORMS[name],
        "name": name.value,
        "from_on": from_on,
        "until_on": until_on,
        "headings": HEADINGS[name],
        "nothing": NOTHING,
        "source": SOURCE,
        "rows": [[_text(cell) for cell in row] for row in rows],
    }
    return standby.render(
        "reports/official_ledger.html",
        context,
        style_sheets=["official_ledger.css"],
        created=timezone.now(),
    )


def _xlsx(name: Name, from_on: dt.date, until_on: dt.date, rows: Rows) -> bytes:
    target = io.BytesIO()
    with xlsx.Book(target, title=TITLES[name], in_memory=True) as book:
        book.sheet("대장", HEADINGS[name], rows)
        book.facts(
            "설명",
            [
                ("대장", TITLES[name]),
                ("서식", FORMS[name]),
                ("시작", from_on),
                ("끝", until_on),
                ("줄 수", len(rows)),
            ],
        )
    return target.getvalue()


def _csv(name: Name, from_on: dt.date, until_on: dt.date, rows: Rows) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(HEADINGS[name])
    writer.writerows([neutral(_text(cell)) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _hwpx(name: Name, from_on: dt.date, until_on: dt.date, rows: Rows) -> bytes:
    district = district_name(until_on)
    about = f"{district} · {wording.day(from_on)} ~ {wording.day(until_on)} · {len(rows)}건"
    return hwpx.of_table(
        TITLES[name],
        [f"[{FORMS[name]}]", about] + ([] if rows else [NOTHING]),
        HEADINGS[name],
        [[_text(cell) for cell in row] for row in rows],
        author=district,
        created=timezone.now(),
        widths=WIDTHS[name],
        approvals=official.approval_boxes(),
        notes=[SOURCE],
    )


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return f"{timezone.localtime(cell, SEOUL):%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


Write = Callable[[Name, dt.date, dt.date, Rows], bytes]
WAYS: dict[str, Write] = {".pdf": _pdf, ".xlsx": _xlsx, ".csv": _csv, ".hwpx": _hwpx}
