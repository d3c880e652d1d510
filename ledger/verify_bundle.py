#!/usr/bin/env python3
"""Checks a ledger bundle without the server that wrote it.  영상정보 업무 원장 묶음 검사기.

    python3 verify_bundle.py BUNDLE [--head HEAD.json] [--file REPORT.pdf] [--key PUBLIC.pem] [--json]
    python3 verify_bundle.py --witness ledger-heads-2026-11.jsonl [BUNDLE] [--key PUBLIC.pem] [--json]

One file, Python 3.9 or newer, standard library only; with the package `cryptography` it checks the
signatures too, and without it says that it did not. The server runs this same file: the encoding of an
entry, the hash tree (RFC 9162, section 2.1) and the text that is signed are written down here and nowhere
else, so that what an auditor reads is what the district runs.

A bundle is JSON Lines, usually compressed with gzip: a header, then entries as arrays of seven and signed
heads as objects, each head after the entries that it covers, then a closing line with the counts.

Exit status: 0 nothing wrong found, 1 something is wrong (the first bad line is named), 2 no bundle.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import gzip
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # the hashes can still be checked, and the result says so
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

sha256 = hashlib.sha256
_quote = json.encoder.encode_basestring

# --- 1. An entry, its encoding and its digest -------------------------------------------------------------

AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)


def encode_leaf(sequence: int, at: str, kind: str, actor: str, subject: str, payload: str) -> bytes:
    """The canonical encoding of an entry: a JSON array of its six fields, without spaces, in UTF-8.

    `at` is 'YYYY-MM-DDTHH:MM:SS.ffffffZ'. The payload's stored text stands in it character by character, as
    the last element, so every change of that text, even one that keeps its meaning, is a change here.
    """
    text = f'[{sequence},"{at}",{_quote(kind)},{_quote(actor)},{_quote(subject)},{payload}]'
    try:
        return text.encode()
    except UnicodeEncodeError:  # only text that someone else put into the database can get here
        return text.encode("utf-8", "surrogatepass")


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def leaf_digest(sequence: int, at: str, kind: str, actor: str, subject: str, payload: str) -> str:
    """What the column `digest` holds: the entry's leaf hash in lower-case hex."""
    return leaf_hash(encode_leaf(sequence, at, kind, actor, subject, payload)).hex()


# What an honest writer says before an entry when its clock has stepped.
STEPPED = "ledger.clock_stepped"
LARGEST_TOLERANCE = 86_400.0
AHEAD = timedelta(days=1)


class Times:
    """Whether entries were dated when they were appended.

    An entry's time lies at most the tolerance before, and at most a day after, that of the signed head before it (of
    the first entry, where there is no head yet). Where a clock stepped, or nothing happened for longer than a day, a
    line about the step stands before the entry, and time goes on from that line.
    """

    def __init__(self, tolerance_seconds: float, after: int = 0) -> None:
        self._behind = timedelta(seconds=min(tolerance_seconds, LARGEST_TOLERANCE))
        self._after = after
        self._earliest = self._latest = ""
        self.steps = 0

    def go_on_from(self, at: str) -> None:
        """Times are compared as text: they all have one form (`AT`). A time that has not binds nothing."""
        self._earliest = self._latest = ""
        if AT.match(at):
            try:
                moment = datetime.fromisoformat(at[:-1])
                self._earliest = (moment - self._behind).isoformat(timespec="microseconds")
                self._latest = (moment + AHEAD).isoformat(timespec="microseconds") + "Z"
            except (ValueError, OverflowError):
                self._earliest = self._latest = ""

    def fits(self, at: str) -> bool:
        return not self._latest or self._earliest <= at <= self._latest

    def fault(self, sequence: int, at: str, kind: str) -> str:
        """What is wrong with the time of the next entry, or nothing."""
        if kind == STEPPED:
            self.steps += 1
            self.go_on_from(at)
        elif not self._latest:
            self.go_on_from(at)
        elif sequence > self._after and not self.fits(at):
            return f"{sequence}번 기록의 시각({at})이 앞선 봉인과 맞지 않습니다. 적힌 때에 쓴 기록이 아닙니다"
        return ""


# --- 2. The hash tree -------------------------------------------------------------------------------------

EMPTY_ROOT = sha256(b"").digest()


class Tree:
    """A growing tree, kept as its peaks: the roots of the complete subtrees, one per binary digit of size.

    That is all that is needed to add leaves and to give the root, so a tree of any size takes some 2 kB.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """`peaks` from left to right, that is from the largest subtree to the smallest."""
        if len(peaks) != bin(size).count("1"):
            raise ValueError("the number of peaks does not fit the size")
        self.size = size
        rest = list(peaks)
        self._peaks = [rest.pop() if size >> level & 1 else None for level in range(size.bit_length())]

    def extend(self, leaves: Sequence[bytes]) -> None:
        nodes = list(leaves)
        self.size += len(nodes)
        level = 0
        while nodes:
            if level == len(self._peaks):
                self._peaks.append(None)
            peak = self._peaks[level]
            if peak is not None:
                nodes.insert(0, peak)
            self._peaks[level] = nodes.pop() if len(nodes) % 2 else None
            pairs = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs)]  # noqa: B905
            level += 1

    def peaks(self) -> list[bytes]:
        return [peak for peak in reversed(self._peaks) if peak is not None]

    def root(self) -> bytes:
        root = None
        for peak in self._peaks:
            if peak is not None:
                root = peak if root is None else node_hash(peak, root)
        return EMPTY_ROOT if root is None else root


def peak_ranges(size: int) -> list[tuple[int, int]]:
    """The entries under each peak, left to right, as (first, last) sequence."""
    ranges, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            ranges.append((start + 1, start + (1 << level)))
            start += 1 << level
    return ranges


def first_difference(size: int, peaks: Sequence[bytes], others: Sequence[bytes]) -> tuple[int, int] | None:
    """The first subtree in which two trees of one size differ, as (first, last) sequence."""
    for (first, last), one, other in zip(peak_ranges(size), peaks, others):  # noqa: B905 - Python 3.9
        if one != other:
            return first, last
    return None


def is_consistent(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the older tree is the beginning of the newer one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, node)
        position >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


# --- 3. A signed head -------------------------------------------------------------------------------------

HEAD_FORMAT = "cctv-ledger-head/1"
MAX_SIZE = (1 << 63) - 1


def head_message(size: int, root: str, at: str) -> bytes:
    """The text that is signed: four lines."""
    return f"{HEAD_FORMAT}\n{size}\n{root}\n{at}\n".encode()


def key_id(public_key: bytes) -> str:
    """A key is named by the SHA-256 of its 32 bytes."""
    return sha256(public_key).hexdigest()


def can_check_signatures() -> bool:
    return Ed25519PublicKey is not None


def is_signed(head: dict[str, Any], public_key: bytes) -> bool:
    """Whether `head` bears the signature of `public_key`; needs `cryptography`."""
    message = head_message(head["size"], head["root"], head["at"])
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(head["signature"]), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def head_line(head: dict[str, Any], matches: bool) -> str:
    """What is said first of a kept head; reports print it, word for word."""
    return f"봉인 {head['size']} / {head['root']}: {'일치' if matches else '불일치'}"


def signature_line(head: dict[str, Any], is_checked: bool) -> str:
    """Who signed a kept head, and whether that could be checked; reports print it, word for word."""
    done = "확인" if is_checked else "확인하지 않음 (Python 패키지 cryptography가 없음)"
    return f"봉인의 서명: {done}, 키 {head['key_id']}"


def file_line(name: str, kind: str) -> str:
    """What is said of a file whose digest an entry of that kind holds; reports print it, word for word."""
    return f"파일 {name}: 원장의 {kind} 기록과 일치"


def file_line_absent(name: str, is_checked: bool) -> str:
    """What is said of a file of which no entry was found."""
    return f"파일 {name}: {'원장에 없음' if is_checked else '확인하지 못함 (이상 있는 줄에서 읽기를 멈춤)'}"


def _hex(value: Any, length: int, name: str) -> str:
    if not isinstance(value, str) or not re.match(rf"[0-9a-fA-F]{{{length}}}\Z", value):
        raise ValueError(f"'{name}' 값이 올바르지 않습니다")
    return value.lower()


def parse_head(data: Any, *, with_key: bool = True) -> dict[str, Any]:
    """A head from JSON data, or ValueError. Peaks that do not give the root are left out: nothing vouches
    for them."""
    if not isinstance(data, dict):
        raise ValueError("봉인(head)이 JSON 객체가 아닙니다")
    if data.get("format") != HEAD_FORMAT:
        raise ValueError(f"'format' 값이 다릅니다 (있어야 할 값: {HEAD_FORMAT})")
    size, at = data.get("size"), data.get("at")
    if type(size) is not int or not 0 <= size <= MAX_SIZE:
        raise ValueError("'size' 값이 올바르지 않습니다")
    if not isinstance(at, str) or not AT.match(at):
        raise ValueError("'at' 값이 올바르지 않습니다")
    root = _hex(data.get("root"), 64, "root")
    head = {
        "format": HEAD_FORMAT,
        "size": size,
        "root": root,
        "at": at,
        "key_id": _hex(data.get("key_id"), 64, "key_id"),
        "signature": _hex(data.get("signature"), 128, "signature"),
        "peaks": sound_peaks(size, root, data.get("peaks")),
    }
    if with_key:
        head["public_key"] = _hex(data.get("public_key"), 64, "public_key")
    return head


def sound_peaks(size: int, root: str, peaks: Any) -> list[str]:
    """`peaks` when they are those of this root, else none."""
    try:
        tree = Tree(size, [bytes.fromhex(_hex(peak, 64, "peaks")) for peak in peaks])
    except (TypeError, ValueError):
        return []
    return [peak.hex() for peak in tree.peaks()] if tree.root().hex() == root else []


def read_head(path: str) -> dict[str, Any]:
    """The head in a file. OSError when it cannot be read, ValueError when it is none."""
    with open(path, "rb") as handle:
        raw = handle.read(1 << 20)
    try:
        return parse_head(json.loads(raw.decode("utf-8-sig")))
    except RecursionError as error:
        raise ValueError("JSON이 너무 깊습니다") from error


def read_public_key(path: str) -> bytes:
    """A public key as PEM (as `openssl pkey -pubin` writes it) or as 64 hex digits."""
    with open(path, "rb") as handle:
        text = handle.read(1 << 16).decode("ascii").strip()
    if re.match(r"[0-9a-fA-F]{64}\Z", text):
        return bytes.fromhex(text)
    body = re.search(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", text)
    if not body:
        raise ValueError("공개키 파일이 아닙니다")
    der = base64.b64decode("".join(body.group(1).split()), validate=True)
    prefix = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519 (RFC 8410)
    if not der.startswith(prefix) or len(der) != len(prefix) + 32:
        raise ValueError("Ed25519 공개키가 아닙니다")
    return der[len(prefix) :]


def file_digest(path: str) -> str:
    """The SHA-256 of a file, as the ledger keeps it of what was issued."""
    digest = sha256()
    with open(path, "rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


ROTATED = "ledger.key_rotated"
# What stands above a retired key in its file, with size and root of the last head that it signed.
KEY_LIMIT = "last-head:"


def read_key_limit(path: str) -> tuple[int, str] | None:
    """Size and root of the last head that a retired key may have signed; None where the file says nothing."""
    with open(path, "rb") as handle:
        text = handle.read(1 << 16).decode("ascii")
    found = re.search(rf"^{KEY_LIMIT} (\d{{1,19}}) ([0-9a-f]{{64}})$", text, re.MULTILINE)
    return (int(found.group(1)), found.group(2)) if found else None


# --- 4. A bundle ------------------------------------------------------------------------------------------

BUNDLE_FORMAT = "cctv-ledger-bundle/1"
MAX_LINE = 16 << 20
BATCH = 4096


class NotABundle(Exception):
    """The file is something else."""


class BadLine(Exception):
    """The first line with which something is wrong; `first` and `last` are the entries it concerns."""

    def __init__(self, line: int, reason: str, first: int | None = None, last: int | None = None) -> None:
        super().__init__(reason)
        self.line, self.reason, self.first, self.last = line, reason, first, last


def read_lines(path: str) -> Iterator[tuple[int, Any]]:
    """Line numbers and JSON values; a file that ends or breaks in the middle is a bad line."""
    with open(path, "rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        handle = gzip.GzipFile(fileobj=raw) if is_gzip else raw
        number = 0
        while True:
            number += 1
            try:
                line = handle.readline(MAX_LINE + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise BadLine(number, f"압축이 손상되었거나 잘렸습니다 ({error})") from error
            if not line:
                return
            if len(line) > MAX_LINE:
                raise BadLine(number, "줄이 너무 깁니다")
            try:
                yield number, json.loads(line.decode())
            except (ValueError, RecursionError) as error:
                raise BadLine(number, "JSON으로 읽을 수 없는 줄입니다") from error


class BundleCheck:
    """One pass over a bundle. Memory does not grow with its length."""

    def __init__(
        self,
        path: str,
        head: dict[str, Any] | None,
        keys: Iterable[bytes],
        limits: dict[str, tuple[int, str]],
        file_digest: str = "",
    ) -> None:
        self.path = path
        self.head = head
        self.head_matches = False
        self.file_digest = file_digest
        self.file_entry: tuple[int, str] | None = None
        self.given_keys = {key_id(key): key for key in keys}
        self.limits = dict(limits)
        # Heads known from elsewhere, by size: each with the name under which it is spoken of.
        self.known: dict[int, list[tuple[dict[str, Any], str]]] = {}
        self.times: Times | None = None
        self.times_after: int | None = None
        self.keys: dict[str, bytes] = {}
        self.used_keys: set[str] = set()
        self.tree = Tree()
        self.heads = 0
        self.last_head: dict[str, Any] | None = None
        self.last_good_size = 0
        self.line = 0
        self.is_closed = False
        self._leaves: list[bytes] = []

    @property
    def entries(self) -> int:
        return self.tree.size + len(self._leaves)

    def run(self) -> None:
        lines = read_lines(self.path)
        self._open(lines)
        for self.line, value in lines:
            if self.is_closed:
                raise BadLine(self.line, "마지막 줄 뒤에 다른 줄이 있습니다")
            if type(value) is list:
                self._take_entry(value)
            elif isinstance(value, dict) and "head" in value:
                self._take_head(value["head"])
            elif isinstance(value, dict) and "end" in value:
                self._close(value["end"])
            else:
                raise BadLine(self.line, "기록도 봉인도 아닌 줄입니다", self.entries + 1)
        if not self.is_closed:
            raise BadLine(self.line + 1, "묶음이 중간에서 끝납니다", self.entries + 1)
        if self.head is not None and self.head["size"] > self.entries:
            raise BadLine(self.line, "보관한 봉인보다 기록이 적습니다: 끝이 잘렸습니다", self.entries + 1)

    def _open(self, lines: Iterator[tuple[int, Any]]) -> None:
        try:
            self.line, header = next(lines)
            if not isinstance(header, dict) or header.get("format") != BUNDLE_FORMAT:
                raise NotABundle("원장 묶음 파일이 아닙니다")
            keys = [bytes.fromhex(_hex(key, 64, "public_keys")) for key in header["public_keys"]]
        except (StopIteration, BadLine, KeyError, TypeError, ValueError) as error:
            raise NotABundle("원장 묶음 파일이 아닙니다") from error
        self.keys = self.given_keys or {key_id(key): key for key in keys}
        self._read_rules(header)
        if self.head is not None:
            self._check_kept_head(self.head)
            self.known.setdefault(self.head["size"], []).append((self.head, "보관한 봉인"))
        for size, root in self.limits.values():  # at this point each has a root
            last = {"size": size, "root": root, "peaks": []}
            self.known.setdefault(size, []).append((last, "폐기된 키의 마지막 봉인"))
        self._meet_known_heads()

    def _read_rules(self, header: dict[str, Any]) -> None:
        """What the writer says of retired keys and of time. A limit that was brought along counts more."""
        try:
            for name, (size, root) in header.get("key_limits", {}).items():
                if type(size) is not int or not 0 <= size <= MAX_SIZE:
                    raise ValueError("size")
                self.limits.setdefault(_hex(name, 64, "key_limits"), (size, _hex(root, 64, "key_limits")))
            if times := header.get("times"):
                self.times = Times(float(times["tolerance_seconds"]), int(times["after"]))
                self.times_after = int(times["after"])
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadLine(self.line, "첫 줄의 key_limits나 times를 읽을 수 없습니다") from error

    def _check_kept_head(self, head: dict[str, Any]) -> None:
        public_key = bytes.fromhex(head["public_key"])
        if key_id(public_key) != head["key_id"] or (
            can_check_signatures() and not is_signed(head, public_key)
        ):
            raise BadLine(0, "보관한 봉인 파일의 서명이 맞지 않습니다")
        if self.given_keys and head["key_id"] not in self.given_keys:
            raise BadLine(0, "보관한 봉인 파일이 주어진 공개키로 서명되지 않았습니다")
        self.keys.setdefault(head["key_id"], public_key)
        if not self._is_in_time(head):
            raise BadLine(0, "보관한 봉인 파일이 폐기된 키로, 그 키의 마지막 크기 뒤에 서명되었습니다")

    def _is_in_time(self, head: dict[str, Any]) -> bool:
        """A retired key signs nothing after its last size."""
        limit = self.limits.get(head["key_id"])
        return limit is None or head["size"] <= limit[0]

    def _take_entry(self, fields: list[Any]) -> None:
        expected = self.entries + 1
        if (
            len(fields) != 7
            or type(fields[0]) is not int
            or not all(type(text) is str for text in fields[1:])
        ):
            raise BadLine(self.line, "기록의 모양이 올바르지 않습니다", expected)
        *six, digest = fields
        if six[0] != expected:
            raise BadLine(self.line, f"{expected}번 기록이 있을 자리에 {six[0]}번이 있습니다", expected)
        if not AT.match(six[1]):
            raise BadLine(self.line, "기록의 시각이 올바르지 않습니다", expected)
        leaf = leaf_hash(encode_leaf(*six))
        if leaf.hex() != digest:
            raise BadLine(self.line, f"{expected}번 기록의 해시가 내용과 다릅니다", expected)
        if self.times is not None and (fault := self.times.fault(expected, six[1], six[2])):
            raise BadLine(self.line, fault, expected)
        if six[2] == ROTATED:
            self._take_rotation(expected, six[5])
        self._leaves.append(leaf)
        if self.file_digest and f'"{self.file_digest}"' in six[5]:
            self.file_entry = (six[0], six[2])
        if len(self._leaves) >= BATCH or expected in self.known:
            self._grow()
            self._meet_known_heads()

    def _take_rotation(self, sequence: int, payload: str) -> None:
        """The entry about a new key stands right after the last head of the old one."""
        try:
            old = _hex(json.loads(payload)["old_key"], 64, "old_key")
        except (KeyError, TypeError, ValueError, RecursionError):
            return
        if old not in self.limits or self.limits[old][0] >= sequence:
            self.limits[old] = (sequence - 1, "")

    def _grow(self) -> None:
        self.tree.extend(self._leaves)
        self._leaves = []

    def _meet_known_heads(self) -> None:
        for head, name in self.known.get(self.tree.size, ()):
            self._compare(head, name)
            self.head_matches = self.head_matches or head is self.head

    def _compare(self, head: dict[str, Any], name: str) -> None:
        """The root over the first `size` entries; where it differs, say between which entries."""
        if self.tree.root().hex() == head["root"]:
            return
        first, last = self.last_good_size + 1, head["size"]
        peaks = [bytes.fromhex(peak) for peak in head["peaks"]]
        narrower = first_difference(head["size"], peaks, self.tree.peaks())
        if narrower:
            first, last = max(first, narrower[0]), narrower[1]
        reason = f"{name}(크기 {head['size']})의 루트가 다릅니다: {first}번부터 {last}번 사이가 바뀌었습니다"
        raise BadLine(self.line, reason, first, last)

    def _take_head(self, data: Any) -> None:
        try:
            head = parse_head(data, with_key=False)
        except ValueError as error:
            raise BadLine(self.line, f"봉인 줄: {error}") from error
        self._grow()
        if head["size"] != self.tree.size or (self.last_head and self.last_head["size"] >= head["size"]):
            reason = f"봉인의 크기({head['size']})가 앞의 기록 수({self.tree.size})와 다릅니다"
            raise BadLine(self.line, reason, min(head["size"], self.tree.size) + 1)
        self._compare(head, "봉인")
        if head["key_id"] not in self.keys:
            raise BadLine(self.line, f"믿을 수 없는 키({head['key_id'][:16]}…)로 서명된 봉인입니다")
        if can_check_signatures() and not is_signed(head, self.keys[head["key_id"]]):
            raise BadLine(self.line, "봉인의 서명이 맞지 않습니다")
        if not self._is_in_time(head):
            raise BadLine(self.line, "폐기된 키로, 그 키의 마지막 크기 뒤에 서명된 봉인입니다")
        if self.times is not None:
            self.times.go_on_from(head["at"])
        if self.head is None or (can_check_signatures() and head["key_id"] == self.head["key_id"]):
            self.last_good_size = head["size"]  # only heads as good as the kept one narrow down its mismatch
        self.used_keys.add(head["key_id"])
        self.heads += 1
        self.last_head = head

    def _close(self, end: Any) -> None:
        self._grow()
        counts = {"entries": self.tree.size, "heads": self.heads}
        if end != counts:
            raise BadLine(self.line, "마지막 줄의 개수가 실제와 다릅니다", self.tree.size + 1)
        self.is_closed = True


def check_bundle(
    path: str,
    head: dict[str, Any] | None = None,
    keys: Iterable[bytes] = (),
    limits: dict[str, tuple[int, str]] | None = None,
    file_digest: str = "",
) -> dict[str, Any]:
    """The result as data. OSError when the file cannot be read, NotABundle when it is something else."""
    check = BundleCheck(path, head, keys, limits or {}, file_digest)
    bad = None
    try:
        check.run()
    except BadLine as error:
        bad = error
    last = check.last_head
    is_file_missing = bool(file_digest) and bad is None and check.file_entry is None
    return {
        "ok": bad is None and not is_file_missing,
        "entries": check.entries,
        "size": last["size"] if last else 0,
        "root": last["root"] if last else EMPTY_ROOT.hex(),
        "heads": check.heads,
        "signatures_checked": can_check_signatures(),
        "key_ids": sorted(check.used_keys),
        "head_matches": check.head_matches if head is not None else None,
        "file_sha256": file_digest or None,
        "file_entry": check.file_entry,
        # Reading stops at a bad line: whether the file is told of behind it was not looked at.
        "file_checked": bool(file_digest) and (check.file_entry is not None or bad is None),
        "key_limits": {name: limit[0] for name, limit in sorted(check.limits.items())},
        "times_checked_after": check.times_after,
        "clock_steps": check.times.steps if check.times else 0,
        "first_bad_line": bad.line if bad else None,
        "first_bad": bad.first if bad else None,
        "reason": bad.reason if bad else ("이 파일의 SHA-256이 원장에 없습니다" if is_file_missing else None),
    }


# --- 5. The witness's log --------------------------------------------------------------------------------

WITNESS_FORMAT = "cctv-ledger-witness/1"


def check_witness(
    paths: Sequence[str], keys: Iterable[bytes] = (), limits: dict[str, tuple[int, str]] | None = None
) -> dict[str, Any]:
    """Whether the heads of a log only grow, each the continuation of the one before it. OSError: unreadable.

    A line that was cut off when the disk was full tells nothing and takes nothing away: the next one continues from
    the last whole line. Such lines are counted.
    """
    known = {key_id(key) for key in keys}
    last: dict[str, Any] | None = None
    heads = cut = 0
    used: set[str] = set()
    for path in paths:
        with open(path, "rb") as handle:
            for number, line in enumerate(handle, start=1):
                try:
                    head, proof = parse_witness_line(line)
                except ValueError:
                    cut += 1
                    continue
                reason = _fault_in_witness(last, head, proof, known, limits or {})
                if reason:
                    return _witness_result(last, heads, cut, used, f"{path} {number}번째 줄: {reason}")
                used.add(head["key_id"])
                heads, last = heads + 1, head
    reason = "" if last is not None else "봉인이 한 줄도 없습니다"
    return _witness_result(last, heads, cut, used, reason)


def parse_witness_line(line: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The head of a line and the proof that it continues the line before, or ValueError."""
    try:
        data = json.loads(line.decode())
        if data["format"] != WITNESS_FORMAT or type(data["proof"]) is not list:
            raise ValueError("no line of a witness")
        return parse_head(data["head"]), [bytes.fromhex(_hex(node, 64, "proof")) for node in data["proof"]]
    except (KeyError, TypeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError("no line of a witness") from error


def _fault_in_witness(
    last: dict[str, Any] | None,
    head: dict[str, Any],
    proof: list[bytes],
    known: set[str],
    limits: dict[str, tuple[int, str]],
) -> str:
    public_key = bytes.fromhex(head["public_key"])
    if key_id(public_key) != head["key_id"] or (known and head["key_id"] not in known):
        return f"믿을 수 없는 키({head['key_id'][:16]}…)로 서명된 봉인입니다"
    if can_check_signatures() and not is_signed(head, public_key):
        return "봉인의 서명이 맞지 않습니다"
    if head["key_id"] in limits and head["size"] > limits[head["key_id"]][0]:
        return "폐기된 키로, 그 키의 마지막 크기 뒤에 서명된 봉인입니다"
    if last is None or last["size"] == 0:
        return ""
    if head["size"] <= last["size"]:
        return f"봉인의 크기가 늘지 않았습니다: {last['size']} 다음에 {head['size']}"
    old, new = bytes.fromhex(last["root"]), bytes.fromhex(head["root"])
    if not is_consistent(last["size"], old, head["size"], new, proof):
        return f"크기 {last['size']}의 봉인이 크기 {head['size']}의 봉인으로 이어지지 않습니다. 그 앞의 기록이 바뀌었습니다"
    return ""


def _witness_result(
    last: dict[str, Any] | None, heads: int, cut: int, used: set[str], reason: str
) -> dict[str, Any]:
    return {
        "ok": not reason,
        "heads": heads,
        "cut_lines": cut,
        "size": last["size"] if last else 0,
        "root": last["root"] if last else EMPTY_ROOT.hex(),
        "at": last["at"] if last else None,
        "signatures_checked": can_check_signatures(),
        "key_ids": sorted(used),
        "reason": reason or None,
    }


def newest_of_witness(paths: Sequence[str]) -> dict[str, Any]:
    """The last whole head of a log, to check a bundle against. ValueError when there is none."""
    last = None
    for path in paths:
        with open(path, "rb") as handle:
            for line in handle:
                try:
                    last = parse_witness_line(line)[0]
                except ValueError:
                    continue
    if last is None:
        raise ValueError("증인 기록에 봉인이 없습니다")
    return last


def describe_witness(result: dict[str, Any]) -> str:
    if not result["ok"]:
        lines = [f"증인 기록 이상 있음 (bad): {result['reason']}"]
    else:
        lines = [
            f"증인 기록 ok: 봉인 {result['heads']}개가 끊김 없이 이어지고 늘기만 합니다.",
            f"마지막 봉인: 크기 {result['size']}, 루트 {result['root']}, 시각 {result['at']}",
        ]
    if result["cut_lines"]:
        lines.append(f"쓰다가 끊긴 줄 {result['cut_lines']}개는 건너뛰었습니다.")
    if not result["signatures_checked"]:
        lines.append(
            "서명은 확인하지 않았습니다 (signatures NOT checked): Python 패키지 cryptography가 없습니다."
        )
    return "\n".join(lines)


# --- 6. The command ---------------------------------------------------------------------------------------


def describe(result: dict[str, Any], head: dict[str, Any] | None = None, file: str = "") -> str:
    """The kept head first: that is what the reader compares with the paper."""
    lines = []
    if head is not None:
        lines.append(head_line(head, result["head_matches"]))
        if result["head_matches"]:
            lines.append(signature_line(head, result["signatures_checked"]))
    if file:
        if result["file_entry"] is None:
            lines.append(file_line_absent(file, result["file_checked"]))
        else:
            sequence, kind = result["file_entry"]
            lines += [file_line(file, kind), f"기록 번호: {sequence}"]
    if file and not result["ok"] and result["first_bad_line"]:
        lines.append("아래의 이상은 원장에 관한 것이며, 파일이 위조되었다는 뜻이 아닙니다.")
    return "\n".join([*lines, *_describe_all(result)])


def _describe_all(result: dict[str, Any]) -> list[str]:
    if not result["ok"]:
        where = f"{result['first_bad_line']}번째 줄" if result["first_bad_line"] else "봉인 또는 대조한 파일"
        entry = f", 기록 번호 {result['first_bad']}" if result["first_bad"] else ""
        lines = [f"이상 있음 (bad): {where}{entry}: {result['reason']}"]
    else:
        lines = [f"ok: 기록 {result['entries']}건, 봉인 {result['heads']}개의 해시가 모두 맞습니다."]
        if result["heads"]:
            lines.append(f"묶음의 마지막 봉인: 크기 {result['size']}, 루트 {result['root']}")
        if result["times_checked_after"] is None:
            lines.append("기록의 시각은 확인하지 않았습니다: 묶음에 그 기준이 없습니다.")
        else:
            lines.append(
                f"기록의 시각을 {result['times_checked_after']}번 뒤부터 확인했습니다. "
                f"시계가 건너뛰었다고 적힌 곳: {result['clock_steps']}곳"
            )
    if not result["signatures_checked"]:
        lines.append(
            "서명은 확인하지 않았습니다 (signatures NOT checked): "
            "Python 패키지 cryptography를 설치하고 다시 실행하십시오."
        )
    elif result["ok"]:
        lines.append("묶음의 봉인을 서명한 키 (보고서에 인쇄된 키와 대조하십시오):")
        lines.extend(f"  {name}" for name in result["key_ids"])
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="원장 묶음을 서버 없이 검사합니다.")
    parser.add_argument("bundle", metavar="BUNDLE", nargs="?", help="export_ledger가 쓴 파일")
    parser.add_argument(
        "--witness",
        metavar="FILE",
        nargs="+",
        default=[],
        help="증인 기록(ledger-heads-*.jsonl), 오래된 것부터. 묶음도 주면 마지막 봉인과 대조합니다",
    )
    parser.add_argument("--head", metavar="FILE", help="보관해 둔 봉인 파일 (보고서 PDF의 ledger-head.json)")
    parser.add_argument("--file", metavar="FILE", help="발행한 그대로인지 볼 파일 (보고서 PDF)")
    parser.add_argument(
        "--key", metavar="FILE", action="append", default=[], help="믿는 공개키 (PEM), 여러 번"
    )
    parser.add_argument("--json", action="store_true", help="결과를 JSON 한 줄로")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        head = read_head(options.head) if options.head else None
        keys = [read_public_key(path) for path in options.key]
        found = [(key_id(key), read_key_limit(path)) for key, path in zip(keys, options.key)]  # noqa: B905
        limits = {name: limit for name, limit in found if limit}
        results = []
        if options.witness:
            witnessed = check_witness(options.witness, keys, limits)
            results.append((witnessed, describe_witness(witnessed)))
        if options.bundle:
            if options.witness and head is None:
                head = newest_of_witness(options.witness)
            digest = file_digest(options.file) if options.file else ""
            checked = check_bundle(options.bundle, head, keys, limits, digest)
            results.append((checked, describe(checked, head, options.file or "")))
        if not results:
            raise ValueError("검사할 파일을 적어 주십시오")
    except (OSError, ValueError, binascii.Error, NotABundle) as error:
        sys.stderr.write(f"사용할 수 없는 파일입니다: {error}\n")
        return 2
    for result, words in results:
        sys.stdout.write((json.dumps(result, ensure_ascii=False) if options.json else words) + "\n")
    return 0 if all(result["ok"] for result, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
