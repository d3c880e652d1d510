"""A sweep over one storage: what a dead sweep left, the walk, the blocks.

Steps 2 to 5 of the procedure that `footage.destruction` opens with.
"""

import contextlib
import os
import time
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from accounts.longrun import Cancelled
from footage import delays, locks, manifests, policy, roots, shortenings, storages
from footage.blocks import Batch, Bundle, Outcome, describe
from footage.errors import DatabaseLost
from footage.layouts import Layout, folder_may_hold_due, instant, microseconds
from footage.models import ManifestBlock, Storage, Sweep
from footage.recovery import Remains
from footage.tree import Findings, Folder
from footage.unlinker import Sweeper

# From so many folders on, processes of their own pay for their start.
FOLDERS_FOR_WORKERS = int(os.environ.get("FOOTAGE_FOLDERS_FOR_WORKERS", "16"))
# What need not be listed is listed all the same, as far as this many names: small trees are known whole.
NAMES_BESIDES = 100_000
FOLDERS_BESIDES = 50_000
PROBED_KEYS = 200
Share = Callable[["StorageSweep", Iterator[Folder]], None]


class StorageSweep:
    """A sweep over one storage: recovery, walk, blocks."""

    def __init__(
        self,
        storage: Storage,
        at: datetime,
        row: Sweep | None,
        held_locks: locks.StorageLocks,
        *,
        share: "Share | None" = None,
    ) -> None:
        """`share` goes through many folders with other processes; without it this process does it all."""
        self.storage = storage
        self.at = at
        self.row = row
        self.held_locks = held_locks
        self.share = share
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
        if reason := roots.refusal(self.storage.root):
            self.findings.note("errors", "root", f"{self.storage.name}: {reason}")
            return
        if self.storage.confirmed_at is None and self.row is not None:
            self.findings.note("notes", "unconfirmed", self.storage.name)
            return
        absent = storages.absence(self.storage)
        if self.row is not None:
            storages.mark(self.storage, absent)
        if absent:
            self.findings.note("errors", "absent", f"{self.storage.name}: {absent}")
            return
        if self.row is not None:
            shortenings.follow_register(self.storage)
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
        if len(first) >= FOLDERS_FOR_WORKERS and self.row is not None and self.share:
            self.share(self, _chain(first, leaves))
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
            if self.layout.is_open(folder.cursors):
                # mediamtx: below `a` there may be `a/b`, and that one may be another camera's.
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
            if "/" in key or key in (".", ".."):
                continue
            claims = self.policy.claims_of((key,))
            for name in dict.fromkeys((key, unicodedata.normalize("NFD", key))):
                if cursors := self.layout.enter(folder.cursors, name):
                    found.append(Folder(folder.child(name), cursors, is_probe=True, claims=claims))
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
        self._explain(outcome, batch.bundles, self.at)
        self.take_outcome(outcome, set(batch.cameras()))

    def _explain(self, outcome: Outcome, bundles: Iterable[Bundle], at: datetime) -> None:
        delays.explain(
            outcome,
            bundles,
            storage=self.storage,
            layout=self.layout,
            segment_us=self.policy.segment_us,
            at=at,
        )

    # Blocks of this process.

    def _destroy(self, batch: Batch) -> None:
        header, body = describe(batch, self.policy.segment_us)
        skip: dict[int, str] = {}

        def recheck(holds: dict[int, list[tuple[int, int]]]) -> None:
            skip.update(self.sweeper.recheck(batch, holds))

        block = self._until_free(lambda: self.approve(header, body, recheck))
        outcome = self.sweeper.unlink(batch, skip)
        self.camera_locks.release(header["cameras"])
        self.sweeper.settle(batch, outcome)
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
        try:
            # A block that another sweep left was due as of that one's instant.
            self._explain(outcome, manifests.bundles(block), block.sweep.at)
            data = outcome.as_data()
            errors = data.pop("errors")
            data.pop("is_synced")
            data.pop("over_us")
            data["failed"] = {reason: len(paths) for reason, paths in errors.items()}
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
            outcome = remains.unlink()
        finally:
            self.camera_locks.release(header["cameras"])
        self.sweeper.settle(remains.batch, outcome)
        self._until_free(lambda: self.mark_done(block, outcome))
        self.take_outcome(outcome, set(header["cameras"]))


def _chain(first: list[Folder], rest: Iterable[Folder]) -> Iterator[Folder]:
    yield from first
    yield from rest
