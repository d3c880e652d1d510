"""How full the disks are, and when they will be full.

Free space never decides what is destroyed: a disk that fills up is an alarm with a date, for people to act on.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from footage.models import CapacityReading, Storage

READ_EVERY = timedelta(minutes=10)
KEEP_READINGS = timedelta(days=60)
LOOK_BACK = timedelta(days=7)
SHORTEST_LOOK_BACK = timedelta(hours=1)
ALARM_DAYS = 14
FULL_SHARE = 0.02


@dataclass(frozen=True)
class Forecast:
    """Room on a storage's disk; `full_at` is None while it does not fill up."""

    total_bytes: int
    free_bytes: int
    bytes_per_day: float
    full_at: datetime | None
    is_alarm: bool

    @property
    def used_share(self) -> float:
        return 1 - self.free_bytes / self.total_bytes if self.total_bytes else 0.0


def read(storage: Storage, now: datetime | None = None) -> CapacityReading | None:
    """Note how full the disk is, at most every ten minutes. None when it cannot be asked."""
    at = now or timezone.now()
    last = storage.readings.order_by("-at").first()
    if last is not None and timedelta(0) <= at - last.at < READ_EVERY:
        return last
    try:
        found = os.statvfs(storage.root)
    except OSError:
        return None
    storage.readings.filter(at__lt=at - KEEP_READINGS).delete()
    return CapacityReading.objects.create(
        storage=storage,
        at=at,
        total_bytes=found.f_blocks * found.f_frsize,
        free_bytes=found.f_bavail * found.f_frsize,
    )


def forecast(storage: Storage, now: datetime | None = None) -> Forecast | None:
    """When the disk fills up at the pace of the last week (least squares over its readings)."""
    at = now or timezone.now()
    readings = list(storage.readings.filter(at__gt=at - LOOK_BACK, at__lte=at).order_by("at"))
    if not readings:
        return None
    last = readings[-1]
    pace = _bytes_per_day(readings)
    full_at = None
    if pace > 0:
        days = last.free_bytes / pace
        full_at = last.at + timedelta(days=days) if days < 3650 else None
    is_full = last.total_bytes > 0 and last.free_bytes < last.total_bytes * FULL_SHARE
    soon = full_at is not None and full_at - at < timedelta(days=ALARM_DAYS)
    return Forecast(last.total_bytes, last.free_bytes, pace, last.at if is_full else full_at, is_full or soon)


def _bytes_per_day(readings: list[CapacityReading]) -> float:
    """How fast free space shrinks; nothing is said from readings of less than an hour."""
    if readings[-1].at - readings[0].at < SHORTEST_LOOK_BACK:
        return 0.0
    days = [(reading.at - readings[0].at) / timedelta(days=1) for reading in readings]
    free = [float(reading.free_bytes) for reading in readings]
    mean_day, mean_free = sum(days) / len(days), sum(free) / len(free)
    spread = sum((day - mean_day) ** 2 for day in days)
    if not spread:
        return 0.0
    slope = (
        sum((day - mean_day) * (value - mean_free) for day, value in zip(days, free, strict=True)) / spread
    )
    return -slope
