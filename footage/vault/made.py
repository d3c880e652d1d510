"""What is made of kept files, kept like them: under the key of their case, read back and found equal, on record in the ledger.

It is of one camera and range, and goes when no hold of the case covers that any more (`footage.vault.ending`).
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, cast

from django.utils import timezone

from footage.errors import VaultUnusable
from footage.locks import VAULT_CASE_CLASS, one_at_a_time
from footage.models import VaultFile
from footage.vault import case_keys, containers, folders
from footage.vault.containers import Damaged
from footage.vault.intake import commit
from footage.vault.plain import Plain

# Footage that is copied for the same case goes first.
PATIENCE_SECONDS = 3_600.0
POLL_SECONDS = 0.5


def keep(
    content: BinaryIO,
    length: int,
    *,
    of: VaultFile,
    made_as: VaultFile.MadeAs,
    name: str,
    first_at: datetime,
    until_at: datetime,
    meanwhile: Callable[[], object] = lambda: None,
) -> VaultFile:
    """Keep `length` bytes with the case and camera of a kept file. `VaultUnusable`, `CaseKeyUnavailable`.

    `meanwhile` is called while another process copies for the case; what it raises ends the waiting.
    """
    case = of.case
    given_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        # Whoever copies for a case takes away drafts that no row names.
        with one_at_a_time("vault-cases", VAULT_CASE_CLASS, case.pk) as is_ours:
            if is_ours:
                file = VaultFile(
                    case=case,
                    camera_id=of.camera_id,
                    storage_id=of.storage_id,
                    made_as=made_as,
                    path=name,
                    first_at=first_at,
                    until_at=until_at,
                )
                _write(file, content, length)
                commit(case, [file])
                return file
        if time.monotonic() > given_up:
            raise VaultUnusable("같은 사건의 영상을 복사하는 일이 끝나지 않습니다.")
        meanwhile()
        time.sleep(POLL_SECONDS)


def _write(file: VaultFile, content: BinaryIO, length: int) -> None:
    key, file_id = case_keys.of(file.case), file.file_id.bytes
    try:
        with folders.drafted(file, length) as draft:
            written = containers.write(content, draft, case_key=key, file_id=file_id, length=length)
    except Damaged as error:
        raise VaultUnusable("쓴 것을 다시 읽으니 달랐습니다. 보관함의 디스크를 점검하십시오.") from error
    at = timezone.now()
    file.bytes, file.modified_ns, file.sha256 = length, int(at.timestamp() * 1e9), written.sha256
    file.kept_at = file.checked_at = at


def opened(file: VaultFile) -> BinaryIO:
    """The content, for reading and seeking. `FileNotFoundError` where it is gone, `CaseKeyUnavailable`, `Damaged`."""
    key = case_keys.of(file.case)
    folders.settle(file)
    handle = folders.path_of(file).open("rb")
    try:
        return cast(BinaryIO, Plain(handle, key=key, file_id=file.file_id.bytes))
    except BaseException:
        handle.close()
        raise
