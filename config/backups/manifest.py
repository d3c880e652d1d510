"""The list of a backup: what it holds, of which state, each file with its SHA-256.

A backup is a folder, not an archive: nothing in it has to be unpacked to be checked, and `sha256sum` reads it without us.
The list is written last. Names in it are data of others when it comes back: each is a plain path below one of our
sections, of an ordinary file, with no link on the way.
"""

import hashlib
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from config.backups.copying import CHUNK, write_file
from config.backups.errors import Damaged, Refused

FORMAT = "cctv-backup/1"
KEYS_FORMAT = "cctv-keys/1"
NAME = "manifest.json"
DIGEST_NAME = "manifest.sha256"
SIGNATURE_NAME = "manifest.sig"
SECTIONS = ("database", "media", "ledger", "logs", "vault")
LARGEST_MANIFEST = 512 * 1024 * 1024


@dataclass(frozen=True)
class File:
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    format: str
    made_at: str
    product_version: str
    files: dict[str, File]
    vendor: str = ""
    database_version: str = ""
    # App -> names of the migrations that were applied.
    migrations: dict[str, list[str]] = field(default_factory=dict)
    # entries, size, root, at: rows of the ledger and its last head.
    ledger: dict[str, Any] = field(default_factory=dict)
    # Name of a key file -> its digest: a key is random enough that this gives nothing away.
    keys: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    # What lay in the folders and is no ordinary file.
    left_out: list[str] = field(default_factory=list)
    # Of the list as it was read: what a signature is of. Not a part of it.
    digest: str = ""

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values())


def product_version() -> str:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def write(folder: Path, manifest: Manifest) -> str:
    """The list, and its digest as `sha256sum -c` reads it; returns the digest. OSError."""
    facts = {name: value for name, value in asdict(manifest).items() if name != "digest"}
    content = json.dumps(facts, indent=1, sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()
    write_file(folder / NAME, content)
    write_file(folder / DIGEST_NAME, f"{digest}  {NAME}\n".encode())
    return digest


def read(folder: Path, expected: str = FORMAT) -> Manifest:
    """The list of a folder that somebody gave us, checked in itself. Refused, Damaged."""
    try:
        if folder.name.endswith(".unfinished"):
            raise Refused(f"끝나지 않은 백업입니다. 쓸 수 없습니다: {folder}")
        with open(folder / NAME, "rb") as handle:
            content = handle.read(LARGEST_MANIFEST)
        told = (folder / DIGEST_NAME).read_text("ascii", "replace").split()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refused(f"백업 폴더가 아닙니다({Path(error.filename).name} 없음): {folder}") from error
    except OSError as error:
        raise Refused(f"백업을 읽을 수 없습니다: {error.filename} ({error.strerror})") from error
    digest = hashlib.sha256(content).hexdigest()
    if told[:1] != [digest]:
        raise Damaged(f"백업의 목록이 바뀌었습니다: {NAME}")
    try:
        data = json.loads(content)
        if data["format"] != expected:
            raise Refused(f"이 프로그램이 읽는 백업({expected})이 아닙니다: {data['format']!r}")
        files = {name: File(**fact) for name, fact in data["files"].items()}
        found = Manifest(**{**data, "files": files, "digest": digest})
        version_key(found.product_version)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(f"백업의 목록을 읽을 수 없습니다: {NAME} ({type(error).__name__})") from error
    for name in found.files:
        _check_name(name, sections=SECTIONS if expected == FORMAT else ())
    return found


def version_key(text: str) -> tuple[int, ...]:
    """`0.10.2` after `0.9`. ValueError."""
    if not re.fullmatch(r"\d+(\.\d+)*", text):
        raise ValueError(text)
    return tuple(int(part) for part in text.split("."))


def verify_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Read every file; Damaged names the first that differs. Yields the names that were found in order."""
    for name, fact in sorted(manifest.files.items()):
        digest, size = hashlib.sha256(), 0
        try:
            with open_listed(folder, name) as handle:
                while chunk := handle.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except FileNotFoundError as error:
            raise Damaged(f"백업에 파일이 없습니다: {name}") from error
        except OSError as error:
            raise Damaged(f"백업의 파일을 읽을 수 없습니다: {name} ({error.strerror})") from error
        if (digest.hexdigest(), size) != (fact.sha256, fact.bytes):
            raise Damaged(f"백업의 파일이 바뀌었습니다: {name}")
        yield name


def open_listed(folder: Path, name: str) -> Any:
    """An ordinary file below `folder`, with no link on the way. OSError, Damaged."""
    at = folder
    for part in name.split("/"):
        at = at / part
        mode = os.lstat(at).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise Damaged(f"백업에 파일이 아닌 것이 있습니다: {name}")
    return os.fdopen(os.open(at, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _check_name(name: str, *, sections: tuple[str, ...]) -> None:
    parts = name.split("/")
    is_plain = all(part not in {"", ".", ".."} for part in parts) and "\0" not in name
    is_placed = (len(parts) > 1 and parts[0] in sections) if sections else len(parts) == 1
    if not (is_plain and is_placed) or name in {NAME, DIGEST_NAME, SIGNATURE_NAME}:
        raise Damaged(f"백업의 목록에 쓸 수 없는 이름이 있습니다: {name!r}")
