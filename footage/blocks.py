"""Manifest blocks before they are stored: what is to be destroyed, and what became of it.

A `Batch` is planned by `footage.unlinker`, becomes a row of ManifestBlock in `footage.storage_sweep` and is read again
by `footage.manifests`. This module imports nothing of Django (see `footage.layouts`).
"""

import json
import os
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from footage.layouts import SECOND
from footage.retention import DAY

TAB = "\t"
KST_US = 9 * 3600 * SECOND
LATE_US = 60 * SECOND

Line = tuple[str, int, int, int, int]  # name, bytes, start_us, mtime_ns, inode


@dataclass
class Bundle:
    """Due files of one folder and one camera, in columns (a sweep handles millions of them).

    The folder's descriptor stays open from reading to unlinking.
    """

    folder: str
    camera: int
    cutoff_us: int
    names: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    mtimes: list[int] = field(default_factory=list)
    inodes: list[int] = field(default_factory=list)
    descriptor: int = -1

    def __len__(self) -> int:
        return len(self.names)

    def lines(self) -> Iterator[Line]:
        return zip(self.names, self.sizes, self.starts, self.mtimes, self.inodes, strict=True)

    def add(self, line: Line) -> None:
        for column, value in zip(self.columns(), line, strict=True):
            column.append(value)

    def columns(self) -> tuple[list[Any], ...]:
        return self.names, self.sizes, self.starts, self.mtimes, self.inodes

    def part(self, begin: int, end: int) -> "Bundle":
        """Some of the lines, without the descriptor."""
        return self.only(range(begin, min(end, len(self))))

    def only(self, indexes: Iterable[int]) -> "Bundle":
        chosen = list(indexes)
        found = Bundle(self.folder, self.camera, self.cutoff_us)
        for column, values in zip(found.columns(), self.columns(), strict=True):
            column.extend(values[index] for index in chosen)
        return found


@dataclass
class Batch:
    """Lines of many folders: one manifest block."""

    bundles: list[Bundle] = field(default_factory=list)
    count: int = 0

    def cameras(self) -> list[int]:
        return sorted({bundle.camera for bundle in self.bundles})

    def size(self) -> int:
        return sum(sum(bundle.sizes) for bundle in self.bundles)

    def span(self, segment_us: int) -> tuple[int, int]:
        """From the first start to the last end."""
        first = min(min(bundle.starts) for bundle in self.bundles)
        return first, max(max(bundle.starts) for bundle in self.bundles) + segment_us

    def encode(self) -> bytes:
        """Per bundle a line of JSON (folder, camera, cutoff, number of files), a line of names between tabs, and
        the other columns as 64-bit little-endian numbers. Names hold no control characters (`tree.is_plain`)."""
        parts: list[bytes] = []
        for bundle in self.bundles:
            head = json.dumps(
                [bundle.folder, bundle.camera, bundle.cutoff_us, len(bundle)], ensure_ascii=False
            )
            parts.append(f"{head}\n{TAB.join(bundle.names)}\n".encode())
            for column in bundle.columns()[1:]:
                try:
                    numbers = array("q", column)
                except OverflowError:
                    numbers = array("q", map(as_64_bits, column))
                if sys.byteorder == "big":
                    numbers.byteswap()
                parts.append(numbers.tobytes())
        return b"".join(parts)

    def close(self) -> None:
        for bundle in self.bundles:
            if bundle.descriptor >= 0:
                os.close(bundle.descriptor)
                bundle.descriptor = -1


def as_64_bits(value: int) -> int:
    """The number as a line keeps it. Network and union file systems hash into all 64 bits of an inode, and a broken
    clock writes times beyond the year 2262."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def decode(text: bytes) -> Iterator[Bundle]:
    """The reverse of `Batch.encode`."""
    position = 0
    while position < len(text):
        end = text.index(b"\n", position)
        folder, camera, cutoff_us, count = json.loads(text[position:end])
        position = text.index(b"\n", end + 1)
        names = text[end + 1 : position].decode().split(TAB)
        position += 1
        bundle = Bundle(folder, camera, cutoff_us, names)
        for column in bundle.columns()[1:]:
            numbers = array("q", text[position : position + 8 * count])
            if sys.byteorder == "big":
                numbers.byteswap()
            column.extend(numbers)
            position += 8 * count
        yield bundle


@dataclass
class Outcome:
    """What became of a block: which lines were struck and why, when the others were unlinked, sums per day.

    `times` holds pairs (line number after the last one, microseconds): lines up to it were unlinked by then.
    `days` sums the destroyed lines: camera, day in Seoul, files, bytes, first start, last start.

    `late_us` (the longest), `over_us` (the sum over late files) and `on_time` are counted from the end of the period
    at first, then as the time in which each file could have been destroyed (`footage.delays`, which also fills `beyond`:
    by cause how many files stayed past their period, how long in all, and how long at most; and `unlawful`: how many
    files stayed for a cause that is none in law).
    """

    destroyed: int = 0
    bytes: int = 0
    on_time: int = 0
    late_us: int = 0
    over_us: int = 0
    beyond: dict[str, list[int]] | None = None
    beyond_margin: int = 0
    unlawful: int = 0
    struck: list[tuple[int, str]] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    days: list[list[int]] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    is_synced: bool = True

    def as_data(self) -> dict[str, Any]:
        return dict(vars(self))

    def add(self, gone: Bundle, segment_us: int) -> None:
        """Files that are destroyed (or, in a rehearsal, would be)."""
        if not gone.names:
            return
        self.destroyed += len(gone)
        self.bytes += sum(gone.sizes)
        first_us, last_us = min(gone.starts), max(gone.starts)
        self.late_us = max(self.late_us, gone.cutoff_us - first_us - segment_us)
        limit = gone.cutoff_us - segment_us - LATE_US
        if first_us >= limit:
            self.on_time += len(gone)
        else:
            late = [start_us for start_us in gone.starts if start_us < limit]
            self.on_time += len(gone) - len(late)
            self.over_us += len(late) * (gone.cutoff_us - segment_us) - sum(late)
        on = (first_us + KST_US) // DAY
        if (last_us + KST_US) // DAY == on:
            self.days.append([gone.camera, on, len(gone), sum(gone.sizes), first_us, last_us])
        else:
            self._add_days(gone)

    def _add_days(self, gone: Bundle) -> None:
        """Files of a folder that spans days in Seoul."""
        days: dict[int, list[int]] = {}
        for size, start_us in zip(gone.sizes, gone.starts, strict=True):
            on = (start_us + KST_US) // DAY
            seen = days.setdefault(on, [gone.camera, on, 0, 0, start_us, start_us])
            seen[2] += 1
            seen[3] += size
            seen[4] = min(seen[4], start_us)
            seen[5] = max(seen[5], start_us)
        self.days.extend(days.values())


def describe(batch: Batch, segment_us: int) -> tuple[dict[str, Any], bytes]:
    """What a manifest block stores of a batch."""
    text = batch.encode()
    first_us, last_us = batch.span(segment_us)
    header = {
        "count": batch.count,
        "digest": sha256(text).hexdigest(),
        "cameras": batch.cameras(),
        "first_us": first_us,
        "last_us": last_us,
    }
    return header, zlib.compress(text, 1)
