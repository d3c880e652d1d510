"""Destroying footage that is due: `sweep` is the only way to have a file unlinked.

Destroying cannot be taken back, and not destroying breaks the law. So every step is built for being cut off.

1. The sweep locks its storages; a second sweep waits. It asks whether the database is the newest state that is known
   (`ledger.continuity`: after a restore, holds made since are missing) and whether the clock can be trusted
   (`footage.clock`), and reads register and holds. When one of them says no, it stops here: nothing is destroyed.
2. Folders that may hold due files are listed (`footage.tree`), each file is asked (`footage.retention`).
3. Due files become a *block*: up to ten thousand lines. In one transaction, behind the gate that `holds.place`
   passes too, the holds are read once more, the block's cameras are locked, the block is written. Commit.
   Cut off before: nothing happened. Cut off after: the block is open, its files are there or gone.
4. The block's files are unlinked, one by one, relative to the descriptor of the folder that was listed. Then its
   cameras are unlocked: who places a hold may be holding the database, and need not wait for a disk.
5. The folders are synced to disk (`footage.syncing`), those that became empty are removed, and the block is marked
   done, with what became of each line.
6. One transaction at the end: a ledger entry with the digest over all blocks, the day figures, the sweep's row.

What a sweep left behind, the next sweep over the same storage finishes first. Of an open block, a line whose file is
missing was unlinked by the sweep that died; a line whose file is still the same one is asked again, against
today's register and holds: still due, it is unlinked, else it is struck off. Done blocks without a ledger entry go
into the entry of the sweep that found them. So each destroyed file has one line, in one entry, once.

A file that somebody else removes while a block is open cannot be told from one that the dead sweep removed. It is
then listed as destroyed, which it is.

Big trees are shared between processes (`footage.crew`). They hold the locks' descriptors, and the kernel kills
them with the sweep. Nothing here looks at free disk space.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.longrun import RunState, in_words
from footage import clock, crew, locks, manifests, outcomes, policy
from footage.blocks import Outcome
from footage.errors import DatabaseLost, UnusableInput
from footage.findings import follow_sweep
from footage.models import ManifestBlock, Storage, Sweep
from footage.path_templates import LayoutError
from footage.storage_sweep import StorageSweep
from footage.tree import Findings
from ledger import continuity
from ledger.append import record

WORKERS = 2
CLOCK_REMEDY = "시계가 맞으면 --confirm-clock으로 다시 실행하거나 포털에서 확인하십시오."


@dataclass
class SweepResult:
    """The figures of `enforce_retention`; `report` holds reasons with counts and examples."""

    destroyed: int = 0
    bytes: int = 0
    held: int = 0
    kept: int = 0
    unrecognised: int = 0
    unclaimed: int = 0
    cameras: int = 0
    ledger_entry: int | None = None
    max_lateness_seconds: float | None = None
    on_time: int = 0
    errors: int = 0
    refusal: str = ""
    remedy: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    sweep: Sweep | None = None
    swept: frozenset[int] = frozenset()

    @property
    def is_ok(self) -> bool:
        return not self.errors and not self.refusal

    def as_json(self) -> dict[str, Any]:
        figures = ("destroyed", "bytes", "held", "kept", "unrecognised", "unclaimed", "cameras")
        found: dict[str, Any] = {name: getattr(self, name) for name in figures}
        found["ledger_entry"] = self.ledger_entry
        found["max_lateness_seconds"] = self.max_lateness_seconds or 0
        found["errors"] = self.errors
        if self.refusal:
            found["refused"] = self.refusal
        return found


Progress = Callable[[int, str], None]
KILLED = "파기하던 작업이 중단되었습니다. 남은 것은 다음 파기가 마칩니다."


def sweep(
    at: datetime | None = None,
    *,
    dry_run: bool = False,
    confirm_clock: bool = False,
    actor: str,
    run: Sweep | None = None,
    storage: Storage | None = None,
    wait: bool = True,
    workers: int = WORKERS,
) -> SweepResult:
    """One sweep as of `at` (by default the clock). Raises `locks.Busy` when it may not wait and another one runs."""
    is_by_clock = at is None
    now = timezone.now()
    instant_at = now if at is None else at.astimezone(UTC)
    if instant_at > now and not dry_run:
        raise UnusableInput(
            "기준 시각이 현재보다 뒤입니다. 미래 시각은 모의 실행(--dry-run)에만 쓸 수 있습니다."
        )
    chosen = [storage] if storage is not None else list(Storage.objects.order_by("pk"))
    held_locks = locks.StorageLocks()
    row: Sweep | None = None
    try:
        if not dry_run and not held_locks.lock([found.pk for found in chosen], wait=wait):
            raise locks.Busy
        if not dry_run and (refusal := _ask_ledger()):
            return _refuse(refusal, instant_at, run, is_by_clock=is_by_clock)
        if is_by_clock:
            refusal = _ask_clock(confirm_clock=confirm_clock and not dry_run, actor=actor)
            # While waiting for another sweep time went on.
            instant_at = timezone.now()
            if refusal and not (dry_run and confirm_clock):
                return _refuse(refusal, instant_at, run, dry_run=dry_run, remedy=CLOCK_REMEDY)
        row = _open_row(run, instant_at, is_by_clock, storage) if not dry_run else None
        result = _sweep_all(chosen, instant_at, row, held_locks, actor=actor, workers=workers)
    finally:
        held_locks.release()
        if row is not None:
            row._close_side_connection()
    if result.destroyed and not dry_run:
        follow_sweep(result.swept)
    return result


def _ask_clock(*, confirm_clock: bool, actor: str) -> str:
    found = clock.check()
    if not found and confirm_clock:
        clock.confirm(None, actor=actor)
        return ""
    return found.refusal


def _ask_ledger() -> str:
    """Whether a newer state than this is known; if not, this one is remembered on this machine."""
    if missing := continuity.lost():
        return continuity.in_words(missing)
    continuity.remember_newest()
    return ""


def _refuse(
    refusal: str,
    now: datetime,
    run: Sweep | None,
    *,
    dry_run: bool = False,
    is_by_clock: bool = True,
    remedy: str = "",
) -> SweepResult:
    """Nothing is destroyed; the refusal is on record, once and not every minute."""
    if not dry_run:
        row = (
            run or Sweep.objects.filter(is_refused=True, requested_by=None).order_by("-pk").first() or Sweep()
        )
        row.at, row.is_refused, row.is_by_clock = now, True, is_by_clock
        row.state, row.error, row.finished_at = RunState.FAILED, refusal, now
        row.save()
    return SweepResult(refusal=refusal, remedy=remedy, errors=1)


def startable() -> "QuerySet[Sweep]":
    """Rows that a worker may take: waiting ones, and rehearsals whose worker died. A real sweep that died is not begun
    again: the next one finishes what it left."""
    return Sweep.objects.filter(Q(state=RunState.WAITING) | Q(pk__in=Sweep.objects.stale(), is_dry_run=True))


def _close_the_dead(storage: Storage | None) -> None:
    """Sweeps that are said to run over a storage whose lock is ours: their processes were killed."""
    dead = Sweep.objects.filter(state=RunState.RUNNING, is_dry_run=False)
    if storage is not None:
        dead = dead.filter(Q(storage=storage) | Q(storage=None))
    dead.update(state=RunState.FAILED, finished_at=timezone.now(), error=KILLED)


def _open_row(run: Sweep | None, at: datetime, is_by_clock: bool, storage: Storage | None) -> Sweep:
    _close_the_dead(storage)
    row = run or Sweep(storage=storage)
    row.at, row.is_by_clock = at, is_by_clock
    row.state = RunState.RUNNING
    row.started_at = row.heartbeat_at = timezone.now()
    row.save()
    return row


def _sweep_all(
    chosen: list[Storage],
    at: datetime,
    row: Sweep | None,
    held_locks: locks.StorageLocks,
    *,
    actor: str,
    workers: int,
) -> SweepResult:
    """All storages one after the other; what goes wrong with one does not keep the others waiting."""
    total = Tally()
    complete: list[tuple[Storage, Findings, bool]] = []
    share = partial(crew.share, size=workers) if workers else None
    try:
        for storage in chosen:
            work = StorageSweep(storage, at, row, held_locks, share=share)
            work.done_before = total.outcome.destroyed
            try:
                work.run()
            except policy.HoldsUnreadable as error:
                total.error("holds_unreadable", f"{storage.name}: {error}")
            except DatabaseLost as error:
                total.error("database", f"{storage.name}: {error}")
            except LayoutError as error:
                total.error("layout", f"{storage.name}: {error}")
            except OSError as error:
                total.error("io", f"{storage.name}: {error}")
            total.add(work)
            complete.append((storage, work.findings, work.is_complete))
            if work.is_cancelled:
                total.is_cancelled = True
                break
        return _finish(total, complete, row, actor=actor)
    except BaseException as error:
        # The row tells that it stopped; its blocks stay open for the next sweep.
        if row is not None:
            _note_failure(row, error)
        raise


def _note_failure(row: Sweep, error: BaseException) -> None:
    # The database may be what failed; the first error is the one to see.
    with contextlib.suppress(Exception):
        row.fail(in_words(error))


@dataclass
class Tally:
    """The sums over all storages."""

    findings: Findings = field(default_factory=Findings)
    outcome: Outcome = field(default_factory=Outcome)
    cameras: set[int] = field(default_factory=set)
    is_cancelled: bool = False

    def error(self, reason: str, text: str) -> None:
        self.findings.note("errors", reason, text)

    def add(self, work: StorageSweep) -> None:
        self.findings.merge(work.findings.as_data())
        self.outcome.destroyed += work.total.destroyed
        self.outcome.bytes += work.total.bytes
        self.outcome.on_time += work.total.on_time
        self.outcome.late_us = max(self.outcome.late_us, work.total.late_us)
        self.cameras |= work.cameras


def _finish(
    total: Tally, complete: list[tuple[Storage, Findings, bool]], row: Sweep | None, *, actor: str
) -> SweepResult:
    counts = total.findings.counts
    result = SweepResult(
        destroyed=total.outcome.destroyed,
        bytes=total.outcome.bytes,
        held=counts["held"],
        kept=counts["kept"],
        unrecognised=counts["unrecognised"],
        unclaimed=counts["unclaimed"],
        cameras=len(total.cameras),
        max_lateness_seconds=total.outcome.late_us / 1_000_000 if total.outcome.destroyed else None,
        on_time=total.outcome.on_time,
        errors=counts["errors"],
        report=outcomes.report(total.findings, all(whole for _, _, whole in complete)),
        sweep=row,
        swept=frozenset(total.cameras),
    )
    if row is not None:
        row.state = RunState.CANCELLED if total.is_cancelled else RunState.SUCCEEDED
        _write_result(result, complete, row, actor=actor)
    return result


def _write_result(
    result: SweepResult, complete: list[tuple[Storage, Findings, bool]], row: Sweep, *, actor: str
) -> None:
    """Step 6: day figures, the sweep's row and, last in the transaction, the ledger entry."""
    with transaction.atomic(durable=True):
        blocks = ManifestBlock.objects.filter(sweep=row, done_at__isnull=False, ledger_sequence__isnull=True)
        outcomes.add_to_days(blocks)
        for storage, findings, is_whole in complete:
            outcomes.remember_storage(storage, findings, is_whole)
        for name in (
            "destroyed",
            "bytes",
            "held",
            "kept",
            "unrecognised",
            "unclaimed",
            "errors",
            "max_lateness_seconds",
            "on_time",
            "report",
        ):
            setattr(row, name, getattr(result, name))
        row.done = row.total = result.destroyed
        if result.errors:
            row.state = RunState.FAILED
        row.error = outcomes.error_text(result.report) if result.errors else ""
        row.heartbeat_at = row.finished_at = timezone.now()
        if result.destroyed:
            result.ledger_entry = _enter(result, row, actor=actor)
            blocks.update(ledger_sequence=result.ledger_entry)
        else:
            # Nothing destroyed, every line struck: no entry to wait for.
            blocks.update(ledger_sequence=0)
        row.ledger_sequence = result.ledger_entry
        row.save()
        outcomes.prune_idle(row)


def _enter(result: SweepResult, row: Sweep, *, actor: str) -> int:
    blocks = ManifestBlock.objects.filter(sweep=row, done_at__isnull=False, ledger_sequence__isnull=True)
    digest = manifests.digest_of(iter(blocks.order_by("pk").values_list("digest", "outcome")))
    entry = record(
        manifests.DESTROYED,
        actor=actor,
        subject=f"sweep:{row.pk}",
        payload={
            "at": row.at.isoformat(),
            "by_clock": row.is_by_clock,
            "destroyed": result.destroyed,
            "bytes": result.bytes,
            "held": result.held,
            "cameras": result.cameras,
            "blocks": blocks.count(),
            "manifest": digest,
            "max_lateness_seconds": round(result.max_lateness_seconds or 0, 3),
        },
    )
    return entry.sequence
