"""Which files a camera's range is, and the only place where an original is opened for reading.

Whoever wants to read footage goes through here; import-linter lets nobody but the vault do so (docs/vault.md).
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from footage.layouts import SECOND, Layout
from footage.models import Storage
from footage.retention import Claim, Policy, claimant
from footage.storages import layout_of
from footage.tree import Findings, Folder, Tree, Visitor


@dataclass(frozen=True, slots=True)
class Original:
    """A file of a camera: path below the storage's root; times in microseconds since 1970."""

    camera: int
    path: str
    first_us: int
    until_us: int
    bytes: int
    modified_ns: int


Ranges = dict[int, list[tuple[int, int]]]


def find(storage: Storage, policy: Policy, ranges: Ranges) -> tuple[list[Original], Findings]:
    """The files of these cameras that touch one of their ranges, and what could not be read on the way."""
    finder = _Finder(storage.root, layout_of(storage), policy, ranges)
    try:
        finder.walk()
    finally:
        finder.close()
    return sorted(finder.found, key=lambda original: (original.first_us, original.path)), finder.findings


@contextmanager
def opened(storage: Storage, path: str) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """An original, open for reading; no step of its path follows a link, and it is a file."""
    folder, _, name = path.rpartition("/")
    tree = Tree(storage.root)
    try:
        parent = tree.open(folder)
        try:
            descriptor = os.open(
                name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=parent
            )
        finally:
            os.close(parent)
    finally:
        tree.close()
    with os.fdopen(descriptor, "rb", buffering=0) as handle:
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"not a file: {path}")
        yield handle, status


class _Finder(Visitor):
    def __init__(self, root: str, layout: Layout, policy: Policy, ranges: Ranges) -> None:
        super().__init__(root, layout)
        self.policy = policy
        self.ranges = ranges
        self.found: list[Original] = []
        self.first_us = min(first for spans in ranges.values() for first, _ in spans)
        self.last_us = max(until for spans in ranges.values() for _, until in spans)
        # Keys by which one of the cameras may be known here.
        self.keys = {
            key for key, claims in policy.claims.items() if any(claim.camera in ranges for claim in claims)
        }

    def walk(self) -> None:
        todo = [Folder("", self.layout.top())]
        while todo:
            folder = todo.pop()
            todo.extend(child for child in self.visit(folder) if self._may_hold(child))

    def _may_hold(self, folder: Folder) -> bool:
        if folder.strange:
            return False
        keys = self.layout.keys_of(folder.cursors)
        if keys and not self.layout.is_open(folder.cursors) and not self.keys & set(keys):
            return False
        first_us, last_us = self.layout.bounds(folder.cursors)
        is_before = last_us is not None and last_us + self.policy.segment_us <= self.first_us
        return not is_before and (first_us is None or first_us < self.last_us)

    def take(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        for entry, reading in self.readings(folder, portion):
            claim = claimant(self.policy.claims_of(reading.keys), reading.last_us)
            if not isinstance(claim, Claim) or claim.camera not in self.ranges:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            until_us = self._end(reading.last_us, status.st_mtime_ns // 1_000)
            spans = self.ranges[claim.camera]
            if any(reading.first_us < until and first < until_us for first, until in spans):
                self.found.append(
                    Original(
                        claim.camera,
                        folder.child(entry.name),
                        reading.first_us,
                        until_us,
                        status.st_size,
                        status.st_mtime_ns,
                    )
                )

    def _end(self, start_us: int, modified_us: int) -> int:
        """Nominal; a file that ran on is held for as long as it did (docs/footage.md, *End of a file*)."""
        end_us = start_us + self.policy.segment_us
        return modified_us if end_us < modified_us < end_us + 86_400 * SECOND else end_us
