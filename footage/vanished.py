"""Files that are gone without our act: between two scans, with no line in a manifest.

A scan compares what it finds of each camera and day with what the last one found less what sweeps destroyed since. What
is missing then was deleted by somebody or something else: a recorder that deletes on its own, a hand, a broken disk.
That a held file is among it is the gravest that can happen to it (ordinance art. 24(1)), so it is a finding too.

Nothing is called gone that may only have changed its place in the figures: what other cameras or unclaimed folders
gained, what is doubted now, what a sweep is destroying, and whatever a scan could not read.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Q, Sum

from footage import manifests
from footage.blocks import KST_US
from footage.instants import SEOUL
from footage.models import FootageDay, Hold, ManifestBlock, Storage
from footage.outcomes import EPOCH_DAY
from footage.retention import DAY
from ledger.append import record

VANISHED = "footage.vanished"
Key = tuple[int, int]  # camera, day in Seoul as days since 1970


class Known(NamedTuple):
    """What is on record of a camera's day."""

    pk: int
    segments: int
    held: int


class Found(NamedTuple):
    """What a scan found of it."""

    segments: int
    held: int


def note(
    storage: Storage, known: Mapping[Key, Known], found: Mapping[Key, Found], unclaimed: int, at: datetime
) -> None:
    """Write down what is gone; before the storage's unclaimed folders and its scan are renewed."""
    lost = _lost(storage, known, found, unclaimed)
    total = held = 0
    for key, files in lost.items():
        held_files = _held_of(key, files, known[key], found.get(key, Found(0, 0)))
        FootageDay.objects.filter(pk=known[key].pk).update(
            vanished=F("vanished") + files, vanished_held=F("vanished_held") + held_files, vanished_at=at
        )
        total, held = total + files, held + held_files
    if lost:
        days = [EPOCH_DAY + timedelta(days=on) for _, on in lost]
        record(
            VANISHED,
            actor="system:footage",
            subject=f"storage:{storage.pk}",
            payload={
                "storage": storage.name,
                "files": total,
                "held": held,
                "cameras": len({camera for camera, _ in lost}),
                "from": min(days).isoformat(),
                "until": max(days).isoformat(),
            },
        )


def _lost(
    storage: Storage, known: Mapping[Key, Known], found: Mapping[Key, Found], unclaimed: int
) -> dict[Key, int]:
    before = storage.scanned_at
    if before is None:
        return {}
    missing = {
        key: row.segments - found[key].segments if key in found else row.segments
        for key, row in known.items()
        if row.segments > (found[key].segments if key in found else 0)
    }
    if not missing:
        return {}
    own = _being_destroyed(storage)
    lost = {key: files - own[key] for key, files in missing.items() if files > own[key]}
    return lost if sum(lost.values()) > _moved(storage, known, found, unclaimed, before) else {}


def _moved(
    storage: Storage, known: Mapping[Key, Known], found: Mapping[Key, Found], unclaimed: int, before: datetime
) -> int:
    """What turned up elsewhere: in unclaimed folders, or with other cameras on days that had ended before."""
    was_unclaimed = storage.unclaimed.aggregate(files=Sum("files"))["files"] or 0
    ended = (before.astimezone(SEOUL).date() - EPOCH_DAY).days
    gained = sum(
        max(0, now.segments - (known[key].segments if key in known else 0))
        for key, now in found.items()
        if key[1] < ended
    )
    return max(0, unclaimed - was_unclaimed) + gained


def _being_destroyed(storage: Storage) -> Counter[Key]:
    """What sweeps destroyed without the record of days knowing it: now, and while the last scan was reading."""
    counts: Counter[Key] = Counter()
    during = Q(done_at__gte=storage.scanned_at, done_at__lte=storage.scan_ended_at)
    blocks = ManifestBlock.objects.filter(storage=storage)
    for block in blocks.filter(Q(ledger_sequence__isnull=True) | during).iterator(chunk_size=4):
        if block.done_at is not None:
            for camera, on, files, *_ in block.outcome["days"]:
                counts[camera, on] += files
            continue
        for bundle in manifests.bundles(block):
            counts.update((bundle.camera, (start_us + KST_US) // DAY) for start_us in bundle.starts)
    return counts


def _held_of(key: Key, files: int, known: Known, found: Found) -> int:
    """How many of the missing files were held: as far as the scans counted them, or all where a hold covers the day."""
    from_at, until_at = _bounds(EPOCH_DAY + timedelta(days=key[1]))
    covering = Hold.objects.filter(
        camera=key[0], released_at__isnull=True, from_at__lte=from_at, until_at__gte=until_at
    )
    return files if covering.exists() else max(0, min(known.held - found.held, files))


def _bounds(on: date) -> tuple[datetime, datetime]:
    start = datetime.combine(on, datetime.min.time(), SEOUL)
    return start, start + timedelta(days=1)
