"""Files that are either the old or the new, never half of one."""

import contextlib
import errno
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO


@contextlib.contextmanager
def replacing(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Write to a draft beside `path`; it takes the name when the block ends well, and is gone otherwise.

    A link is followed, and what is no ordinary file (a pipe, /dev/stdout) is written to as it is.
    """
    path = Path(os.path.realpath(path))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        with open(path, "wb") as handle:
            yield handle
        return
    draft = path.with_name(f".ledger-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:  # people know the file by its own name
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def as_text(handle: BinaryIO, encoding: str) -> Iterator[TextIO]:
    """The open file for text, line ends as they are given. It stays its owner's to close."""
    text = io.TextIOWrapper(handle, encoding=encoding, errors="strict", newline="")
    try:
        yield text
    finally:
        text.detach()


def write_atomically(path: Path, content: bytes) -> None:
    with replacing(path) as handle:
        handle.write(content)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
