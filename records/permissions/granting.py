"""신청, 부여, 변경, 말소: what was asked for stays as it was asked; only the state moves."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from accounts import roles
from accounts.korean import josa
from accounts.models import Officer
from accounts.roles import ROLE_PERMISSIONS
from cameras.models import Camera
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from records.competence_enums import Ability, PermissionEvent, PermissionScope, PermissionState
from records.models import CameraPermission, CameraPermissionMove, StaffMember
from records.people import staffing
from records.permission_states import ARTICLE

ASKED = "records.permission_asked"
GRANTED = "records.permission_granted"
REFUSED = "records.permission_refused"
WITHDRAWN = "records.permission_withdrawn"
ENDED = "records.permission_ended"
KINDS = {
    ASKED: "카메라 접근권한 신청",
    GRANTED: "카메라 접근권한 부여",
    REFUSED: "카메라 접근권한 거부",
    WITHDRAWN: "카메라 접근권한 신청 철회",
    ENDED: "카메라 접근권한 말소",
}
FEWEST = "조례 제23조제1항"
LOOK = "records.look_at_footage"
# Abilities that need more than the portal: the role has to let the person do it at all.
OF_STORED = frozenset({Ability.STORED.value, Ability.EXPORT.value})
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Wish:
    """What is asked for: which cameras, what, from when until when, why."""

    scope: str
    abilities: Collection[str]
    from_on: dt.date
    until_on: dt.date
    reason: str
    purpose: str = ""
    area: str = ""
    camera: Camera | None = None

    def of_scope(self) -> "Wish":
        """Without what the scope does not look at."""
        return replace(
            self,
            purpose=self.purpose if self.scope == PermissionScope.PURPOSE else "",
            area=self.area.strip() if self.scope == PermissionScope.AREA else "",
            camera=self.camera if self.scope == PermissionScope.CAMERA else None,
        )


def ask(
    staff: StaffMember, wish: Wish, *, by: Officer, replaces: CameraPermission | None = None
) -> CameraPermission:
    """`replaces`: the one that this takes the place of, once it is granted."""
    asked = wish.of_scope()
    # Here, since `Act.write` takes a reason of its own.
    row = CameraPermission(staff=staff, replaces=replaces, reason=asked.reason.strip())
    with acts.begin(ASKED, row, by=by) as act:
        act.refuse(_against_wish(staff, asked))
        if replaces is not None and (
            replaces.state != PermissionState.GRANTED or replaces.staff_id != staff.pk
        ):
            act.refuse([Refusal("replaces", "바꿀 수 있는 부여된 권한이 아닙니다.", ARTICLE)])
        act.write(
            scope=asked.scope,
            purpose=asked.purpose,
            area=asked.area,
            camera=asked.camera,
            abilities=[ability for ability in Ability.values if ability in asked.abilities],
            from_on=asked.from_on,
            until_on=asked.until_on,
        )
        act.move(CameraPermissionMove, PermissionEvent.ASK)
        _tell(act)
        return act.row


def _against_wish(staff: StaffMember, wish: Wish) -> Iterator[Refusal]:
    today = timezone.localdate()
    if not wish.abilities:
        yield Refusal("abilities", "할 수 있는 일을 하나 이상 고르십시오.", FEWEST, field="abilities")
    for scope, value, field, words in (
        (PermissionScope.PURPOSE, wish.purpose, "purpose", "설치목적을 고르십시오."),
        (PermissionScope.AREA, wish.area, "area", "동이나 길의 이름을 적으십시오."),
        (PermissionScope.CAMERA, wish.camera, "camera", "카메라를 고르십시오."),
    ):
        if wish.scope == scope and not value:
            yield Refusal(field, words, FEWEST, field=field)
    if wish.until_on < max(today, wish.from_on):
        yield Refusal("until", "종료일은 오늘과 시작일보다 앞설 수 없습니다.", ARTICLE, field="until_on")
    elif (wish.until_on - wish.from_on).days >= LONGEST_DAYS:
        yield Refusal("long", "한 번에 1년까지 부여합니다.", ARTICLE, field="until_on")
    if staff.last_on and wish.until_on > staff.last_on:
        text = f"근무가 끝나는 날({staff.last_on:%Y-%m-%d})까지만 부여할 수 있습니다."
        yield Refusal("leaves", text, ARTICLE, field="until_on")
    yield from unwritten(wish.reason, "reason", "필요한 사유를 적으십시오.", FEWEST)


def grant(permission: CameraPermission, *, by: Officer, reason: str = "") -> CameraPermission:
    with acts.begin(GRANTED, permission, by=by) as act:
        act.refuse(_against_decider(act.row, by))
        act.refuse(_against_granting(act.row))
        officer = act.row.staff.officer
        role = roles.role_of(officer) if officer else None
        act.move(CameraPermissionMove, PermissionEvent.GRANT, reason=reason)
        act.write(
            granted_at=act.at,
            department=officer.department if officer else None,
            role=role.value if role else "",
        )
        if act.row.replaces is not None:
            end(
                act.row.replaces,
                PermissionEvent.REPLACE,
                f"권한 {act.row.pk}{josa(act.row.pk, '으로/로')} 변경",
                by=by,
            )
        _tell(act)
        return act.row


def _against_decider(permission: CameraPermission, by: Officer) -> Iterator[Refusal]:
    """One asks, another one decides, and nobody about himself."""
    asked = permission.moves.get(event=PermissionEvent.ASK)
    if problem := second_person.problem(asked.by_id, by, "신청한", does="승인"):
        yield Refusal("second", problem, ARTICLE)
    elif permission.staff.officer_id == by.pk:
        yield Refusal("own", "자기의 권한은 다른 사람이 승인해야 합니다.", ARTICLE)


def _against_granting(permission: CameraPermission) -> Iterator[Refusal]:
    staff = permission.staff
    if not StaffMember.objects.employed(timezone.localdate()).filter(pk=staff.pk).exists():
        yield Refusal("left", "지금 근무하는 사람이 아닙니다.", ARTICLE)
    yield from staffing.without_basis(staff)
    if staff.officer is not None and set(permission.abilities) & OF_STORED:
        role = roles.role_of(staff.officer)
        if role is None or LOOK not in ROLE_PERMISSIONS[role]:
            yield Refusal(
                "role",
                f"‘{role.label if role else '역할 없음'}’ 역할은 저장한 영상을 재생하거나 반출하지 못합니다.",
                FEWEST,
                "역할별 권한을 확인하고, 필요한 일만 다시 신청하십시오.",
            )


def refuse(permission: CameraPermission, *, by: Officer, reason: str) -> CameraPermission:
    with acts.begin(REFUSED, permission, by=by) as act:
        act.refuse(unwritten(reason, "reason", "거부하는 사유를 적으십시오.", ARTICLE))
        act.refuse(_against_decider(act.row, by))
        act.move(CameraPermissionMove, PermissionEvent.REFUSE, reason=reason)
        _tell(act)
        return act.row


def withdraw(permission: CameraPermission, *, by: Officer) -> CameraPermission:
    with acts.begin(WITHDRAWN, permission, by=by) as act:
        asked = act.row.moves.get(event=PermissionEvent.ASK)
        if asked.by_id != by.pk:
            act.refuse([Refusal("asker", "신청한 사람만 철회합니다.", ARTICLE)])
        act.move(CameraPermissionMove, PermissionEvent.WITHDRAW)
        _tell(act)
        return act.row


def revoke(permission: CameraPermission, *, by: Officer, reason: str) -> CameraPermission:
    """Rights are taken by one person, at once."""
    return end(permission, PermissionEvent.REVOKE, reason, by=by)


def end(
    permission: CameraPermission, event: PermissionEvent, reason: str, *, by: Officer | None, actor: str = ""
) -> CameraPermission:
    with acts.begin(ENDED, permission, by=by, actor=actor) as act:
        act.refuse(unwritten(reason, "reason", "말소하는 사유를 적으십시오.", ARTICLE))
        act.move(CameraPermissionMove, event, reason=reason)
        act.payload["event"] = event.value
        _tell(act)
        return act.row


def _tell(act: Act[CameraPermission]) -> None:
    row = act.row
    act.payload |= {
        "permission": row.pk,
        "staff": row.staff.number,
        "scope": row.scope,
        "abilities": row.abilities,
        "from": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
    }
