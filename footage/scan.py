"""Reading the whole tree: what is there of each camera and day, with gaps.

A scan changes nothing on disk and decides nothing about destruction. It fills `FootageDay`, finds every strange
name and every folder that no camera claims, and tells an absent disk from missing footage.
"""

import os
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from footage import capacity, outcomes, policy, shortenings, storages, vanished
from footage.blocks import KST_US
from footage.clock_offsets import Offsets
from footage.layouts import SECOND, Layout, instant, microseconds
from footage.models import FootageDay, Scan, Storage
from footage.outcomes import EPOCH_DAY
from footage.retention import DAY, Claim, Policy, claimant, is_due, is_implausible, lies_ahead
from footage.tree import Findings, Folder, Visitor

# Between two segments the recorder may lose this much without a gap being counted.
GAP_TOLERANCE_US = 2 * SECOND
ROWS_AT_ONCE = 2_000


@dataclass
class ScanResult:
    """The figures of `scan_footage`."""

    cameras: int = 0
    days: int = 0
    segments: int = 0
    bytes: int = 0
    unrecognised: int = 0
    unclaimed: int = 0
    errors: int = 0
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        return not self.errors

    def as_json(self) -> dict[str, int]:
        names = ("cameras", "days", "segments", "bytes", "unrecognised", "unclaimed", "errors")
        return {name: getattr(self, name) for name in names}


Progress = Callable[[int, str], None]


def scan(
    storage: Storage | None = None, progress: Progress | None = None, *, run: Scan | None = None
) -> ScanResult:
    """Read one storage, or all, and store what was found per camera and day."""
    if run is not None and progress is None:
        progress = _heartbeat(run)
    findings = Findings()
    result = ScanResult()
    days: set[tuple[int, int]] = set()
    for one in [storage] if storage is not None else Storage.objects.order_by("pk"):
        try:
            found = _scan_one(one, progress)
        except OSError as error:
            findings.note("errors", "io", f"{one.name}: {error}")
            continue
        findings.merge(found.findings.as_data())
        days.update(found.days)
        result.segments += sum(day.segments for day in found.days.values())
        result.bytes += sum(day.bytes for day in found.days.values())
    # A camera that records into two storages has one day, not two.
    result.days = len(days)
    result.cameras = len({camera for camera, _ in days})
    result.unrecognised = findings.counts["unrecognised"]
    result.unclaimed = findings.counts["unclaimed"]
    result.errors = findings.counts["errors"]
    result.report = outcomes.report(findings, is_complete=True)
    if run is not None:
        run.result = result.as_json() | {"report": result.report}
        run.save(update_fields=["result"])
    return result


def _heartbeat(run: Scan) -> Progress:
    return lambda done, step: run.beat(done, step=step)


@dataclass
class Day:
    """One camera's files of one day in Seoul. Starts are kept packed: eight bytes per file of the day."""

    segments: int = 0
    bytes: int = 0
    held: int = 0
    first_unheld_us: int | None = None
    starts: "array[int]" = field(default_factory=lambda: array("q"))

    def recorded(self, segment_us: int) -> tuple[int, int]:
        """Seconds recorded (overlaps once) and the number of gaps between the first and the last file."""
        recorded = gaps = 0
        end_us = 0
        for start_us in sorted(self.starts):
            if end_us and start_us > end_us + GAP_TOLERANCE_US:
                gaps += 1
            recorded += max(0, start_us + segment_us - max(start_us, end_us))
            end_us = max(end_us, start_us + segment_us)
        return recorded // SECOND, gaps


class Scanner(Visitor):
    """Collects the days of one storage."""

    def __init__(self, root: str, layout: Layout, known: Policy, now_us: int) -> None:
        super().__init__(root, layout)
        self.policy = known
        self.now_us = now_us
        self.days: dict[tuple[int, int], Day] = defaultdict(Day)
        self.offsets = Offsets(known.segment_us)
        # Whose name is not believed: on no day's record, but there.
        self.doubted: Counter[tuple[int, int]] = Counter()

    def take(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        segment_us = self.policy.segment_us
        unclaimed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for entry, reading in self.readings(folder, portion):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.findings.note("errors", os.strerror(error.errno or 0), folder.child(entry.name))
                continue
            start_us = reading.last_us
            claims = folder.claims if folder.claims is not None else self.policy.claims_of(reading.keys)
            claim = claimant(claims, start_us)
            if not isinstance(claim, Claim) or not claim.camera:
                if isinstance(claim, int):
                    self.findings.note("unclaimed", "conflict", folder.child(entry.name))
                else:
                    unclaimed[reading.keys[-1]].append((start_us, status.st_size))
                continue
            mtime_us = status.st_mtime_ns // 1000
            self.offsets.add(start_us, mtime_us)
            if self._is_implausible(claim, start_us, mtime_us):
                self.findings.note("unrecognised", "implausible", folder.child(entry.name))
                self.doubted[claim.camera, (start_us + KST_US) // DAY] += 1
                continue
            if abs(mtime_us - start_us) > DAY + segment_us:
                self.findings.note("notes", "mtime_contradiction", folder.child(entry.name))
            day = self.days[claim.camera, (start_us + KST_US) // DAY]
            day.segments += 1
            day.bytes += status.st_size
            day.starts.append(start_us)
            if claim.camera in self.policy.holds and self.policy.is_held(
                claim.camera, reading.first_us, start_us + segment_us
            ):
                day.held += 1
            elif day.first_unheld_us is None or start_us < day.first_unheld_us:
                day.first_unheld_us = start_us
        self._note_unclaimed(folder, unclaimed)

    def _is_implausible(self, claim: Claim, start_us: int, mtime_us: int) -> bool:
        """As a sweep judges: what it does not believe is not on record as that day's footage either."""
        return lies_ahead(start_us, self.now_us) or (
            is_due(claim, start_us, self.policy.segment_us)
            and is_implausible(self.policy, claim, start_us, mtime_us, self.now_us)
        )

    def found(self) -> dict[tuple[int, int], vanished.Found]:
        """Of each camera's day what is there, believed or not."""
        keys = self.days.keys() | self.doubted.keys()
        empty = Day()
        return {
            key: vanished.Found(
                self.days.get(key, empty).segments + self.doubted[key], self.days.get(key, empty).held
            )
            for key in keys
        }

    def _note_unclaimed(self, folder: Folder, unclaimed: dict[str, list[tuple[int, int]]]) -> None:
        for key, files in unclaimed.items():
            starts = [start for start, _ in files]
            self.findings.note("unclaimed", "no_camera", folder.path or key, len(files))
            self.findings.add_unclaimed(
                key, len(files), sum(size for _, size in files), min(starts), max(starts)
            )


def _scan_one(storage: Storage, progress: Progress | None) -> "Scanner | _Absent":
    absent = storages.absence(storage)
    storages.mark(storage, absent)
    if absent:
        return _Absent(f"{storage.name}: {absent}")
    capacity.read(storage)
    shortenings.follow_register(storage)
    now = timezone.now()
    scanner = Scanner(
        storage.root, storages.layout_of(storage), policy.current(storage, now), microseconds(now)
    )
    todo = [Folder("", scanner.layout.top())]
    files = 0
    try:
        while todo:
            folder = todo.pop()
            keys = scanner.layout.keys_of(folder.cursors) if not folder.strange else ()
            if keys:
                folder.claims = scanner.policy.claims_of(keys)
            todo.extend(scanner.visit(folder))
            files += 1
            if progress is not None and files % 200 == 0:
                progress(scanner.entries, storage.name)
    finally:
        scanner.close()
    _store(storage, scanner, now)
    offset, files = scanner.offsets.verdict()
    if offset:
        scanner.findings.note("notes", "hours_apart", storage.name, files)
    return scanner


class _Absent:
    """Stands for the scanner of a storage that is not there: nothing is recorded as gone."""

    def __init__(self, text: str) -> None:
        self.findings = Findings()
        self.findings.note("errors", "absent", text)
        self.days: dict[tuple[int, int], Day] = {}


def _store(storage: Storage, scanner: Scanner, now: datetime) -> None:
    """Replace the storage's figures. A folder that could not be read keeps what was known of its days."""
    segment_us = scanner.policy.segment_us
    with transaction.atomic():
        on_record = FootageDay.objects.filter(storage=storage).values_list(
            "pk", "camera_id", "on", "segments", "held"
        )
        known = {
            (camera, (on - EPOCH_DAY).days): vanished.Known(pk, segments, held)
            for pk, camera, on, segments, held in on_record
        }
        is_whole = not scanner.findings.counts["errors"]
        gone = {key: row.pk for key, row in known.items() if key not in scanner.days}
        rows = []
        for (camera, on), day in scanner.days.items():
            recorded, gaps = day.recorded(segment_us)
            rows.append(
                FootageDay(
                    storage=storage,
                    camera_id=camera,
                    on=EPOCH_DAY + timedelta(days=on),
                    segments=day.segments,
                    bytes=day.bytes,
                    first_at=instant(min(day.starts)),
                    last_at=instant(max(day.starts)),
                    first_unheld_at=None if day.first_unheld_us is None else instant(day.first_unheld_us),
                    recorded_seconds=recorded,
                    gaps=gaps,
                    held=day.held,
                    scanned_at=now,
                )
            )
        _upsert(rows)
        if is_whole:
            _clear(gone.values(), now)
        total = sum(day.segments for day in scanner.days.values()) + scanner.findings.counts["unclaimed"]
        offset, files = scanner.offsets.verdict()
        if is_whole:
            # The ledger waits for this line: it comes when all else is written.
            current = Storage.objects.get(pk=storage.pk)
            vanished.note(current, known, scanner.found(), scanner.findings.counts["unclaimed"], now)
        Storage.objects.filter(pk=storage.pk).update(
            files_on_record=total,
            seen_at=now,
            scanned_at=now,
            scan_ended_at=timezone.now(),
            offset_hours=offset,
            offset_files=files,
            compared_since=Coalesce("compared_since", Value(now, DateTimeField())),
        )
        outcomes.remember_unclaimed(storage, scanner.findings, is_whole=True, is_measured=True, now=now)


def _upsert(rows: list[FootageDay]) -> None:
    columns = (
        "segments",
        "bytes",
        "first_at",
        "last_at",
        "first_unheld_at",
        "recorded_seconds",
        "gaps",
        "held",
        "scanned_at",
    )
    for position in range(0, len(rows), ROWS_AT_ONCE):
        FootageDay.objects.bulk_create(
            rows[position : position + ROWS_AT_ONCE],
            update_conflicts=True,
            unique_fields=["storage", "camera", "on"],
            update_fields=columns,
        )


def _clear(gone: Iterable[int], now: datetime) -> None:
    """Days without footage any more keep their count of destroyed files."""
    pks = list(gone)
    for position in range(0, len(pks), ROWS_AT_ONCE):
        FootageDay.objects.filter(pk__in=pks[position : position + ROWS_AT_ONCE]).update(
            segments=0,
            bytes=0,
            recorded_seconds=0,
            gaps=0,
            held=0,
            first_at=None,
            last_at=None,
            first_unheld_at=None,
            scanned_at=now,
        )


def last_finished_at() -> datetime | None:
    """When every storage was last read; None while one never was."""
    times = list(Storage.objects.values_list("scanned_at", flat=True))
    if not times or None in times:
        return None
    return min(at for at in times if at is not None).astimezone(UTC)
