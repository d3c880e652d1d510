"""A kept file as if it were not encrypted. Also for the processes that open footage: nothing of Django is here."""

import io
from collections import OrderedDict
from typing import BinaryIO

from footage.vault.containers import Container

CACHED_BYTES, READ_AT_ONCE = 8 << 20, 4 << 20


class Plain(io.RawIOBase):
    """For reading and seeking: a few megabytes in memory, opened when they are read. Closes `handle` with itself."""

    def __init__(self, handle: BinaryIO, *, key: bytes, file_id: bytes) -> None:
        self._handle = handle
        self._kept = Container(handle, case_key=key, file_id=file_id)
        self._at = 0
        self._chunks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(offset + (0, self._at, self._kept.length)[whence], 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._kept.length if size < 0 else min(self._at + size, self._kept.length)
        parts = []
        while self._at < end:
            number, start = divmod(self._at, self._kept.chunk)
            if number not in self._chunks:
                self._open_from(number, end)
            self._chunks.move_to_end(number)
            part = self._chunks[number][start : start + end - self._at]
            parts.append(part)
            self._at += len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._handle.close()
        super().close()

    def _open_from(self, number: int, end: int) -> None:
        first = number * self._kept.chunk
        last = -(-min(end, first + READ_AT_ONCE) // self._kept.chunk) * self._kept.chunk
        self._chunks |= enumerate(self._kept.read(first, last), start=number)
        while len(self._chunks) * self._kept.chunk > CACHED_BYTES:
            self._chunks.popitem(last=False)
