"""The file format: what was kept comes back, in any range, and nothing else ever does."""

import hashlib
import io
import random
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footage.errors import VaultUnusable
from footage.vault import containers
from footage.vault.containers import (
    BLOCK,
    BLOCKS_UNDER_WAY,
    CHANGED,
    CHUNK,
    CUT,
    HEADER,
    NOT_OURS,
    SWAPPED,
    TAG,
    Container,
    Damaged,
)
from footage.vault.plain import Plain

KEY, ID = bytes(range(32)), bytes(range(16))


def kept(content: bytes, path, *, key: bytes = KEY, file_id: bytes = ID) -> None:
    with path.open("w+b", buffering=0) as target:
        written = containers.write(
            io.BytesIO(content), target, case_key=key, file_id=file_id, length=len(content)
        )
    assert (written.length, written.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert path.stat().st_size == containers.size_of(len(content))


def part(path, start: int, until: int) -> bytes:
    with path.open("rb") as handle:
        return b"".join(Container(handle, case_key=KEY, file_id=ID).read(start, until))


def sha256(path, *, key: bytes = KEY, file_id: bytes = ID) -> str:
    with path.open("rb") as handle:
        return Container(handle, case_key=key, file_id=file_id).sha256()


@pytest.mark.parametrize(
    "length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, BLOCK, (BLOCKS_UNDER_WAY + 2) * BLOCK + CHUNK + 7]
)
def test_what_was_kept_comes_back(tmp_path, length):
    content = secrets.token_bytes(length)
    kept(content, tmp_path / "f")
    assert part(tmp_path / "f", 0, length) == content
    assert sha256(tmp_path / "f") == hashlib.sha256(content).hexdigest()
    assert length < 32 or content[:32] not in (tmp_path / "f").read_bytes()


@settings(max_examples=40, deadline=None)
@given(length=st.integers(0, 3 * CHUNK), start=st.integers(-5, 3 * CHUNK + 5), size=st.integers(0, 2 * CHUNK))
def test_any_range_comes_back(tmp_path_factory, length, start, size):
    content = random.Random(length).randbytes(length)
    path = tmp_path_factory.mktemp("kept") / "f"
    kept(content, path)
    assert part(path, start, start + size) == content[max(start, 0) : max(start + size, 0)]


def test_a_range_reads_no_other_chunk(tmp_path):
    kept(bytes(3 * CHUNK), tmp_path / "f")
    data = bytearray((tmp_path / "f").read_bytes())
    data[HEADER + 5] ^= 1
    (tmp_path / "f").write_bytes(data)
    assert len(part(tmp_path / "f", CHUNK, 3 * CHUNK)) == 2 * CHUNK
    with pytest.raises(Damaged, match=CHANGED):
        part(tmp_path / "f", CHUNK - 1, CHUNK)


@pytest.fixture(params=[1, 2])
def old_and_new(request, tmp_path):
    """A file of each version of the format, and what it holds."""
    content = secrets.token_bytes(3 * BLOCK + 99)
    if request.param == 2:
        kept(content, tmp_path / "f")
    else:
        header = b"CCTVLT1\n" + ID + len(content).to_bytes(8, "big")
        cipher = containers._cipher(KEY, ID)
        chunks = [content[at : at + (1 << 20)] for at in range(0, len(content), 1 << 20)]
        sealed = (cipher.encrypt(n.to_bytes(12, "big"), each, header) for n, each in enumerate(chunks))
        (tmp_path / "f").write_bytes(header + b"".join(sealed))
    return tmp_path / "f", content


def test_what_was_kept_by_an_earlier_version_still_opens(old_and_new):
    path, content = old_and_new
    assert sha256(path) == hashlib.sha256(content).hexdigest()
    assert part(path, 5, BLOCK + 9) == content[5 : BLOCK + 9]
    data = bytearray(path.read_bytes())
    data[0:8] = b"CCTVLT2\n" if data[6:7] == b"1" else b"CCTVLT1\n"  # no version passes for another
    path.write_bytes(data)
    with pytest.raises(Damaged, match=CUT):
        sha256(path)


def test_a_kept_file_is_read_like_a_plain_one(old_and_new):
    path, content = old_and_new
    chance = random.Random(3)
    with Plain(path.open("rb"), key=KEY, file_id=ID) as plain:
        for _ in range(60):
            at, size = chance.randrange(len(content) + 9), chance.choice([1, 32 << 10, 700_000, 2 << 20])
            plain.seek(at)
            assert plain.read(size) == content[at : at + size]
        plain.seek(0)
        assert plain.read() == content


class Strange(io.FileIO):
    """A disk that keeps something else than it was given, or refuses in the middle."""

    def __init__(self, path, *, after: int, refuses: bool) -> None:
        super().__init__(path, "w+")
        self._after, self._refuses = after, refuses

    def write(self, content) -> int:
        if self.tell() < self._after:
            return super().write(content[: CHUNK // 3])  # nor does it take all at once
        if self._refuses:
            raise OSError(28, "No space left on device")
        return super().write(bytes(len(content)))


@pytest.mark.parametrize("after", [HEADER, BLOCK + 5, 7 * BLOCK])
def test_what_does_not_come_back_is_not_kept(tmp_path, after):
    content = secrets.token_bytes(8 * BLOCK)
    for refuses, refusal in ((False, Damaged), (True, VaultUnusable)):
        with Strange(tmp_path / "f", after=after, refuses=refuses) as target, pytest.raises(refusal):
            containers.write(io.BytesIO(content), target, case_key=KEY, file_id=ID, length=len(content))


def test_a_source_that_cannot_be_read_is_not_taken_for_the_vaults_disk(tmp_path):
    class Source(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= BLOCK:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with (tmp_path / "f").open("w+b", buffering=0) as target, pytest.raises(OSError, match="Input"):
        containers.write(Source(bytes(3 * BLOCK)), target, case_key=KEY, file_id=ID, length=3 * BLOCK)


def chunk(number: int) -> slice:
    start = HEADER + number * (CHUNK + TAG)
    return slice(start, start + CHUNK + TAG)


def bit(data: bytearray) -> None:
    data[HEADER + CHUNK // 2] ^= 0x10


def swapped_chunks(data: bytearray) -> None:
    data[chunk(0)], data[chunk(1)] = data[chunk(1)], data[chunk(0)]


def chunk_twice(data: bytearray) -> None:
    data[chunk(1)] = data[chunk(0)]


def without_last_chunk(data: bytearray) -> None:
    del data[chunk(1)]


def shorter_in_its_own_words(data: bytearray) -> None:
    """Cut by a chunk, and the header's length set to what is left."""
    del data[chunk(1)]
    data[HEADER - 8 : HEADER] = CHUNK.to_bytes(8, "big")


def longer(data: bytearray) -> None:
    data += b"more"


def another_id(data: bytearray) -> None:
    data[8] ^= 1


def no_header(data: bytearray) -> None:
    del data[10:]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (bit, CHANGED),
        (swapped_chunks, CHANGED),
        (chunk_twice, CHANGED),
        (without_last_chunk, CUT),
        (shorter_in_its_own_words, CHANGED),
        (longer, CUT),
        (another_id, SWAPPED),
        (no_header, NOT_OURS),
    ],
)
def test_harm_is_seen(tmp_path, harm, code):
    kept(secrets.token_bytes(2 * CHUNK), tmp_path / "f")
    data = bytearray((tmp_path / "f").read_bytes())
    harm(data)
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(Damaged, match=code):
        sha256(tmp_path / "f")


@pytest.mark.parametrize("length", [10, CHUNK])
def test_a_file_of_another_case_or_place_opens_nowhere(tmp_path, length):
    kept(bytes(length), tmp_path / "f")
    with pytest.raises(Damaged, match=CHANGED):
        sha256(tmp_path / "f", key=secrets.token_bytes(32))
    with pytest.raises(Damaged, match=SWAPPED):
        sha256(tmp_path / "f", file_id=secrets.token_bytes(16))


@pytest.mark.parametrize("really", [9, 11])
def test_a_source_that_is_written_meanwhile_is_not_kept(tmp_path, really):
    with (tmp_path / "f").open("w+b", buffering=0) as target, pytest.raises(containers.SourceChanged):
        containers.write(io.BytesIO(bytes(really)), target, case_key=KEY, file_id=ID, length=10)
