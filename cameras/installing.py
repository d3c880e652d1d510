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

REASON = "설치한 내용"
# The same for all cameras of a project, and what differs from one to the next.
COMMON = ("device_kind", "pixel_10k", "has_ptz", "lpr_enabled", "link_status", "monitoring_scope")
OWN = ("filming_direction", "filming_range")


def standing(project: InstallationProject) -> CameraQuerySet:
    found: CameraQuerySet = Camera.objects.standing().filter(project=project)
    return found


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
