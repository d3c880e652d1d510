"""A kept file as if it were not encrypted. Also for the processes that open footage: nothing of Django is here."""

import io
from collections import OrderedDict
from typing import BinaryIO

from footage.vault.containers import CHUNK, Container

CACHED_CHUNKS = 8


class Plain(io.RawIOBase):
    """For reading and seeking: a few chunks in memory, each opened when it is read. Closes `handle` with itself."""

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
            number, start = divmod(self._at, CHUNK)
            part = self._chunk(number)[start : start + end - self._at]
            parts.append(part)
            self._at += len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._handle.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if number not in self._chunks:
            self._chunks[number] = next(self._kept.read(number * CHUNK, (number + 1) * CHUNK))
            if len(self._chunks) > CACHED_CHUNKS:
                self._chunks.popitem(last=False)
        self._chunks.move_to_end(number)
        return self._chunks[number]
