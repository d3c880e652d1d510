"""Where kept files lie: VAULT_DIR/<case>/<file>. Names say nothing of case, camera or time."""

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from footage.errors import VaultUnusable
from footage.models import VaultCase, VaultFile
from ledger.files import sync_folder

ENDING = ".vault"
UNFINISHED = ".part"
# Of what is made of a kept file to be played (docs/playback.md).
PIECE = ".play"
UNFINISHED_PIECE = ".play-part"
IDENTITY = re.compile(r"[0-9a-f]{32}")
# What the disk needs besides what is copied to it.
RESERVE_BYTES = 64 << 20


def top() -> Path:
    return Path(settings.VAULT_DIR)


def absence() -> str:
    """Why the vault is not here, in words; "" where it is.

    An empty folder where copies are on record is a mount point without its disk, or the folder of a machine that was
    given another one: nothing is written there, and nothing in it counts as gone.
    """
    copies = VaultFile.objects.filter(removed_at=None, case__destroyed_at=None)
    listed = {identity.hex for identity in copies.values_list("case__folder", flat=True).distinct()}
    if not listed or listed & case_folders():
        return ""
    return (
        f"{top()}에 사본의 폴더가 하나도 없습니다. 보관함의 디스크가 연결되었는지, "
        "VAULT_DIR이 다른 기계와 같은 폴더인지 확인하십시오."
    )


def folder_of(case: VaultCase) -> Path:
    return top() / case.folder.hex


def path_of(file: VaultFile) -> Path:
    return folder_of(file.case) / f"{file.file_id.hex}{ENDING}"


@contextmanager
def drafted(file: VaultFile, length: int) -> Iterator[BinaryIO]:
    """For `containers.write`: a kept file under a name that does not count yet (`settle`), whole or not at all."""
    with _written(_draft_of(file), length) as handle:
        yield handle


@contextmanager
def piece_drafted(file: VaultFile, piece: uuid.UUID, length: int) -> Iterator[BinaryIO]:
    """Write a piece of what is made of a kept file to be played; it has its name when it is whole."""
    path = piece_path(file, piece)
    draft = path.with_suffix(UNFINISHED_PIECE)
    with _written(draft, length) as handle:
        yield handle
    draft.rename(path)


@contextmanager
def _written(draft: Path, length: int) -> Iterator[BinaryIO]:
    folder = draft.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(folder).free < length + RESERVE_BYTES:
            raise VaultUnusable("디스크에 자리가 없습니다.")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise VaultUnusable(error.strerror or str(error)) from error
    try:
        with os.fdopen(descriptor, "w+b", buffering=0) as handle:
            yield handle
        try:
            sync_folder(folder)
        except OSError as error:
            raise VaultUnusable(error.strerror or str(error)) from error
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def piece_path(file: VaultFile, piece: uuid.UUID) -> Path:
    """Beside the kept file and under its name: it goes with it."""
    return folder_of(file.case) / f"{file.file_id.hex}.{piece.hex}{PIECE}"


def settle(file: VaultFile) -> None:
    """Its row is committed: the file gets its name. After a crash in between, whoever looks for the file does it."""
    with suppress(FileNotFoundError):
        _draft_of(file).rename(path_of(file))


def discard(file: VaultFile) -> None:
    """Its row was not committed."""
    _draft_of(file).unlink(missing_ok=True)


def _draft_of(file: VaultFile) -> Path:
    return folder_of(file.case) / f"{file.file_id.hex}{UNFINISHED}"


def remove(file: VaultFile) -> None:
    path_of(file).unlink(missing_ok=True)
    for piece in folder_of(file.case).glob(f"{file.file_id.hex}.*{PIECE}*"):
        piece.unlink(missing_ok=True)


def remove_folder(case: VaultCase) -> None:
    """Everything of a case, also what a killed copy left."""
    shutil.rmtree(folder_of(case), ignore_errors=True)


def remove_unfinished(case: VaultCase) -> None:
    """What a killed copy left and no row names; the caller alone copies for this case now."""
    folder = folder_of(case)
    if not folder.is_dir():
        return
    drafts = {path.stem: path for path in folder.glob(f"*{UNFINISHED}")}
    listed = VaultFile.objects.filter(file_id__in=identities(drafts), removed_at=None)
    for file in listed.select_related("case"):
        settle(file)
        del drafts[file.file_id.hex]
    for draft in drafts.values():
        draft.unlink(missing_ok=True)


def case_folders() -> set[str]:
    """Names of the folders that lie in the vault."""
    return {entry.name for entry in os.scandir(top()) if entry.is_dir()} if top().is_dir() else set()


def names_in(case: VaultCase) -> set[str]:
    """Names, without their ending, of the files that lie there under a name that counts."""
    folder = folder_of(case)
    return {path.stem for path in folder.glob(f"*{ENDING}")} if folder.is_dir() else set()


def identities(names: Iterable[str]) -> list[uuid.UUID]:
    """Of those names that are ones of ours."""
    return [uuid.UUID(name) for name in names if IDENTITY.fullmatch(name)]
