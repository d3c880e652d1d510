"""What was destroyed in the span: a line per sweep, and the manifests as the ledger proves them.

A year of a district is some hundred million destroyed files, so the manifests travel as they are stored, in compressed
blocks, a file per month: the checker reads each block against its digest and all blocks of a sweep against the ledger.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from footage.manifests import DESTROYED
from footage.models import ManifestBlock
from ledger.models import Entry
from reports.inspection.tables import By, Link, Span, plain, write_rows

CHUNK = 500
SWEEPS, TITLE = "footage/sweeps.csv", "파기 실행"
NOTE = "이 기간에 영상을 파기한 실행마다 한 줄. 파기할 것이 없던 실행은 줄이 없습니다."
BLOCKS_TITLE = "파기 목록"
BLOCKS_NOTE = "파기한 파일마다 한 줄이 든 목록. 보관한 그대로이며 검사기가 원장과 대조합니다."
HEADINGS = (
    "원장 번호",
    "시각",
    "실행한 쪽",
    "기준 시각",
    "파기 파일 수",
    "바이트",
    "유예된 파일 수",
    "목록의 해시",
)
LINK = Link(
    DESTROYED,
    "원장 번호",
    By.ENTRY,
    values={"파기 파일 수": "destroyed", "바이트": "bytes", "목록의 해시": "manifest"},
    is_complete=True,
)


def _entries(span: Span) -> Any:
    known = Entry.objects.of_kind(DESTROYED).filter(sequence__lte=span.entries)
    return known.filter(at__gte=span.start, at__lt=span.end).order_by("sequence")


def write_sweeps(span: Span, target: BinaryIO) -> int:
    return write_rows(target, HEADINGS, _sweeps(span))


def _sweeps(span: Span) -> Iterator[tuple[Any, ...]]:
    rows = _entries(span).values_list("sequence", "at", "actor", "payload").iterator(chunk_size=CHUNK)
    for sequence, at, actor, payload in rows:
        said = Entry(payload=payload).content
        yield (
            sequence,
            plain(at),
            actor,
            said.get("at", ""),
            said.get("destroyed", ""),
            said.get("bytes", ""),
            said.get("held", ""),
            said.get("manifest", ""),
        )


def months(span: Span) -> Iterator[Span]:
    """The span's months, cut to it."""
    first = span.from_on
    while first <= span.until_on:
        after = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield replace(span, from_on=first, until_on=min(after - dt.timedelta(days=1), span.until_on))
        first = after


def blocks_path(month: Span) -> str:
    return f"footage/manifests-{month.from_on:%Y-%m}.jsonl"


def write_blocks(month: Span, target: BinaryIO) -> int:
    """A JSON line per block, in the order in which the ledger counts them. How many blocks."""
    entries = _entries(month).values("sequence")
    blocks = ManifestBlock.objects.filter(ledger_sequence__in=entries).order_by("ledger_sequence", "pk")
    count = 0
    for sequence, digest, outcome, lines in blocks.values_list(
        "ledger_sequence", "digest", "outcome", "lines"
    ).iterator(chunk_size=CHUNK):
        row = {
            "entry": sequence,
            "digest": digest,
            "outcome": outcome,
            "lines": base64.b64encode(bytes(lines)).decode(),
        }
        target.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count
