"""A file for the time of the work: what lies on the disk is encrypted with a key that is nowhere but in two processes.

A killed process leaves a nameless file, which is gone with it, and nothing that could be read of it.
"""

import io
import os

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

BLOCK = 16


class Scratch(io.RawIOBase):
    """Reading and writing anywhere, over an open file of ours. The key is used for one file only."""

    def __init__(self, descriptor: int, key: bytes) -> None:
        self._descriptor, self._key, self._at = descriptor, key, 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    @property
    def length(self) -> int:
        return os.fstat(self._descriptor).st_size

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(offset + (0, self._at, self.length)[whence], 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self.length - self._at if size < 0 else size
        content = os.pread(self._descriptor, max(wanted, 0), self._at)
        plain = self._turned(content)
        self._at += len(content)
        return plain

    def write(self, content: object) -> int:
        sealed = memoryview(self._turned(bytes(content)))  # type: ignore[call-overload]
        at = self._at
        while sealed:
            written = os.pwrite(self._descriptor, sealed, at)
            sealed, at = sealed[written:], at + written
        count = at - self._at
        self._at = at
        return count

    def _turned(self, content: bytes) -> bytes:
        block, skipped = divmod(self._at, BLOCK)
        stream = Cipher(AES256(self._key), CTR(block.to_bytes(BLOCK, "big"))).encryptor()
        stream.update(bytes(skipped))
        return stream.update(content)
