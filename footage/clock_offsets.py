"""A recorder's zone that is another than its storage's: most files lie the same whole hours from their modification times.

Each file alone proves nothing (a disk that was copied, a recorder that writes late); a whole storage that is nine hours
apart does. Counted by a scan from what it reads, told, and changed by a person only.
"""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from footage.layouts import HOUR, SECOND
from footage.models import Storage

# Files are closed some seconds after their end, and clocks differ a little.
SLACK_US = 300 * SECOND
# Zones lie no further apart than this; more is another trouble (`footage.retention.is_implausible`).
MOST_HOURS = 14
FEWEST_FILES = 5
SHARE = 0.9
# Files that were all copied within an hour say nothing, however many.
SHORTEST_SPAN_US = 3 * HOUR


class Offsets:
    """How many hours each file's modification time lies after its name's, of one storage."""

    def __init__(self, segment_us: int) -> None:
        self.segment_us = min(segment_us, HOUR // 2)
        self.nominal_us = segment_us
        self.hours: Counter[int | None] = Counter()
        self.first_us: int | None = None
        self.last_us: int | None = None

    def add(self, start_us: int, mtime_us: int) -> None:
        self.hours[self._hours(mtime_us - start_us - self.nominal_us)] += 1
        self.first_us = start_us if self.first_us is None else min(self.first_us, start_us)
        self.last_us = start_us if self.last_us is None else max(self.last_us, start_us)

    def _hours(self, lag_us: int) -> int | None:
        """None where it is no whole number of hours: a file may end before its time, hardly after it."""
        hours = -((SLACK_US - lag_us) // HOUR)
        rest_us = lag_us - hours * HOUR
        return hours if rest_us >= -self.segment_us - SLACK_US and abs(hours) <= MOST_HOURS else None

    def verdict(self) -> tuple[int | None, int]:
        """The hours that nearly all files have in common, and how many files; None where there are none, or nought."""
        total = self.hours.total()
        if total < FEWEST_FILES or self.first_us is None or self.last_us is None:
            return None, total
        [(hours, files)] = self.hours.most_common(1)
        if not hours or files < SHARE * total or self.last_us - self.first_us < SHORTEST_SPAN_US:
            return None, total
        return hours, files


def zone_that_fits(storage: Storage, now: datetime) -> str:
    """The zone in which the names would agree with the modification times; Korea's and UTC by their own names."""
    if storage.offset_hours is None:
        return ""
    current = now.astimezone(ZoneInfo(storage.timezone)).utcoffset() or timedelta(0)
    hours = current / timedelta(hours=1) - storage.offset_hours
    if not hours.is_integer() or not -12 <= hours <= 14:
        return ""
    match int(hours):
        case 0:
            return "UTC"
        case 9:
            return "Asia/Seoul"
        case whole:
            return f"Etc/GMT{-whole:+d}"


def in_words(storage: Storage) -> str:
    """What was found, for a person; empty where nothing was."""
    hours = storage.offset_hours
    if not hours:
        return ""
    side = "이릅니다" if hours > 0 else "늦습니다(앞서 있습니다)"
    return (
        f"이 저장소의 파일 이름에 적힌 시각이 파일이 쓰인 시각보다 {abs(hours)}시간 {side} "
        f"(파일 {storage.offset_files:,}개)."
    )
