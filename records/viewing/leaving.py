"""취하와 이송: a request that ends because its sender wants it no more, or because it belongs elsewhere."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, outside, unwritten
from records.enums import NoticeKind, RequestEvent, TransferTo
from records.models import ViewingMove, ViewingRequest
from records.viewing import guide, lateness, notices, supplement
from records.viewing.notices import Letter

WITHDRAWING = "행정절차법 제17조제8항"
MOVING = "민원 처리에 관한 법률 제16조"
WEB = "system:website"


def withdraw(
    request: ViewingRequest, *, on: dt.date, document_number: str = "", by: Officer | None = None
) -> None:
    """The person wants no answer any more: on the page of the request (no officer), or by a document that an officer saw.

    Not once an answer was told: then there is nothing left to withdraw.
    """
    with acts.begin("records.viewing_withdrawn", request, by=by, actor="" if by else WEB) as act:
        received_on = timezone.localdate(act.row.received_at)
        found = list(
            outside(on, "on", "취하한 날", until=timezone.localdate(), since=received_on, since_name="접수일")
        )
        if by is not None:
            sentence = "취하한다는 문서의 번호를 적으십시오."
            found += unwritten(document_number, "document_number", sentence, WITHDRAWING)
        act.refuse(found)
        act.move(ViewingMove, RequestEvent.WITHDRAW, on=on, document_number=document_number)
        supplement.leave(act.row, act.at)
        act.row.drafts.filter(ended_at__isnull=True).update(ended_at=act.at)
        lateness.close_answer(act.row, notices.told_at(on, act.at))
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat()}
    request.state = act.row.state


def transfer(
    request: ViewingRequest, letter: Letter, *, to: str, new_number: str, by: Officer
) -> ViewingRequest:
    """It belongs to another route or body, and was handed on: the person is told, and the first receipt counts there."""
    with acts.begin("records.viewing_transferred", request, by=by) as act:
        found = [*notices.check_letter(act.row, letter), *guide.check(by)]
        if to not in TransferTo.values:
            found.append(Refusal("to", "어디로 보냈는지 고르십시오.", MOVING, field="to"))
        sentence = "넘긴 곳의 접수번호나 이송한 문서의 번호를 적으십시오."
        found += unwritten(new_number, "new_number", sentence, MOVING)
        act.refuse(found)
        where = TransferTo(to).label
        act.move(
            ViewingMove,
            RequestEvent.TRANSFER,
            on=letter.on,
            document_number=letter.document_number,
            reason=f"{where} {new_number.strip()}",
        )
        supplement.leave(act.row, act.at)
        act.row.drafts.filter(ended_at__isnull=True).update(ended_at=act.at)
        kept = f"처음 접수한 날: {timezone.localdate(act.row.received_at)}. 이송한 곳: {where} {new_number.strip()}"
        told = Letter(
            on=letter.on,
            way=letter.way,
            reply=f"{letter.reply.strip()}\n{kept}",
            document_number=letter.document_number,
        )
        notices.write(act, NoticeKind.TRANSFER, told, by=by)
        lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
        act.payload |= {"transfer_to": to, "new_number": new_number.strip()}
    request.state = act.row.state
    return act.row
