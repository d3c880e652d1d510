"""The end of what is kept: with the last hold of a case its key is destroyed, and with it every copy wherever it lies.

A kept file that no hold of its case covers any more is destroyed alone. Both are lines of the ledger before anything goes; files
whose line is written and that are still there are removed by the next run.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from footage.models import Hold, VaultCase, VaultFile
from footage.vault import folders
from footage.vault.intake import case_of, with_case
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


def planned(*, without: Collection[int] = (), references: Collection[str] | None = None) -> list[Ending]:
    """What no hold keeps any more, of these cases or of all; `without` are holds that are thought away.

    Nothing is destroyed by asking.
    """
    holds = with_case(Hold.objects.filter(released_at=None).exclude(pk__in=without))
    cases = VaultCase.objects.filter(destroyed_at=None)
    if references is not None:
        cases = cases.filter(reference__in=references)
    covering = holds.filter(
        case=OuterRef("case__reference"),
        camera=OuterRef("camera"),
        from_at__lt=OuterRef("until_at"),
        until_at__gt=OuterRef("first_at"),
    )
    gone: dict[int, list[VaultFile]] = defaultdict(list)
    for file in VaultFile.objects.filter(~Exists(covering), case__in=cases, removed_at=None):
        gone[file.case_id].append(file)
    kept = cases.annotate(is_held=Exists(holds.filter(case=OuterRef("reference")))).order_by("pk")
    found = []
    for case in kept.filter(Q(is_held=False) | Q(pk__in=list(gone))):
        files = gone[case.pk]
        for file in files:
            file.case = case
        found.append(Ending(case, files, is_whole=not case.is_held))
    return found


def with_the_release_of(holds: Collection[Hold]) -> list[VaultFile]:
    """The copies that would go if these holds were released: none that another hold of their case keeps."""
    endings = planned(
        without=[hold.pk for hold in holds], references=sorted({case_of(hold) for hold in holds})
    )
    return [file for ending in endings for file in ending.files]


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
        current = next(iter(planned(references=[case.reference])), None)
        if case.destroyed_at is not None or current is None or current.is_whole != ending.is_whole:
            return False
        if ending.is_whole:
            case.wrapped_key, case.master_id, case.destroyed_at = b"", "", at
            case.save(update_fields=["wrapped_key", "master_id", "destroyed_at"])
        VaultFile.objects.filter(pk__in=[file.pk for file in current.files]).update(removed_at=at)
        _record(DESTROYED if ending.is_whole else REMOVED, case, current.files)
    for file in current.files:
        folders.remove(file)
    return True


def remove(files: Iterable[VaultFile], at: datetime) -> None:
    """What was made of footage and is not wanted any more, before its holds end: part of a transaction of the caller's."""
    by_case: dict[VaultCase, list[VaultFile]] = defaultdict(list)
    for file in files:
        by_case[file.case].append(file)
    for case, gone in by_case.items():
        VaultFile.objects.filter(pk__in=[file.pk for file in gone]).update(removed_at=at)
        _record(REMOVED, case, gone)
        for file in gone:
            transaction.on_commit(partial(folders.remove, file))


def _record(kind: str, case: VaultCase, files: Sequence[VaultFile]) -> None:
    record(
        kind,
        actor=ACTOR,
        subject=case.ledger_subject,
        payload={
            "case": case.reference,
            "files": len(files),
            "bytes": sum(file.bytes for file in files),
            "digest": _digest_of(files),
        },
    )


def _digest_of(files: Iterable[VaultFile]) -> str:
    return hashlib.sha256("\n".join(sorted(file.file_id.hex for file in files)).encode()).hexdigest()
