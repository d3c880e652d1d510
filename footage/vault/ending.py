"""The end of what is kept: with the last hold of a case its key is destroyed, and with it every copy wherever it lies.

A kept file that no hold of its case covers any more is destroyed alone. Both are lines of the ledger before anything goes; files
whose line is written and that are still there are removed by the next run.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from footage.models import Hold, VaultCase, VaultFile
from footage.vault import folders
from footage.vault.intake import case_of
from ledger import continuity
from ledger.append import record

DESTROYED = "footage.vault_case_destroyed"
REMOVED = "footage.vault_files_removed"
ACTOR = "system:vault"


@dataclass(frozen=True)
class Ending:
    """What goes of a case: its files in the vault and their bytes; `is_whole` with the key."""

    case: VaultCase
    files: list[VaultFile]
    is_whole: bool

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def planned() -> list[Ending]:
    """What no hold keeps any more. Nothing is destroyed by asking."""
    holds: dict[str, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.filter(released_at=None):
        holds[case_of(hold)].append(hold)
    found = []
    for case in VaultCase.objects.filter(destroyed_at=None).order_by("pk"):
        mine = holds.get(case.reference, [])
        kept = VaultFile.objects.filter(case=case, removed_at=None).select_related("case")
        gone = [file for file in kept if not _is_covered(file, mine)]
        if not mine:
            found.append(Ending(case, gone, is_whole=True))
        elif gone:
            found.append(Ending(case, gone, is_whole=False))
    return found


def end(now: datetime | None = None) -> list[Ending]:
    """Destroy what no hold keeps any more; nothing while the database is older than is known elsewhere."""
    if continuity.lost():
        return []
    at = now or timezone.now()
    done = [ending for ending in planned() if _destroy(ending, at)]
    _remove_left_overs()
    return done


def _remove_left_overs() -> None:
    """What a killed run had written off and not removed yet."""
    for case in VaultCase.objects.filter(folder__in=folders.identities(folders.case_folders())):
        if case.destroyed_at is not None:
            folders.remove_folder(case)
            continue
        there = folders.names_in(case)
        for file in VaultFile.objects.filter(file_id__in=folders.identities(there)).exclude(removed_at=None):
            folders.remove(file)


def _destroy(ending: Ending, at: datetime) -> bool:
    with transaction.atomic():
        case = VaultCase.objects.select_for_update().get(pk=ending.case.pk)
        # Asked again with the row held: a hold may have been placed meanwhile.
        current = next((one for one in planned() if one.case.pk == case.pk), None)
        if case.destroyed_at is not None or current is None or current.is_whole != ending.is_whole:
            return False
        if ending.is_whole:
            case.wrapped_key, case.master_id, case.destroyed_at = b"", "", at
            case.save(update_fields=["wrapped_key", "master_id", "destroyed_at"])
        VaultFile.objects.filter(pk__in=[file.pk for file in current.files]).update(removed_at=at)
        record(
            DESTROYED if ending.is_whole else REMOVED,
            actor=ACTOR,
            subject=case.ledger_subject,
            payload={
                "case": case.reference,
                "files": len(current.files),
                "bytes": current.bytes,
                "digest": _digest_of(current.files),
            },
        )
    for file in current.files:
        folders.remove(file)
    return True


def _is_covered(file: VaultFile, holds: Iterable[Hold]) -> bool:
    return any(
        hold.camera_id == file.camera_id and file.first_at < hold.until_at and hold.from_at < file.until_at
        for hold in holds
    )


def _digest_of(files: Iterable[VaultFile]) -> str:
    return hashlib.sha256("\n".join(sorted(file.file_id.hex for file in files)).encode()).hexdigest()
