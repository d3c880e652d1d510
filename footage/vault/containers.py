"""A kept file: chunks of AES-256-GCM that can be read in ranges, and neither swapped, cut nor put elsewhere.

    magic (8 bytes) | file id (16) | content length (8, big-endian) | chunk | chunk | ...

Each chunk is at most so many bytes of content as the magic says (`CHUNKS`) and a tag of 16. The key is the file's own, derived
from its case's key and its id, so that the chunk's number serves as nonce. The header, which says how many chunks there must
be, is the associated data of all of them. This module imports nothing of Django.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from footage.errors import VaultUnusable

if TYPE_CHECKING:
    from concurrent.futures import Future

MAGIC = b"CCTVLT2\n"
CHUNK = 64 << 10
# Chunks of the first version's files were so large that a range read up to twice what was asked for; they are read for ever.
CHUNKS = {b"CCTVLT1\n": 1 << 20, MAGIC: CHUNK}
ID_BYTES = 16
LENGTH_BYTES = 8
HEADER = len(MAGIC) + ID_BYTES + LENGTH_BYTES
TAG = 16
KEY_BYTES = 32
NONCE_BYTES = 12
# So much is read, encrypted, written and read back at once, and so many of these are on their way.
BLOCK = 1 << 20
BLOCKS_UNDER_WAY = 4
# The disk begins with what it was given, so that little is left for the end.
BLOCKS_PER_SYNC = 64
# Of a range so much is opened while the disk reads the rest.
STEP, MOST_AHEAD = 256 << 10, 8 << 20


class Damaged(Exception):
    """What is kept is not what was kept; `args[0]` is one of the codes below."""


CUT = "cut"  # shorter or longer than its header says
CHANGED = "changed"  # a chunk does not open, or opens to something else
SWAPPED = "swapped"  # another file lies in its place
NOT_OURS = "not_ours"  # no file of a vault


class SourceChanged(Exception):
    """The original is not as long as it was when copying began: it is being written, or was cut."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was copied: its length in bytes and the SHA-256 of its content (hexadecimal)."""

    length: int
    sha256: str


class _Hash:
    """SHA-256 in a thread of its own, one block behind: another core hashes while this one reads and opens the next."""

    def __init__(self) -> None:
        from concurrent.futures import ThreadPoolExecutor  # late: who only reads a range is waited for

        self._digest = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1)
        self._latest: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def update(self, content: Sequence[bytes]) -> None:
        self._wait()
        self._latest = self._pool.submit(self._add, content)

    def hexdigest(self) -> str:
        self._wait()
        return self._digest.hexdigest()

    def _add(self, content: Sequence[bytes]) -> None:
        for part in content:
            self._digest.update(part)

    def _wait(self) -> None:
        if self._latest is not None:
            self._latest.result()


def write(source: BinaryIO, target: BinaryIO, *, case_key: bytes, file_id: bytes, length: int) -> Written:
    """Copy `length` bytes, encrypted and onto the disk; every block is read back, opened and compared with what was read.

    The digest is of what was read back, which is what was read from the source, byte for byte. `target` is an unbuffered file,
    open for reading too. `SourceChanged` where the source ends earlier or goes on, `Damaged` where what was written does not
    come back, `VaultUnusable` where the target's disk refuses.
    """
    from concurrent.futures import ThreadPoolExecutor

    header = _header(file_id, length)
    cipher = _cipher(case_key, file_id)
    descriptor = target.fileno()
    opener = _Opener(descriptor, cipher, header, length)
    blocks = [_Block(cipher, header) for _ in range(min(BLOCKS_UNDER_WAY, -(-length // BLOCK)))]
    compared: deque[Future[None]] = deque()
    synced: list[Future[None]] = []
    _put(target, header)
    # The next blocks are read, encrypted and written while those before them are opened, compared and hashed.
    with _Hash() as digest, ThreadPoolExecutor(1) as comparing, ThreadPoolExecutor(1) as syncing:

        def compare(block: _Block) -> None:
            digest.update(block.found_again(opener))

        for number, first in enumerate(range(0, length, BLOCK)):
            if len(compared) == len(blocks):
                compared.popleft().result()
            block = blocks[number % len(blocks)]
            _put(target, block.sealed(source, first, min(BLOCK, length - first)))
            compared.append(comparing.submit(compare, block))
            if number % BLOCKS_PER_SYNC == BLOCKS_PER_SYNC - 1:
                synced.append(syncing.submit(_sync, descriptor))
        if source.read(1):
            raise SourceChanged
        synced.append(syncing.submit(_sync, descriptor))
        for each in (*compared, *synced):
            each.result()
        # Its header and length are those of the file, too.
        Container(target, case_key=case_key, file_id=file_id)
        return Written(length, digest.hexdigest())


def _put(target: BinaryIO, content: bytes | memoryview) -> None:
    left = memoryview(content)
    try:
        while left:
            left = left[target.write(left) :]
    except OSError as error:
        raise VaultUnusable(error.strerror or str(error)) from error


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise VaultUnusable(error.strerror or str(error)) from error


class _Block:
    """Some chunks between the source and the file; the memory of what is sealed is used again."""

    def __init__(self, cipher: AESGCM, header: bytes) -> None:
        self._cipher, self._header = cipher, header
        self._first, self._content = 0, b""
        self._sealed = memoryview(bytearray(BLOCK + _chunks(BLOCK) * TAG))

    def sealed(self, source: BinaryIO, first: int, length: int) -> memoryview:
        """The content's bytes [first, first + length), read from the source and encrypted."""
        self._first, self._content = first, _exactly(source, length)
        content, at = memoryview(self._content), 0
        for number in range(_chunks(length)):
            chunk = content[number * CHUNK : (number + 1) * CHUNK]
            into = self._sealed[at : at + len(chunk) + TAG]
            self._cipher.encrypt_into(_nonce(first // CHUNK + number), chunk, self._header, into)
            at += len(into)
        return self._sealed[:at]

    def found_again(self, opener: "_Opener") -> list[bytes]:
        """What lies in the file now. `Damaged` where that is not what was read."""
        try:
            opened = opener.chunks(self._first // CHUNK, _chunks(self._first + len(self._content)))
        except OSError as error:
            raise Damaged(CHANGED) from error
        at = 0
        for chunk in opened:
            if not self._content.startswith(chunk, at):
                raise Damaged(CHANGED)
            at += len(chunk)
        return opened


class _Opener:
    """Reads and opens chunks of a file, wherever they are asked for."""

    def __init__(self, descriptor: int, cipher: AESGCM, header: bytes, length: int) -> None:
        self._descriptor, self._cipher, self._header, self._length = descriptor, cipher, header, length
        self.chunk = CHUNKS[header[: len(MAGIC)]]
        self._sealed = memoryview(bytearray())

    def place(self, number: int) -> int:
        """Where a chunk begins in the file, or the file ends."""
        return min(HEADER + number * (self.chunk + TAG), size_of(self._length, self.chunk))

    def chunks(self, first: int, until: int) -> list[bytes]:
        """The content of these; they are read at once."""
        begin, end = self.place(first), self.place(until)
        if len(self._sealed) < end - begin:
            self._sealed = memoryview(bytearray(end - begin))
        left = self._sealed[: end - begin]
        while left:
            read = os.preadv(self._descriptor, [left], end - len(left))
            if not read:
                raise Damaged(CUT)
            left = left[read:]
        return [self._opened(number, begin) for number in range(first, until)]

    def _opened(self, number: int, begin: int) -> bytes:
        sealed = self._sealed[self.place(number) - begin : self.place(number + 1) - begin]
        try:
            return self._cipher.decrypt(_nonce(number), sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise Damaged(CHANGED) from error


class Container:
    """A kept file, open for reading."""

    def __init__(self, handle: BinaryIO, *, case_key: bytes, file_id: bytes) -> None:
        self._descriptor = handle.fileno()
        header = os.pread(self._descriptor, HEADER, 0)
        if len(header) < HEADER or header[: len(MAGIC)] not in CHUNKS:
            raise Damaged(NOT_OURS)
        if header[len(MAGIC) : len(MAGIC) + ID_BYTES] != file_id:
            raise Damaged(SWAPPED)
        self.length = int.from_bytes(header[-LENGTH_BYTES:], "big")
        self._opener = _Opener(self._descriptor, _cipher(case_key, file_id), header, self.length)
        self.chunk = self._opener.chunk
        if os.fstat(self._descriptor).st_size != size_of(self.length, self.chunk):
            raise Damaged(CUT)

    def read(self, start: int, until: int) -> Iterator[bytes]:
        """The content's bytes [start, until), chunk by chunk; only those chunks are read and opened."""
        start, until = max(start, 0), min(until, self.length)
        if start >= until:
            return
        first, last = start // self.chunk, _chunks(until, self.chunk)
        step = max(STEP // self.chunk, 1)
        if last - first > step:
            begin, end = self._opener.place(first), self._opener.place(last)
            os.posix_fadvise(self._descriptor, begin, min(end - begin, MOST_AHEAD), os.POSIX_FADV_WILLNEED)
        at = first * self.chunk
        for begin in range(first, last, step):
            for content in self._opener.chunks(begin, min(begin + step, last)):
                yield content[max(start - at, 0) : until - at]
                at += len(content)

    def sha256(self) -> str:
        """Of the whole content; every chunk is opened."""
        with _Hash() as digest:
            for first in range(0, self.length, BLOCK):
                until = _chunks(min(first + BLOCK, self.length), self.chunk)
                digest.update(self._opener.chunks(first // self.chunk, until))
            return digest.hexdigest()


def size_of(length: int, chunk: int = CHUNK) -> int:
    """How many bytes a container of so much content takes."""
    return HEADER + length + _chunks(length, chunk) * TAG


def _header(file_id: bytes, length: int) -> bytes:
    if len(file_id) != ID_BYTES:
        raise ValueError("a file id has 16 bytes")
    return MAGIC + file_id + length.to_bytes(LENGTH_BYTES, "big")


def _chunks(length: int, chunk: int = CHUNK) -> int:
    return -(-length // chunk)


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
