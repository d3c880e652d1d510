"""Copying held footage into the vault, as soon as possible: a recorder may overwrite its own disk.

Each storage is looked at by the worker of its machine. A copy counts when its content was read back and found equal, and
its row and the batch's line in the ledger are committed; whatever is cut off before that leaves nothing that counts, and the
next look goes on. A range that lay in the past when all of it was copied is looked at again once a day: a recorder may bring
files later.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from footage import originals, policy, storages
from footage.errors import UnusableInput, VaultUnusable
from footage.layouts import SECOND, instant, microseconds
from footage.locks import VAULT_CASE_CLASS, VAULT_STORAGE_CLASS, one_at_a_time
from footage.models import Hold, Storage, VaultCase, VaultFile, VaultIntake
from footage.originals import Original
from footage.path_templates import LayoutError
from footage.vault import case_keys, containers, folders
from footage.vault.containers import Damaged, SourceChanged
from ledger.append import record

KEPT = "footage.vault_kept"
LOOK_AGAIN_AFTER = timedelta(days=1)
FILES_PER_BATCH = 100
BYTES_PER_BATCH = 4 << 30


@dataclass
class Taken:
    """What one look did."""

    files: int = 0
    bytes: int = 0
    waiting: int = 0
    vanished: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)
    # Whose copies became whole or ceased to be.
    cameras: set[int] = field(default_factory=set)

    def add(self, other: "Taken") -> None:
        for name in ("files", "bytes", "waiting", "vanished", "unreadable"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problems += [problem for problem in other.problems if problem not in self.problems]
        self.cameras |= other.cameras

    def as_json(self) -> dict[str, Any]:
        names = ("files", "bytes", "waiting", "vanished", "unreadable", "problems")
        return {name: getattr(self, name) for name in names}


@dataclass
class _Look:
    """One hold's part of a look."""

    hold: Hold
    row: VaultIntake
    found: list[Original] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    waiting: int = 0
    vanished: int = 0
    unreadable: int = 0
    problem: str = ""


def case_of(hold: Hold) -> str:
    """The case that a hold is kept for; one without a case is a case of its own."""
    return hold.case_reference or f"hold:{hold.pk}"


def with_case(holds: QuerySet[Hold]) -> QuerySet[Any]:
    """The same, as a column `case` of each."""
    own = Concat(Value("hold:"), Cast("pk", CharField()))
    return holds.annotate(case=Case(When(case_reference="", then=own), default=F("case_reference")))


def take_in(storage: Storage, *, now: datetime | None = None, is_everything_looked_at: bool = False) -> Taken:
    """Copy what is held on a storage and not kept yet; nothing where another process is at it."""
    at = now or timezone.now()
    taken = Taken()
    with one_at_a_time("vault-storages", VAULT_STORAGE_CLASS, storage.pk) as is_ours:
        looks = _due(storage, at, is_everything_looked_at=is_everything_looked_at) if is_ours else []
        if not looks:
            return taken
        try:
            _find(storage, looks, at)
        except (OSError, LayoutError, UnusableInput) as error:
            for look in looks:
                look.problem = str(error)[:300]
        for reference, mine in _by_case(looks).items():
            _take_in_case(storage, reference, mine, at)
        for look in looks:
            _write_down(look, at, taken)
    return taken


def _due(storage: Storage, at: datetime, *, is_everything_looked_at: bool) -> list[_Look]:
    rows = VaultIntake.objects.filter(storage=storage)
    holds = Hold.objects.filter(released_at=None, from_at__lt=at).select_related("camera").order_by("pk")
    if not is_everything_looked_at:
        rests = Q(complete_at__isnull=False, looked_at__gt=at - LOOK_AGAIN_AFTER)
        holds = holds.exclude(pk__in=rows.filter(rests).values("hold"))
    found = {row.hold_id: row for row in rows.filter(hold__in=holds)}
    return [_Look(hold, found.get(hold.pk) or VaultIntake(hold=hold, storage=storage)) for hold in holds]


def _by_case(looks: Iterable[_Look]) -> dict[str, list[_Look]]:
    found: dict[str, list[_Look]] = defaultdict(list)
    for look in looks:
        found[case_of(look.hold)].append(look)
    return found


def _find(storage: Storage, looks: Sequence[_Look], at: datetime) -> None:
    if absent := folders.absence():
        raise OSError(f"보관함에 쓸 수 없습니다: {absent}")
    if absent := storages.absence(storage):
        raise OSError(absent)
    ranges: originals.Ranges = defaultdict(list)
    for look in looks:
        ranges[look.hold.camera_id].append(
            (microseconds(look.hold.from_at), microseconds(look.hold.until_at))
        )
    found, strange = originals.find(storage, policy.current(storage, at), dict(ranges))
    for look in looks:
        from_us, until_us = microseconds(look.hold.from_at), microseconds(look.hold.until_at)
        look.found = [
            original
            for original in found
            if original.camera == look.hold.camera_id
            and original.first_us < until_us
            and from_us < original.until_us
        ]
        if strange.counts["errors"]:
            look.problem = ", ".join(strange.reasons["errors"])[:300]


def _take_in_case(storage: Storage, reference: str, looks: list[_Look], at: datetime) -> None:
    kept = VaultFile.objects.filter(
        case__reference=reference, case__destroyed_at=None, storage=storage, removed_at=None
    )
    known = set(kept.values_list("path", "bytes", "modified_ns"))
    young_us = microseconds(at) - 2 * storage.segment_seconds * SECOND
    todo: list[tuple[_Look, Original]] = []
    for look in looks:
        for original in look.found:
            key = original.path, original.bytes, original.modified_ns
            if key in known:
                continue
            if original.modified_ns // 1_000 > young_us:
                look.waiting += 1  # still being written
                continue
            known.add(key)
            look.waiting += 1
            todo.append((look, original))
    if todo:
        case = _case(reference, at)
        # Whoever copies for a case takes away what a killed copy left: never what another machine is writing.
        with one_at_a_time("vault-cases", VAULT_CASE_CLASS, case.pk) as is_ours:
            if is_ours:
                _tell(todo)
                try:
                    _copy(case, storage, todo, at)
                except VaultUnusable as error:
                    for look in looks:
                        look.problem = f"보관함에 쓸 수 없습니다: {error}"[:300]


def _copy(case: VaultCase, storage: Storage, todo: Sequence[tuple[_Look, Original]], at: datetime) -> None:
    folders.remove_unfinished(case)
    for batch in _batches(todo):
        kept: list[VaultFile] = []
        try:
            for look, original in batch:
                if file := _copied(case, storage, original, look, at):
                    kept.append(file)
        finally:
            # Also where the disk was full in the middle: what was copied whole counts.
            if kept:
                commit(case, kept)
                _tell(todo)


def _tell(todo: Sequence[tuple[_Look, Original]]) -> None:
    """How many are left, while the rest is copied: `_write_down` says how it went."""
    for look in {id(look): look for look, _ in todo}.values():
        look.row.waiting = look.waiting
        look.row.save()


def _case(reference: str, at: datetime) -> VaultCase:
    with transaction.atomic():
        found = VaultCase.objects.filter(reference=reference, destroyed_at=None).first()
        if found is None:
            found = VaultCase(reference=reference, opened_at=at)
            case_keys.new(found)
            found.save()
    return found


def _batches(todo: Sequence[tuple[_Look, Original]]) -> Iterable[list[tuple[_Look, Original]]]:
    batch: list[tuple[_Look, Original]] = []
    size = 0
    for look, original in todo:
        batch.append((look, original))
        size += original.bytes
        if len(batch) >= FILES_PER_BATCH or size >= BYTES_PER_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _copied(
    case: VaultCase, storage: Storage, original: Original, look: _Look, at: datetime
) -> VaultFile | None:
    """One original, copied, read back and found equal; its row is not stored yet."""
    file = VaultFile(
        case=case,
        camera_id=original.camera,
        storage=storage,
        path=original.path,
        first_at=instant(original.first_us),
        until_at=instant(original.until_us),
    )
    key, file_id = case_keys.of(case), file.file_id.bytes
    try:
        with originals.opened(storage, original.path) as (source, status):
            file.bytes, file.modified_ns = status.st_size, status.st_mtime_ns
            with folders.drafted(file, status.st_size) as draft:
                written = containers.write(
                    source, draft, case_key=key, file_id=file_id, length=status.st_size
                )
    except FileNotFoundError:
        look.waiting -= 1
        look.vanished += 1
        return None
    except SourceChanged:
        return None  # somebody writes it: copied at the next look
    except Damaged:
        look.problem = "복사한 것을 다시 읽으니 원본과 달랐습니다. 보관함의 디스크를 점검하십시오."
        return None
    except OSError:
        look.unreadable += 1
        return None
    file.sha256, file.kept_at, file.checked_at = written.sha256, at, at
    look.waiting -= 1
    look.files += 1
    look.bytes += file.bytes
    return file


def commit(case: VaultCase, kept: list[VaultFile]) -> None:
    """The rows and the line that proves them; then the files get the names that count."""
    batch = secrets.token_hex(16)
    for file in kept:
        file.batch = batch
    with transaction.atomic():
        held = VaultCase.objects.select_for_update().get(pk=case.pk)
        if held.destroyed_at is None:
            VaultFile.objects.bulk_create(kept)
            record(
                KEPT,
                actor="system:vault",
                subject=case.ledger_subject,
                payload={
                    "case": case.reference,
                    "batch": batch,
                    "files": len(kept),
                    "bytes": sum(file.bytes for file in kept),
                    "digest": digest_of(kept),
                },
            )
    for file in kept:
        if held.destroyed_at is None:
            folders.settle(file)
        else:
            folders.discard(file)


def digest_of(files: Iterable[VaultFile]) -> str:
    """Of a batch, as it stands in the ledger: SHA-256 of its files' lines, sorted."""
    return hashlib.sha256("\n".join(sorted(file.line for file in files)).encode()).hexdigest()


def _write_down(look: _Look, at: datetime, taken: Taken) -> None:
    row = look.row
    was_whole = row.is_whole
    is_over = look.hold.until_at + timedelta(seconds=2 * row.storage.segment_seconds) <= at
    row.looked_at, row.waiting, row.unreadable, row.problem = at, look.waiting, look.unreadable, look.problem
    row.vanished += look.vanished
    is_complete = is_over and not (look.waiting or look.unreadable or look.problem)
    row.complete_at = (row.complete_at or at) if is_complete else None
    row.save()
    if row.is_whole != was_whole:
        taken.cameras.add(look.hold.camera_id)
    taken.files += look.files
    taken.bytes += look.bytes
    taken.waiting += look.waiting
    taken.vanished += look.vanished
    taken.unreadable += look.unreadable
    if look.problem and look.problem not in taken.problems:
        taken.problems.append(look.problem)
