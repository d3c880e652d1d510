#!/usr/bin/env python3
"""Checks a copy of footage without the office that made it.  영상 사본 검사기.

    python3 verify_copy.py [FOLDER] [--key PUBLIC.pem] [--json]
    python3 verify_copy.py [FOLDER] --file LEAKED.mp4 [--key PUBLIC.pem] [--json]

FOLDER is where the package (an AES-256 ZIP: 7-Zip opens it with its password) was unpacked; default: where this file lies.
One file, Python 3.9 or newer, standard library; with the package `cryptography` it checks the signature too, and without it
says that it did not. It trusts nothing in the folder but the signature over its list (`copy.json`):

1. the list is signed by the key that it names;
2. each file of the list is there, with its size and its SHA-256;
3. nothing else is there;
4. with --file: whether that file is one of the list, byte by byte.

Whoever made the package also chose its key: compare the printed key with one that you had before (`--key`; it stands on each
printed report of the office). Exit status: 0 nothing wrong found, 1 something is wrong, 2 no copy.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # everything else can still be checked, and the result says so
    Ed25519PublicKey = None  # type: ignore[assignment,misc]

FORMAT = "cctv-copy/1"
LIST, SIGNATURE = "copy.json", "signature.json"
MAX_LIST = 16 << 20
HEX = re.compile(r"[0-9a-f]+\Z")
NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,119}\Z")
# What systems put into a folder by themselves.
OF_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__"}


class NoCopy(Exception):
    """The folder is something else."""


class Bad(Exception):
    """A named part is wrong."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


def signed_text(listing: bytes) -> bytes:
    """What the signature is over: two lines."""
    return f"{FORMAT}\n{hashlib.sha256(listing).hexdigest()}\n".encode()


def is_signed(message: bytes, signature: str, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_small(path: str) -> bytes:
    with open(path, "rb") as handle:
        content = handle.read(MAX_LIST + 1)
    if len(content) > MAX_LIST:
        raise Bad(os.path.basename(path), "너무 큽니다")
    return content


def parsed(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise Bad(name, "내용을 읽을 수 없습니다") from None
    if not isinstance(found, dict):
        raise Bad(name, "내용을 읽을 수 없습니다")
    return found


def check_signature(listing: bytes, signature: dict[str, Any], pinned: bytes | None) -> tuple[str, bool]:
    """The key's name, and whether its signature was checked."""
    public, text = signature.get("public_key"), signature.get("signature")
    if not (isinstance(public, str) and len(public) == 64 and HEX.match(public)):
        raise Bad(SIGNATURE, "열쇠를 읽을 수 없습니다")
    if not (isinstance(text, str) and len(text) == 128 and HEX.match(text)):
        raise Bad(SIGNATURE, "서명을 읽을 수 없습니다")
    key = bytes.fromhex(public)
    if pinned is not None and key != pinned:
        raise Bad(SIGNATURE, "준 열쇠로 서명한 사본이 아닙니다")
    if Ed25519PublicKey is not None and not is_signed(signed_text(listing), text, key):
        raise Bad(LIST, "서명과 맞지 않습니다. 목록이 바뀌었습니다")
    return hashlib.sha256(key).hexdigest(), Ed25519PublicKey is not None


def listed(listing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name to what is said of it."""
    if listing.get("format") != FORMAT:
        raise Bad(LIST, f"{FORMAT} 목록이 아닙니다")
    found: dict[str, dict[str, Any]] = {}
    files = listing.get("files")
    for one in files if isinstance(files, list) else []:
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or not NAME.match(name) or name in (LIST, SIGNATURE, *found):
            raise Bad(LIST, "쓸 수 없는 줄이 있습니다")
        if not isinstance(one.get("sha256"), str):
            raise Bad(LIST, "쓸 수 없는 줄이 있습니다")
        found[name] = one
    if not found:
        raise Bad(LIST, "목록이 비었습니다")
    return found


def digest_of(path: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def check_file(folder: str, name: str, said: dict[str, Any]) -> None:
    path = os.path.join(folder, name)
    if os.path.islink(path) or not os.path.isfile(path):
        raise Bad(name, "없습니다")
    if digest_of(path) != (said.get("bytes"), said["sha256"]):
        raise Bad(name, "내용이 바뀌었습니다")


def verify(folder: str, *, pinned: bytes | None = None, file: str = "") -> dict[str, Any]:
    """What was found; `bad` is a list of names and reasons, empty where nothing is wrong."""
    if not os.path.isfile(os.path.join(folder, LIST)):
        raise NoCopy(f"{folder}에 {LIST} 파일이 없습니다. 꾸러미를 푼 폴더를 적으십시오")
    bad: list[Bad] = []
    result: dict[str, Any] = {"ok": False, "copy": "", "case": "", "recipient": "", "files": 0}
    result |= {"key_id": "", "signed": None, "file": None}
    try:
        _verify(folder, bad, result, pinned, file)
    except Bad as one:
        bad.append(one)
    except OSError as error:
        bad.append(Bad(str(error.filename or folder), str(error.strerror)))
    result["bad"] = [{"name": one.name, "reason": one.reason} for one in bad]
    result["ok"] = not bad
    return result


def _verify(folder: str, bad: list[Bad], result: dict[str, Any], pinned: bytes | None, file: str) -> None:
    content = read_small(os.path.join(folder, LIST))
    if not os.path.isfile(os.path.join(folder, SIGNATURE)):
        raise Bad(SIGNATURE, "없습니다")
    signature = parsed(read_small(os.path.join(folder, SIGNATURE)), SIGNATURE)
    result["key_id"], result["signed"] = check_signature(content, signature, pinned)
    listing = parsed(content, LIST)
    files = listed(listing)
    for name in ("copy", "case", "recipient"):
        result[name] = str(listing.get(name, ""))
    if file:
        size, digest = digest_of(file)
        same = [name for name, said in files.items() if (said.get("bytes"), said["sha256"]) == (size, digest)]
        if not same:
            raise Bad(file, "이 사본의 파일이 아니거나 내용이 바뀌었습니다")
        result["file"] = same[0]
        return
    for name, said in files.items():
        try:
            check_file(folder, name, said)
            result["files"] += 1
        except Bad as one:
            bad.append(one)
    known = {*files, LIST, SIGNATURE, *OF_SYSTEMS}
    bad.extend(
        Bad(name, "목록에 없는 파일입니다") for name in sorted(os.listdir(folder)) if name not in known
    )


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
        what = f"{result['file']} 파일과 같음" if result["file"] else f"파일 {result['files']:,}개"
        lines.append(f"이상 없음: {result['copy']} ({result['case']}, {result['recipient']}), {what}")
        lines.append("이 키가 기관이 인쇄한 보고서의 키와 같은지 대조하십시오.")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="영상 사본을 만든 기관 없이 검사합니다.")
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default=here)
    parser.add_argument("--file", metavar="FILE", default="", help="이 사본의 것인지 볼 파일")
    parser.add_argument("--key", metavar="PUBLIC.pem", help="전에 받아 둔 기관의 공개키")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        pinned = read_public_key(options.key) if options.key else None
        result = verify(options.folder, pinned=pinned, file=options.file)
    except (NoCopy, OSError, ValueError) as error:
        sys.stderr.write(f"사용할 수 없습니다: {error}\n")
        return 2
    sys.stdout.write((json.dumps(result, ensure_ascii=False) if options.json else in_words(result)) + "\n")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
