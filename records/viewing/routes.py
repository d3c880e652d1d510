"""이송: a request that belongs on another route of this office goes on there; what is another body's goes to it at once, and
the sender is told (행정절차법 제6조제1항).

With another route of this office (정보공개, 민원) it has days of its own by the law of that route, counted from the first
receipt: what the person sent first is what counts, whichever door it was (`ordinance.deadlines.for_route`). The answer is
given there; here the office writes down that it came, or that it may take longer, and until then it is owed. Another body
counts its own days, which nobody here knows. What comes back is a request for footage again, with its days from the first
receipt, too.
"""

import datetime as dt
from dataclasses import replace

from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, outside, unwritten
from ordinance import deadlines, duedates, parameters
from ordinance.deadlines import ANSWER_DAYS, RequestRoute
from ordinance.models import DueDate
from ordinance.periods import DAY, written_day
from records.enums import NoticeKind, RequestEvent, RequestState, TransferEnd, TransferTo
from records.models import ViewingMove, ViewingRequest, ViewingTransfer
from records.viewing import appointments, findings, guide, lateness, notices, standing, supplement
from records.viewing.notices import Letter
from records.viewing.states import ROUTING, SUBJECT_KIND

EXTENDING = "공공기관의 정보공개에 관한 법률 제11조제2항"
EXTENSION = "disclosure_extension_days"
PURPOSE = "taken-back"
LONGEST = 90


def pending(request: ViewingRequest) -> ViewingTransfer | None:
    """Where it is now; None where it is here, or was answered there."""
    return request.transfers.filter(ended_on__isnull=True).first()


def may_extend(transfer: ViewingTransfer) -> bool:
    """Only the law of disclosure lets the office take longer, once."""
    return transfer.to == TransferTo.DISCLOSURE and transfer.extended_on is None and transfer.ended_on is None


def longest_extension(on: dt.date | None = None) -> int:
    return int(parameters.value(EXTENSION, on or timezone.localdate()).value)


def transfer(
    request: ViewingRequest, letter: Letter, *, to: str, new_number: str, by: Officer, days: int | None = None
) -> ViewingTransfer:
    """It belongs to another route or body, and was handed on: the person is told, and the first receipt counts there.

    `days`: where that route has another period than the usual one, since petitions are of several kinds.
    """
    with acts.begin("records.viewing_transferred", request, by=by) as act:
        before = pending(act.row)
        act.refuse(
            [
                *notices.check_letter(act.row, letter),
                *guide.check(by),
                *_refuse_answered(act.row, before),
                *_refuse_way(before, to, new_number, days),
            ]
        )
        where = f"{TransferTo(to).label} {new_number.strip()}"
        act.move(
            ViewingMove,
            RequestEvent.TRANSFER,
            on=letter.on,
            document_number=letter.document_number,
            reason=where,
        )
        supplement.leave(act.row, act.at)
        appointments.end_earlier(act)
        act.row.drafts.filter(ended_at__isnull=True).update(ended_at=act.at)
        told = notices.told_at(letter.on, act.at)
        lateness.close_answer(act.row, told)
        end(act, TransferEnd.MOVED_ON, letter.on)
        made = act.add(
            ViewingTransfer(request=act.row, to=to, number=new_number.strip(), on=letter.on, by=by)
        )
        counted = _open_clock(act, made, days)
        kept = f"처음 접수한 날: {_first_day(act.row)}\n이송한 곳: {where}{counted}"
        notices.write(act, NoticeKind.TRANSFER, _with(act, letter, kept), by=by)
        act.payload |= {"transfer_to": to, "new_number": new_number.strip()}
    request.state = act.row.state
    return made


def _refuse_answered(request: ViewingRequest, before: ViewingTransfer | None) -> list[Refusal]:
    if request.state == RequestState.TRANSFERRED and before is None:
        return [Refusal("answered", "이송한 경로에서 이미 답한 청구입니다.", ROUTING)]
    return []


def _refuse_way(before: ViewingTransfer | None, to: str, new_number: str, days: int | None) -> list[Refusal]:
    found = []
    if to not in TransferTo.values:
        found.append(Refusal("to", "어디로 보냈는지 고르십시오.", ROUTING, field="to"))
    elif before is not None and before.to == to and to != TransferTo.OTHER_BODY:
        label = TransferTo(to).label
        text = f"이미 {label}{josa(label, '으로/로')} 이송한 청구입니다."
        found.append(Refusal("same", text, ROUTING, "다른 곳을 고르십시오.", field="to"))
    if days is not None and to == TransferTo.OTHER_BODY:
        text = "다른 기관의 처리기간은 그 기관이 셉니다. 비워 두십시오."
        found.append(Refusal("days", text, ROUTING, field="days"))
    elif days is not None and not 1 <= days <= LONGEST:
        found.append(Refusal("days", f"처리기간은 1일부터 {LONGEST}일까지입니다.", ROUTING, field="days"))
    sentence = "넘긴 곳의 접수번호나 이송한 문서의 번호를 적으십시오."
    return [*found, *unwritten(new_number, "new_number", sentence, ROUTING)]


def _open_clock(act: Act[ViewingRequest], transfer: ViewingTransfer, days: int | None) -> str:
    """The days of that route, and the sentence that tells the person of them; none of another body."""
    if not transfer.is_own:
        return ""
    route = RequestRoute(transfer.to)
    deadline = deadlines.for_route(route, act.row.received_at, days=days)
    due = act.open_due(SUBJECT_KIND, act.row.receipt_number, deadline, purpose=transfer.due_purpose)
    act.payload["due_on"] = due.due_on.isoformat()
    label = transfer.get_to_display()
    basis = [f"처음 접수한 날을 기준으로 {deadline.amount}일"]
    figure = parameters.value(ANSWER_DAYS[route], deadline.start_on)
    if days is None and figure.is_verified:
        basis.append(figure.citation)
    return f"\n{label}{josa(label, '으로/로')} 답하는 기한: {written_day(due.due_on)} ({', '.join(basis)})"


def _with(act: Act[ViewingRequest], letter: Letter, kept: str) -> Letter:
    """What the officer says, and below it what the person keeps: the first day, the place, the days."""
    reply = f"{letter.reply.strip()}\n{kept}"
    if (over := len(reply) - notices.MAX_TEXT) > 0:
        text = f"알리는 내용을 {over:,}자 줄이십시오. 접수한 날과 기한이 그 아래에 들어갑니다."
        act.refuse([Refusal("long", text, ROUTING, field="reply")])
    return replace(letter, reply=reply)


def _first_day(request: ViewingRequest) -> str:
    return written_day(timezone.localdate(request.received_at))


def extend(
    request: ViewingRequest, *, on: dt.date, days: int, document_number: str, by: Officer
) -> ViewingTransfer:
    """The disclosure takes longer and told the person so on that day, within its first days; once."""
    with acts.begin("records.viewing_route_extended", request, by=by) as act:
        held = _held(act)
        due = lateness.open_of_route(held).first() if held else None
        act.refuse(_refuse_extension(held, due, on, days, document_number))
        act.move(ViewingMove, RequestEvent.EXTEND_ROUTE, on=on, document_number=document_number)
        if held is not None and due is not None:
            held.extended_on = on
            held.save(update_fields=["extended_on"])
            duedates.close(due, now=notices.told_at(on, act.at))
            # From the day after the first period, by the same way of counting.
            longer = act.open_due(
                SUBJECT_KIND,
                act.row.receipt_number,
                deadlines.compute(due.rule, due.due_on + DAY, days),
                purpose=f"{held.due_purpose}-extended",
            )
            act.payload["due_on"] = longer.due_on.isoformat()
        _tell(act, on, document_number)
    return _refreshed(held)


def _refuse_extension(
    transfer: ViewingTransfer | None, due: DueDate | None, on: dt.date, days: int, document_number: str
) -> list[Refusal]:
    if transfer is None or not may_extend(transfer) or due is None:
        text = "정보공개 청구로 이송하여 답을 기다리고, 기한을 늘린 적이 없는 청구만 늘립니다."
        return [Refusal("ended", text, EXTENDING)]
    found = [*_refuse_day(transfer, on, "기한을 늘린다고 알린 날"), *_refuse_number(document_number)]
    most = longest_extension(transfer.on)
    if not 1 <= days <= most:
        found.append(Refusal("days", f"{most}일까지 늘릴 수 있습니다.", EXTENDING, field="days"))
    if on > due.due_on:
        text = f"답할 기한({due.due_on})이 지난 뒤에 알린 것은 늘린 것이 아닙니다."
        found.append(Refusal("late", text, EXTENDING, field="on"))
    return found


def answer(request: ViewingRequest, *, on: dt.date, document_number: str, by: Officer) -> ViewingTransfer:
    """The person was answered on that route on that day: its clock stops."""
    with acts.begin("records.viewing_route_answered", request, by=by) as act:
        held = _held(act)
        act.refuse(_refuse_answer(held, on, document_number))
        act.move(ViewingMove, RequestEvent.ANSWER_ROUTE, on=on, document_number=document_number)
        end(act, TransferEnd.ANSWERED, on)
        _tell(act, on, document_number)
        findings.follow(act)
    return _refreshed(held)


def _refuse_answer(transfer: ViewingTransfer | None, on: dt.date, document_number: str) -> list[Refusal]:
    if transfer is None or not transfer.is_own:
        text = "이 구청의 다른 경로로 이송하여 답을 기다리는 청구가 아닙니다."
        return [Refusal("none", text, ROUTING)]
    return [*_refuse_day(transfer, on, "답한 날"), *_refuse_number(document_number)]


def _refuse_day(transfer: ViewingTransfer, on: dt.date, name: str) -> list[Refusal]:
    today = timezone.localdate()
    return list(
        outside(on, "on", name, until=today, since=transfer.on, since_name="이송한 날", article=ROUTING)
    )


def _refuse_number(document_number: str) -> list[Refusal]:
    return list(unwritten(document_number, "document_number", "알린 문서의 번호를 적으십시오.", ROUTING))


def take_back(request: ViewingRequest, letter: Letter, *, by: Officer) -> ViewingRequest:
    """It is one for footage after all: the person is told, and its days run from the first receipt."""
    with acts.begin("records.viewing_taken_back", request, by=by) as act:
        found = list(notices.check_letter(act.row, letter))
        if (held := pending(act.row)) is None:
            found.append(Refusal("none", "다른 곳에 가 있는 청구가 아닙니다.", ROUTING))
        elif letter.on < held.on:
            text = f"알린 날이 이송한 날({held.on})보다 앞섭니다."
            found.append(Refusal("before", text, ROUTING, field="on"))
        act.refuse(found)
        act.move(
            ViewingMove,
            RequestEvent.TAKE_BACK,
            on=letter.on,
            document_number=letter.document_number,
            to=standing.of(act.row),
        )
        end(act, TransferEnd.TAKEN_BACK, letter.on)
        due = act.open_due(
            SUBJECT_KIND,
            act.row.receipt_number,
            deadlines.for_route(RequestRoute.PIPA_VIEWING, act.row.received_at),
            purpose=f"{PURPOSE}-{act.row.transfers.count()}",
        )
        kept = f"처음 접수한 날: {_first_day(act.row)}\n열람등 청구로 답하는 기한: {written_day(due.due_on)}"
        notices.write(act, NoticeKind.TRANSFER, _with(act, letter, kept), by=by, how_to_object="")
        act.payload["due_on"] = due.due_on.isoformat()
    request.state = act.row.state
    return act.row


def end(act: Act[ViewingRequest], outcome: TransferEnd, on: dt.date) -> None:
    """Part of an act by which it is no more where it was sent; nothing where it is here."""
    if (held := pending(act.row)) is None:
        return
    held.ended_on, held.outcome = on, outcome
    held.save(update_fields=["ended_on", "outcome"])
    for due in lateness.open_of_route(held):
        duedates.close(due, now=notices.told_at(on, act.at))


def _held(act: Act[ViewingRequest]) -> ViewingTransfer | None:
    found = pending(act.row)
    return act.hold(found) if found else None


def _tell(act: Act[ViewingRequest], on: dt.date, document_number: str) -> None:
    act.payload |= {
        "request": act.row.receipt_number,
        "on": on.isoformat(),
        "document": document_number.strip(),
    }


def _refreshed(transfer: ViewingTransfer | None) -> ViewingTransfer:
    """As it is now; an act without one was refused."""
    if transfer is None:
        raise ValueError("an act on a transfer that is none")
    transfer.refresh_from_db()
    return transfer
