"""How values are written in documents: Korean, thousands separated, Seoul time."""

import math
from datetime import date, datetime

from casework import shares
from ordinance.periods import written_day
from reports.period import SEOUL
from reports.tabulation import NONE, Kind, Value

_BYTE_UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB")


def written(value: Value, kind: Kind, absent: str = NONE) -> str:
    """A value as a document prints it; `absent` is the word for one that is not there."""
    if value is None or value == "":
        return absent
    if isinstance(value, str):
        return _written_time(value, kind)
    if kind == "bytes":
        return size(value)
    if kind == "percent":
        return shares.written(value)
    if kind == "seconds":
        return duration(value)
    if kind == "file_hours":
        return f"{math.ceil(value / 3600):,}시간"
    suffix = {"days": "일", "years": "년"}.get(kind, "")
    return f"{number(value)}{suffix}"


def number(value: float) -> str:
    return f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{int(value):,}"


def size(count: float) -> str:
    """Bytes in the decimal units that disks are sold in."""
    amount = float(count)
    for unit in _BYTE_UNITS:
        if abs(amount) < 1000 or unit == _BYTE_UNITS[-1]:
            return f"{int(amount):,} {unit}" if unit == "B" else f"{amount:,.2f} {unit}"
        amount /= 1000
    raise AssertionError


def duration(seconds: float) -> str:
    """12초, 3분 5초, 2시간 10분, 4일 3시간: the two largest units."""
    if 0 < seconds < 1:
        return "1초 미만"
    left = round(seconds)
    parts = []
    for unit, length in (("일", 86_400), ("시간", 3_600), ("분", 60), ("초", 1)):
        amount, left = divmod(left, length)
        if amount:
            parts.append(f"{amount:,}{unit}")
    return " ".join(parts[:2]) or "0초"


def instant(at: datetime) -> str:
    """2026. 11. 21. 09:03:05, in Seoul."""
    local = at.astimezone(SEOUL)
    return f"{day(local.date())} {local:%H:%M:%S}"


def minute(at: datetime) -> str:
    local = at.astimezone(SEOUL)
    return f"{day(local.date())} {local:%H:%M}"


def day(on: date) -> str:
    """2026. 11. 21., as official papers write a date."""
    return written_day(on)


def machine_instant(at: datetime) -> str:
    """For files that programs read: 2026-11-21 09:03:05, in Seoul."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _written_time(value: str, kind: Kind) -> str:
    if kind == "instant":
        return minute(datetime.fromisoformat(value))
    if kind == "date":
        return day(date.fromisoformat(value))
    return value
