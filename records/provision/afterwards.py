"""사후승인 (ordinance art. 21(3)): the mayor approves what the head had released at once, or it comes back at once.

A refusal and the order to recall are one act: in the minute in which the mayor says no, the recall has its deadline.
"""

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, Refused, unwritten
from records.models import Provision, ProvisionApproval, ProvisionMove
from records.provision import approval, clocks, findings, recall
from records.provision.approval import Signature
from records.provision_enums import ApprovalOutcome, ApprovalWay, ProvisionEvent

ARTICLE = "조례 제21조제3항"


def pending(provision: Provision) -> ProvisionApproval | None:
    return provision.approvals.pending().filter(is_after=True).order_by("position").first()


def approve(provision: Provision, *, by: Officer, signature: Signature) -> ProvisionApproval:
    with acts.begin("records.provision_approved_after", provision, by=by) as act:
        step = _signed(act, signature, by, ApprovalOutcome.APPROVED)
        _move(act, ProvisionEvent.MAYOR_APPROVE, step, signature)
        findings.follow(act)
    return step


def refuse(provision: Provision, *, reason: str, by: Officer, signature: Signature) -> ProvisionApproval:
    """Everything that is outside is recalled in the same act; where nothing is, the request is refused."""
    with acts.begin("records.provision_refused_after", provision, by=by) as act:
        act.refuse(unwritten(reason, "reason", "승인하지 않는 까닭을 적으십시오.", ARTICLE))
        step = _signed(act, signature, by, ApprovalOutcome.REFUSED)
        _move(act, ProvisionEvent.MAYOR_REFUSE, step, signature, reason)
        recall.take_back(
            act,
            ProvisionEvent.REFUSE,
            reason=f"구청장이 사후승인하지 않음: {reason}",
            document_number=signature.document_number,
        )
        findings.follow(act)
    return step


def _signed(act: Act[Provision], signature: Signature, by: Officer, outcome: str) -> ProvisionApproval:
    step = pending(act.row)
    if step is None:
        raise Refused([Refusal("done", "기다리는 사후승인이 없습니다.", ARTICLE, "화면을 새로 여십시오.")])
    act.refuse(approval.check(act.row, step, signature, by, act.at))
    step.outcome = outcome
    approval.sign(act, step, signature, by)
    # Signed on an earlier day, it was in time on that day.
    clocks.stop(act, clocks.MAYOR, at=step.decided_at)
    return step


def _move(
    act: Act[Provision],
    event: ProvisionEvent,
    step: ProvisionApproval,
    signature: Signature,
    reason: str = "",
) -> None:
    act.move(
        ProvisionMove,
        event,
        on=timezone.localdate(step.decided_at or act.at),
        reason=reason or approval.described(step),
        document_number=signature.document_number,
    )


def way_of(document_number: str) -> str:
    """A document is named by its number; without one it is signed here."""
    return ApprovalWay.DOCUMENT if document_number.strip() else ApprovalWay.SYSTEM
