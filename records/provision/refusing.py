"""불승인, 반려, 취하: ways out before anything was given, each with its reason and letter."""

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import unwritten
from records.models import Provision, ProvisionMove
from records.provision import clocks, findings, restrictions
from records.provision_enums import ApprovalOutcome, ProvisionEvent

ARTICLE = "조례 제21조"


def refuse(provision: Provision, *, reason: str, document_number: str, by: Officer) -> Provision:
    """The agency is told in writing why nothing is given. What went out already is recalled, not refused."""
    with acts.begin("records.provision_refused", provision, by=by) as act:
        act.refuse(
            [
                *unwritten(reason, "reason", "불승인하는 까닭을 적으십시오.", ARTICLE),
                *unwritten(document_number, "document_number", "회신 문서의 번호를 적으십시오.", ARTICLE),
            ]
        )
        act.row.approvals.pending().update(
            outcome=ApprovalOutcome.REFUSED, recorded_at=act.at, recorded_by=by
        )
        close(act, ProvisionEvent.REFUSE, reason=reason, document_number=document_number)
    return act.row


def withdraw(provision: Provision, *, reason: str, document_number: str, by: Officer) -> Provision:
    """The agency itself takes it back."""
    with acts.begin("records.provision_withdrawn", provision, by=by) as act:
        act.refuse(
            unwritten(reason, "reason", "누가 어떻게 취하했는지 적으십시오.", ARTICLE),
        )
        close(act, ProvisionEvent.WITHDRAW, reason=reason, document_number=document_number)
    return act.row


def send_back(provision: Provision, *, reason: str, by: Officer) -> Provision:
    """반려: to be reviewed again; the line begins anew, what was signed counts no more and stays on record."""
    with acts.begin("records.provision_sent_back", provision, by=by) as act:
        act.refuse(unwritten(reason, "reason", "반려하는 까닭을 적으십시오.", ARTICLE))
        act.move(ProvisionMove, ProvisionEvent.SEND_BACK, reason=reason)
        act.row.approvals.current().update(is_void=True)
        restrictions.supersede(act)
        act.payload["provision"] = act.row.number
        findings.follow(act)
    return act.row


def close(act: Act[Provision], event: ProvisionEvent, *, reason: str, document_number: str = "") -> None:
    """Nothing is owed any more; its footage may be let go by another person."""
    act.move(ProvisionMove, event, reason=reason, document_number=document_number)
    clocks.stop(act)
    act.payload |= {"provision": act.row.number, "document": document_number.strip()}
    findings.follow(act)
