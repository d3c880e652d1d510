"""취하: a request that ends because its sender wants it no more."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import outside, unwritten
from records.enums import RequestEvent
from records.models import ViewingMove, ViewingRequest
from records.viewing import appointments, lateness, notices, supplement

WITHDRAWING = "행정절차법 제17조제8항"
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
        appointments.end_earlier(act)
        act.row.drafts.filter(ended_at__isnull=True).update(ended_at=act.at)
        lateness.close_answer(act.row, notices.told_at(on, act.at))
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat()}
    request.state = act.row.state
