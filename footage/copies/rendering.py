"""Making a copy of one kept file: read in a process of its own, marked, encoded, kept under the case's key.

The same source, range, mark, font and libraries give the same bytes; all of it stands in the recipe. Nothing lies plain on a
disk: the process opens the kept file with its case's key, and writes into a nameless file that is encrypted for the time of
the work.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from casework.font_files import font_file
from footage.copies import keeping
from footage.errors import UnusableInput
from footage.models import VaultFile
from footage.redaction.run import asked
from footage.redaction.scratch import Scratch
from footage.redaction.vaulted import Source
from footage.vault import made

PROGRAM = Path(__file__).with_name("process.py")
FORMAT = 1
FAMILIES = ("NanumGothic", "NanumBarunGothic", "Noto Sans CJK KR", "Noto Sans KR")
# A file may run on beyond the end that its name gives it: where its last moment was granted, to its end.
RUNS_ON = timedelta(minutes=1)


@dataclass(frozen=True)
class Wanted:
    """What of which kept file, and what is burnt in."""

    source: VaultFile
    name: str
    from_at: datetime
    until_at: datetime
    mark: str

    def piece(self) -> Source:
        is_to_the_end = self.until_at >= self.source.until_at
        end = self.source.until_at + RUNS_ON if is_to_the_end else self.until_at
        return Source((self.source,), self.from_at, end)


@dataclass(frozen=True)
class Rendered:
    kept: VaultFile
    frames: int
    seconds: float
    # Canonical JSON: all that the bytes depend on.
    recipe: str
    warning: str = ""


def render(wanted: Wanted, progress: Callable[[str, int, int], None] = lambda *told: None) -> Rendered:
    """Raises UnusableInput for a file that cannot be copied, `keeping.UNREADABLE` where it is not here, VaultUnusable."""
    font, source, key = korean_font(), wanted.source, secrets.token_bytes(32)
    piece = wanted.piece()
    with keeping.nameless(source.case, source.bytes) as target:
        request = {
            "pieces": piece.pieces(),
            "target": target.fileno(),
            "target_key": key.hex(),
            "mark": wanted.mark,
            "font": font,
        }
        answer = asked(request, progress, descriptors=(target.fileno(),), program=PROGRAM)
        if "unusable" in answer:
            raise UnusableInput(answer["unusable"])
        scratch = Scratch(target.fileno(), key)
        kept = made.keep(
            cast(BinaryIO, scratch),
            scratch.length,
            of=source,
            made_as=VaultFile.MadeAs.COPY,
            name=wanted.name,
            first_at=wanted.from_at,
            until_at=wanted.until_at,
            meanwhile=lambda: progress("keep", 0, 0),
        )
    recipe = {
        "format": FORMAT,
        "source": source.sha256,
        "range": piece.sha256,
        "mark": wanted.mark,
        "font": hashlib.sha256(Path(font).read_bytes()).hexdigest(),
        "tools": answer["tools"],
    }
    return Rendered(
        kept,
        answer["frames"],
        answer["seconds"],
        json.dumps(recipe, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        _warning(answer["damaged"], is_cut=answer["broke_off"]),
    )


def _warning(damaged: int, *, is_cut: bool) -> str:
    found = [f"손상되어 빠진 곳 {damaged:,}군데"] if damaged else []
    return ", ".join([*found, "끝이 끊긴 파일"] if is_cut else found)


def korean_font() -> str:
    for family in FAMILIES:
        if path := font_file(family):
            return path
    raise UnusableInput(
        "한글 글꼴이 없어 표시를 새길 수 없습니다. 글꼴을 설치하십시오: apt-get install fonts-nanum"
    )
