"""일일 파기 확인: per camera and day, the oldest footage allowed, the oldest found, what was destroyed, what is held.

A proof is made from what a scan found on the disks, not from what sweeps say they did, and judged as of that scan.
There are four classes, and none stands in for another: footage was looked at and nothing in it was overdue
(`IN_ORDER`), something was (`NOT_IN_ORDER`), there was nothing to look at (`NOT_SEEN`: no footage found, a storage
absent or not read), or nobody looked (no row). A held file hides no other one: every unheld file counts.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Min, QuerySet
from django.utils import timezone

from cameras.models import Camera
from footage.errors import UnusableInput
from footage.instants import SEOUL
from footage.layouts import SECOND, instant
from footage.models import DailyProof, FootageDay, Hold, ManifestBlock, Storage

Result = DailyProof.Result
# A sweep runs every minute, and a scan takes its time: what is this much too old is not just on its way out.
GRACE = timedelta(minutes=15)
# A proof needs a scan of that day or of the hours before.
FRESH_SCAN = timedelta(hours=26)
# A proof of a day that is over can be caught up on the next day; later ones would say nothing of that day.
LATEST = timedelta(days=1)
CAMERAS_AT_ONCE = 2_000
NOTHING_FOUND = "이 카메라의 영상을 찾지 못해 살펴볼 것이 없었습니다."


class Destroyed(NamedTuple):
    files: int
    from_at: datetime
    until_at: datetime


class Look(NamedTuple):
    """What the scans tell: which storages were read lately, when, and what keeps the look from being whole."""

    storages: frozenset[int]
    at: datetime
    trouble: str
    segment: timedelta


def prove(on: date | None = None, *, now: datetime | None = None) -> Counter[str]:
    """Make the proofs of a day for every camera that has footage or should have; returns how many of each result.

    What was proved of a day that is over stays as it is: only what is missing is added, on the day after at the latest.
    """
    at = now or timezone.now()
    today = at.astimezone(SEOUL).date()
    day = on or today
    if not timedelta() <= today - day <= LATEST:
        raise UnusableInput("일일 파기 확인은 그날이나 다음 날에만 할 수 있습니다.")
    look = _look(at)
    oldest = _oldest_found(look, at)
    held = _holds(look)
    suspects = _unheld_starts(look, held)
    gone = destroyed_on(day)
    results: Counter[str] = Counter()
    rows: list[DailyProof] = []
    for camera in _subject(oldest, gone).iterator(chunk_size=CAMERAS_AT_ONCE):
        proof = _proof(
            camera, day, at, look, oldest.get(camera.pk), held.get(camera.pk, []), gone.get(camera.pk)
        )
        unheld = suspects.get(camera.pk) if camera.pk in held else proof.oldest_found_at
        proof.result, proof.reason = _verdict(proof, unheld, look)
        results[proof.result] += 1
        rows.append(proof)
        if len(rows) >= CAMERAS_AT_ONCE:
            _store(rows, is_over=day < today)
            rows = []
    _store(rows, is_over=day < today)
    return results


def unproved(on: date) -> QuerySet[Camera]:
    """Cameras with footage on record of which nobody can say that a day was in order."""
    return (
        Camera.objects.filter(footage_days__segments__gt=0)
        .exclude(proofs__in=DailyProof.objects.filter(on=on, result=Result.IN_ORDER))
        .distinct()
        .order_by("number")
    )


def destroyed_on(day: date) -> dict[int, Destroyed]:
    """Per camera, what sweeps destroyed on a day in Seoul, from the manifests' sums."""
    start = datetime.combine(day, datetime.min.time(), SEOUL)
    sums: dict[int, Destroyed] = {}
    blocks = ManifestBlock.objects.filter(
        done_at__gte=start, done_at__lt=start + timedelta(days=1), destroyed__gt=0
    )
    for outcome, seconds in blocks.values_list("outcome", "storage__segment_seconds").iterator(chunk_size=64):
        for camera, _, files, _, first_us, last_us in outcome["days"]:
            until_at = instant(last_us + seconds * SECOND)
            found = sums.get(camera)
            sums[camera] = (
                Destroyed(files, instant(first_us), until_at)
                if found is None
                else Destroyed(
                    found.files + files, min(found.from_at, instant(first_us)), max(found.until_at, until_at)
                )
            )
    return sums


def _subject(oldest: dict[int, datetime], gone: dict[int, Destroyed]) -> QuerySet[Camera]:
    """Operating cameras, and removed ones as long as there is footage of theirs."""
    if len(oldest) + len(gone) < 500:
        return (Camera.objects.operating() | Camera.objects.filter(pk__in={*oldest, *gone})).order_by("pk")
    with_footage = FootageDay.objects.filter(segments__gt=0).values("camera")
    return (Camera.objects.operating() | Camera.objects.filter(pk__in=with_footage)).order_by("pk")


def _proof(
    camera: Camera,
    day: date,
    at: datetime,
    look: Look,
    oldest: datetime | None,
    held: list[Hold],
    gone: Destroyed | None,
) -> DailyProof:
    return DailyProof(
        camera=camera,
        on=day,
        proved_at=at,
        retention_days=camera.retention_days,
        oldest_allowed_at=look.at - timedelta(days=camera.retention_days),
        oldest_found_at=oldest,
        destroyed_from_at=gone.from_at if gone else None,
        destroyed_until_at=gone.until_at if gone else None,
        destroyed_count=gone.files if gone else 0,
        hold_ids=[hold.pk for hold in held],
    )


def _verdict(proof: DailyProof, unheld: datetime | None, look: Look) -> tuple[str, str]:
    """The class of a proof with its reason; what was seen to be overdue is so whatever else could not be seen."""
    if unheld is not None and unheld + look.segment < proof.oldest_allowed_at - GRACE:
        text = f"허용된 시각보다 오래된 영상이 있습니다: {timezone.localtime(unheld):%Y-%m-%d %H:%M}"
        return Result.NOT_IN_ORDER, text
    if look.trouble:
        return Result.NOT_SEEN, look.trouble
    if proof.oldest_found_at is None and not proof.destroyed_count:
        return Result.NOT_SEEN, NOTHING_FOUND
    return Result.IN_ORDER, ""


def _look(at: datetime) -> Look:
    storages = list(Storage.objects.order_by("name"))
    absent = [storage for storage in storages if storage.absent_since]
    stale = [storage for storage in storages if storage not in absent and not _is_fresh(storage, at)]
    fresh = [storage for storage in storages if storage not in absent and storage not in stale]
    return Look(
        frozenset(storage.pk for storage in fresh),
        min((storage.scanned_at for storage in fresh if storage.scanned_at), default=at),
        _trouble(storages, absent, stale),
        timedelta(seconds=max((storage.segment_seconds for storage in storages), default=0)),
    )


def _is_fresh(storage: Storage, at: datetime) -> bool:
    return storage.scanned_at is not None and at - storage.scanned_at <= FRESH_SCAN


def _trouble(storages: Sequence[Storage], absent: Sequence[Storage], stale: Sequence[Storage]) -> str:
    """What makes every proof of the day worthless: a disk that was not there, or not read."""
    if not storages:
        return "등록된 저장소가 없습니다."
    if absent:
        return f"연결이 끊긴 저장소가 있습니다: {', '.join(storage.name for storage in absent)}"[:300]
    if stale:
        return f"저장소를 확인하지 못했습니다: {', '.join(storage.name for storage in stale)}"[:300]
    return ""


def _found(look: Look, at: datetime) -> QuerySet[FootageDay]:
    """Days that a fresh scan read; one that could not be read again keeps its old figures and proves nothing."""
    return FootageDay.objects.filter(
        storage__in=look.storages, segments__gt=0, first_at__isnull=False, scanned_at__gte=at - FRESH_SCAN
    ).order_by()


def _oldest_found(look: Look, at: datetime) -> dict[int, datetime]:
    return dict(_found(look, at).values_list("camera").annotate(Min("first_at")))


def _holds(look: Look) -> dict[int, list[Hold]]:
    """Holds in force, and those released so shortly before the look that no sweep came since."""
    found: dict[int, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.exclude(released_at__lte=look.at - GRACE).order_by("pk"):
        found[hold.camera_id].append(hold)
    return dict(found)


def _unheld_starts(look: Look, held: dict[int, list[Hold]]) -> dict[int, datetime]:
    """Of cameras with holds, the oldest file that none covers: of each day the first one that the scan found free
    and, where a hold was placed on that since, the last one."""
    found: dict[int, datetime] = {}
    days = FootageDay.objects.filter(camera__in=list(held), storage__in=look.storages, segments__gt=0)
    rows = days.order_by("camera", "on").values_list(
        "camera", "first_unheld_at", "first_at", "last_at", "held"
    )
    for camera, unheld, first, last, count in rows:
        if camera in found:
            continue
        starts = [unheld or (None if count else first), last]
        free = [start for start in starts if start is not None and not _is_held(start, held[camera], look)]
        if free:
            found[camera] = min(free)
    return found


def _is_held(start: datetime, holds: Sequence[Hold], look: Look) -> bool:
    return any(hold.from_at < start + look.segment and start < hold.until_at for hold in holds)


def _store(rows: list[DailyProof], *, is_over: bool) -> None:
    if is_over:
        DailyProof.objects.bulk_create(rows, ignore_conflicts=True)
        return
    DailyProof.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["camera", "on"],
        update_fields=[
            "proved_at",
            "retention_days",
            "oldest_allowed_at",
            "oldest_found_at",
            "destroyed_from_at",
            "destroyed_until_at",
            "destroyed_count",
            "hold_ids",
            "result",
            "reason",
        ],
    )
