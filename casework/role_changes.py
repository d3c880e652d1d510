"""Rights are given by two: one who keeps accounts asks, another one confirms (`casework.second_person`).

What brings a right waits: a role, one with more rights, an account that is opened again. What only takes rights away
works at once, and ends what was still waiting for that officer. A new account whose role reaches no person and no
footage is one person's work. The operator's command (`create_administrator`) stands outside: whoever runs it holds the
machine, and its line in the ledger says so.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import roles, second_factor
from accounts.korean import josa
from accounts.models import Officer
from accounts.roles import ROLE_PERMISSIONS, Role
from casework import acts, second_person
from casework.models import RoleChange, RoleChangeEvent, RoleChangeMove, RoleChangeState
from casework.next_steps import NextStep
from casework.refusals import Refusal, Refused, refuse_if
from ordinance import parameters
from ordinance.due import DueItem, Severity

KEEP, CONFIRM = "accounts.change_officer", "casework.confirm_rolechange"
DAYS = "role_change_confirm_days"
KIND_ASKED, KIND_CONFIRMED = "officer.role_change_asked", "officer.role_change_confirmed"
KIND_REFUSED, KIND_WITHDRAWN = "officer.role_change_refused", "officer.role_change_withdrawn"
KIND_EXPIRED = "officer.role_change_expired"
KINDS = {
    KIND_ASKED: "권한 변경 요청",
    KIND_CONFIRMED: "권한 변경 확인",
    KIND_REFUSED: "권한 변경 거절",
    KIND_WITHDRAWN: "권한 변경 철회",
    KIND_EXPIRED: "권한 변경 기한 경과",
}
CLOCK = "system:role_changes"


def needs_second_person(before: Role | None, after: Role, *, is_new: bool = False) -> bool:
    """Whether a change of role brings a right; of a new account, whether the role reaches persons or footage."""
    return roles.reaches_persons(after) if is_new else bool(roles.gained(before, after))


def change_role(officer: Officer, role: Role, *, by: Officer, is_new: bool = False) -> RoleChange | None:
    """Give the role at once where it brings nothing new; otherwise ask. Returns what waits now."""
    with transaction.atomic():
        held = Officer.objects.select_for_update().get(pk=officer.pk)
        before = roles.role_of(held)
        if before == role:
            return None
        if needs_second_person(before, role, is_new=is_new):
            return _ask(held, RoleChange.Kind.ROLE, before, role, by)
        overtake(held, by=by)
        roles.assign(held, role)
    return None


def ask_reopening(officer: Officer, *, by: Officer) -> RoleChange:
    """An ended account is opened again when somebody else says so too; its role stays."""
    with transaction.atomic():
        held = Officer.objects.select_for_update().get(pk=officer.pk)
        if held.is_active:
            refuse_if([Refusal("active", "사용 중인 계정입니다.")])
        role = roles.role_of(held)
        return _ask(held, RoleChange.Kind.REOPEN, role, role, by)


def ask_factor_removal(officer: Officer, *, by: Officer) -> RoleChange:
    """Telephone, passkeys and recovery codes are lost: another one says so too, and the person registers anew."""
    with transaction.atomic():
        held = Officer.objects.select_for_update().get(pk=officer.pk)
        if not second_factor.has(held):
            refuse_if([Refusal("none", "등록한 두 번째 인증이 없습니다.")])
        role = roles.role_of(held)
        return _ask(held, RoleChange.Kind.FACTOR, role, role, by)


def _ask(officer: Officer, kind: str, before: Role | None, role: Role | None, by: Officer) -> RoleChange:
    if by.pk == officer.pk:
        refuse_if([Refusal("self", "본인의 권한은 다른 시스템 관리자만 바꿀 수 있습니다.")])
    if RoleChange.objects.waiting().filter(officer=officer).exists():
        refuse_if(
            [
                Refusal(
                    "waiting", "이미 확인을 기다리는 권한 변경이 있습니다. 먼저 철회하십시오.", field="role"
                )
            ]
        )
    at = timezone.now()
    days = int(parameters.value(DAYS, timezone.localdate(at)).value)
    change = RoleChange(
        officer=officer,
        kind=kind,
        role_before=before.value if before else "",
        role=role.value if role else "",
        asked_at=at,
        asked_by=by,
        expires_at=at + dt.timedelta(days=days),
    )
    with acts.begin(KIND_ASKED, change, subject=subject_of(change), by=by, at=at) as act:
        change.save()
        act.move(RoleChangeMove, RoleChangeEvent.ASK)
        act.payload.update(facts(change))
    return change


@transaction.atomic
def confirm(change: RoleChange, *, by: Officer) -> RoleChange:
    """The second person's word: the rights are given now. `Refused` says why not."""
    # The officer first and then the change, in the order of whoever takes rights away.
    officer = Officer.objects.select_for_update().get(pk=change.officer_id)
    with acts.begin(KIND_CONFIRMED, change, subject=subject_of(change), by=by) as act:
        held = act.row
        act.refuse(refusals(held, officer, by, act.at))
        act.move(RoleChangeMove, RoleChangeEvent.CONFIRM)
        if held.kind == RoleChange.Kind.REOPEN:
            officer.is_active = True
            officer.save(update_fields=["is_active"])
        elif held.kind == RoleChange.Kind.FACTOR:
            second_factor.remove(officer)
        else:
            roles.assign(officer, Role(held.role))
        act.payload.update(facts(held))
    return act.row


def refusals(change: RoleChange, officer: Officer, by: Officer, at: dt.datetime) -> list[Refusal]:
    """Why this person cannot confirm this change now."""
    if not change.is_waiting:
        return [Refusal("state", f"확인을 기다리는 변경이 아닙니다({change.get_state_display()}).")]
    found = []
    if problem := second_person.problem(change.asked_by_id, by, "요청한", since=_links_count_since(change)):
        found.append(Refusal("same_person", problem))
    if by.pk == officer.pk:
        found.append(Refusal("self", "권한을 받을 사람은 확인할 수 없습니다."))
    if change.kind == RoleChange.Kind.FACTOR and any(
        second_person.has_made_address(maker, officer) for maker in (change.asked_by, by)
    ):
        found.append(
            Refusal(
                "address",
                "요청하거나 확인하는 사람이 이 계정의 비밀번호 설정 주소를 만든 지 하루가 지나지 않았습니다. 비밀번호와 두 번째 인증을 한 사람이 함께 바꿀 수 없습니다.",
                remedy="다른 시스템 관리자가 하거나, 하루가 지난 뒤에 하십시오.",
            )
        )
    if at >= change.expires_at:
        found.append(Refusal("expired", "확인 기한이 지났습니다.", remedy="필요하면 다시 요청하게 하십시오."))
    if not change.asked_by.has_perm(KEEP):
        found.append(Refusal("asker", "요청한 사람이 더는 계정을 관리하지 않습니다.", remedy="거절하십시오."))
    current = roles.role_of(officer)
    if (current.value if current else "") != change.role_before:
        found.append(
            Refusal("role", "그 사이에 역할이 바뀌었습니다.", remedy="거절하고 다시 요청하게 하십시오.")
        )
    return found


def against_password_address(officer: Officer, *, by: Officer) -> list[Refusal]:
    """Who took part in taking the second factor away does not set the password too: that would be the whole account.

    Until the person has registered one again, or a day has gone by: of both the person is told by mail.
    """
    if second_factor.has(officer):
        return []
    since = timezone.now() - second_person.LINKS_COUNT_FOR
    taken = RoleChangeMove.objects.filter(
        event=RoleChangeEvent.CONFIRM,
        at__gte=since,
        change__officer=officer,
        change__kind=RoleChange.Kind.FACTOR,
    )
    if not taken.filter(Q(by=by) | Q(change__asked_by=by)).exists():
        return []
    text = "이 계정의 두 번째 인증을 없애는 데 참여한 사람은, 본인이 다시 등록하거나 하루가 지나기 전에는 비밀번호 설정 주소를 만들 수 없습니다."
    return [Refusal("factor", text, remedy="다른 시스템 관리자가 만드십시오.")]


def _links_count_since(change: RoleChange) -> dt.datetime:
    """As long before the request as it may wait."""
    return change.asked_at - (change.expires_at - change.asked_at)


def refuse(change: RoleChange, *, by: Officer, reason: str) -> None:
    """Somebody who could have confirmed says no; the asker reads why."""
    with acts.begin(KIND_REFUSED, change, subject=subject_of(change), by=by) as act:
        if problem := second_person.problem(act.row.asked_by_id, by, "요청한"):
            act.refuse([Refusal("same_person", problem, remedy="본인의 요청은 철회하십시오.")])
        act.move(RoleChangeMove, RoleChangeEvent.REFUSE, reason=reason)
        act.payload.update(facts(act.row))


def withdraw(change: RoleChange, *, by: Officer | None, reason: str = "", actor: str = "") -> None:
    """It is not wanted any more. That gives nothing to anybody, so any keeper of accounts may."""
    with acts.begin(KIND_WITHDRAWN, change, subject=subject_of(change), by=by, actor=actor) as act:
        act.move(RoleChangeMove, RoleChangeEvent.WITHDRAW, reason=reason)
        act.payload.update(facts(act.row))


@transaction.atomic
def overtake(officer: Officer, *, by: Officer | None, actor: str = "") -> None:
    """Rights were taken away: what was still to be given is not given."""
    # Held: what somebody else settles first is not waiting any more.
    for change in RoleChange.objects.waiting().select_for_update(of=("self",)).filter(officer=officer):
        withdraw(change, by=by, actor=actor, reason="그 사이에 권한을 줄이거나 계정을 중지했습니다.")


def expire_due(now: dt.datetime | None = None) -> int:
    """End the requests that nobody confirmed in time; how many."""
    at = now or timezone.now()
    due = list(RoleChange.objects.waiting().filter(expires_at__lte=at))
    return sum(_expire(change, at) for change in due)


def _expire(change: RoleChange, at: dt.datetime) -> bool:
    """False where somebody settled it in between: then nothing has expired, and the ledger says nothing of it."""
    try:
        with acts.begin(KIND_EXPIRED, change, subject=subject_of(change), actor=CLOCK, at=at) as act:
            act.move(RoleChangeMove, RoleChangeEvent.EXPIRE)
            act.payload.update(facts(act.row))
    except Refused:
        return False
    return True


def who_may_confirm(change: RoleChange) -> "QuerySet[Officer]":
    """The others who could: neither who asked nor who is given."""
    labels = [role.label for role in Role if CONFIRM in ROLE_PERMISSIONS[role]]
    able = Officer.objects.active().filter(Q(groups__name__in=labels) | Q(is_superuser=True))
    return able.exclude(pk__in=[change.asked_by_id, change.officer_id]).distinct()


def due_items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    """For those who may confirm; never one's own request."""
    waiting = RoleChange.objects.waiting().filter(expires_at__gt=now).select_related("officer", "asked_by")
    for change in waiting:
        yield DueItem(
            "casework.role_change",
            f"확인을 기다리는 권한 변경: {change.officer}",
            f"{change.what}. {change.asked_by}{josa(change.asked_by, '이/가')} 요청했습니다. 다른 사람이 확인해야 효력이 있습니다.",
            Severity.DUE,
            "people:role_change_confirm",
            (change.pk,),
            due_on=timezone.localdate(change.expires_at),
            since=change.asked_at,
            kind="사람·권한",
            asker_id=change.asked_by_id,
            not_by=frozenset({change.asked_by_id, change.officer_id}),
        )


def next_step(change: RoleChange, now: dt.datetime) -> NextStep | None:
    if change.state != RoleChangeState.WAITING or change.expires_at <= now:
        return None
    return NextStep(
        "casework.role_change",
        "확인하기",
        f"권한 변경 {change.pk}",
        CONFIRM,
        "people:role_change_confirm",
        (change.pk,),
        due_on=timezone.localdate(change.expires_at),
        since=change.asked_at,
        asker_id=change.asked_by_id,
        not_by=frozenset({change.asked_by_id, change.officer_id}),
        note="요청한 사람도 받는 사람도 아닌 다른 사람이 확인해야 합니다.",
    )


def facts(change: RoleChange) -> dict[str, Any]:
    return {
        "change": change.pk,
        "kind": change.kind,
        "role": change.role,
        "role_before": change.role_before,
        "asked_by": f"officer:{change.asked_by_id}",
    }


def subject_of(change: RoleChange) -> str:
    return f"officer:{change.officer_id}"
