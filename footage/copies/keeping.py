"""Copies lie in the vault as what is made of footage: under the case's key, checked like originals, gone with them."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from django.utils import timezone

from cameras.models import Camera
from footage.errors import VaultUnusable
from footage.models import VaultCase, VaultFile
from footage.redaction import vaulted
from footage.vault import ending, folders, made
from footage.vault.case_keys import CaseKeyUnavailable
from footage.vault.containers import BLOCK, Damaged
from footage.vault.folders import RESERVE_BYTES

# What may be wrong with a kept file when it is opened or read.
UNREADABLE = (OSError, Damaged, CaseKeyUnavailable)


def originals(reference: str, camera: Camera, from_at: datetime, until_at: datetime) -> tuple[VaultFile, ...]:
    """The kept files of a case's camera and range in their order, each moment once."""
    return vaulted.source(reference, camera.pk, from_at, until_at).files


@contextmanager
def nameless(case: VaultCase, most: int = 0) -> Iterator[BinaryIO]:
    """A file on the vault's disk that no folder names: whatever happens, nothing of it is left to be found."""
    folder = folders.folder_of(case)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(folder).free < most + RESERVE_BYTES:
            raise VaultUnusable("디스크에 자리가 없습니다.")
        file = cast(BinaryIO, TemporaryFile(dir=folder))  # noqa: SIM115 - closed below
    except OSError as error:
        raise VaultUnusable(error.strerror or str(error)) from error
    with file:
        yield file


def content(file: VaultFile) -> Iterator[bytes]:
    """Block by block; what is wrong with its beginning is raised before anything is given (`UNREADABLE`)."""
    handle = made.opened(file)

    def blocks() -> Iterator[bytes]:
        with handle:
            while block := handle.read(BLOCK):
                yield block

    return blocks()


def keep(
    source: BinaryIO,
    *,
    of: VaultFile,
    made_as: str,
    name: str,
    span: tuple[datetime, datetime],
    meanwhile: Callable[[], object] = lambda: None,
) -> VaultFile:
    """The whole of a file, kept with the case and camera of `of`. `VaultUnusable`, `CaseKeyUnavailable`."""
    length = os.fstat(source.fileno()).st_size
    source.seek(0)
    return made.keep(
        source,
        length,
        of=of,
        made_as=VaultFile.MadeAs(made_as),
        name=name,
        first_at=span[0],
        until_at=span[1],
        meanwhile=meanwhile,
    )


def remove(files: list[VaultFile]) -> None:
    """Before its case ends: nobody is to have it any more. Part of a transaction of the caller's."""
    ending.remove(files, timezone.now())
