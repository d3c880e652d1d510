"""Destroying footage that is due: the only place from which a file is unlinked.

Destroying cannot be taken back, and not destroying breaks the law. So every step is built for being cut off.

1. The sweep locks its storages; a second sweep waits. It reads register and holds. When holds cannot be read,
   it stops here: nothing is destroyed.
2. Folders that may hold due files are listed (`footage.tree`), each file is asked (`footage.retention`).
3. Due files become a *block*: up to ten thousand lines. In one transaction, behind the gate that `holds.place`
   passes too, the holds are read once more, the block's cameras are locked, the block is written. Commit.
   Cut off before: nothing happened. Cut off after: the block is open, its files are there or gone.
4. The block's files are unlinked, one by one, relative to the descriptor of the folder that was listed. Then the
   folders are synced to disk, and those that became empty are removed.
5. The block is marked done, with what became of each line. Its cameras are unlocked before that: who places a hold
   may be holding the database.
6. One transaction at the end: a ledger entry with the digest over all blocks, the day figures, the sweep's row.

What a sweep left behind, the next sweep over the same storage finishes first. Of an open block, a line whose file is
missing was unlinked by the sweep that died; a line whose file is still the same one is asked again, against
today's register and holds: still due, it is unlinked, else it is struck off. Done blocks without a ledger entry go
into the entry of the sweep that found them. So each destroyed file has one line, in one entry, once.

A file that somebody else removes while a block is open cannot be told from one that the dead sweep removed. It is
then listed as destroyed, which it is.

Big trees are shared between processes (`footage.unlinker`). They hold the locks' descriptors, and the kernel kills
them with the sweep. Nothing here looks at free disk space.
"""

import contextlib
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.longrun import Cancelled, RunState
from footage import clock, locks, manifests, outcomes, policy, storages
from footage.crew import Crew
from footage.errors import DatabaseLost, UnusableInput
from footage.layouts import Layout, folder_may_hold_due, instant, microseconds
from footage.models import ManifestBlock, Storage, Sweep
from footage.recovery import Remains
from footage.tree import Findings, Folder
from footage.unlinker import Batch, Outcome, Sweeper, describe
from ledger.append import record

WORKERS = 2
# From so many folders on, processes of their own pay for their start.
FOLDERS_FOR_WORKERS = int(os.environ.get("FOOTAGE_FOLDERS_FOR_WORKERS", "16"))
# What need not be listed is listed all the same, as far as this many names: small trees are known whole.
NAMES_BESIDES = 100_000
FOLDERS_BESIDES = 50_000
PROBED_KEYS = 200


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
    report: dict[str, Any] = field(default_factory=dict)
    sweep: Sweep | None = None

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
        if is_by_clock:
            refusal = _ask_clock(confirm_clock=confirm_clock and not dry_run, actor=actor)
            # While waiting for another sweep time went on.
            instant_at = timezone.now()
            if refusal and not (dry_run and confirm_clock):
                return _refuse(refusal, instant_at, run, dry_run=dry_run)
        row = _open_row(run, instant_at, is_by_clock, storage) if not dry_run else None
        return _sweep_all(chosen, instant_at, row, held_locks, actor=actor, workers=workers)
    finally:
        held_locks.release()
        if row is not None:
            row._close_side_connection()


def _ask_clock(*, confirm_clock: bool, actor: str) -> str:
    found = clock.check()
    if not found and confirm_clock:
        clock.confirm(None, actor=actor)
        return ""
    return found.refusal


def _refuse(refusal: str, now: datetime, run: Sweep | None, *, dry_run: bool) -> SweepResult:
    """Nothing is destroyed; the refusal is on record, once and not every minute."""
    if not dry_run:
        row = (
            run or Sweep.objects.filter(is_refused=True, requested_by=None).order_by("-pk").first() or Sweep()
        )
        row.at, row.is_refused, row.is_by_clock = now, True, True
        row.state, row.error, row.finished_at = RunState.FAILED, refusal, now
        row.save()
    return SweepResult(refusal=refusal, errors=1)


def _open_row(run: Sweep | None, at: datetime, is_by_clock: bool, storage: Storage | None) -> Sweep:
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
    try:
        for storage in chosen:
            work = StorageSweep(storage, at, row, held_locks, workers=workers)
            work.done_before = total.outcome.destroyed
            try:
                work.run()
            except policy.HoldsUnreadable as error:
                total.error("holds_unreadable", f"{storage.name}: {error}")
            except DatabaseLost as error:
                total.error("database", f"{storage.name}: {error}")
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
        row.fail(str(error) or type(error).__name__)


@dataclass
class Tally:
    """The sums over all storages."""

    findings: Findings = field(default_factory=Findings)
    outcome: Outcome = field(default_factory=Outcome)
    cameras: set[int] = field(default_factory=set)
    is_cancelled: bool = False

    def error(self, reason: str, text: str) -> None:
        self.findings.note("errors", reason, text)

    def add(self, work: "StorageSweep") -> None:
        self.findings.merge(work.findings.as_data())
        self.outcome.destroyed += work.total.destroyed
        self.outcome.bytes += work.total.bytes
        self.outcome.on_time += work.total.on_time
        self.outcome.late_us = max(self.outcome.late_us, work.total.late_us)
        self.cameras |= work.cameras


class StorageSweep:
    """A sweep over one storage: recovery, walk, blocks."""

    def __init__(
        self,
        storage: Storage,
        at: datetime,
        row: Sweep | None,
        held_locks: locks.StorageLocks,
        *,
        workers: int,
    ) -> None:
        self.storage = storage
        self.at = at
        self.row = row
        self.held_locks = held_locks
        self.workers = workers
        self.findings = Findings()
        self.total = Outcome()
        self.cameras: set[int] = set()
        self.is_complete = False
        self.is_cancelled = False
        self.done_before = 0
        self.besides: deque[Folder] = deque()
        self.is_besides_full = False

    @property
    def own_row(self) -> Sweep:
        if self.row is None:
            raise RuntimeError("a dry run writes nothing")
        return self.row

    def run(self) -> None:
        absent = storages.absence(self.storage)
        if self.row is not None:
            storages.mark(self.storage, absent)
        if absent:
            self.findings.note("errors", "absent", f"{self.storage.name}: {absent}")
            return
        self.policy = policy.current(self.storage, self.at)
        self.layout: Layout = storages.layout_of(self.storage)
        self.camera_locks = locks.CameraLocks()
        self.sweeper = Sweeper(
            self.storage.root,
            self.layout,
            self.policy,
            now_us=microseconds(timezone.now()),
            is_dry_run=self.row is None,
        )
        try:
            with locks.patient_sqlite():
                if self.row is not None:
                    self._finish_open_blocks()
                self._walk()
        finally:
            self.findings.merge(self.sweeper.findings.as_data())
            self.sweeper.close()
            self.camera_locks.close()

    # Which folders.

    def _walk(self) -> None:
        """Everything that may be due, then what else there is as far as the limit goes."""
        leaves = self._leaves([Folder("", self.layout.top())])
        first = []
        for folder in leaves:
            first.append(folder)
            if len(first) >= FOLDERS_FOR_WORKERS:
                break
        if len(first) >= FOLDERS_FOR_WORKERS and self.row is not None and self.workers:
            crew = Crew(self, self.workers)
            try:
                crew.work_through(_chain(first, leaves))
            finally:
                crew.close()
        else:
            for folder in _chain(first, leaves):
                self._visit(folder)
            self._flush()
        self._look_besides()

    def _leaves(self, start: list[Folder]) -> Iterator[Folder]:
        """Lists the upper folders and yields those with files that may be due. Memory: one branch of the tree."""
        todo = deque(start)
        while todo and not self.is_cancelled:
            folder = todo.pop()
            if self.layout.is_leaf(folder.cursors):
                yield folder
                continue
            probes = self._probes(folder)
            if probes is not None:
                folder.probed = frozenset(probe.path for probe in probes)
                self.set_aside(folder)
                todo.extend(probes)
                continue
            for child in self.sweeper.visit(folder):
                if self.may_hold_due(child):
                    todo.append(child)
                else:
                    self.set_aside(child)

    def may_hold_due(self, folder: Folder) -> bool:
        if folder.strange:
            return False
        keys = self.layout.keys_of(folder.cursors)
        if keys:
            folder.claims = self.policy.claims_of(keys)
            cutoffs = [claim.cutoff_us for claim in folder.claims if claim.cutoff_us is not None]
            cutoff_us = max(cutoffs, default=None)
            if cutoff_us is None and self.layout.may_have_folders(folder.cursors):
                # mediamtx: below `a` there may be `a/b`, and that one may be claimed.
                cutoff_us = self.policy.latest_cutoff_us
        else:
            cutoff_us = self.policy.latest_cutoff_us
        first_us = self.layout.bounds(folder.cursors)[0]
        return cutoff_us is not None and folder_may_hold_due(first_us, cutoff_us, self.policy.segment_us)

    def _probes(self, folder: Folder) -> list[Folder] | None:
        """Where a folder lists all cameras but only a few have a short period: open theirs by name instead."""
        first_us = self.layout.bounds(folder.cursors)[0]
        if first_us is None or len(self.layout.variants) != 1:
            return None
        variant = self.layout.variants[0]
        depth = folder.cursors[0].depth
        if depth >= len(variant.folders) or variant.folders[depth].tokens != (("field", "camera"),):
            return None
        keys = self.policy.keys_with_due(first_us)
        if len(keys) > PROBED_KEYS or len(self.policy.claims) < 4 * max(len(keys), PROBED_KEYS):
            return None
        found = []
        for key in keys:
            cursors = self.layout.enter(folder.cursors, key)
            if cursors and "/" not in key and key not in (".", ".."):
                claims = self.policy.claims_of((key,))
                found.append(Folder(folder.child(key), cursors, is_probe=True, claims=claims))
        return found

    def set_aside(self, folder: Folder) -> None:
        if len(self.besides) < FOLDERS_BESIDES:
            self.besides.append(folder)
        else:
            self.is_besides_full = True

    def _look_besides(self) -> None:
        """Folders that cannot hold anything due: only to report what is strange in them. Upper folders first."""
        limit = self.sweeper.entries + NAMES_BESIDES
        while self.besides and self.sweeper.entries < limit and not self.is_cancelled:
            folder = self.besides.popleft()
            for child in self._visit(folder):
                if child.path not in folder.probed:
                    self.set_aside(child)
        self._flush()
        self.is_complete = not self.besides and not self.is_besides_full

    def _visit(self, folder: Folder) -> list[Folder]:
        children = self.sweeper.visit(folder)
        self._take_ready()
        aside = []
        for child in children:
            if self.layout.is_leaf(folder.cursors) and self.may_hold_due(child):
                aside.extend(self._visit(child))
            else:
                aside.append(child)
        if self.layout.is_leaf(folder.cursors):
            for child in aside:
                self.set_aside(child)
            return []
        return aside

    def _flush(self) -> None:
        self.sweeper.flush()
        self._take_ready()

    def _take_ready(self) -> None:
        while self.sweeper.ready:
            batch = self.sweeper.ready.popleft()
            if self.row is None:
                self._count_only(batch)
            else:
                self._destroy(batch)

    def _count_only(self, batch: Batch) -> None:
        """The dry run's figures, by the same sums."""
        outcome = Outcome()
        for bundle in batch.bundles:
            outcome.add(bundle, self.policy.segment_us)
        self.take_outcome(outcome, set(batch.cameras()))

    # Blocks of this process.

    def _destroy(self, batch: Batch) -> None:
        header, body = describe(batch, self.policy.segment_us)
        skip: dict[int, str] = {}

        def recheck(holds: dict[int, list[tuple[int, int]]]) -> None:
            skip.update(self.sweeper.recheck(batch, holds))

        block = self._until_free(lambda: self.approve(header, body, recheck))
        outcome = self.sweeper.unlink(batch, skip)
        self.camera_locks.release(header["cameras"])
        self._until_free(lambda: self.mark_done(block, outcome))
        self.take_outcome(outcome, set(header["cameras"]))

    def approve(
        self,
        header: dict[str, Any],
        body: bytes,
        recheck: Callable[[dict[int, list[tuple[int, int]]]], None],
        existing: ManifestBlock | None = None,
    ) -> ManifestBlock:
        """Read the holds again, lock the cameras, write the block: one transaction. Raises Busy."""
        cameras = header["cameras"]
        with locks.gate():
            holds = policy.holds_in_force(cameras)
            self.camera_locks.lock(cameras)
            try:
                known = {camera: set(self.policy.holds.get(camera, ())) for camera in cameras}
                fresh = {
                    camera: [span for span in spans if span not in known[camera]]
                    for camera, spans in holds.items()
                }
                if existing is not None or any(fresh.values()):
                    recheck(holds)
                if existing is not None:
                    return existing
                return ManifestBlock.objects.create(
                    sweep=self.own_row,
                    storage=self.storage,
                    lines=body,
                    count=header["count"],
                    digest=header["digest"],
                    approved_at=timezone.now(),
                    first_at=instant(header["first_us"]),
                    last_at=instant(header["last_us"]),
                )
            except BaseException:
                self.camera_locks.release(cameras)
                raise

    def mark_done(self, block: ManifestBlock, outcome: Outcome) -> None:
        """What became of the block. A folder that could not be synced leaves it open for the next sweep."""
        if not outcome.is_synced:
            return
        data = outcome.as_data()
        errors = data.pop("errors")
        data.pop("is_synced")
        data["failed"] = {reason: len(paths) for reason, paths in errors.items()}
        try:
            block.outcome = data
            block.done_at = timezone.now()
            block.destroyed, block.bytes = outcome.destroyed, outcome.bytes
            block.sweep = self.own_row
            block.save(update_fields=["outcome", "done_at", "destroyed", "bytes", "sweep"])
        except OperationalError as error:
            if locks.is_locked(error):
                raise locks.Busy from error
            raise DatabaseLost(str(error)) from error

    def take_outcome(self, outcome: Outcome, cameras: set[int]) -> None:
        """Add up what became of a block, and say that the sweep is alive."""
        if outcome.is_synced:
            self._add_figures(outcome, cameras)
        for reason, paths in outcome.errors.items():
            for path in paths:
                self.findings.note("errors", reason, path)
        struck = Counter(why for _, why in outcome.struck)
        self.findings.counts["held"] += struck["held"]
        if struck["vanished"]:
            self.findings.note("notes", "vanished", self.storage.name, struck["vanished"])
        if self.row is not None:
            self._beat()

    def _add_figures(self, outcome: Outcome, cameras: set[int]) -> None:
        """Only of blocks that are done: an open one is counted by the sweep that closes it."""
        self.total.destroyed += outcome.destroyed
        self.total.bytes += outcome.bytes
        self.total.on_time += outcome.on_time
        self.total.late_us = max(self.total.late_us, outcome.late_us)
        if outcome.destroyed:
            self.cameras |= cameras - {0}

    def _beat(self) -> None:
        """Progress for the screen; a busy database is no reason to stop, a person's request is."""
        with contextlib.suppress(OperationalError):
            try:
                self.own_row.beat(self.done_before + self.total.destroyed, step=self.storage.name)
            except Cancelled:
                self.is_cancelled = True

    def _until_free(self, attempt: Callable[[], Any]) -> Any:
        """Try until nobody else is at it. Nothing of ours is under way meanwhile, so waiting harms nobody."""
        deadline = time.monotonic() + locks.DATABASE_PATIENCE_SECONDS
        while True:
            try:
                return attempt()
            except locks.Busy:
                if time.monotonic() > deadline:
                    raise DatabaseLost("데이터베이스가 계속 잠겨 있습니다.") from None
                time.sleep(locks.POLL_SECONDS)
            except OperationalError as error:
                if not locks.is_locked(error):
                    raise DatabaseLost(str(error)) from error
                if time.monotonic() > deadline:
                    raise DatabaseLost("데이터베이스가 계속 잠겨 있습니다.") from error
                time.sleep(locks.POLL_SECONDS)

    # What a sweep that was cut off left behind.

    def _finish_open_blocks(self) -> None:
        left = ManifestBlock.objects.filter(storage=self.storage, ledger_sequence__isnull=True)
        for pk in left.order_by("pk").values_list("pk", flat=True):
            block = left.get(pk=pk)
            if block.done_at is None:
                self._finish_block(block)
            else:
                self._adopt(block)

    def _adopt(self, block: ManifestBlock) -> None:
        """Unlinked and marked, but the sweep ended before its ledger entry: it goes into ours."""
        block.sweep = self.own_row
        self._until_free(lambda: block.save(update_fields=["sweep"]))
        figures = {name: block.outcome[name] for name in ("on_time", "late_us")}
        outcome = Outcome(destroyed=block.destroyed, bytes=block.bytes, **figures)
        self.take_outcome(outcome, {day[0] for day in block.outcome["days"]})

    def _finish_block(self, block: ManifestBlock) -> None:
        remains = Remains(self.sweeper, self.policy, block)
        header = {"cameras": remains.batch.cameras()}
        self._until_free(lambda: self.approve(header, b"", remains.ask, existing=block))
        try:
            outcome = remains.settle()
        finally:
            self.camera_locks.release(header["cameras"])
        self._until_free(lambda: self.mark_done(block, outcome))
        self.take_outcome(outcome, set(header["cameras"]))


def _chain(first: list[Folder], rest: Iterable[Folder]) -> Iterator[Folder]:
    yield from first
    yield from rest


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
        "footage.destroyed",
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
