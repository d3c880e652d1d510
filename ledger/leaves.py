"""A copy of the leaf hashes outside the database: 32 bytes per sealed entry, appended when it is sealed.

It only serves to name the first bad entry exactly. It is never an accuser: a prefix of it counts only when
its root is the one in a head signed by us, so an old, foreign or forged copy is simply not used, and the
ledger can be verified without any. The file is named after the first entry, so that another database in the
same folder gets another file.

Crash safety: leaves are written and synced before the head that covers them is stored, at the position that
their sequence gives. After a crash the same entries are sealed again and the same bytes stand there already.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError

from ledger import rows
from ledger.models import Entry
from ledger.verify_bundle import Tree, encode_leaf, leaf_hash

logger = logging.getLogger(__name__)

HASH = 32
CHUNK = 20_000


def folder() -> Path:
    return Path(settings.DATA_DIR) / "ledger"


class Conflict(Exception):
    """Other leaves stand where these should: another history of the same beginning."""


class Keeper:
    """Takes the leaves that a sealer reads. Whatever goes wrong with the copy, sealing goes on without it."""

    def __init__(self, sealed: int, root: bytes) -> None:
        """`sealed` entries are under the last head, whose root is `root`."""
        self._sealed = sealed
        self._root = root
        self._file: LeafFile | None = None
        self._has_given_up = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def put(self, position: int, new: list[bytes]) -> None:
        """Leaves of the entries after the first `position`."""
        if self._has_given_up or not new:
            return
        try:
            self._put(position, new)
        except (OSError, Conflict, DatabaseError) as error:
            logger.warning("the copy of the leaf hashes is not kept: %s", error or type(error).__name__)
            self._has_given_up = True
            self._close()

    def _put(self, position: int, new: list[bytes]) -> None:
        if self._file is None:
            self._file = self._open(new)
        try:
            self._file.put(position, new)
        except Conflict:
            self._file.set_aside()
            self._close()
            self._file = self._open(new)
            self._file.put(position, new)

    def _open(self, new: list[bytes]) -> "LeafFile":
        file = LeafFile(_first_leaf() if self._sealed else new[0])
        if len(file) < self._sealed:
            self._catch_up(file)
        return file

    def _catch_up(self, file: "LeafFile") -> None:
        """What another machine sealed is not in this machine's copy yet. Only the sealed leaves get in."""
        before = len(file)
        tree = Tree()
        for leaves in file.read():
            tree.extend(leaves)
        with rows.stored(after=before, upto=self._sealed) as batches:
            for batch in batches:
                leaves = [leaf_hash(encode_leaf(*fields)) for *fields, _digest in batch]
                tree.extend(leaves)
                file.put(len(file), leaves)
        if tree.root() != self._root:
            file.cut(before)
            file.close()
            raise Conflict("the entries do not have the sealed root")

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _first_leaf() -> bytes:
    digest = Entry.objects.filter(sequence=1).values_list("digest", flat=True).first()
    try:
        return bytes.fromhex(digest or "")
    except ValueError:
        return b""


class LeafFile:
    """One copy, open for appending and locked against other sealers."""

    def __init__(self, first_leaf: bytes) -> None:
        if len(first_leaf) != HASH:
            raise Conflict("the first entry has no digest")
        folder().mkdir(parents=True, exist_ok=True)
        self.path = folder() / f"leaves-{first_leaf.hex()[:16]}.bin"
        self._handle = open(self.path, "a+b", buffering=0)  # noqa: SIM115 - closed by `close`
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        # Half a hash is what a crash leaves behind.
        os.ftruncate(self._handle.fileno(), len(self) * HASH)

    def __len__(self) -> int:
        return os.fstat(self._handle.fileno()).st_size // HASH

    def put(self, start: int, leaves: list[bytes]) -> None:
        """Leaves of the entries after the first `start`. What stands there already must be the same."""
        if start > len(self):
            raise Conflict("leaves are missing before these")
        data = b"".join(leaves)
        known = os.pread(self._handle.fileno(), len(data), start * HASH)
        if known != data[: len(known)]:
            raise Conflict("other leaves are in their place")
        rest = memoryview(data)[len(known) :]
        while rest:
            rest = rest[self._handle.write(rest) :]

    def read(self) -> Iterator[list[bytes]]:
        return _read(self.path)

    def cut(self, length: int) -> None:
        os.ftruncate(self._handle.fileno(), length * HASH)

    def set_aside(self) -> None:
        """Keep the other history under another name: it may be the true one."""
        aside = self.path.with_name(f"{self.path.stem}.{time.time_ns()}.bin")
        os.rename(self.path, aside)
        logger.warning("leaf copy %s does not continue this ledger, kept as %s", self.path.name, aside.name)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.fsync(self._handle.fileno())
        self._handle.close()


def copies() -> list[Path]:
    """All copies, the newest first."""
    found = []
    for path in folder().glob("leaves-*.bin"):
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


def copy_of(size: int, root: bytes) -> Path | None:
    """A copy whose first `size` leaves have this root."""
    for path in copies():
        with contextlib.suppress(OSError):
            if path.stat().st_size >= size * HASH and _root(path, size) == root:
                return path
    return None


def _root(path: Path, size: int) -> bytes:
    tree = Tree()
    for leaves in _read(path):
        tree.extend(leaves[: size - tree.size])
        if tree.size >= size:
            break
    return tree.root()


def _read(path: Path) -> Iterator[list[bytes]]:
    with open(path, "rb") as handle:
        while chunk := handle.read(CHUNK * HASH):
            whole = len(chunk) - len(chunk) % HASH
            yield [chunk[at : at + HASH] for at in range(0, whole, HASH)]


def read(path: Path, upto: int) -> Iterator[list[bytes]]:
    """The first `upto` leaves, in lists."""
    left = upto
    for leaves in _read(path):
        if left <= 0:
            return
        yield leaves[:left]
        left -= len(leaves)
