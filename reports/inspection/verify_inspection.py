#!/usr/bin/env python3
"""Checks an inspector's bundle without the server that wrote it.  영상정보 업무 점검 묶음 검사기.

    python3 verify_inspection.py BUNDLE.zip [--key PUBLIC.pem] [--head HEAD.json] [--json]

One file, Python 3.9 or newer, standard library; with the package `cryptography` it checks the signatures too, and without
it says that it did not. It trusts nothing in the bundle but the signature over its list of files (`manifest.json`):

1. the ZIP holds the files of the list and nothing else, nowhere;
2. each file has the size and the SHA-256 of the list, and the list is signed;
3. the ledger in it is whole: each entry's digest, their order, the tree (RFC 9162) and its signed head;
4. each row that stands for an entry of the ledger says what the entry says, and no such entry of the period lacks its row;
5. each list of destroyed files is the one that the ledger proved when they were destroyed.

Whoever made the bundle also chose its key: compare the printed key with one that you had before (`--key`; it stands on each
printed report), or a head that you kept (`--head`). Exit status: 0 nothing wrong found, 1 something is wrong (the first
bad name comes first), 2 no bundle.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # everything else can still be checked, and the result says so
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

FORMAT = "cctv-inspection/1"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
LEDGER, HEAD = "ledger/ledger.jsonl.gz", "ledger/head.json"
HEAD_FORMAT = "cctv-ledger-head/1"
DESTROYED = "footage.destroyed"
# Bytes after unpacking: a bundle may come from somebody who wants to fill the inspector's memory.
MAX_LIST, MAX_LINE, MAX_SMALL = 256 << 20, 64 << 20, 1 << 20
AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)
HEX = re.compile(r"[0-9a-f]+\Z")
_quote = json.encoder.encode_basestring


class NoBundle(Exception):
    """The file is something else."""


class Bad(Exception):
    """A named part is wrong; what depends on it was not looked at."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


def signed_text(manifest: bytes) -> bytes:
    """What the signature is over: two lines."""
    return f"{FORMAT}\n{hashlib.sha256(manifest).hexdigest()}\n".encode()


def is_signed(message: bytes, signature: str, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- 1. The ZIP -------------------------------------------------------------------------------------------


# As the maker writes each member: what a ZIP can say beside names and contents says nothing here.
MADE_AT = (1980, 1, 1, 0, 0, 0)
MODE = 0o644 << 16
UTF8_NAME = 0x800
ENCRYPTED = 0x1
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members(path: str, archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], Bad | None]:
    """Name to member; Bad where a name comes twice or leads outside, or a member cannot be opened by everybody.

    Beside it what shows that the file is not as its maker wrote it: packed anew, or with bytes that belong to no member.
    Its contents are compared all the same, so that what was changed is named.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    anew: Bad | None = None
    for info in archive.infolist():
        name = info.orig_filename
        if name != info.filename or "\\" in name or name.startswith("/") or ".." in name.split("/"):
            raise Bad(repr(name), "쓸 수 없는 파일 이름입니다")
        if name in found:
            raise Bad(name, "같은 이름의 파일이 둘 있습니다")
        if info.flag_bits & ENCRYPTED or info.compress_type not in PACKED:
            raise Bad(name, "묶음을 만들 때와 다른 방식으로 들어 있습니다")
        if not _is_plain(info):
            anew = anew or Bad(name, "묶음을 만들 때와 다른 방식으로 들어 있습니다")
        found[name] = info
    try:
        _require_no_gap(path, archive, found.values())
    except Bad as one:
        anew = anew or one
    return found, anew


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """With no words of its own beside name and contents."""
    return (
        info.flag_bits & ~UTF8_NAME == 0
        and (info.date_time, info.external_attr, info.internal_attr) == (MADE_AT, MODE, 0)
        and (info.create_system, info.volume, info.reserved, info.comment) == (3, 0, 0, b"")
        and {info.create_version, info.extract_version} <= {20, 45}
    )


def _require_no_gap(path: str, archive: zipfile.ZipFile, infos: Any) -> None:
    """Members follow each other from the first byte to the list of members, and nothing follows that."""
    position, count, listed = 0, 0, 0
    with open(path, "rb") as raw:
        for info in sorted(infos, key=lambda one: one.header_offset):
            if info.header_offset != position:
                raise Bad(info.filename, "앞에 묶음의 것이 아닌 내용이 있습니다")
            position += _size_of(raw, info)
            count += 1
            listed += 46 + len(info.filename.encode()) + len(info.extra)
        raw.seek(position + listed)
        rest = raw.read(1 << 16)
    if archive.start_dir != position or rest != _end(count, listed, position):
        raise Bad("(묶음)", "묶음의 것이 아닌 내용이 들어 있습니다")


def _size_of(raw: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Bytes of a member with its header, which must say what the list of members says."""
    raw.seek(info.header_offset)
    header = raw.read(30)
    if len(header) < 30:
        raise Bad(info.filename, "잘렸습니다")
    signature, _, flags, method, _, _, checksum, packed, size, name_size, extra_size = struct.unpack(
        "<4s5H3L2H", header
    )
    name, extra = raw.read(name_size), raw.read(extra_size)
    if extra:
        # Sizes in 64 bits; Pythons differ in what they leave in the place of the short ones.
        is_large = len(extra) == 20 and extra[:4] == struct.pack("<2H", 1, 16)
        large = struct.unpack("<4x2Q", extra) if is_large else (0, 0)
        if not is_large or (size, packed) not in (large, (0xFFFFFFFF, 0xFFFFFFFF)):
            raise Bad(info.filename, "묶음을 만들 때와 다른 방식으로 들어 있습니다")
        size, packed = large
    said = (signature, name, flags, method, checksum, packed, size, header[10:14])
    day = struct.pack("<2H", 0, 1 << 5 | 1)
    own = (b"PK\x03\x04", info.filename.encode(), info.flag_bits, info.compress_type, info.CRC)
    if said != (*own, info.compress_size, info.file_size, day):
        raise Bad(info.filename, "목록과 다르게 들어 있습니다")
    return 30 + name_size + extra_size + info.compress_size


def _end(count: int, listed: int, position: int) -> bytes:
    """The end of a ZIP of so many members: with its 64-bit form where the numbers ask for it."""
    large = b""
    if count > 0xFFFF or listed > 0x7FFFFFFF or position > 0x7FFFFFFF:
        large = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, listed, position
        ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, position + listed, 1)
        count, listed, position = min(count, 0xFFFF), min(listed, 0xFFFFFFFF), min(position, 0xFFFFFFFF)
    return large + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, listed, position, 0)


def opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return archive.open(info)  # type: ignore[return-value]


def read_small(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int = MAX_SMALL) -> bytes:
    if info.file_size > most:
        raise Bad(info.filename, "너무 큽니다")
    try:
        with opened(archive, info) as handle:
            content = handle.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Bad(info.filename, "풀 수 없습니다. 내용이 바뀌었습니다") from None
    return content


# --- 2. The list of files ---------------------------------------------------------------------------------


def parsed(content: bytes, name: str) -> Any:
    try:
        found = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise Bad(name, "내용을 읽을 수 없습니다") from None
    if not isinstance(found, dict):
        raise Bad(name, "내용을 읽을 수 없습니다")
    return found


def check_signature(manifest: bytes, signature: Any, pinned: bytes | None) -> tuple[str, bool]:
    """The key's name, and whether its signature was checked."""
    public, text = signature.get("public_key"), signature.get("signature")
    if not (isinstance(public, str) and len(public) == 64 and HEX.match(public)):
        raise Bad(SIGNATURE, "열쇠를 읽을 수 없습니다")
    if not (isinstance(text, str) and len(text) == 128 and HEX.match(text)):
        raise Bad(SIGNATURE, "서명을 읽을 수 없습니다")
    key = bytes.fromhex(public)
    if pinned is not None and key != pinned:
        raise Bad(SIGNATURE, "준 열쇠로 서명한 묶음이 아닙니다")
    if Ed25519PublicKey is not None and not is_signed(signed_text(manifest), text, key):
        raise Bad(MANIFEST, "서명과 맞지 않습니다. 목록이 바뀌었습니다")
    return hashlib.sha256(key).hexdigest(), Ed25519PublicKey is not None


def check_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, said: Any) -> None:
    """The digest when the size is right; what unpacks to more than the list says is not read to its end."""
    expected = said.get("bytes")
    if info.file_size != expected:
        raise Bad(info.filename, "내용이 바뀌었습니다")
    if digest_of(archive, info, expected) != said.get("sha256"):
        raise Bad(info.filename, "내용이 바뀌었습니다")


def digest_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> str:
    """Of at most so many bytes; empty where there are more."""
    digest, size = hashlib.sha256(), 0
    try:
        with opened(archive, info) as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
                size += len(block)
                if size > most:
                    return ""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        raise Bad(info.filename, "풀 수 없습니다. 내용이 바뀌었습니다") from None
    return digest.hexdigest()


def check_files(
    archive: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], listed: dict[str, Any]
) -> Iterator[Bad]:
    """What is wrong with the files, in the order of the list, then what is not in it. A renamed file is told as such."""
    more = [name for name in found if name not in {*listed, MANIFEST, SIGNATURE}]
    for name, said in listed.items():
        if name not in found:
            other = _renamed(archive, found, more, said)
            yield Bad(name, f"이름이 ‘{other}’로 바뀌었습니다" if other else "없습니다")
            continue
        try:
            check_file(archive, found[name], said)
        except Bad as one:
            yield one
    for name in more:
        yield Bad(name, "목록에 없는 파일입니다")


def _renamed(
    archive: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo], more: list[str], said: Any
) -> str | None:
    for name in more:
        try:
            is_it = found[name].file_size == said.get("bytes")
            if is_it and digest_of(archive, found[name], said["bytes"]) == said.get("sha256"):
                return name
        except Bad:
            continue
    return None


# --- 3. The ledger ----------------------------------------------------------------------------------------


def leaf(sequence: int, at: str, kind: str, actor: str, subject: str, payload: str) -> bytes:
    text = f'[{sequence},"{at}",{_quote(kind)},{_quote(actor)},{_quote(subject)},{payload}]'
    return hashlib.sha256(b"\x00" + text.encode("utf-8", "surrogatepass")).digest()


class Tree:
    """RFC 9162, section 2.1, as the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[tuple[int, bytes]] = []

    def add(self, node: bytes) -> None:
        level = 0
        while self.peaks and self.peaks[-1][0] == level:
            node = hashlib.sha256(b"\x01" + self.peaks.pop()[1] + node).digest()
            level += 1
        self.peaks.append((level, node))
        self.size += 1

    def root(self) -> str:
        if not self.peaks:
            return hashlib.sha256(b"").hexdigest()
        node = self.peaks[-1][1]
        for _, peak in reversed(self.peaks[:-1]):
            node = hashlib.sha256(b"\x01" + peak + node).digest()
        return node.hex()


def lines_of(handle: BinaryIO, name: str) -> Iterator[Any]:
    while True:
        try:
            line = handle.readline(MAX_LINE)
        except (EOFError, OSError, zlib.error):
            raise Bad(name, "풀 수 없습니다") from None
        if not line:
            return
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            raise Bad(name, "읽을 수 없는 줄이 있습니다") from None


def entries(handle: BinaryIO, heads: dict[int, list[dict[str, Any]]]) -> Iterator[list[Any]]:
    """Each entry once its digest and its place are as they must be; at the sizes of `heads`, their roots."""
    tree, closing, notes = Tree(), None, 0
    with gzip.GzipFile(fileobj=handle) as unpacked:
        for line in lines_of(unpacked, LEDGER):  # type: ignore[arg-type]
            notes += 1
            # A line that is no entry: the first, the last, and at most a head for each entry. Endless ones are a bomb.
            if closing is not None or notes > 2 * tree.size + 4:
                raise Bad(LEDGER, "원장의 것이 아닌 줄이 있습니다")
            if isinstance(line, dict):
                closing = line.get("end", closing)
                continue
            sequence, at, kind, actor, subject, payload, digest = _fields(line)
            if sequence != tree.size + 1:
                raise Bad(LEDGER, f"원장 {tree.size + 1}번이 없습니다")
            node = leaf(sequence, at, kind, actor, subject, payload)
            if node.hex() != digest:
                raise Bad(LEDGER, f"원장 {sequence}번의 내용이 바뀌었습니다")
            tree.add(node)
            for head in heads.pop(tree.size, ()):
                if tree.root() != head.get("root"):
                    raise Bad(LEDGER, f"봉인 {tree.size}이 원장과 다릅니다")
            yield line
    if not isinstance(closing, dict) or closing.get("entries") != tree.size:
        raise Bad(LEDGER, "끝이 잘렸습니다")
    for size, left in heads.items():
        if size or any(head.get("root") != Tree().root() for head in left):
            raise Bad(LEDGER, f"봉인 {size}까지의 기록이 다 있지 않습니다")


def _fields(line: Any) -> list[Any]:
    is_entry = isinstance(line, list) and len(line) == 7 and type(line[0]) is int
    if not is_entry or not all(isinstance(each, str) for each in line[1:]) or not AT.match(line[1]):
        raise Bad(LEDGER, "읽을 수 없는 줄이 있습니다")
    return list(line)


def check_head(head: Any, name: str, keys: set[str]) -> dict[str, Any]:
    """A head with a sound signature by one of the keys (any, where there is none)."""
    try:
        size, root, at = head["size"], head["root"], head["at"]
        public, signature = head["public_key"], head["signature"]
        key = bytes.fromhex(public)
        message = f"{HEAD_FORMAT}\n{size}\n{root}\n{at}\n".encode()
        is_known = head["format"] == HEAD_FORMAT and type(size) is int and (not keys or public in keys)
    except (KeyError, TypeError, ValueError):
        raise Bad(name, "봉인을 읽을 수 없습니다") from None
    if not is_known or (Ed25519PublicKey is not None and not is_signed(message, signature, key)):
        raise Bad(name, "봉인의 서명이 맞지 않습니다")
    return dict(head)


# --- 4. What stands for an entry --------------------------------------------------------------------------


def is_within(entry: list[Any], period: Any) -> bool:
    """Of the period's days, and in the ledger when the tables were begun: what came later is in no table yet."""
    return str(period["start"]) <= entry[1] < str(period["end"]) and entry[0] <= int(period["entries"])


class Links:
    """Of each table with a link: which entries its rows name, and what they say of them."""

    def __init__(self, tables: list[tuple[str, Any]], period: Any) -> None:
        self.tables = tables
        self.period = period
        # (table, how it is found, the cell) to the row's values, and whether its entry was found.
        self.wanted: dict[tuple[str, str], dict[str, str]] = {}
        self.found: set[tuple[str, str]] = set()

    def read(self, archive: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo]) -> None:
        for name, link in self.tables:
            with opened(archive, found[name]) as handle:
                rows = csv.DictReader(io.TextIOWrapper(handle, encoding="utf-8-sig", newline=""))
                headings = rows.fieldnames or ()
                if len(set(headings)) != len(headings):
                    raise Bad(name, "같은 이름의 열이 둘 있습니다")
                for row in rows:
                    cell = row.get(link["column"])
                    if not cell:
                        raise Bad(name, f"‘{link['column']}’ 열이 빈 줄이 있습니다")
                    if (name, cell) in self.wanted:
                        raise Bad(name, f"‘{cell}’의 줄이 둘 있습니다")
                    self.wanted[name, cell] = {column: row.get(column) or "" for column in link["values"]}

    def meet(self, entry: list[Any]) -> None:
        for name, link in self.tables:
            if entry[2] != link["kind"]:
                continue
            payload = json.loads(entry[5])
            cell = self._cell(link, entry, payload)
            if (name, cell) in self.wanted:
                self._compare(name, link, cell, payload, entry[0])
            elif link["complete"] and is_within(entry, self.period):
                raise Bad(name, f"원장 {entry[0]}번에 해당하는 줄이 없습니다")

    @staticmethod
    def _cell(link: Any, entry: list[Any], payload: Any) -> str:
        if link["by"] == "entry":
            return str(entry[0])
        if link["by"] == "payload":
            return str(payload.get(link["name"], ""))
        before, _, after = link["name"].partition("{}")
        subject = str(entry[4])
        is_such = subject.startswith(before) and subject.endswith(after)
        return subject[len(before) : len(subject) - len(after)] if is_such else ""

    def _compare(self, name: str, link: Any, cell: str, payload: Any, sequence: int) -> None:
        row = self.wanted[name, cell]
        for column, key in link["values"].items():
            said, cell_says = str(payload.get(key, "")), row[column]
            if cell_says not in (said, f"'{said}"):
                raise Bad(name, f"‘{column}’ 열이 원장 {sequence}번과 다릅니다 ({cell_says} / {said})")
        self.found.add((name, cell))

    def require_all(self) -> None:
        for name, cell in self.wanted:
            if (name, cell) not in self.found:
                raise Bad(name, f"‘{cell}’에 해당하는 원장의 기록이 없습니다")


# --- 5. Lists of destroyed files --------------------------------------------------------------------------


def unpacked(packed: bytes) -> bytes:
    """A block, of at most MAX_LIST bytes; ValueError for more, or for what is cut or followed by something."""
    opening = zlib.decompressobj()
    content = opening.decompress(packed, MAX_LIST)
    if not opening.eof or opening.unused_data:
        raise ValueError("no whole block")
    return content


class Manifests:
    """Of each sweep: what the ledger proves, against the blocks of the lists."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.said: dict[int, tuple[int, str, int]] = {}

    def meet(self, entry: list[Any], period: Any) -> None:
        if entry[2] == DESTROYED and is_within(entry, period):
            payload = json.loads(entry[5])
            self.said[entry[0]] = (payload.get("blocks"), payload.get("manifest"), payload.get("destroyed"))

    def check(self, archive: zipfile.ZipFile, found: dict[str, zipfile.ZipInfo]) -> int:
        """How many blocks were looked at."""
        blocks = 0
        for name in self.names:
            sums: dict[int, Any] = {}
            with opened(archive, found[name]) as handle:
                for row in lines_of(handle, name):
                    self._add(row, sums, name)
                    blocks += 1
            for sequence, (count, total, destroyed) in sums.items():
                if self.said.pop(sequence, None) != (count, total.hexdigest(), destroyed):
                    raise Bad(name, f"원장 {sequence}번의 파기 목록과 다릅니다")
        for sequence in self.said:
            raise Bad(self.names[0] if self.names else LEDGER, f"원장 {sequence}번의 파기 목록이 없습니다")
        return blocks

    @staticmethod
    def _add(row: Any, sums: dict[int, Any], name: str) -> None:
        try:
            lines = unpacked(base64.b64decode(row["lines"], validate=True))
            outcome = json.dumps(row["outcome"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            sequence, digest, destroyed = row["entry"], row["digest"], row["outcome"]["destroyed"]
        except (KeyError, TypeError, ValueError, zlib.error):
            raise Bad(name, "읽을 수 없는 줄이 있습니다") from None
        if hashlib.sha256(lines).hexdigest() != digest:
            raise Bad(name, f"원장 {sequence}번의 파기 목록의 내용이 바뀌었습니다")
        count, total, files = sums.setdefault(sequence, [0, hashlib.sha256(), 0])
        total.update(f"{digest} {hashlib.sha256(outcome.encode()).hexdigest()}\n".encode())
        sums[sequence] = [count + 1, total, files + destroyed]


# --- The whole --------------------------------------------------------------------------------------------


def verify(path: str, *, pinned: bytes | None = None, kept_head: Any = None) -> dict[str, Any]:
    """What was found; `bad` is a list of names and reasons, empty where nothing is wrong."""
    bad: list[Bad] = []
    result: dict[str, Any] = {
        "ok": False,
        "files": 0,
        "entries": 0,
        "blocks": 0,
        "key_id": "",
        "signed": None,
    }
    try:
        open(path, "rb").close()
    except OSError as error:
        raise NoBundle(f"{path}: {error.strerror}") from error
    try:
        with zipfile.ZipFile(path) as archive:
            _verify(path, archive, bad, result, pinned, kept_head)
    except Bad as one:
        bad.append(one)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, struct.error, EOFError, OSError) as error:
        bad.append(Bad("(묶음)", f"ZIP이 아니거나 잘렸습니다: {error}"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        bad.append(Bad(MANIFEST, f"읽을 수 없습니다: {error!r}"))
    result["bad"] = [{"name": one.name, "reason": one.reason} for one in bad]
    result["ok"] = not bad
    return result


def _verify(
    path: str,
    archive: zipfile.ZipFile,
    bad: list[Bad],
    result: dict[str, Any],
    pinned: bytes | None,
    kept_head: Any,
) -> None:
    found, anew = members(path, archive)
    try:
        _verify_contents(archive, found, bad, result, pinned, kept_head)
    except Bad as one:
        bad.append(one)
    if anew is not None:
        told = "" if bad else ". 안의 파일은 모두 목록과 같습니다"
        bad.append(
            Bad(
                "(묶음)", f"처음 만든 그대로가 아니라 다시 묶은 파일입니다 ({anew.name}: {anew.reason}){told}"
            )
        )


def _verify_contents(
    archive: zipfile.ZipFile,
    found: dict[str, zipfile.ZipInfo],
    bad: list[Bad],
    result: dict[str, Any],
    pinned: bytes | None,
    kept_head: Any,
) -> None:
    for name in (MANIFEST, SIGNATURE):
        if name not in found:
            raise Bad(name, "없습니다")
    content = read_small(archive, found[MANIFEST], MAX_LIST)
    signature = parsed(read_small(archive, found[SIGNATURE]), SIGNATURE)
    result["key_id"], result["signed"] = check_signature(content, signature, pinned)
    manifest = parsed(content, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise Bad(MANIFEST, f"{FORMAT} 묶음이 아닙니다")
    result["period"] = manifest["period"]
    listed = {one["path"]: one for one in manifest["files"]}
    bad.extend(check_files(archive, found, listed))
    result["files"] = len(set(listed) - {one.name for one in bad})
    if bad:
        return
    _check_ledger(archive, found, manifest, result, signature["public_key"], kept_head)


def _check_ledger(
    archive: zipfile.ZipFile,
    found: dict[str, zipfile.ZipInfo],
    manifest: Any,
    result: dict[str, Any],
    key: str,
    kept_head: Any,
) -> None:
    own = check_head(parsed(read_small(archive, found[HEAD]), HEAD), HEAD, {key})
    heads: dict[int, list[dict[str, Any]]] = {own["size"]: [own]}
    if kept_head is not None:
        kept = check_head(kept_head, "(준 봉인)", set())
        heads.setdefault(kept["size"], []).append(kept)
    links = Links(
        [(one["path"], one["link"]) for one in manifest["files"] if one.get("link")], manifest["period"]
    )
    links.read(archive, found)
    manifests = Manifests([one["path"] for one in manifest["files"] if one.get("is_manifests")])
    with opened(archive, found[LEDGER]) as handle:
        for entry in entries(handle, heads):
            result["entries"] += 1
            links.meet(entry)
            manifests.meet(entry, manifest["period"])
    links.require_all()
    result["blocks"] = manifests.check(archive, found)
    result["linked_rows"] = len(links.found)


def read_public_key(path: str) -> bytes:
    """A public key as PEM (as `openssl pkey -pubin` writes it) or as 64 hex digits."""
    with open(path, "rb") as handle:
        text = handle.read(1 << 16).decode("ascii").strip()
    if re.match(r"[0-9a-fA-F]{64}\Z", text):
        return bytes.fromhex(text)
    body = re.search(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", text)
    der = base64.b64decode("".join(body.group(1).split())) if body else b""
    prefix = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519 (RFC 8410)
    if not der.startswith(prefix) or len(der) != len(prefix) + 32:
        raise ValueError("Ed25519 공개키 파일이 아닙니다")
    return der[len(prefix) :]


def in_words(result: dict[str, Any]) -> str:
    lines = [f"나쁨: {one['name']}: {one['reason']}" for one in result["bad"]]
    signed = {True: "확인", False: "확인하지 않음 (Python 패키지 cryptography가 없음)", None: "보지 못함"}
    lines.append(f"서명: {signed[result['signed']]}, 키 {result['key_id'] or '알 수 없음'}")
    if result["ok"]:
        counts = f"파일 {result['files']:,}개, 원장 {result['entries']:,}건, 원장과 대조한 줄 {result['linked_rows']:,}개"
        lines.append(f"이상 없음: {counts}, 파기 목록 {result['blocks']:,}개")
        lines.append("이 키가 기관이 인쇄한 보고서의 키와 같은지 대조하십시오.")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="점검 묶음을 서버 없이 검사합니다.")
    parser.add_argument("bundle", metavar="BUNDLE.zip")
    parser.add_argument("--key", metavar="PUBLIC.pem", help="전에 받아 둔 기관의 공개키")
    parser.add_argument("--head", metavar="HEAD.json", help="전에 받아 둔 원장의 봉인")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        pinned = read_public_key(options.key) if options.key else None
        kept = None
        if options.head:
            with open(options.head, "rb") as handle:
                kept = json.loads(handle.read(1 << 20).decode("utf-8-sig"))
        result = verify(options.bundle, pinned=pinned, kept_head=kept)
    except (NoBundle, OSError, ValueError) as error:
        sys.stderr.write(f"사용할 수 없는 파일입니다: {error}\n")
        return 2
    sys.stdout.write((json.dumps(result, ensure_ascii=False) if options.json else in_words(result)) + "\n")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
