"""재위탁 (PIPA art. 26(6)): only with the district's consent, asked for and answered once."""

import datetime as dt
from collections.abc import Iterator

from accounts.models import Officer
from cameras import findings
from cameras.enums import ReentrustmentEvent as Event
from cameras.models import EntrustmentContract, Reentrustment, ReentrustmentMove
from casework import acts, moves, refusals
from casework.acts import Act
from casework.refusals import Refusal

ASKED = "cameras.contract_reentrustment_asked"
ANSWERED = "cameras.contract_reentrustment_answered"
ENDED = "cameras.contract_reentrustment_ended"
LEDGER_KINDS = {
    ASKED: "재위탁 요청 기록",
    ANSWERED: "재위탁 동의·거부",
    ENDED: "재위탁 종료",
}
ARTICLE = "개인정보 보호법 제26조제6항"


def ask(
    contract: EntrustmentContract,
    *,
    contractor_name: str,
    scope: str,
    asked_on: dt.date,
    by: Officer,
    today: dt.date,
    phone: str = "",
) -> Reentrustment:
    """The contractor wants to have somebody else do part of it; nothing is allowed until the district consents."""
    row = Reentrustment(
        contract=contract,
        contractor_name=contractor_name.strip(),
        phone=phone.strip(),
        scope=scope.strip(),
        asked_on=asked_on,
    )
    with acts.begin(ASKED, row, by=by) as act:
        act.refuse(_against_asking(row, asked_on, today))
        act.write()
        act.move(ReentrustmentMove, Event.ASK, on=asked_on)
        _finish(act)
    return act.row


def _against_asking(row: Reentrustment, asked_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    yield from refusals.outside(asked_on, "asked_on", "요청일", until=today)
    if not EntrustmentContract.objects.in_force(asked_on).filter(pk=row.contract_id).exists():
        sentence = "그날 효력이 없는 계약입니다. 재위탁할 수 없습니다."
        yield Refusal("force", sentence, field="asked_on")
    if row.contractor_name == row.contract.contractor.name:
        yield Refusal("self", "수탁자 자신에게 재위탁할 수 없습니다.", field="contractor_name")


def consent(
    request: Reentrustment, *, on: dt.date, document: str, by: Officer, today: dt.date
) -> Reentrustment:
    """동의, by a document. A refused request is not consented to: it has to be made again."""
    with acts.begin(ANSWERED, request, by=by) as act:
        act.refuse(against_consent(act.row, on=on, document=document, today=today))
        act.write(consented_on=on, consent_document=document)
        act.move(ReentrustmentMove, Event.CONSENT, on=on, document_number=document)
        act.payload["decision"] = "consented"
        _finish(act)
    return act.row


def refuse(request: Reentrustment, *, on: dt.date, reason: str, by: Officer, today: dt.date) -> Reentrustment:
    """거부: nothing may be entrusted on. The request is over with it."""
    with acts.begin(ANSWERED, request, by=by) as act:
        act.refuse(against_refusal(act.row, on=on, reason=reason, today=today))
        act.write(refused_on=on, refusal_reason=reason, ended_on=on)
        act.move(ReentrustmentMove, Event.REFUSE, on=on, reason=reason)
        act.payload["decision"] = "refused"
        _finish(act)
    return act.row


def against_consent(
    request: Reentrustment, *, on: dt.date, document: str, today: dt.date
) -> Iterator[Refusal]:
    yield from refusals.unwritten(document, "document", "동의한 문서번호를 적어야 합니다.", ARTICLE)
    yield from _against_answer(request, Event.CONSENT, on, today)


def against_refusal(request: Reentrustment, *, on: dt.date, reason: str, today: dt.date) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "거부 사유를 적어야 합니다.")
    yield from _against_answer(request, Event.REFUSE, on, today)


def _against_answer(request: Reentrustment, event: str, on: dt.date, today: dt.date) -> Iterator[Refusal]:
    yield from moves.refuse(ReentrustmentMove, request, event)
    yield from refusals.outside(on, "on", "결정일", until=today, since=request.asked_on, since_name="요청일")


def end(request: Reentrustment, *, on: dt.date, by: Officer, today: dt.date) -> Reentrustment:
    """The other firm's work is over."""
    with acts.begin(ENDED, request, by=by) as act:
        act.refuse(moves.refuse(ReentrustmentMove, act.row, Event.END))
        since = act.row.consented_on
        act.refuse(refusals.outside(on, "on", "종료일", until=today, since=since, since_name="동의일"))
        act.write(ended_on=on)
        act.move(ReentrustmentMove, Event.END, on=on)
        _finish(act)
    return act.row


def end_with_contract(act: Act[EntrustmentContract], request: Reentrustment, on: dt.date) -> None:
    """The contract ends early, and what was entrusted on, or asked for, with it."""
    held = act.hold(request)
    held.ended_on = on
    held.save(update_fields=["ended_on"])
    moves.take(
        ReentrustmentMove, held, Event.LAPSE, by=act.by, at=act.at, on=on, reason=act.row.ended_early_reason
    )


def _finish(act: Act[Reentrustment]) -> None:
    """No names: whoever it is entrusted on to may be a person."""
    contract = act.row.contract
    act.payload |= {
        "contract": contract.number,
        "contractor": contract.contractor_id,
        "reentrustment": act.row.pk,
    }
    act.afterwards(findings.follow_contracts)
