"""이의신청 (행정기본법 제36조): received whenever it comes, answered with a letter, or waived in writing.

How long footage must stay for it is told by `way_ends`: the last day on which the person can still object.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from records.enums import RequestEvent, RequestState
from records.models import ViewingMove, ViewingRequest
from records.viewing import guide, notices
from records.viewing.states import SUBJECT_KIND

ARTICLE = "행정기본법 제36조"
PURPOSE = "objection"


def file(request: ViewingRequest, *, on: dt.date, document_number: str, by: Officer) -> ViewingMove:
    """An objection came in. A late one is received, too: whether it is late is part of the answer."""
    with acts.begin("records.viewing_objected", request, by=by) as act:
        told = last(act.row, RequestEvent.NOTIFY) or last(act.row, RequestEvent.DISMISS)
        act.refuse(_refuse_day(on, told.on if told else None, "이의신청을 받은 날"))
        move = act.move(ViewingMove, RequestEvent.OBJECT, on=on, document_number=document_number)
        act.open_due(SUBJECT_KIND, act.row.receipt_number, guide.objection_answer_due(on), purpose=PURPOSE)
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat()}
    request.state = act.row.state
    return move


def answer(
    request: ViewingRequest, *, on: dt.date, document_number: str, reason: str, by: Officer
) -> ViewingMove:
    """The person was told what became of the objection, on that day, by that letter."""
    with acts.begin("records.viewing_objection_answered", request, by=by) as act:
        filed = last(act.row, RequestEvent.OBJECT)
        found = _refuse_day(on, filed.on if filed else None, "답을 알린 날")
        if not document_number.strip():
            found.append(Refusal("document", "답한 문서번호를 적으십시오.", ARTICLE, field="document_number"))
        if not reason.strip():
            found.append(Refusal("reason", "답한 내용을 적으십시오.", ARTICLE, field="reason"))
        act.refuse(found)
        move = act.move(
            ViewingMove,
            RequestEvent.ANSWER_OBJECTION,
            on=on,
            document_number=document_number,
            reason=reason,
        )
        act.close_dues(SUBJECT_KIND, act.row.receipt_number, at=notices.told_at(on, act.at))
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat(), "document": document_number}
    request.state = act.row.state
    return move


def waive(request: ViewingRequest, *, on: dt.date, document_number: str, by: Officer) -> ViewingMove:
    """The person gave up objecting, in writing."""
    with acts.begin("records.viewing_waived", request, by=by) as act:
        notified = last(act.row, RequestEvent.NOTIFY)
        found = _refuse_day(on, notified.on if notified else None, "포기서를 받은 날")
        if not document_number.strip():
            text = "이의를 제기하지 않겠다는 문서의 번호를 적으십시오."
            found.append(Refusal("document", text, ARTICLE, field="document_number"))
        act.refuse(found)
        move = act.move(ViewingMove, RequestEvent.WAIVE, on=on, document_number=document_number)
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat(), "document": document_number}
    return move


def last(request: ViewingRequest, event: RequestEvent) -> ViewingMove | None:
    return request.moves.filter(event=event).order_by("at", "pk").last()


def _refuse_day(on: dt.date, not_before: dt.date | None, what: str) -> list[Refusal]:
    if on > timezone.localdate():
        return [Refusal("future", f"{what}이 오늘보다 뒤입니다.", ARTICLE, field="on")]
    if not_before is not None and on < not_before:
        return [Refusal("before", f"{what}이 앞 단계({not_before})보다 앞섭니다.", ARTICLE, field="on")]
    return []


def way_ends(request: ViewingRequest) -> dt.date | None:
    """The last day of the way to object; None while nobody can say (not told yet, objection not answered)."""
    if request.state == RequestState.OBJECTION_ANSWERED:
        answered = last(request, RequestEvent.ANSWER_OBJECTION)
        return guide.appeal_ends(answered.on).due_on if answered else None
    if request.state == RequestState.DISMISSED:
        told = last(request, RequestEvent.DISMISS)
    elif request.state == RequestState.NOTIFIED:
        told = last(request, RequestEvent.WAIVE) or last(request, RequestEvent.NOTIFY)
    else:
        return None
    if told is None:
        return None
    return told.on if told.event == RequestEvent.WAIVE else guide.objection_ends(told.on).due_on


def is_waived(request: ViewingRequest) -> bool:
    return last(request, RequestEvent.WAIVE) is not None
