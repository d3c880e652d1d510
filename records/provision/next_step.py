"""Who acts next in a use or provision (`casework.next_steps`): by its state, by the post that signs, by what is still owed."""

import datetime as dt
from typing import Any

from casework.next_steps import NextStep, each, register
from records.models import HandOver, Provision, ProvisionApproval, ProvisionExtension
from records.provision import (
    afterwards,
    approval,
    authority,
    clocks,
    ending,
    extending,
    publication,
    release,
    restrictions,
    review,
    subject_notice,
)
from records.provision_enums import OVER, ApprovalCapacity, ProvisionState, ReleaseForm

HANDLE, APPROVE, PUBLISH = (
    "records.handle_provision",
    "records.approve_provision",
    "records.publish_provision",
)
RELEASE = "footage.release_hold"
PAGE = "provision:page"


def listen() -> None:
    register(Provision, each(of_provision))


def of_provision(row: Provision, now: dt.datetime) -> NextStep | None:
    """None when nothing is left to do."""
    if row.state == ProvisionState.RECEIVED:
        return _step(row, "검토하여 결재에 올리기", HANDLE, "provision:review")
    if row.state == ProvisionState.UNDER_APPROVAL:
        step = approval.pending(row)
        return of_signature(row, step, "provision:approve") if step else None
    if row.state == ProvisionState.APPROVED:
        return _before_handing_over(row)
    if row.state == ProvisionState.RECALLING:
        return _copies(row)
    if row.state == ProvisionState.HANDED_OVER:
        return _afterwards(row)
    if row.state in OVER and release.in_force(row):
        return _release(row)
    return None


def of_signature(row: Provision, step: ProvisionApproval | ProvisionExtension, url_name: str) -> NextStep:
    """Who holds the post and had no part in it; where nobody does, whoever may writes down the signed document."""
    label = step.get_step_display()
    interested = {row.asked_by_id, row.entered_by_id, row.reviewed_by_id} - {None}
    signed: set[int | None] = set()
    if isinstance(step, ProvisionExtension):
        # Whoever signed for the release signs for a longer period, too.
        interested |= {step.asked_by_id}
        verb = "이용 기간 연장 결재하기"
    else:
        others = ProvisionApproval.objects.current().filter(provision=row).exclude(pk=step.pk)
        signed = set(others.exclude(outcome="").values_list("approver", flat=True))
        verb = "사후승인하기" if step.is_after else "결재하기"
    able = {
        each.officer_id
        for each in authority.of_step(step.step)
        if each.officer_id not in interested
        and (each.capacity == ApprovalCapacity.DELEGATE or each.officer_id not in signed)
        and each.officer.has_perm(APPROVE)
    }
    if able:
        return _step(row, f"{verb} ({label})", APPROVE, url_name, only=frozenset(able))
    note = f"‘{label}’의 결재권을 가지고 이 건에 관여하지 않은 사람이 등록되어 있지 않습니다. 결재가 끝난 문서를 기록합니다."
    return _step(
        row, f"‘{label}’의 결재 문서 기록하기", APPROVE, url_name, not_by=frozenset(interested), note=note
    )


def _before_handing_over(row: Provision) -> NextStep:
    if restrictions.is_owed(row) and restrictions.of(row) is None:
        return _step(row, "제한 요청하기", HANDLE, "provision:restrict")
    if review.needs_looking(row):
        first = frozenset({row.entered_by_id, row.reviewed_by_id})
        note = "접수하거나 검토하지 않은 사람이 확인합니다."
        return _step(
            row, "식별할 수 없음을 확인하기", HANDLE, "provision:unidentifiable", not_by=first, note=note
        )
    return _step(row, "인계하기", HANDLE, "provision:hand_over")


def _afterwards(row: Provision) -> NextStep:
    """What is owed before it can be ended, in the order of its days."""
    if call := approval.unconfirmed_call(row):
        return of_call(row, call)
    if (after := afterwards.pending(row)) is not None:
        return of_signature(row, after, "provision:mayor_approve")
    if (longer := extending.pending(row)) is not None:
        return of_signature(row, longer, "provision:approve_extension")
    if restrictions.is_owed(row):
        asked = restrictions.of(row)
        if asked is None or asked.answered_on is None:
            verb = "제한 요청의 회신 기록하기" if asked else "제한 요청하기"
            return _step(row, verb, HANDLE, "provision:answer" if asked else "provision:restrict")
    if publication.is_open(row):
        return _step(row, "누리집에 게시하기", PUBLISH, "provision:publish")
    if subject_notice.is_open(row):
        return _step(row, "정보주체에게 알리기", HANDLE, "provision:tell_subject")
    if ending.unfinished(row):
        return _copies(row)
    return _step(row, "종결하기", HANDLE, "provision:end")


def of_call(row: Provision, step: ProvisionApproval) -> NextStep:
    """The one who said yes says so in writing; where that person cannot, who did not write the call down files the document."""
    note = "전화로 승인한 사람이 확인합니다. 다른 사람은 서명한 문서의 번호를 적어 확인합니다."
    can_confirm = step.approver is not None and step.approver.is_active
    who: dict[str, Any] = (
        {"only": frozenset({step.approver_id})}
        if can_confirm
        else {"not_by": frozenset({step.recorded_by_id})}
    )
    return _step(row, "전화 승인 확인하기", APPROVE, "provision:confirm_call", note=note, **who)


def _copies(row: Provision) -> NextStep:
    outside = HandOver.objects.outside().filter(provision=row).order_by("end_due_on", "pk")
    first = outside.defer("receiver_name", "receiver_rank").first()
    if first is None:
        return _step(row, "종결하기", HANDLE, "provision:end")
    is_live = row.form == ReleaseForm.LIVE
    verb = "실시간 연결을 끊은 것 확인하기" if is_live else "나간 사본의 반환·파기 확인하기"
    return _step(row, verb, HANDLE, "provision:end_copy", first.pk, due_on=first.end_due_on)


def _release(row: Provision) -> NextStep:
    last = row.moves.filter(to_state=row.state).exclude(from_state=row.state).last()
    return _step(
        row,
        "영상의 유예 해제하기",
        RELEASE,
        "provision:release",
        not_by=frozenset({last.by_id} if last else ()),
        note="끝낸 사람이 아닌 다른 사람이 해제합니다.",
    )


def _step(
    row: Provision,
    verb: str,
    needs: str,
    url_name: str,
    key: int | None = None,
    *,
    only: frozenset[int] | None = None,
    not_by: frozenset[int | None] = frozenset(),
    due_on: dt.date | None = None,
    note: str = "",
) -> NextStep:
    owed = clocks.open_of(row.number).order_by("due_at").first() if due_on is None else None
    return NextStep(
        "records.provision_waiting",
        verb,
        f"영상정보 {row.number}",
        needs,
        url_name,
        (key or row.pk,),
        due_on=due_on or (owed.due_on if owed else None),
        since=row.received_at,
        only=only,
        not_by=not_by,
        waits=(HANDLE,),
        page_name=PAGE,
        page_args=(row.pk,),
        note=note,
    )
