"""Reading the manifests: which files were destroyed, when, under which line of the ledger.

A block's lines never change after they are written. What became of them stands in its outcome: struck lines with
their reason, and the times of the others. Verification (`verify`) computes both digests again.
"""

import json
import os
import zlib
from bisect import bisect_right
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby, islice
from typing import Any

from django.db.models import Q

from cameras.models import Camera
from footage.blocks import Bundle, Line, decode
from footage.layouts import SECOND, instant, microseconds
from footage.models import ManifestBlock, Sweep
from footage.tree import Tree
from ledger.checks import Fault
from ledger.models import Entry

DESTROYED = "footage.destroyed"


@dataclass(frozen=True)
class DestroyedFile:
    storage: str
    camera: str | None
    path: str
    bytes: int
    start: datetime
    destroyed_at: datetime
    ledger_entry: int | None

    def as_json(self) -> dict[str, Any]:
        return {
            "storage": self.storage,
            "camera": self.camera,
            "path": self.path,
            "bytes": self.bytes,
            "start": self.start.isoformat(),
            "destroyed_at": self.destroyed_at.isoformat(),
            "ledger_entry": self.ledger_entry,
        }


def text_of(block: ManifestBlock) -> bytes:
    return zlib.decompress(bytes(block.lines))


def bundles(block: ManifestBlock) -> Iterator[Bundle]:
    return decode(text_of(block))


def destroyed(
    camera: Camera | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    *,
    sweep: Sweep | None = None,
    besides: Collection[int] = (),
) -> Generator[DestroyedFile]:
    """Every destroyed file once, in the order of destruction. A range picks files that overlap [from, until)."""
    blocks = _blocks(from_at, until_at, sweep).exclude(pk__in=besides).select_related("storage")
    # Whoever reads only the beginning closes this generator, and with it the read (`config.open_reads`).
    with closing(blocks.iterator(chunk_size=4)) as found:
        yield from _files_of(found, camera, from_at, until_at)


def _files_of(
    blocks: Iterator[ManifestBlock],
    camera: Camera | None,
    from_at: datetime | None,
    until_at: datetime | None,
) -> Iterator[DestroyedFile]:
    names: dict[int, str] = {0: ""}
    for block in blocks:
        segment_us = block.storage.segment_seconds * SECOND
        for bundle, line, destroyed_us in _destroyed_lines(block, camera.pk if camera else None):
            if not _overlaps(line[2], segment_us, from_at, until_at):
                continue
            if bundle.camera not in names:
                names[bundle.camera] = Camera.objects.values_list("number", flat=True).get(pk=bundle.camera)
            yield DestroyedFile(
                storage=block.storage.name,
                camera=names[bundle.camera] or None,
                path=f"{bundle.folder}/{line[0]}" if bundle.folder else line[0],
                bytes=line[1],
                start=instant(line[2]),
                destroyed_at=instant(destroyed_us),
                ledger_entry=block.ledger_sequence,
            )


def lines(sweep: Sweep, offset: int, limit: int) -> list[DestroyedFile]:
    """A page of one sweep's destroyed files."""
    with closing(destroyed(sweep=sweep)) as found:
        return list(islice(found, offset, offset + limit))


CameraRange = tuple[Camera, datetime, datetime]


def count_destroyed(ranges: Sequence[CameraRange]) -> list[int]:
    """Of each range how many files are already gone, those of a block in progress included. Two queries, however many.

    The caller has the cameras' locks, so of an open block every line is either unlinked or will be checked again.
    """
    first, last = min(each[1] for each in ranges), max(each[2] for each in ranges)
    # The open ones first: one that is marked done a moment later must be counted, and once.
    open_blocks = list(_blocks(first, last, None, is_open=True).select_related("storage"))
    totals = [
        sum(_gone_of_open(block, *each) for block in open_blocks if _may_touch(block, each))
        for each in ranges
    ]
    done = _blocks(first, last, None).exclude(pk__in={block.pk for block in open_blocks})
    with closing(done.select_related("storage").iterator(chunk_size=4)) as found:
        for block in found:
            for n, each in enumerate(ranges):
                if _may_touch(block, each):
                    totals[n] += _gone_of_done(block, *each)
    return totals


def _may_touch(block: ManifestBlock, wanted: CameraRange) -> bool:
    _camera, from_at, until_at = wanted
    return (block.last_at is None or block.last_at > from_at) and (
        block.first_at is None or block.first_at < until_at
    )


def _gone_of_done(block: ManifestBlock, camera: Camera, from_at: datetime, until_at: datetime) -> int:
    segment_us = block.storage.segment_seconds * SECOND
    found = _destroyed_lines(block, camera.pk)
    return sum(_overlaps(line[2], segment_us, from_at, until_at) for _bundle, line, _at in found)


def _gone_of_open(block: ManifestBlock, camera: Camera, from_at: datetime, until_at: datetime) -> int:
    segment_us = block.storage.segment_seconds * SECOND
    gone = 0
    with suppress(OSError):
        tree = Tree(block.storage.root)
        try:
            for bundle in bundles(block):
                if bundle.camera == camera.pk:
                    names = [
                        li[0] for li in bundle.lines() if _overlaps(li[2], segment_us, from_at, until_at)
                    ]
                    gone += _missing(tree, bundle.folder, names)
        finally:
            tree.close()
    return gone


def _missing(tree: Tree, folder: str, names: list[str]) -> int:
    if not names:
        return 0
    try:
        descriptor = tree.open(folder)
    except FileNotFoundError:
        return len(names)
    try:
        there = set(os.listdir(descriptor))
    finally:
        os.close(descriptor)
    return sum(name not in there for name in names)


def _blocks(
    from_at: datetime | None, until_at: datetime | None, sweep: Sweep | None, *, is_open: bool = False
) -> Any:
    found = ManifestBlock.objects.filter(done_at__isnull=is_open).order_by("pk")
    if sweep is not None:
        found = found.filter(sweep=sweep)
    if from_at is not None:
        found = found.filter(Q(last_at__isnull=True) | Q(last_at__gt=from_at))
    if until_at is not None:
        found = found.filter(Q(first_at__isnull=True) | Q(first_at__lt=until_at))
    return found if is_open else found.filter(destroyed__gt=0)


def _destroyed_lines(block: ManifestBlock, camera: int | None) -> Iterator[tuple[Bundle, Line, int]]:
    struck = {number for number, _ in block.outcome["struck"]}
    times = block.outcome["times"]
    limits = [limit for limit, _ in times]
    number = 0
    for bundle in bundles(block):
        if camera is not None and bundle.camera != camera:
            number += len(bundle)
            continue
        for line in bundle.lines():
            if number not in struck:
                position = bisect_right(limits, number)
                yield bundle, line, times[min(position, len(times) - 1)][1]
            number += 1


def _overlaps(start_us: int, segment_us: int, from_at: datetime | None, until_at: datetime | None) -> bool:
    return (from_at is None or start_us + segment_us > microseconds(from_at)) and (
        until_at is None or start_us < microseconds(until_at)
    )


def outcome_digest(outcome: dict[str, Any]) -> str:
    text = json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def digest_of(blocks: Iterator[tuple[str, dict[str, Any]]]) -> str:
    """The digest that the ledger keeps of a sweep's manifest: over its blocks' digests and outcomes."""
    total = sha256()
    for digest, outcome in blocks:
        total.update(_line_of(digest, outcome))
    return total.hexdigest()


def _line_of(digest: str, outcome: dict[str, Any]) -> bytes:
    return f"{digest} {outcome_digest(outcome)}\n".encode()


def verify(entry: Entry) -> str:
    """Empty when the manifest behind a ledger entry is what the entry says; else what is wrong."""
    blocks = ManifestBlock.objects.filter(ledger_sequence=entry.sequence).order_by("pk")
    return _fault(entry.sequence, entry.content, blocks.iterator(chunk_size=4))


def check_all() -> Iterator[Fault | None]:
    """Every sweep's entry with its blocks, and every block with its entry: for `verify_ledger`.

    Both are read once, in the order of the entries, a few blocks at a time.
    """
    blocks = ManifestBlock.objects.filter(ledger_sequence__gt=0).order_by("ledger_sequence", "pk")
    by_entry = groupby(blocks.iterator(chunk_size=4), key=lambda block: block.ledger_sequence)
    waiting = next(by_entry, None)
    entries = Entry.objects.of_kind(DESTROYED).order_by("sequence").values_list("sequence", "payload")
    for sequence, payload in entries.iterator(chunk_size=1_000):
        while waiting is not None and waiting[0] < sequence:
            yield _without_entry(waiting[0])
            waiting = next(by_entry, None)
        own: Iterator[ManifestBlock] = iter(())
        is_own = waiting is not None and waiting[0] == sequence
        if waiting is not None and is_own:
            own = waiting[1]
        reason = _fault(sequence, Entry(payload=payload).content, own)
        yield Fault(reason, sequence) if reason else None
        if is_own:
            waiting = next(by_entry, None)
    while waiting is not None:
        yield _without_entry(waiting[0])
        waiting = next(by_entry, None)


def _without_entry(sequence: int) -> Fault:
    return Fault(f"원장 {sequence}번은 파기 기록이 아닌데 파기 목록이 그 번호를 가리킵니다.", sequence)


def _fault(sequence: int, payload: dict[str, Any], blocks: Iterator[ManifestBlock]) -> str:
    """What does not fit between an entry and its blocks."""
    count = destroyed = 0
    total = sha256()
    reason = ""
    for block in blocks:
        count += 1
        destroyed += block.destroyed
        total.update(_line_of(block.digest, block.outcome))
        reason = reason or _fault_of_block(block)
    if not reason and count != payload.get("blocks"):
        reason = f"원장 {sequence}번의 파기 목록 {payload.get('blocks')}개 가운데 {count}개가 있습니다."
    if not reason and total.hexdigest() != payload.get("manifest"):
        reason = f"원장 {sequence}번의 파기 목록 해시가 다릅니다."
    if not reason and destroyed != payload.get("destroyed"):
        reason = (
            f"원장 {sequence}번의 파기 파일 수({payload.get('destroyed')})가 목록({destroyed})과 다릅니다."
        )
    return reason


def _fault_of_block(block: ManifestBlock) -> str:
    """Lines against their digest, and the columns by which blocks are found against the lines."""
    try:
        text = text_of(block)
        found = list(decode(text)) if sha256(text).hexdigest() == block.digest else None
    except (zlib.error, ValueError, TypeError):
        found = None
    if found is None:
        return f"파기 목록 {block.pk}번의 내용이 바뀌었습니다."
    starts = [start for bundle in found for start in bundle.starts]
    is_known = (
        block.done_at is not None
        and block.count == len(starts)
        and block.destroyed == block.outcome.get("destroyed")
        and block.bytes == block.outcome.get("bytes")
        and block.first_at in (None, instant(min(starts, default=0)))
    )
    return "" if is_known else f"파기 목록 {block.pk}번의 줄 수, 용량이나 시각이 목록의 내용과 다릅니다."
