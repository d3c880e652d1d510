"""A removed camera's claim to recordings ends when neither footage nor a hold is left, never with the removal itself.

Until then what it filmed is still its own: it is kept, held and destroyed like any other camera's. When every storage
was read after the removal and nothing of the camera was found, the claim is closed as of that moment, so that another
camera may record under the key, and what might turn up later is nobody's until a person looks at it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from cameras import bulk_change, lifecycle
from cameras.enums import CameraState
from cameras.models import Camera
from cameras.querysets import CameraQuerySet
from footage.models import CameraClaim, FootageDay, Hold, Storage
from footage.scan import last_finished_at
from ledger import append

REASON = "철거한 카메라의 영상과 유예가 남지 않아 녹화 식별자의 배정을 끝냄 (조례 제24조)"


def listen() -> None:
    lifecycle.on_removal("footage.removal", _removed)


def _removed(removal: lifecycle.Removal) -> None:
    end_claims(removal.cameras)


def without_footage(now: datetime | None = None) -> CameraQuerySet:
    """Removed cameras of which nothing is left: no file on record, no hold in force, nothing found since."""
    none: CameraQuerySet = Camera.objects.none()
    if Storage.objects.filter(absent_since__isnull=False).exists():
        return none
    seen_at = last_finished_at() if Storage.objects.exists() else (now or timezone.now())
    if seen_at is None:
        return none
    found: CameraQuerySet = Camera.objects.filter(
        state=CameraState.REMOVED, removed_on__lt=timezone.localdate(seen_at)
    )
    return found.exclude(Exists(FootageDay.objects.filter(camera=OuterRef("pk"), segments__gt=0))).exclude(
        Exists(Hold.objects.filter(camera=OuterRef("pk"), released_at__isnull=True))
    )


def end_claims(cameras: Sequence[int] | None = None, *, actor: str = "system:claims") -> int:
    """Close what removed cameras without footage still claim; how many were closed. Safe to run twice."""
    now = timezone.now()
    with transaction.atomic():
        done = without_footage(now)
        if cameras is not None:
            done = done.among(cameras)
        open_ended = CameraClaim.objects.filter(camera=OuterRef("pk"), until_at__isnull=True)
        of_own_key = CameraClaim.objects.filter(
            camera=OuterRef("pk"), key=OuterRef("recording_key"), is_former_key=False
        )
        claiming = done.filter(Exists(open_ended) | ~Exists(of_own_key))
        held = list(claiming.select_for_update(of=("self",)).order_by("pk"))
        if not held:
            return 0
        ids = [camera.pk for camera in held]
        CameraClaim.objects.filter(camera__in=Camera.objects.among(ids), until_at__isnull=True).update(
            until_at=now
        )
        CameraClaim.objects.bulk_create(
            [
                CameraClaim(camera=camera, key=key, until_at=now, is_former_key=key != camera.number)
                for camera in held
                for key in {camera.recording_key, camera.number}
            ],
            batch_size=1_000,
        )
        # The key itself becomes free; the camera falls back on its number, which nobody else can take.
        renamed = [camera.pk for camera in held if camera.recording_key != camera.number]
        bulk_change.write(renamed, {"recording_key": F("number")}, by=None, reason=REASON)
        append.record(
            "footage.claims_ended",
            actor=actor,
            subject="footage:claims",
            payload={"cameras": len(held), "numbers": sorted(camera.number for camera in held)[:1_000]},
        )
    return len(held)
