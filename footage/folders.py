"""Folders that no camera claims: a person assigns them, or confirms that they are destroyed in time.

Nobody knows the period of such footage, so it counts under the longest that the ordinance allows (art. 24(1)).
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from cameras.models import Camera
from footage.errors import Refused, UnusableInput
from footage.holds import reference
from footage.models import CameraClaim, UnclaimedFolder
from footage.policy import maximum_days
from ledger.append import record

if TYPE_CHECKING:
    from accounts.models import Officer

MAX_REASON = 500


def assign(folder: UnclaimedFolder, camera: Camera, *, by: "Officer", reason: str) -> CameraClaim:
    """The footage is this camera's: its period and its holds count from the next sweep on."""
    reason = _check(folder, reason)
    with transaction.atomic():
        claim = CameraClaim.objects.create(camera=camera, storage=folder.storage, key=folder.key)
        _decide(folder, UnclaimedFolder.Decision.ASSIGNED, by, reason, camera)
        record(
            "footage.folder_assigned",
            actor=reference(by),
            subject=f"unclaimed_folder:{folder.pk}",
            payload={"storage": folder.storage.name, "key": folder.key, "camera": camera.number},
        )
    return claim


def confirm_destruction(folder: UnclaimedFolder, *, by: "Officer", reason: str) -> None:
    """Nobody's footage: destroyed when it is older than the longest period."""
    reason = _check(folder, reason)
    with transaction.atomic():
        _decide(folder, UnclaimedFolder.Decision.DESTROY, by, reason, None)
        record(
            "footage.folder_destruction_confirmed",
            actor=reference(by),
            subject=f"unclaimed_folder:{folder.pk}",
            payload={"storage": folder.storage.name, "key": folder.key, "days": maximum_days()},
        )


def reopen(folder: UnclaimedFolder, *, by: "Officer", reason: str) -> None:
    """Take a decision back; what was destroyed meanwhile stays destroyed."""
    if folder.decision == UnclaimedFolder.Decision.OPEN:
        raise Refused("아직 결정하지 않은 폴더입니다.")
    with transaction.atomic():
        if folder.decision == UnclaimedFolder.Decision.ASSIGNED and folder.camera is not None:
            CameraClaim.objects.filter(camera=folder.camera, storage=folder.storage, key=folder.key).delete()
        _decide(folder, UnclaimedFolder.Decision.OPEN, by, reason.strip(), None)
        record(
            "footage.folder_reopened",
            actor=reference(by),
            subject=f"unclaimed_folder:{folder.pk}",
            payload={"storage": folder.storage.name, "key": folder.key},
        )


def _check(folder: UnclaimedFolder, reason: str) -> str:
    if folder.decision != UnclaimedFolder.Decision.OPEN:
        raise Refused("이미 결정한 폴더입니다.")
    if not reason.strip():
        raise UnusableInput("사유를 적어 주십시오.")
    return reason.strip()[:MAX_REASON]


def _decide(
    folder: UnclaimedFolder, decision: str, by: "Officer", reason: str, camera: Camera | None
) -> None:
    folder.decision = decision
    folder.decided_by, folder.decided_at = by, timezone.now()
    folder.reason, folder.camera = reason, camera
    folder.save()
