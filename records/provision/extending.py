"""이용 기간의 연장: the recipient needs it longer and says so in a letter; whoever signed for the release signs for it.

One officer asks, another one signs: the post that signed last, the mayor where he approved afterwards. It is no longer at
a time than `provision_use_days`; what went out before stays in the ledgers with the period that it had, and the restrictions
are asked anew, since they name it.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, Refused, unwritten
from ordinance import parameters
from records.models import Provision, ProvisionExtension, ProvisionMove
from records.provision import approval, findings, restrictions
from records.provision.approval import Signature
from records.provision_enums import ApprovalOutcome, ApprovalWay, ProvisionEvent

ARTICLE = "조례 제24조제3항"
USE_DAYS = "provision_use_days"


def pending(provision: Provision) -> ProvisionExtension | None:
    return provision.extensions.filter(outcome="").first()


def beyond(until: dt.date, since: dt.date, field: str) -> list[Refusal]:
    """A period that ends later than the profile lets one run at a time."""
    last = since + dt.timedelta(days=int(parameters.value(USE_DAYS, since).value))
    if until <= last:
        return []
    text = f"이용 기간의 끝은 {last:%Y-%m-%d}까지로 정하십시오."
    return [Refusal(field, text, ARTICLE, "더 필요하면 그때 다시 연장합니다.", field=field)]


def ask(
    provision: Provision, *, until: dt.date, reason: str, document_number: str, by: Officer
) -> ProvisionExtension:
    with acts.begin("records.provision_extension_asked", provision, by=by) as act:
        act.refuse(_check(act.row, until, reason, document_number, timezone.localdate(act.at)))
        act.move(ProvisionMove, ProvisionEvent.ASK_EXTENSION, reason=reason, document_number=document_number)
        signed = act.row.approvals.current().filter(outcome=ApprovalOutcome.APPROVED)
        last = act.row.approvals.current().filter(is_after=True).last() or signed.order_by("position").last()
        if last is None:
            raise Refused([_refusal("unsigned", "결재를 마친 요청이 아닙니다.")])
        row = act.add(
            ProvisionExtension(
                provision=act.row,
                step=last.step,
                former_until_on=act.row.use_until_on,
                until_on=until,
                reason=reason.strip()[:500],
                letter_number=document_number.strip(),
                asked_at=act.at,
                asked_by=by,
            )
        )
        act.payload |= _told(row)
    return row


def _check(
    provision: Provision, until: dt.date, reason: str, document_number: str, today: dt.date
) -> list[Refusal]:
    found = [
        *unwritten(reason, "reason", "연장하는 까닭을 적으십시오.", ARTICLE),
        *unwritten(document_number, "document_number", "연장을 요청한 문서의 번호를 적으십시오."),
    ]
    if pending(provision) is not None:
        found.append(_refusal("pending", "이미 결재를 기다리는 연장이 있습니다."))
    if until <= max(today, provision.use_until_on):
        text = "지금의 기한과 오늘보다 뒤의 날을 적으십시오."
        found.append(Refusal("until", text, ARTICLE, field="until"))
    return [*found, *beyond(until, max(today, provision.use_until_on), "until")]


def approve(provision: Provision, *, by: Officer, signature: Signature) -> ProvisionExtension:
    """What is outside is due later; what was asked of the recipient is asked anew."""
    with acts.begin("records.provision_extended", provision, by=by) as act:
        row = _signed(act, signature, by, ApprovalOutcome.APPROVED)
        act.move(
            ProvisionMove,
            ProvisionEvent.EXTEND,
            reason=row.reason,
            document_number=signature.document_number or row.letter_number,
        )
        act.write(use_until_on=row.until_on)
        act.row.hand_overs.outside().filter(end_due_on__isnull=False).update(end_due_on=row.until_on)
        restrictions.supersede(act)
        findings.follow(act)
    return row


def refuse(provision: Provision, *, reason: str, by: Officer, signature: Signature) -> ProvisionExtension:
    """The period stays as it was approved."""
    with acts.begin("records.provision_extension_refused", provision, by=by) as act:
        act.refuse(unwritten(reason, "reason", "연장하지 않는 까닭을 적으십시오.", ARTICLE))
        row = _signed(act, signature, by, ApprovalOutcome.REFUSED)
        act.move(
            ProvisionMove,
            ProvisionEvent.REFUSE_EXTENSION,
            reason=reason,
            document_number=signature.document_number,
        )
    return row


def _signed(act: Act[Provision], signature: Signature, by: Officer, outcome: str) -> ProvisionExtension:
    row = pending(act.row)
    if row is None:
        raise Refused([_refusal("done", "결재를 기다리는 연장이 없습니다.", "화면을 새로 여십시오.")])
    act.refuse(_check_signature(act.row, row, signature, by, act.at))
    row.outcome = outcome
    approval.sign(act, row, signature, by)
    act.payload |= _told(row)
    return row


def _check_signature(
    provision: Provision, row: ProvisionExtension, signature: Signature, by: Officer, now: dt.datetime
) -> list[Refusal]:
    if signature.way == ApprovalWay.TELEPHONE:
        return [_refusal("way", "연장은 전화로 승인하지 않습니다.")]
    found = approval.refuse_interested(provision, by)
    if not found and (why := second_person.problem(row.asked_by_id, by, "연장을 올린", does="결재")):
        found = [_refusal("own", why)]
    if signature.way == ApprovalWay.DOCUMENT:
        return [*approval.check_document(provision, signature, now), *found]
    return [*approval.refuse_unauthorised(row, by), *found]


def _told(row: ProvisionExtension) -> dict[str, object]:
    return {
        "provision": row.provision.number,
        "old_due_on": row.former_until_on.isoformat(),
        "new_due_on": row.until_on.isoformat(),
        "letter": row.letter_number,
    }


def _refusal(code: str, text: str, remedy: str = "") -> Refusal:
    return Refusal(code, text, ARTICLE, remedy)
