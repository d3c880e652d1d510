"""The hands of a sweep: lists folders, says what is due, and unlinks what the sweep has approved.

A `Batch` is born here (planned), becomes a manifest block in `footage.storage_sweep` (written and committed) and
comes back for unlinking. Nothing is unlinked that was not sent back approved.

The same code runs inside the sweep and, for big trees, in processes of its own (`footage.unlinking_process`). This
module imports nothing of Django (see `footage.layouts`).
"""

import errno
import os
import time
from collections import deque
from collections.abc import Iterable

from footage.blocks import Batch, Bundle, Line, Outcome
from footage.layouts import Layout
from footage.retention import (
    CONFLICT,
    DAY,
    TOLERANCE_US,
    Claim,
    Policy,
    claimant,
    is_due,
    is_implausible,
    lies_ahead,
)
from footage.syncing import sync_folders
from footage.tree import Folder, Visitor

BLOCK_LINES = 10_000
MIN_BLOCK_LINES = 500
MAX_BLOCK_FOLDERS = 100
# An approved block keeps its cameras' holds waiting: no longer than about this.
BLOCK_SECONDS = 2.0
TIME_EVERY = 512

Dated = tuple[os.DirEntry[str], int, int]  # a file with both readings of its start


class Sweeper(Visitor):
    """Visits folders for a sweep: counts what stays, gathers what is due into batches."""

    def __init__(
        self, root: str, layout: Layout, policy: Policy, *, now_us: int, is_dry_run: bool = False
    ) -> None:
        super().__init__(root, layout)
        self.policy = policy
        self.now_us = now_us
        self.is_dry_run = is_dry_run
        self.batch = Batch()
        self.ready: deque[Batch] = deque()
        self.block_lines = BLOCK_LINES

    # Planning.

    def take(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        keys = self.layout.keys_of(folder.cursors)
        if not keys:
            self._take_mixed(folder, descriptor, portion)
            return
        claims = self.policy.claims_of(keys) if folder.claims is None else folder.claims
        if len(claims) == 1 and self._is_plain(claims[0]):
            self._take_plain(folder, descriptor, portion, claims[0])
        else:
            self._take_of(folder, descriptor, self.spans(folder, portion), keys, claims)

    def _is_plain(self, claim: Claim) -> bool:
        """One camera, always, with a period and without a hold: by far the most folders."""
        return (
            claim.from_us is None
            and claim.until_us is None
            and claim.cutoff_us is not None
            and claim.camera not in self.policy.holds
        )

    def _take_plain(
        self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]], claim: Claim
    ) -> None:
        """As `_take_of`, with everything that is the same for all files worked out before."""
        cutoff_us = claim.cutoff_us or 0
        segment_us = self.policy.segment_us
        limit_us = cutoff_us - segment_us
        young_ns = min(self.now_us - 2 * segment_us, cutoff_us + TOLERANCE_US) * 1000
        longest_us = DAY + segment_us
        read = self.layout.reader(folder.cursors)
        bundle = Bundle(folder.path, claim.camera, cutoff_us)
        names, sizes, starts, mtimes, inodes = bundle.columns()
        kept = 0
        for entry in portion:
            name = entry.name
            span = read(name)
            if span is None:
                self._strange_file(folder, name)
                continue
            start_us = span[1]
            if start_us >= limit_us:
                kept += self._keep(folder, name, start_us)
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                status = None
            mtime_ns = 0 if status is None else status.st_mtime_ns
            if (
                status is None
                or mtime_ns >= young_ns
                or start_us < claim.since_us
                or status.st_nlink != 1
                or not -DAY <= mtime_ns // 1000 - start_us <= longest_us
            ):
                line = self._due_line(folder, entry, span[0], start_us, claim)
                if line is not None:
                    bundle.add(line)
                continue
            names.append(name)
            sizes.append(status.st_size)
            starts.append(start_us)
            mtimes.append(mtime_ns)
            inodes.append(status.st_ino)
        self.findings.counts["kept"] += kept
        self._add(bundle, descriptor)

    def _take_mixed(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        """A folder with files of several cameras (kerberos): sort them by camera first."""
        by_key: dict[tuple[str, ...], list[Dated]] = {}
        for entry, reading in self.readings(folder, portion):
            by_key.setdefault(reading.keys, []).append((entry, reading.first_us, reading.last_us))
        for keys, dated in by_key.items():
            self._take_of(folder, descriptor, dated, keys, self.policy.claims_of(keys))

    def _take_of(
        self,
        folder: Folder,
        descriptor: int,
        dated: Iterable[Dated],
        keys: tuple[str, ...],
        claims: tuple[Claim, ...],
    ) -> None:
        counts = self.findings.counts
        segment_us = self.policy.segment_us
        plain = claims[0] if len(claims) == 1 and claims[0].from_us is claims[0].until_us is None else None
        unclaimed: list[int] = []
        due: dict[Claim, Bundle] = {}
        kept = 0
        for entry, first_us, last_us in dated:
            claim = plain or claimant(claims, last_us)
            if not isinstance(claim, Claim):
                if claim == CONFLICT:
                    self.findings.note("unclaimed", "conflict", folder.child(entry.name))
                else:
                    unclaimed.append(last_us)
                continue
            if not is_due(claim, last_us, segment_us):
                kept += self._keep(folder, entry.name, last_us)
                continue
            line = self._due_line(folder, entry, first_us, last_us, claim)
            if line is not None:
                bundle = due.setdefault(claim, Bundle(folder.path, claim.camera, claim.cutoff_us or 0))
                bundle.add(line)
        counts["kept"] += kept
        if unclaimed:
            path = folder.path or keys[0]
            self.findings.note("unclaimed", "no_camera", path, len(unclaimed))
            self.findings.add_unclaimed(keys[-1], len(unclaimed), 0, min(unclaimed), max(unclaimed))
        for bundle in due.values():
            self._add(bundle, descriptor)

    def _keep(self, folder: Folder, name: str, start_us: int) -> bool:
        """Whether a file that is not due counts as kept, or as one whose name cannot be true."""
        if lies_ahead(start_us, self.now_us):
            self.findings.note("unrecognised", "implausible", folder.child(name))
            return False
        return True

    def _due_line(
        self, folder: Folder, entry: os.DirEntry[str], first_us: int, last_us: int, claim: Claim
    ) -> Line | None:
        """The manifest line of a file that is due by its path, unless something speaks for keeping it."""
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.findings.note("errors", errno.errorcode.get(error.errno or 0, "?"), folder.child(entry.name))
            return None
        end_us = last_us + self.policy.segment_us
        mtime_us = status.st_mtime_ns // 1000
        # What was written within the last two segments is still open, also when clocks differ a little.
        if self.now_us - 2 * self.policy.segment_us < mtime_us < self.now_us + DAY:
            self.findings.counts["kept"] += 1
            self.findings.note("notes", "being_written", folder.child(entry.name))
            return None
        # A file that went on after its nominal end holds what a hold on that later time asks for.
        held_end_us = mtime_us if end_us < mtime_us <= last_us + DAY else end_us
        if claim.camera in self.policy.holds and self.policy.is_held(claim.camera, first_us, held_end_us):
            self.findings.counts["held"] += 1
            return None
        if is_implausible(self.policy, claim, last_us, mtime_us, self.now_us):
            self.findings.note("unrecognised", "implausible", folder.child(entry.name))
            return None
        # The time in the path rules; a contradiction that does not speak for keeping the file is only told.
        if mtime_us - end_us > DAY or last_us - mtime_us > DAY:
            self.findings.note("notes", "mtime_contradiction", folder.child(entry.name))
        if status.st_nlink > 1:
            self.findings.note("notes", "hard_link", folder.child(entry.name))
        return entry.name, status.st_size, last_us, status.st_mtime_ns, status.st_ino

    def _add(self, bundle: Bundle, descriptor: int) -> None:
        """Into the batch; what does not fit any more goes into the next."""
        begin = 0
        while begin < len(bundle):
            if self.batch.count >= self.block_lines:
                # Blocks became smaller meanwhile, since the disk turned out slow.
                self.flush()
            room = self.block_lines - self.batch.count
            part = bundle if not begin and len(bundle) <= room else bundle.part(begin, begin + room)
            part.descriptor = -1 if self.is_dry_run else os.dup(descriptor)
            self.batch.bundles.append(part)
            self.batch.count += len(part)
            begin += len(part)
            if self.batch.count >= self.block_lines or len(self.batch.bundles) >= MAX_BLOCK_FOLDERS:
                self.flush()

    def flush(self) -> None:
        if self.batch.count:
            self.ready.append(self.batch)
            self.batch = Batch()

    def found_empty(self, folder: Folder) -> None:
        """A folder of the past that stayed behind empty (a crash between unlink and rmdir).

        Whatever it held was due, under the shortest period of those who may have owned it, so no recorder writes
        into it any more. A folder that no camera claims stays for a person to decide.
        """
        if self.is_dry_run or folder.strange or not folder.path:
            return
        keys = self.layout.keys_of(folder.cursors)
        cutoffs = (
            [c.cutoff_us for c in self.policy.claims_of(keys)] if keys else [self.policy.latest_cutoff_us]
        )
        limits = [cutoff for cutoff in cutoffs if cutoff is not None]
        _, last_us = self.layout.bounds(folder.cursors)
        if limits and last_us is not None and last_us + self.policy.segment_us < max(limits):
            self.remove_folder(folder.path)

    # Unlinking.

    def recheck(self, batch: Batch, holds: dict[int, list[tuple[int, int]]]) -> dict[int, str]:
        """Line numbers that holds placed since the planning cover."""
        covered: dict[int, str] = {}
        number = 0
        for bundle in batch.bundles:
            spans = holds.get(bundle.camera)
            if spans:
                for offset, line in enumerate(bundle.lines()):
                    if self._is_covered(bundle.folder, line, spans):
                        covered[number + offset] = "held"
            number += len(bundle)
        return covered

    def _is_covered(self, folder: str, line: Line, spans: list[tuple[int, int]]) -> bool:
        name, _, start_us, mtime_ns, _ = line
        reading = self.layout.parse(f"{folder}/{name}" if folder else name)
        first_us = start_us if reading is None else min(start_us, reading.first_us)
        end_us = start_us + self.policy.segment_us
        mtime_us = mtime_ns // 1000
        end_us = mtime_us if end_us < mtime_us <= start_us + DAY else end_us
        return any(from_us < end_us and first_us < until_us for from_us, until_us in spans)

    def unlink(self, batch: Batch, skip: dict[int, str] | None = None) -> Outcome:
        """Unlink an approved batch; `settle` follows, when its cameras may be unlocked already."""
        outcome = Outcome()
        skip = skip or {}
        began = time.monotonic()
        number = 0
        for bundle in batch.bundles:
            outcome.add(self._unlink_bundle(bundle, number, skip, outcome), self.policy.segment_us)
            number += len(bundle)
        self._adapt(number, time.monotonic() - began)
        return outcome

    def settle(self, batch: Batch, outcome: Outcome) -> None:
        """Make what was unlinked last, then remove the folders that became empty."""
        # A descriptor of -1: recovery found the folder itself gone.
        failed = sync_folders([bundle.descriptor for bundle in batch.bundles])
        if failed:
            outcome.is_synced = False
            outcome.errors["fsync"] = [batch.bundles[position].folder for position in sorted(failed)]
        batch.close()
        for path in dict.fromkeys(bundle.folder for bundle in batch.bundles):
            self.remove_folder(path)

    def _unlink_bundle(self, bundle: Bundle, number: int, skip: dict[int, str], outcome: Outcome) -> Bundle:
        """Returns the files that are gone; the others are struck, with their reason."""
        struck_before = len(outcome.struck)
        for begin in range(0, len(bundle), TIME_EVERY):
            self._unlink_some(bundle, begin, number, skip, outcome)
            last = number + min(begin + TIME_EVERY, len(bundle))
            outcome.times.append((last, time.time_ns() // 1000))
        if len(outcome.struck) == struck_before:
            return bundle
        struck = {line - number for line, _ in outcome.struck[struck_before:]}
        return bundle.only(index for index in range(len(bundle)) if index not in struck)

    def _unlink_some(
        self, bundle: Bundle, begin: int, number: int, skip: dict[int, str], outcome: Outcome
    ) -> None:
        unlink, descriptor = os.unlink, bundle.descriptor
        names = bundle.names[begin : begin + TIME_EVERY]
        position = 0
        while position < len(names):
            try:
                if skip:
                    while position < len(names):
                        line = number + begin + position
                        if line in skip:
                            outcome.struck.append((line, skip[line]))
                        else:
                            unlink(names[position], dir_fd=descriptor)
                        position += 1
                else:
                    for name in names[position:]:
                        unlink(name, dir_fd=descriptor)
                        position += 1
            except OSError as error:
                self._strike(bundle, number, begin + position, error, outcome)
                position += 1

    def _strike(self, bundle: Bundle, number: int, index: int, error: OSError, outcome: Outcome) -> None:
        if isinstance(error, FileNotFoundError):
            outcome.struck.append((number + index, "vanished"))
            return
        reason = errno.errorcode.get(error.errno or 0, "OSError")
        outcome.struck.append((number + index, reason))
        outcome.errors.setdefault(reason, []).append(f"{bundle.folder}/{bundle.names[index]}")

    def _adapt(self, lines: int, seconds: float) -> None:
        """Smaller blocks on a slow disk: who places a hold waits for the block that is being unlinked."""
        if lines and seconds > 0:
            self.block_lines = max(MIN_BLOCK_LINES, min(BLOCK_LINES, int(lines / seconds * BLOCK_SECONDS)))

    def remove_folder(self, path: str) -> None:
        """Remove a folder that became empty, and those above it, but never the layout's own (`recordings`)."""
        steps = path.split("/") if path else []
        while steps:
            cursors = self.layout.top()
            for step in steps:
                cursors = self.layout.enter(cursors, step)
            if self.layout.is_fixed(cursors) or not self.tree.remove_empty("/".join(steps)):
                return
            steps.pop()
