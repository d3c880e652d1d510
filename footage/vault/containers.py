"""A kept file: chunks of AES-256-GCM that can be read in ranges, and neither swapped, cut nor put elsewhere.

    magic (8 bytes) | file id (16) | content length (8, big-endian) | chunk | chunk | ...

Each chunk is at most `CHUNK` bytes of content and a tag of 16. The key is the file's own, derived from its case's key and
its id, so that the chunk's number serves as nonce. The header, which says how many chunks there must be, is the associated
data of all of them. This module imports nothing of Django.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

if TYPE_CHECKING:
    from concurrent.futures import Future

MAGIC = b"CCTVLT1\n"
ID_BYTES = 16
LENGTH_BYTES = 8
HEADER = len(MAGIC) + ID_BYTES + LENGTH_BYTES
CHUNK = 1 << 20
TAG = 16
KEY_BYTES = 32
NONCE_BYTES = 12
# Between two calls of `each_chunk` at the most: 16 MB.
CHUNKS_PER_CALL = 16


class Damaged(Exception):
    """What is kept is not what was kept; `args[0]` is one of the codes below."""


CUT = "cut"  # shorter or longer than its header says
CHANGED = "changed"  # a chunk does not open, or opens to something else
SWAPPED = "swapped"  # another file lies in its place
NOT_OURS = "not_ours"  # no file of a vault


class _Hash:
    """SHA-256 in a thread of its own, one chunk behind: the other core hashes while this one reads, encrypts and writes."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor  # late: who only reads a range is waited for

        self._digest = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1)
        self._latest: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def update(self, content: bytes) -> None:
        self._wait()
        self._latest = self._pool.submit(self._digest.update, content)

    def hexdigest(self) -> str:
        self._wait()
        return self._digest.hexdigest()

    def _wait(self) -> None:
        if self._latest is not None:
            self._latest.result()


class SourceChanged(Exception):
    """The original is not as long as it was when copying began: it is being written, or was cut."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was copied: its length in bytes and the SHA-256 of its content (hexadecimal)."""

    length: int
    sha256: str


def write(
    source: BinaryIO,
    target: BinaryIO,
    *,
    case_key: bytes,
    file_id: bytes,
    length: int,
    each_chunk: Callable[[int], None] | None = None,
) -> Written:
    """Copy `length` bytes, encrypted. `SourceChanged` where the source ends earlier or goes on."""
    header = _header(file_id, length)
    cipher = _cipher(case_key, file_id)
    target.write(header)
    left, number = length, 0
    with _Hash() as digest:
        while left:
            content = _exactly(source, min(CHUNK, left))
            digest.update(content)
            target.write(cipher.encrypt(_nonce(number), content, header))
            left -= len(content)
            number += 1
            if each_chunk is not None and number % CHUNKS_PER_CALL == 0:
                each_chunk(length - left)
        if source.read(1):
            raise SourceChanged
        return Written(length, digest.hexdigest())


class Container:
    """A kept file, open for reading."""

    def __init__(self, handle: BinaryIO, *, case_key: bytes, file_id: bytes) -> None:
        self._handle = handle
        self._header = handle.read(HEADER)
        if len(self._header) < HEADER or not self._header.startswith(MAGIC):
            raise Damaged(NOT_OURS)
        if self._header[len(MAGIC) : len(MAGIC) + ID_BYTES] != file_id:
            raise Damaged(SWAPPED)
        self.length = int.from_bytes(self._header[-LENGTH_BYTES:], "big")
        if os.fstat(handle.fileno()).st_size != size_of(self.length):
            raise Damaged(CUT)
        self._cipher = _cipher(case_key, file_id)

    def read(self, start: int, until: int) -> Iterator[bytes]:
        """The content's bytes [start, until), chunk by chunk; only those chunks are read and opened."""
        until = min(until, self.length)
        start = max(start, 0)
        for number in range(start // CHUNK, _chunks(until)):
            first = number * CHUNK
            content = self._chunk(number)
            yield content[max(start - first, 0) : until - first]

    def sha256(self, each_chunk: Callable[[int], None] | None = None) -> str:
        """Of the whole content; every chunk is opened."""
        with _Hash() as digest:
            for number in range(_chunks(self.length)):
                digest.update(self._chunk(number))
                if each_chunk is not None and number % CHUNKS_PER_CALL == 0:
                    each_chunk(number * CHUNK)
            return digest.hexdigest()

    def _chunk(self, number: int) -> bytes:
        self._handle.seek(HEADER + number * (CHUNK + TAG))
        sealed = self._handle.read(min(CHUNK, self.length - number * CHUNK) + TAG)
        try:
            return self._cipher.decrypt(_nonce(number), sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise Damaged(CHANGED) from error


def size_of(length: int) -> int:
    """How many bytes a container of so much content takes."""
    return HEADER + length + _chunks(length) * TAG


def _header(file_id: bytes, length: int) -> bytes:
    if len(file_id) != ID_BYTES:
        raise ValueError("a file id has 16 bytes")
    return MAGIC + file_id + length.to_bytes(LENGTH_BYTES, "big")


def _chunks(length: int) -> int:
    return -(-length // CHUNK)


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _cipher(case_key: bytes, file_id: bytes) -> AESGCM:
    return AESGCM(HKDFExpand(SHA256(), KEY_BYTES, b"cctv-vault-file:" + file_id).derive(case_key))


def _exactly(source: BinaryIO, amount: int) -> bytes:
    found = source.read(amount)
    while len(found) < amount:
        more = source.read(amount - len(found))
        if not more:
            raise SourceChanged
        found += more
    return found
