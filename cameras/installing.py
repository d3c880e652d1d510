"""What is asked of cameras once they stand: device, view, connection. Written for all of a project at once."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Officer
from cameras import bulk_change, editing
from cameras.enums import STANDING
from cameras.models import Camera, InstallationProject
from cameras.querysets import CameraQuerySet
from cameras.signs.contents import Law

REASON = "설치한 내용"
# The same for all cameras of a project, and what differs from one to the next.
COMMON = ("device_kind", "pixel_10k", "has_ptz", "lpr_enabled", "link_status", "monitoring_scope")
OWN = ("filming_direction", "filming_range")


def standing(project: InstallationProject) -> CameraQuerySet:
    found: CameraQuerySet = Camera.objects.standing().filter(project=project)
    return found


def must_say_where_it_looks() -> bool:
    """The law of the day wants the range on the sign: one of `OWN` must be told of each camera that a sign names."""
    asked = Law().required(is_entrusted=False, is_integrated=False)
    return any(item.code == "range_and_time" for item in asked)


def without_view(project: InstallationProject) -> CameraQuerySet:
    """Cameras for whose sign the range is still unknown; no sign that is made before holds."""
    silent = standing(project).filter(is_sign_exempt=False, **dict.fromkeys(OWN, ""))
    return silent if must_say_where_it_looks() else silent.none()


@transaction.atomic
def describe(
    project: InstallationProject,
    common: Mapping[str, Any],
    each: Mapping[int, Mapping[str, str]],
    *,
    by: Officer,
    reason: str = "",
) -> int:
    """Write what was installed; how many cameras it says it of. All or none."""
    if strange := {*common} - {*COMMON} | {name for own in each.values() for name in own} - {*OWN}:
        raise TypeError(f"{sorted(strange)} is not asked of installed cameras")
    cameras = standing(project)
    if not cameras.exists():
        raise ValidationError(
            f"설치한 카메라가 없습니다. 상태가 {', '.join(str(state.label) for state in STANDING)}인 카메라에 적습니다."
        )
    why = f"{reason.strip() or REASON} (설치 사업 {project.number})"
    for camera in cameras.order_by("pk"):
        own = {
            name: value for name, value in each.get(camera.pk, {}).items() if getattr(camera, name) != value
        }
        if own:
            editing.change_camera(camera, own, by=by, reason=why)
    bulk_change.bulk_change(cameras, common, by=by, reason=why)
    return cameras.count()
