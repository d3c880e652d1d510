"""일일 파기 확인: per camera and day, the oldest footage allowed, the oldest found, what was destroyed, what is held.

A proof is made from what a scan found on the disks, not from what sweeps say they did. A camera without a proof for
the day counts as failed (`unproved`).
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Min, QuerySet
from django.utils import timezone

from cameras.models import Camera
from footage.instants import SEOUL
from footage.layouts import SECOND, instant
from footage.models import DailyProof, FootageDay, Hold, ManifestBlock, Storage

# A sweep runs every minute, and a scan takes its time: what is this much too old is not just on its way out.
GRACE = timedelta(minutes=15)
# A proof needs a scan of that day or of the hours before.
FRESH_SCAN = timedelta(hours=26)
CAMERAS_AT_ONCE = 2_000


class Destroyed(NamedTuple):
    files: int
    from_at: datetime
    until_at: datetime


def prove(on: date | None = None, *, now: datetime | None = None) -> int:
    """Make the proofs of a day for every camera that has footage or should have; returns how many failed."""
    at = now or timezone.now()
    day = on or at.astimezone(SEOUL).date()
    oldest = _oldest_found()
    held = _holds()
    gone = destroyed_on(day)
    trouble = _storage_trouble(at)
    longest = timedelta(seconds=max(Storage.objects.values_list("segment_seconds", flat=True), default=0))
    failed = 0
    rows: list[DailyProof] = []
    for camera in _subject(oldest, gone).iterator(chunk_size=CAMERAS_AT_ONCE):
        proof = _proof(camera, day, at, oldest.get(camera.pk), held.get(camera.pk, []), gone.get(camera.pk))
        proof.reason = trouble or _reason(proof, held.get(camera.pk, []), longest)
        proof.is_ok = not proof.reason
        failed += not proof.is_ok
        rows.append(proof)
        if len(rows) >= CAMERAS_AT_ONCE:
            _store(rows)
            rows = []
    _store(rows)
    return failed


def unproved(on: date) -> QuerySet[Camera]:
    """Cameras with footage on record that have no good proof for a day: all of these are failed."""
    return (
        Camera.objects.filter(footage_days__segments__gt=0)
        .exclude(proofs__in=DailyProof.objects.filter(on=on, is_ok=True))
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
    oldest: datetime | None,
    held: list[Hold],
    gone: Destroyed | None,
) -> DailyProof:
    return DailyProof(
        camera=camera,
        on=day,
        proved_at=at,
        oldest_allowed_at=at - timedelta(days=camera.retention_days),
        oldest_found_at=oldest,
        destroyed_from_at=gone.from_at if gone else None,
        destroyed_until_at=gone.until_at if gone else None,
        destroyed_count=gone.files if gone else 0,
        hold_ids=[hold.pk for hold in held],
        is_ok=False,
    )


def _reason(proof: DailyProof, held: list[Hold], segment: timedelta) -> str:
    """Why the proof fails; empty when footage is no older than allowed, or held where it is."""
    found = proof.oldest_found_at
    if found is None or found + segment >= proof.oldest_allowed_at - GRACE:
        return ""
    if any(hold.from_at < found + segment and found < hold.until_at for hold in held):
        return ""
    return f"허용된 시각보다 오래된 영상이 있습니다: {timezone.localtime(found):%Y-%m-%d %H:%M}"


def _storage_trouble(at: datetime) -> str:
    """What makes every proof of the day worthless: a disk that was not there, or not read."""
    storages = list(Storage.objects.order_by("name"))
    if not storages:
        return "등록된 저장소가 없습니다."
    absent = [storage.name for storage in storages if storage.absent_since]
    if absent:
        return f"연결이 끊긴 저장소가 있습니다: {', '.join(absent)}"[:300]
    stale = [
        storage.name for storage in storages if storage.seen_at is None or at - storage.seen_at > FRESH_SCAN
    ]
    if stale:
        return f"저장소를 확인하지 못했습니다: {', '.join(stale)}"[:300]
    return ""


def _oldest_found() -> dict[int, datetime]:
    rows = FootageDay.objects.filter(segments__gt=0, first_at__isnull=False).order_by()
    return dict(rows.values_list("camera").annotate(Min("first_at")))


def _holds() -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.filter(released_at__isnull=True).order_by("pk"):
        found[hold.camera_id].append(hold)
    return found


def _store(rows: list[DailyProof]) -> None:
    DailyProof.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["camera", "on"],
        update_fields=[
            "proved_at",
            "oldest_allowed_at",
            "oldest_found_at",
            "destroyed_from_at",
            "destroyed_until_at",
            "destroyed_count",
            "hold_ids",
            "is_ok",
            "reason",
        ],
    )
