"""결재: one step after the other, by whoever holds the post, stands in for him (대결) or decides by delegation (전결).

Nobody approves what he asked for, entered or reviewed. Three ways lead here: the approver signs in this system; another
officer writes down a signed document; of an urgent one the head says so by telephone, which is written down with time and
person, and which he confirms, or denies, himself afterwards. What is pending is asked of the held row: of two at once the second is
told that the step is done.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, Refused, outside, unwritten
from ordinance.unchecked import cite
from records.models import Provision, ProvisionApproval, ProvisionMove, SignedStep
from records.provision import authority, clocks, findings, recall
from records.provision_enums import (
    ApprovalCapacity,
    ApprovalOutcome,
    ApprovalWay,
    ProvisionEvent,
    ProvisionState,
)

ARTICLE = "조례 제21조제1항·제3항"
SIGNING = cite("행정업무의 운영 및 혁신에 관한 규정 제10조")


@dataclass(frozen=True, slots=True)
class Signature:
    """How one step was signed. In this system nothing more is needed; of a document its number and day, of a call its
    time and who said so."""

    way: str = ApprovalWay.SYSTEM
    capacity: str = ""
    document_number: str = ""
    on: dt.date | None = None
    approver: Officer | None = None
    called_at: dt.datetime | None = None


def pending(provision: Provision) -> ProvisionApproval | None:
    """The step that comes next before the release."""
    return provision.approvals.pending().filter(is_after=False).order_by("position").first()


def approve(
    provision: Provision, *, by: Officer, signature: Signature = Signature(), position: int | None = None
) -> ProvisionApproval:
    """Sign the next step; after the last one it may be handed over. `position`: the step that the person saw."""
    with acts.begin("records.provision_approved", provision, by=by) as act:
        step = pending(act.row)
        if step is None or (position is not None and step.position != position):
            raise Refused([_refusal("done", "이미 결재한 단계입니다.", "화면을 새로 여십시오.")])
        act.refuse(check(act.row, step, signature, by, act.at))
        sign(act, step, signature, by)
        is_last = pending(act.row) is None
        act.move(
            ProvisionMove,
            ProvisionEvent.APPROVE if is_last else ProvisionEvent.APPROVE_STEP,
            on=timezone.localdate(step.decided_at or act.at),
            reason=described(step),
            document_number=signature.document_number,
        )
        if is_last:
            _approved(act, step)
        findings.follow(act)
    return step


def _approved(act: Act[Provision], step: ProvisionApproval) -> None:
    """The request is answered; what follows an urgent one begins to run from the approval."""
    since = step.decided_at or act.at
    clocks.stop(act, clocks.ANSWER, at=since)
    if act.row.approvals.pending().filter(is_after=True).exists():
        clocks.start(act, clocks.MAYOR, since)
    if unconfirmed_call(act.row) is not None:
        clocks.start(act, clocks.PHONE, since)


def sign(act: Act[Provision], step: SignedStep, signature: Signature, by: Officer) -> None:
    """The step as it was signed, for or against (`outcome` set before: refused)."""
    step.way = signature.way
    step.approver = by if signature.way == ApprovalWay.SYSTEM else signature.approver
    step.capacity = _capacity(step, signature, act.at)
    step.outcome = step.outcome or ApprovalOutcome.APPROVED
    step.decided_at = _decided_at(signature, act.at)
    step.document_number = signature.document_number.strip()
    step.recorded_at, step.recorded_by = act.at, by
    step.full_clean()
    step.save()
    act.payload |= {
        "provision": act.row.number,
        "step": step.step,
        "approval_outcome": step.outcome,
        "capacity": step.capacity,
        "approval_way": step.way,
        "approver": step.approver_id,
        "decided_at": step.decided_at.isoformat(),
        "document": step.document_number,
    }


def _capacity(step: SignedStep, signature: Signature, at: dt.datetime) -> str:
    if signature.way == ApprovalWay.DOCUMENT:
        return signature.capacity
    return authority.capacity_of(step.approver, step.step, timezone.localdate(at)) if step.approver else ""


def _decided_at(signature: Signature, now: dt.datetime) -> dt.datetime:
    """Of a document of an earlier day nobody wrote down the hour: its beginning, so that nothing seems late."""
    if signature.called_at is not None:
        return signature.called_at
    if signature.on is not None and signature.on != timezone.localdate(now):
        return timezone.make_aware(dt.datetime.combine(signature.on, dt.time.min))
    return now


def described(step: ProvisionApproval) -> str:
    words = [step.get_step_display(), step.get_capacity_display(), step.get_way_display()]
    return " · ".join(word for word in words if word)


def check(
    provision: Provision, step: ProvisionApproval, signature: Signature, by: Officer, now: dt.datetime
) -> list[Refusal]:
    """Why this person cannot sign this step in this way."""
    if signature.way == ApprovalWay.TELEPHONE:
        return _check_call(provision, step, signature, by, now)
    if signature.way == ApprovalWay.DOCUMENT:
        return [*check_document(provision, signature, now), *refuse_interested(provision, by)]
    return [*refuse_unauthorised(step, by), *refuse_interested(provision, by), *_refuse_twice(step, by)]


def refuse_unauthorised(step: SignedStep, by: Officer) -> list[Refusal]:
    if by.is_active and authority.capacity_of(by, step.step):
        return []
    who = step.get_step_display()
    return [
        Refusal(
            "authority",
            f"‘{who}’의 결재권이 없습니다.",
            SIGNING,
            f"결재권이 있는 사람이 결재하거나, {who}{josa(who, '이/가')} 결재한 문서를 기록하십시오.",
        )
    ]


def refuse_interested(provision: Provision, by: Officer) -> list[Refusal]:
    """Nobody approves, or writes down the approval of, what he asked for or entered himself."""
    own = (
        (provision.asked_by_id, "요청한"),
        (provision.entered_by_id, "접수한"),
        (provision.reviewed_by_id, "검토한"),
    )
    for first, did in own:
        if first is not None and (why := second_person.problem(first, by, did, does="결재")):
            return [_refusal("own", why)]
    return []


def _refuse_twice(step: ProvisionApproval, by: Officer) -> list[Refusal]:
    """One person does not sign two steps, unless the upper one was delegated to him."""
    if authority.capacity_of(by, step.step) == ApprovalCapacity.DELEGATE:
        return []
    signed = ProvisionApproval.objects.current().filter(provision=step.provision_id, approver=by)
    if signed.exclude(pk=step.pk).exclude(outcome="").exists():
        return [_refusal("twice", "앞 단계를 결재한 사람이 다음 단계도 결재할 수는 없습니다.")]
    return []


def check_document(provision: Provision, signature: Signature, now: dt.datetime) -> list[Refusal]:
    today = timezone.localdate(now)
    found = [
        *unwritten(signature.document_number, "document_number", "결재 문서의 번호를 적으십시오.", SIGNING)
    ]
    if signature.capacity not in ApprovalCapacity.values:
        found.append(_refusal("capacity", "본인 결재, 대결, 전결 가운데 고르십시오.", field="capacity"))
    if signature.on is None:
        found.append(_refusal("on", "결재한 날을 적으십시오.", field="on"))
    else:
        since = timezone.localdate(provision.received_at)
        found += outside(signature.on, "on", "결재한 날", until=today, since=since, since_name="접수일")
    return found


def _check_call(
    provision: Provision, step: ProvisionApproval, signature: Signature, by: Officer, now: dt.datetime
) -> list[Refusal]:
    """Only of an urgent one, and only before the release: the call is written down with its time and by whom."""
    approver, at = signature.approver, signature.called_at
    if not provision.is_urgent or step.is_after:
        return [_refusal("call", "전화 승인은 긴급한 요청의 사전 결재에만 할 수 있습니다.", field="way")]
    if approver is None or at is None:
        return [_refusal("call", "누가 언제 승인했는지 적으십시오.", field="approver")]
    found = []
    if at > now:
        found.append(_refusal("call", "승인한 때가 지금보다 뒤입니다.", field="called_at"))
    if at < provision.received_at:
        found.append(_refusal("call", "승인한 때가 접수한 때보다 앞섭니다.", field="called_at"))
    if approver.pk == by.pk:
        found.append(
            _refusal("call", "전화를 받은 사람이 기록합니다.", "이 화면에서 결재하십시오.", field="approver")
        )
    return [
        *found,
        *refuse_unauthorised(step, approver),
        *(refuse_interested(provision, approver) or _refuse_alone(provision, by)),
    ]


def _refuse_alone(provision: Provision, by: Officer) -> list[Refusal]:
    """Who asked for it, or both entered and reviewed it, does not write down the call, too: else nobody else would know."""
    why = second_person.problem(provision.asked_by_id, by, "요청한", does="기록")
    if not why and second_person.problem(provision.entered_by_id, by, "접수한"):
        why = second_person.problem(provision.reviewed_by_id, by, "접수하고 검토한", does="기록")
    return [_refusal("own", why)] if why else []


def confirm_call(provision: Provision, *, by: Officer, document_number: str = "") -> ProvisionApproval:
    """전화 승인의 확인: the approver says so himself in writing, or another officer files the signed document."""
    with acts.begin("records.provision_call_confirmed", provision, by=by) as act:
        step = unconfirmed_call(act.row)
        if step is None:
            raise Refused([_refusal("call", "확인할 전화 승인이 없습니다.")])
        act.refuse(_check_confirmation(act.row, step, by, document_number))
        act.move(ProvisionMove, ProvisionEvent.CONFIRM_PHONE, document_number=document_number)
        step.confirmed_at = act.at
        step.document_number = document_number.strip() or step.document_number
        step.save(update_fields=["confirmed_at", "document_number"])
        _stop_waiting(act)
        act.payload |= {
            "provision": act.row.number,
            "step": step.step,
            "approver": step.approver_id,
            "document": step.document_number,
        }
        findings.follow(act)
    return step


def deny_call(
    provision: Provision, *, reason: str, by: Officer, document_number: str = ""
) -> ProvisionApproval:
    """The approver says that there was no such approval: what went out comes back at once, and the rule stays unmet."""
    with acts.begin("records.provision_call_denied", provision, by=by) as act:
        step = unconfirmed_call(act.row)
        if step is None:
            raise Refused([_refusal("call", "확인할 전화 승인이 없습니다.")])
        act.refuse(unwritten(reason, "reason", "승인하지 않았다고 하는 까닭을 적으십시오.", ARTICLE))
        act.refuse(_check_confirmation(act.row, step, by, document_number))
        act.move(ProvisionMove, ProvisionEvent.DENY_PHONE, reason=reason, document_number=document_number)
        step.outcome, step.confirmed_at = ApprovalOutcome.REFUSED, act.at
        step.document_number = document_number.strip() or step.document_number
        step.save(update_fields=["outcome", "confirmed_at", "document_number"])
        _stop_waiting(act)
        act.payload |= {
            "provision": act.row.number,
            "step": step.step,
            "approver": step.approver_id,
            "document": step.document_number,
        }
        if act.row.state in (ProvisionState.APPROVED, ProvisionState.HANDED_OVER):
            recall.take_back(act, ProvisionEvent.REFUSE, reason=f"전화 승인을 부인함: {reason}")
        findings.follow(act)
    return step


def _stop_waiting(act: Act[Provision]) -> None:
    """… once the last call of the line is confirmed or denied."""
    if unconfirmed_call(act.row) is None:
        clocks.stop(act, clocks.PHONE)


def unconfirmed_call(provision: Provision) -> ProvisionApproval | None:
    calls = provision.approvals.current().filter(
        way=ApprovalWay.TELEPHONE, outcome=ApprovalOutcome.APPROVED, confirmed_at__isnull=True
    )
    return calls.order_by("position").first()


def _check_confirmation(
    provision: Provision, step: ProvisionApproval, by: Officer, document_number: str
) -> list[Refusal]:
    if by.pk == step.approver_id:
        return []
    if not document_number.strip():
        text = "승인한 사람이 직접 확인하거나, 서명한 문서의 번호를 적어야 합니다."
        return [_refusal("call", text, field="document_number")]
    if why := second_person.problem(step.recorded_by_id, by, "전화를 기록한", does="확인"):
        return [_refusal("own", why)]
    return []


def _refusal(code: str, text: str, remedy: str = "", *, field: str = "") -> Refusal:
    return Refusal(code, text, ARTICLE, remedy, field=field)
