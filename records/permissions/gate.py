"""Whether a person may do this with this camera; and the gate of `records.access` that asks it.

A profile says whether footage asks for a permission at all (`camera_permission_gate`; docs/decisions): the day on which it
is switched on, nobody sees anything until permissions are granted.
"""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from accounts.models import Officer
from cameras.models import Camera
from casework.refusals import Refusal
from ordinance import parameters
from records.access import gates
from records.access.gates import Wish
from records.competence import standing
from records.competence.gates import IN_NEED, unless_lifted
from records.competence_enums import Ability, PermissionScope
from records.look_enums import LookStep
from records.models import CameraPermission, StaffMember
from records.permission_states import ARTICLE
from records.permissions import ending

GATE = "camera_permission_gate"
NAME = "camera_permission"
# To prepare what leaves is to copy it.
ABILITY_OF = {LookStep.PREPARE: Ability.EXPORT}


def is_required() -> bool:
    return bool(parameters.value(GATE).value)


def standing_of(staff: StaffMember) -> list[CameraPermission]:
    """Granted and holding today."""
    on = timezone.localdate()
    rows = CameraPermission.objects.granted().filter(staff=staff, from_on__lte=on, until_on__gte=on)
    days = ending.idle_days(on)
    chosen = rows.select_related("staff__officer", "staff__contract").defer("staff__name", "staff__address")
    return [row for row in chosen if ending.cause(row, on, days) is None]


def covers(permission: CameraPermission, camera: Camera) -> bool:
    if permission.scope == PermissionScope.PURPOSE:
        return permission.purpose == camera.install_purpose
    if permission.scope == PermissionScope.AREA:
        return permission.area in f"{camera.site.road_address} {camera.site.lot_address}"
    return permission.scope == PermissionScope.ALL or permission.camera_id == camera.pk


def refusals(officer: Officer, cameras: Iterable[Camera], ability: Ability) -> Iterator[Refusal]:
    """For whatever opens live pictures, turns a camera, plays or gives out; nothing where the profile asks for none."""
    if not is_required():
        return
    staff = standing.staff_of(officer, timezone.localdate())
    held = [row for row in standing_of(staff) if ability in row.abilities] if staff else []
    lacking = [camera.number for camera in cameras if not any(covers(row, camera) for row in held)]
    if lacking:
        yield Refusal(
            NAME,
            f"이 카메라의 ‘{ability.label}’ 권한이 없습니다.",
            ARTICLE,
            f"‘사람·권한 → 카메라 접근권한’에서 신청하십시오. {IN_NEED}",
            numbers=tuple(dict.fromkeys(lacking)),
        )


def _permission(wish: Wish) -> Iterable[Refusal]:
    ability = ABILITY_OF.get(wish.step, Ability.STORED)
    found = refusals(wish.officer, [one.camera for one, _, _ in wish.ranges], ability)
    return unless_lifted(NAME, found, wish.officer, wish.matter)


def _copy(officer: Officer, camera: Camera) -> Iterator[Refusal]:
    yield from refusals(officer, [camera], Ability.EXPORT)


def register() -> None:
    gates.register(NAME, _permission, is_standing=True)
    gates.register_for_copies(_copy)
