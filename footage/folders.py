"""Folders that no camera claims: two persons decide whose they are, or that they are destroyed in time.

Nobody knows the period of such footage, so it counts under the longest that the ordinance allows (art. 24(1)). A camera
that takes it over may have a shorter one, so that is two persons' word as destruction is; and where the register gives a
camera such a folder's recording key, the footage that is there keeps the longest period as with any other shorter one
(`footage.shortenings`).
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.korean import josa
from cameras.models import Camera
from casework import second_person
from footage.errors import Refused, UnusableInput
from footage.findings import follow_claim
from footage.holds import reference
from footage.models import CameraClaim, UnclaimedFolder
from footage.policy import maximum_days
from footage.second_words import (
    ASSIGNED,
    ASSIGNMENT_DECIDED,
    DESTRUCTION_CONFIRMED,
    DESTRUCTION_DECIDED,
    REOPENED,
)
from ledger.append import record

if TYPE_CHECKING:
    from accounts.models import Officer

MAX_REASON = 500


def decide_assignment(folder: UnclaimedFolder, camera: Camera, *, by: "Officer", reason: str) -> None:
    """The footage is to be this camera's, as soon as a second person says so too; until then nobody's, and kept."""
    reason = _check(folder, reason)
    _refuse_storing_nothing(camera)
    with transaction.atomic():
        _decide(folder, UnclaimedFolder.Decision.ASSIGNED, by, reason, camera)
        _record(ASSIGNMENT_DECIDED, folder, by, camera=camera.number)


def decide_destruction(folder: UnclaimedFolder, *, by: "Officer", reason: str) -> None:
    """Nobody's footage: to be destroyed, as soon as a second person says so too."""
    reason = _check(folder, reason)
    with transaction.atomic():
        _decide(folder, UnclaimedFolder.Decision.DESTROY, by, reason, None)
        _record(DESTRUCTION_DECIDED, folder, by, days=maximum_days())


def confirm(folder: UnclaimedFolder, *, by: "Officer") -> None:
    """The second person: from the next sweep on the camera's period counts, or what is older than the longest one goes."""
    with transaction.atomic():
        current = UnclaimedFolder.objects.select_for_update(of=("self",)).get(pk=folder.pk)
        if not current.awaits_confirmation:
            raise Refused("확인을 기다리는 폴더가 아닙니다.")
        if problem := second_person.problem(current.decided_by_id, by, "결정한"):
            raise Refused(problem)
        folder.confirmed_at, folder.confirmed_by = timezone.now(), by
        folder.save(update_fields=["confirmed_at", "confirmed_by"])
        if current.decision == UnclaimedFolder.Decision.ASSIGNED and current.camera is not None:
            _assign(folder, current.camera, by)
        else:
            _record(DESTRUCTION_CONFIRMED, folder, by, days=maximum_days())


def _assign(folder: UnclaimedFolder, camera: Camera, by: "Officer") -> None:
    """The footage is this camera's: its period and its holds count from the next sweep on."""
    _refuse_storing_nothing(camera)
    CameraClaim.objects.create(camera=camera, storage=folder.storage, key=folder.key)
    follow_claim(camera)
    _record(ASSIGNED, folder, by, camera=camera.number)


def _refuse_storing_nothing(camera: Camera) -> None:
    if camera.stores_nothing:
        raise Refused(
            f"카메라 {camera.number}{josa(camera.number, '은/는')} 영상을 저장하지 않는 카메라입니다(개인정보 보호법 제25조제1항제6호). "
            "설치 근거를 먼저 바로잡으십시오."
        )


def reopen(folder: UnclaimedFolder, *, by: "Officer", reason: str) -> None:
    """Take a decision back; what was destroyed meanwhile stays destroyed."""
    if folder.decision == UnclaimedFolder.Decision.OPEN:
        raise Refused("아직 결정하지 않은 폴더입니다.")
    with transaction.atomic():
        if folder.decision == UnclaimedFolder.Decision.ASSIGNED and folder.camera is not None:
            CameraClaim.objects.filter(camera=folder.camera, storage=folder.storage, key=folder.key).delete()
            follow_claim(folder.camera)
        _decide(folder, UnclaimedFolder.Decision.OPEN, by, reason.strip(), None)
        _record(REOPENED, folder, by)


def _record(kind: str, folder: UnclaimedFolder, by: "Officer", **facts: str | int) -> None:
    record(
        kind,
        actor=reference(by),
        subject=f"unclaimed_folder:{folder.pk}",
        payload={"storage": folder.storage.name, "key": folder.key, **facts},
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
    folder.confirmed_by = folder.confirmed_at = None
    folder.save()
