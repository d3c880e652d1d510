"""Whether this system has seen a range of a camera at all: what was never scanned is unknown, not absent."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone

from cameras.models import Camera
from footage.models import FootageDay, Storage

DAY = timedelta(days=1)
NO_STORAGE = "모름 (등록한 저장소가 없음)"
NEVER_READ = "모름 (저장소를 아직 읽지 않음)"
# Nobody asks day by day about more.
MOST_DAYS = 400


def is_seen(camera: Camera, from_at: datetime, until_at: datetime) -> bool:
    """Every day of the range was scanned in some storage, after what is asked of it had been filmed."""
    return are_seen([(camera, from_at, until_at)])[0]


def are_seen(ranges: Sequence[tuple[Camera, datetime, datetime]]) -> list[bool]:
    """The same of several, in one query."""
    days = [list(islice(_days(from_at, until_at), MOST_DAYS + 1)) for _camera, from_at, until_at in ranges]
    wanted = [
        (each[0], on) for each, own in zip(ranges, days, strict=True) if len(own) <= MOST_DAYS for on in own
    ]
    rows = FootageDay.objects.filter(
        camera__in={camera.pk for camera, _on in wanted},
        on__in={on for _camera, on in wanted},
        scanned_at__isnull=False,
    )
    scanned: dict[tuple[int, date], datetime] = {}
    for camera_id, on, at in rows.values_list("camera_id", "on", "scanned_at"):
        if at is not None:
            scanned[camera_id, on] = max(at, scanned.get((camera_id, on), at))
    return [
        len(own) <= MOST_DAYS
        and all(
            (camera.pk, on) in scanned and scanned[camera.pk, on] >= min(until_at, _end_of(on)) for on in own
        )
        for (camera, _from_at, until_at), own in zip(ranges, days, strict=True)
    ]


def whole_look() -> datetime | None:
    """Up to when every storage was read as a whole; None where one never was, or there is none."""
    read = list(Storage.objects.values_list("scanned_at", flat=True))
    times = [at for at in read if at is not None]
    return min(times) if times and len(times) == len(read) else None


def unread() -> str:
    """Why a count of files would say nothing, in words that stand in its place; empty where all was read.

    Zero files is a finding of a look into every storage. Without one nobody knows.
    """
    read = list(Storage.objects.values_list("scanned_at", flat=True))
    if not read:
        return NO_STORAGE
    if not any(read):
        return NEVER_READ
    missing = sum(at is None for at in read)
    return f"모름 (저장소 {len(read):,}곳 가운데 {missing:,}곳을 아직 읽지 않음)" if missing else ""


def _days(from_at: datetime, until_at: datetime) -> Iterator[date]:
    on, last = timezone.localdate(from_at), timezone.localdate(until_at - timedelta(microseconds=1))
    while on <= last:
        yield on
        on += DAY


def _end_of(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on + DAY, datetime.min.time()))


def is_still_there(
    camera: Camera, from_at: datetime, until_at: datetime, *, seen_after: datetime | None = None
) -> bool:
    """The last scan saw an unbroken recording that reaches into the range.

    A day keeps its first and last instant when a sweep takes files out of it, so where something of the range was
    destroyed only a scan after that (`seen_after`) tells.
    """
    rows = _recorded(camera, from_at, until_at).filter(gaps=0)
    if seen_after is not None:
        rows = rows.filter(scanned_at__gt=seen_after)
    return rows.filter(first_at__lt=until_at, last_at__gt=from_at).exists()


def files_of_the_days(camera: Camera, from_at: datetime, until_at: datetime) -> int:
    """How many files the last scan saw of the days that the range touches; whether of the range, only a look tells."""
    return sum(_recorded(camera, from_at, until_at).values_list("segments", flat=True))


def _recorded(camera: Camera, from_at: datetime, until_at: datetime) -> QuerySet[FootageDay]:
    days = list(_days(from_at, until_at))[:MOST_DAYS]
    return FootageDay.objects.filter(camera=camera, on__in=days, segments__gt=0)
