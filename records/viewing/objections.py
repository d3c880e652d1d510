"""이의신청 (행정기본법 제36조): against a decision, a postponement, a closing, or that no answer came in its time.

Received whenever it comes: whether it is late is part of the answer. The office answers within its days, which it may
lengthen once, with a notice and the reason. An objection that is upheld leads back to a decision and a new notice.
"""

import datetime as dt

from django.utils.translation import gettext

from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from ordinance import deadlines, parameters
from ordinance.models import DueDate
from records.enums import UPHOLDING, NoticeKind, RemedyAgainst, RemedyKind, RemedyOutcome, RequestEvent
from records.models import ViewingMove, ViewingNotice, ViewingRemedy, ViewingRequest
from records.viewing import guide, lateness, notices, remedies
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "행정기본법 제36조"
SECOND = "법 제38조제5항"
OUTCOMES = (RemedyOutcome.UPHELD, RemedyOutcome.PARTLY, RemedyOutcome.REJECTED, RemedyOutcome.NOT_HEARD)


def file(
    request: ViewingRequest,
    *,
    on: dt.date,
    document_number: str = "",
    by: Officer | None = None,
    words: str = "",
) -> ViewingRemedy:
    """An objection came in on that day; its answer is due. Without an officer the person filed it on the website.

    `words`: what the person wrote there.
    """
    with acts.begin("records.viewing_objected", request, by=by, actor="" if by else remedies.WEB) as act:
        against = remedies.subject_of(act.row, on)
        found = [*remedies.refuse_day(act.row, on, "이의신청을 받은 날"), *_refuse_early(against)]
        if by is None:
            found += [
                *_refuse_again(act.row),
                *unwritten(words, "words", gettext("무엇에 왜 이의가 있는지 적어 주십시오.")),
            ]
        act.refuse(found)
        remedy = remedies.add(
            act, RemedyKind.OBJECTION, against or RemedyAgainst.DECISION, on, document_number, by, words
        )
        act.move(ViewingMove, RequestEvent.OBJECT, on=on, document_number=document_number)
        act.open_due(
            SUBJECT_KIND,
            act.row.receipt_number,
            guide.objection_answer_due(on),
            purpose=remedy.due_purpose,
        )
    return remedy


def _refuse_again(request: ViewingRequest) -> list[Refusal]:
    """Of the web, where nobody judges whether it is the same one."""
    if not request.remedies.filter(kind=RemedyKind.OBJECTION, ended_on__isnull=True).exists():
        return []
    return [Refusal("again", gettext("이미 접수하여 답을 준비하고 있는 이의신청이 있습니다."))]


def first_deciders(remedy: ViewingRemedy) -> set[int]:
    """Who took what the objection is against: none of them answers it."""
    request = remedy.request
    events = {
        RemedyAgainst.DECISION: RequestEvent.DECIDE,
        RemedyAgainst.POSTPONEMENT: RequestEvent.POSTPONE,
        RemedyAgainst.TRANSFER: RequestEvent.TRANSFER,
    }
    if remedy.against == RemedyAgainst.CLOSING:
        taken = request.moves.filter(event__in=(RequestEvent.DISMISS, RequestEvent.LAPSE))
    elif event := events.get(RemedyAgainst(remedy.against)):
        taken = request.moves.filter(event=event)
    else:
        return set()
    last = taken.filter(at__lte=remedy.recorded_at).order_by("at", "pk").last()
    return {last.by_id} if last is not None and last.by_id else set()


def _refuse_same(remedy: ViewingRemedy, by: Officer) -> list[Refusal]:
    problems = (
        second_person.problem(
            first, by, f"이의신청의 대상({remedy.get_against_display()})을 결정한", does="답변"
        )
        for first in first_deciders(remedy)
    )
    return [Refusal("second", why, SECOND) for why in filter(None, problems)]


def _refuse_early(against: RemedyAgainst | None) -> list[Refusal]:
    if against is not None:
        return []
    return [
        Refusal(
            "early",
            "아직 알린 것이 없고 답할 기한도 지나지 않아 이의신청의 대상이 없습니다.",
            f"{ARTICLE}제1항",
            "결정하여 알린 뒤에, 또는 기한이 지나면 접수합니다.",
        )
    ]


def extend(remedy: ViewingRemedy, letter: Letter, *, days: int, by: Officer) -> DueDate:
    """The answer takes longer: once, told within the first days with the reason, by so many days at the most."""
    with acts.begin("records.viewing_objection_extended", remedy.request, by=by) as act:
        held = act.hold(remedy)
        act.refuse([*_refuse_extension(held, letter, days), *notices.check_letter(act.row, letter)])
        first = lateness.open_of(held).get()
        act.move(
            ViewingMove,
            RequestEvent.EXTEND_OBJECTION,
            on=letter.on,
            document_number=letter.document_number,
        )
        notices.write(act, NoticeKind.EXTENSION, letter, by=by, how_to_object="")
        lateness.close_objection(held, notices.told_at(letter.on, act.at))
        held.extended_on = letter.on
        held.save(update_fields=["extended_on"])
        # Counted from the end of the first period.
        longer = act.open_due(
            SUBJECT_KIND,
            act.row.receipt_number,
            deadlines.civil(first.due_on, days),
            purpose=f"{held.due_purpose}-extended",
        )
        act.payload["due_on"] = longer.due_on.isoformat()
    return longer


def _refuse_extension(remedy: ViewingRemedy, letter: Letter, days: int) -> list[Refusal]:
    article, due = f"{ARTICLE}제2항", lateness.open_of(remedy).first()
    if not remedy.is_objection or not remedy.is_open or due is None:
        return [Refusal("ended", "답을 기다리는 이의신청이 아닙니다.", article)]
    found = []
    if remedy.extended_on is not None:
        found.append(Refusal("again", "답변기한은 한 번만 늘릴 수 있습니다.", article, "답하여 알리십시오."))
    most = int(parameters.value("objection_extension_days", remedy.filed_on).value)
    if not 1 <= days <= most:
        found.append(Refusal("days", f"{most}일까지 늘릴 수 있습니다.", article, field="days"))
    if letter.on > due.due_on:
        text = f"답할 기한({due.due_on})이 지나 늘릴 수 없습니다."
        found.append(Refusal("late", text, article, "늦었더라도 바로 답하여 알리십시오."))
    if letter.on < remedy.filed_on:
        found.append(Refusal("before", "알린 날이 이의신청을 받은 날보다 앞섭니다.", article, field="on"))
    return found


def answer(remedy: ViewingRemedy, letter: Letter, *, outcome: str, by: Officer) -> ViewingNotice:
    """The person is told what became of the objection, and which remedies are left; upheld, it is decided anew."""
    with acts.begin("records.viewing_objection_answered", remedy.request, by=by) as act:
        held = act.hold(remedy)
        act.refuse(_refuse_answer(act, held, letter, outcome, by))
        act.move(
            ViewingMove,
            RequestEvent.ANSWER_OBJECTION,
            on=letter.on,
            document_number=letter.document_number,
            reason=str(RemedyOutcome(outcome).label),
        )
        after = guide.text(by, letter.on, guide.AFTER_OBJECTION)
        notice = notices.write(act, NoticeKind.OBJECTION, letter, by=by, how_to_object=after)
        lateness.close_objection(held, notices.told_at(letter.on, act.at))
        held.ended_on, held.outcome, held.answer = letter.on, outcome, notice
        held.save(update_fields=["ended_on", "outcome", "answer"])
        act.payload["remedy_outcome"] = outcome
        if outcome in UPHOLDING:
            remedies.decide_anew(act, held, letter.on)
    remedy.request.state = act.row.state
    return notice


def _refuse_answer(
    act: Act[ViewingRequest], remedy: ViewingRemedy, letter: Letter, outcome: str, by: Officer
) -> list[Refusal]:
    if not remedy.is_objection or not remedy.is_open:
        return [Refusal("ended", "답을 기다리는 이의신청이 아닙니다.", ARTICLE)]
    found = [*notices.check_letter(act.row, letter), *guide.check(by), *_refuse_same(remedy, by)]
    if outcome not in OUTCOMES:
        found.append(Refusal("outcome", "이의신청의 결과를 고르십시오.", ARTICLE, field="outcome"))
    if letter.on < remedy.filed_on:
        found.append(Refusal("before", "답한 날이 이의신청을 받은 날보다 앞섭니다.", ARTICLE, field="on"))
    if not letter.document_number.strip():
        found.append(Refusal("document", "답한 문서번호를 적으십시오.", ARTICLE, field="document_number"))
    return found


def waive(request: ViewingRequest, *, on: dt.date, document_number: str, by: Officer) -> ViewingMove:
    """The person gave up every remedy, in writing, against all that was told so far."""
    with acts.begin("records.viewing_waived", request, by=by) as act:
        found = remedies.refuse_day(act.row, on, "포기서를 받은 날")
        told = act.row.notices.order_by("on").last()
        if told is not None and on < told.on:
            text = f"포기서를 받은 날이 알린 날({told.on})보다 앞섭니다."
            found.append(Refusal("before", text, ARTICLE, field="on"))
        if not document_number.strip():
            text = "이의를 제기하지 않겠다는 문서의 번호를 적으십시오."
            found.append(Refusal("document", text, ARTICLE, field="document_number"))
        if act.row.remedies.filter(ended_on__isnull=True).exists():
            text = "진행 중인 불복 절차가 있습니다. 취하한 것을 먼저 기록하십시오."
            found.append(Refusal("pending", text, ARTICLE))
        act.refuse(found)
        move = act.move(ViewingMove, RequestEvent.WAIVE, on=on, document_number=document_number)
        act.payload |= {"request": act.row.receipt_number, "on": on.isoformat(), "document": document_number}
    return move
