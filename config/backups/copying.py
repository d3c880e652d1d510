"""Copying folders of ours so that what arrives is known by its digest, is synced, and is for this user only."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
# Drafts of reports in the making: not asked for by any row.
SKIPPED = frozenset({".workshop"})


@dataclass(frozen=True)
class Copied:
    sha256: str
    bytes: int
    # Of the source when it was read: size and time of the last change.
    seen: tuple[int, int] = (0, 0)


@dataclass
class Tree:
    """What was copied from one folder, by path below it."""

    files: dict[str, Copied] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def copy_tree(source: Path, target: Path, before: Tree | None = None) -> Tree:
    """Every ordinary file below `source`; one that `before` holds unchanged is not copied again.

    Links and what else is no file are told and never followed. A file that vanished between being listed and being read
    was deleted meanwhile. OSError for what cannot be read.
    """
    known = before.files if before is not None else {}
    found = Tree(dict(known))
    for path, is_file in _walk(source):
        name = path.relative_to(source).as_posix()
        if not is_file:
            found.left_out.append(name)
            continue
        with contextlib.suppress(FileNotFoundError):
            if name in known and known[name].seen == _seen(os.lstat(path)):
                continue
            copied = copy_file(path, target / name)
            if copied is None:
                found.left_out.append(name)
            else:
                found.files[name] = copied
    return found


def copy_file(source: Path, target: Path) -> Copied | None:
    """One file; None when it is no ordinary one. An earlier copy is replaced. FileNotFoundError, OSError."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as handle:
        state = os.fstat(handle.fileno())
        if not stat.S_ISREG(state.st_mode):
            return None
        make_folder(target.parent)
        return copy_open(handle, target, _seen(state))


def copy_open(handle: BinaryIO, target: Path, seen: tuple[int, int] = (0, 0)) -> Copied:
    digest, size = hashlib.sha256(), 0
    with _new(target) as output:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            output.write(chunk)
    return Copied(digest.hexdigest(), size, seen)


def write_file(target: Path, content: bytes) -> None:
    with _new(target) as output:
        output.write(content)


def digest_of(path: Path) -> Copied:
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Copied(digest.hexdigest(), size)


def make_folder(folder: Path) -> None:
    """With its parents, all of them 0700 whatever the umask; those that exist stay as they are."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700)


def sync_folders(top: Path) -> None:
    """The names of all files below."""
    for folder, _, _ in os.walk(top):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _new(target: Path) -> Iterator[BinaryIO]:
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        yield output
        output.flush()
        os.fsync(output.fileno())


def _walk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """What lies below, and whether it is a file."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in SKIPPED:
                yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path), entry.is_file(follow_symlinks=False)


def _seen(state: os.stat_result) -> tuple[int, int]:
    return state.st_size, state.st_mtime_ns


def size_below(folder: Path) -> int:
    """Bytes of the files below; what vanishes meanwhile counts for nothing."""
    total = 0
    for path, is_file in _walk(folder):
        with contextlib.suppress(FileNotFoundError):
            total += path.lstat().st_size if is_file else 0
    return total
