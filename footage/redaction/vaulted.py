"""Redaction of what the vault keeps: pieces of several files are read as one clip, and what is made stays under the case's key.

Nothing lies plain on a disk: the confined process opens the kept files with their case's key, and writes into a nameless
file that is encrypted for the time of the work (`scratch`).
"""

import gzip
import hashlib
import io
import json
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast

from footage.errors import UnusableInput, VaultUnusable
from footage.models import VaultFile
from footage.redaction import choices, run
from footage.redaction.detect import DETECTORS
from footage.redaction.errors import UnusableClip
from footage.redaction.recipe import Recipe
from footage.redaction.scratch import Scratch
from footage.vault import case_keys, folders, made
from footage.vault.case_keys import CaseKeyUnavailable
from footage.vault.containers import Damaged

LONGEST = timedelta(minutes=30)
# Of the three readings: first the survey, whose length is not known yet.
STAGES = {
    "survey": "영상 읽기",
    "find": "사람과 차량 찾기",
    "follow": "그린 곳 따라가기",
    "write": "가려서 쓰기",
}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Source:
    """The kept originals of one camera that show something of a range."""

    files: tuple[VaultFile, ...]
    from_at: datetime
    until_at: datetime

    @property
    def sha256(self) -> str:
        """Of the files' digests with what of them is read: the same again is the same clip."""
        lines = (
            f"{file.sha256} {piece['from_s']:.6f} {piece['until_s']:.6f} {piece['starts_s']:.6f}"
            for file, piece in zip(self.files, self._stretches(), strict=True)
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def pieces(self) -> list[dict[str, Any]]:
        """As the process is told them; raises `CaseKeyUnavailable`."""
        found = []
        for file, piece in zip(self.files, self._stretches(), strict=True):
            folders.settle(file)
            place = {"path": str(folders.path_of(file)), "file_id": file.file_id.hex}
            found.append({**piece, **place, "key": case_keys.of(file.case).hex()})
        return found

    def _stretches(self) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{file.first_at:%H:%M:%S} (UTC)",
                "from_s": max((self.from_at - file.first_at).total_seconds(), 0.0),
                "until_s": (self.until_at - file.first_at).total_seconds(),
                "starts_s": (file.first_at - self.from_at).total_seconds(),
            }
            for file in self.files
        ]


def source(reference: str, camera: int, from_at: datetime, until_at: datetime) -> Source:
    """Each moment once: a file that was copied anew stands for its earlier copy, and what two recorders kept counts once."""
    rows = VaultFile.objects.originals().filter(
        case__reference=reference,
        case__destroyed_at=None,
        camera=camera,
        removed_at=None,
        first_at__lt=until_at,
        until_at__gt=from_at,
    )
    latest = {
        (row.storage_id, row.path): row for row in rows.select_related("case", "storage").order_by("pk")
    }
    found: list[VaultFile] = []
    for row in sorted(latest.values(), key=lambda row: (row.first_at, -row.until_at.timestamp(), row.pk)):
        if not found or row.until_at > found[-1].until_at:
            found.append(row)
    return Source(tuple(found), from_at, until_at)


# ---------------------------------------------------------------- what a worker does


@contextmanager
def _in_words() -> Iterator[None]:
    """What the vault refuses is one more reason why the footage cannot be used."""
    try:
        yield
    except (VaultUnusable, CaseKeyUnavailable) as error:
        raise UnusableInput(str(error)) from error
    except (Damaged, FileNotFoundError) as error:
        raise UnusableInput(
            "보관함의 사본이 없거나 온전하지 않습니다. 시스템 관리자에게 알리십시오."
        ) from error


@_in_words()
def find(given: Source, name: str, progress: Progress) -> VaultFile:
    """Tracks and doubts of the range, kept in the vault. `UnusableInput` where there is nothing to be seen."""
    answer = _asked({"job": "find", "pieces": given.pieces(), "detectors": list(DETECTORS)}, progress)
    return _keep_found(given, name, {**answer, "source": given.sha256, "followed": {}})


@_in_words()
def follow(
    given: Source, tracks: VaultFile, regions: Sequence[Mapping[str, Any]], name: str, progress: Progress
) -> VaultFile:
    """What was found, and where these regions go."""
    found = load(tracks)
    drawn = [
        {"code": region["code"], "frame": region["keys"][0][0], "box": region["keys"][0][1]}
        for region in regions
    ]
    answer = _asked({"job": "follow", "pieces": given.pieces(), "drawn": drawn}, progress)
    return _keep_found(given, name, {**found, "followed": {**found["followed"], **answer["followed"]}})


@dataclass(frozen=True)
class Covered:
    """The covered copy, and what the same once more needs: `recipe` is the digest of the regions, `tools` code and libraries."""

    file: VaultFile
    recipe: str
    tools: dict[str, str]
    models: dict[str, str]


@_in_words()
def cover(
    given: Source, found: Mapping[str, Any], choice: Mapping[str, Any], name: str, progress: Progress
) -> Covered:
    """The covered copy in the vault. `UnusableInput` where the files are not those in which was found."""
    if given.sha256 != found["source"]:
        raise UnusableInput("보관한 파일이 찾을 때와 다릅니다. ‘다시 찾기’를 하십시오.")
    try:
        covered = choices.boxes(found, choice)
    except UnusableClip as error:
        raise UnusableInput(str(error)) from error
    recipe = Recipe(
        given.sha256, choice["style"], covered, {}, found["models"], tuple(choice["keep"])
    ).as_json()
    folder = folders.folder_of(given.files[0].case)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        key = secrets.token_bytes(32)
        request = {
            "job": "cover",
            "pieces": given.pieces(),
            "recipe": recipe,
            "target": file.fileno(),
            "target_key": key.hex(),
        }
        answer = _asked(request, progress, descriptors=(file.fileno(),))
        scratch = Scratch(file.fileno(), key)
        first_at = given.from_at + timedelta(seconds=answer["first_s"])
        kept = made.keep(
            cast(BinaryIO, scratch),
            scratch.length,
            of=given.files[0],
            made_as=VaultFile.MadeAs.REDACTED,
            name=name,
            first_at=first_at,
            until_at=min(first_at + timedelta(seconds=answer["seconds"]), given.until_at),
            meanwhile=lambda: progress("write", answer["frames"], answer["frames"]),
        )
    digest = hashlib.sha256(recipe.encode()).hexdigest()
    return Covered(kept, digest, answer["tools"], found["models"])


@_in_words()
def load(tracks: VaultFile) -> dict[str, Any]:
    """What was found, as it was kept. `UnusableInput` where it cannot be read (any more)."""
    with made.opened(tracks) as file:
        found: dict[str, Any] = json.loads(gzip.decompress(file.read()))
    return found


def _keep_found(given: Source, name: str, found: Mapping[str, Any]) -> VaultFile:
    content = gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0)
    return made.keep(
        io.BytesIO(content),
        len(content),
        of=given.files[0],
        made_as=VaultFile.MadeAs.TRACKS,
        name=name,
        first_at=given.from_at,
        until_at=given.until_at,
    )


def _asked(request: dict[str, Any], progress: Progress, descriptors: Sequence[int] = ()) -> dict[str, Any]:
    answer = run.asked(request, progress, descriptors=descriptors)
    if "unusable" in answer:
        raise UnusableInput(answer["unusable"])
    return answer
