"""불복 절차: every remedy that a letter names has a row; while one is pending the footage stays.

Objections are the office's own to answer (`records.viewing.objections`). An appeal, a suit, a mediation or a report goes
on elsewhere: the office records that it was filed, under which number, and what became of it.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from ordinance import deadlines
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from records.enums import (
    CLOSED_UNANSWERED,
    TOLD,
    UPHOLDING,
    DecisionOutcome,
    NoticeKind,
    RemedyAgainst,
    RemedyKind,
    RemedyOutcome,
    RequestEvent,
    RequestState,
    TransferEnd,
)
from records.models import ViewingMove, ViewingRemedy, ViewingRequest
from records.viewing import freezing, keeping, lateness, postponement, routes, standing
from records.viewing.states import SUBJECT_KIND

ARTICLE = "법 제38조제5항, 행정절차법 제26조"
# Not the office's own to decide.
ELSEWHERE = (RemedyKind.APPEAL, RemedyKind.SUIT, RemedyKind.MEDIATION, RemedyKind.REPORT)
PURPOSE = "reopened"
WEB = "system:website"
MAX_REASON = 500
ANSWERED = (RequestState.NOTIFIED, RequestState.APPOINTED, RequestState.DONE)
# What the office may put right by itself; what went on another route is taken back, what was withdrawn is over.
MAY_REOPEN = (*ANSWERED, *CLOSED_UNANSWERED)
# What is decided anew whenever a remedy against it was upheld.
AGAINST_THE_END = (RemedyAgainst.DECISION, RemedyAgainst.CLOSING, RemedyAgainst.TRANSFER)


def record(request: ViewingRequest, *, kind: str, number: str, on: dt.date, by: Officer) -> ViewingRemedy:
    """Something was filed elsewhere on that day. Whatever is pending there keeps the footage."""
    with acts.begin("records.viewing_remedy_filed", request, by=by) as act:
        found = refuse_day(act.row, on, "제기한 날")
        if kind not in ELSEWHERE:
            found.append(Refusal("kind", "불복 절차를 고르십시오.", ARTICLE, field="kind"))
        if not number.strip():
            found.append(Refusal("number", "사건번호나 접수번호를 적으십시오.", ARTICLE, field="number"))
        act.refuse(found)
        against = subject_of(act.row, on) or RemedyAgainst.HANDLING
        remedy = add(act, RemedyKind(kind), against, on, number, by)
        act.move(ViewingMove, RequestEvent.APPEAL, on=on, document_number=number)
    return remedy


def end(
    remedy: ViewingRemedy, *, on: dt.date, outcome: str, document_number: str, by: Officer
) -> ViewingRemedy:
    """It is over for good: decided (a suit: final), settled or withdrawn. An objection ends so only by withdrawal."""
    with acts.begin("records.viewing_remedy_ended", remedy.request, by=by) as act:
        held = act.hold(remedy)
        act.refuse(_refuse_end(held, on, outcome, document_number))
        act.move(
            ViewingMove,
            RequestEvent.END_APPEAL,
            on=on,
            document_number=document_number,
            reason=f"{held.get_kind_display()}: {RemedyOutcome(outcome).label}",
        )
        held.ended_on, held.outcome = on, outcome
        held.save(update_fields=["ended_on", "outcome"])
        lateness.close_objection(held, act.at)
        act.payload |= {
            "request": act.row.receipt_number,
            "remedy": held.kind,
            "on": on.isoformat(),
            "remedy_outcome": outcome,
        }
        if outcome in UPHOLDING:
            decide_anew(act, held, on)
    remedy.request.state = act.row.state
    return held


def _refuse_end(remedy: ViewingRemedy, on: dt.date, outcome: str, document_number: str) -> list[Refusal]:
    if not remedy.is_open:
        return [Refusal("ended", "이미 끝난 절차입니다.", ARTICLE)]
    found = []
    if remedy.is_objection and outcome != RemedyOutcome.WITHDRAWN:
        text = "이의신청은 답하여 알려야 끝납니다. 취하한 때에만 이렇게 끝냅니다."
        found.append(Refusal("outcome", text, ARTICLE, field="outcome"))
    if outcome not in RemedyOutcome.values:
        found.append(Refusal("outcome", "결과를 고르십시오.", ARTICLE, field="outcome"))
    if on > timezone.localdate():
        found.append(Refusal("future", "끝난 날이 오늘보다 뒤입니다.", ARTICLE, field="on"))
    if on < remedy.filed_on:
        found.append(Refusal("before", "끝난 날이 제기한 날보다 앞섭니다.", ARTICLE, field="on"))
    if not document_number.strip():
        text = "재결서, 판결, 취하서 등 끝난 것을 알 수 있는 문서의 번호를 적으십시오."
        found.append(Refusal("document", text, ARTICLE, field="document_number"))
    return found


def refuse_day(request: ViewingRequest, on: dt.date, what: str) -> list[Refusal]:
    """Of anything that a person did about a request."""
    if on > timezone.localdate():
        return [Refusal("future", f"{what}이 오늘보다 뒤입니다.", ARTICLE, field="on")]
    received_on = timezone.localdate(request.received_at)
    if on < received_on:
        return [Refusal("before", f"{what}이 접수일({received_on})보다 앞섭니다.", ARTICLE, field="on")]
    return []


def subject_of(request: ViewingRequest, on: dt.date) -> RemedyAgainst | None:
    """Against what it can be; None where nothing was told and no answer is missing on that day."""
    if request.state in CLOSED_UNANSWERED:
        return RemedyAgainst.CLOSING
    if request.state == RequestState.TRANSFERRED:
        return RemedyAgainst.TRANSFER
    if request.state in ANSWERED:
        return RemedyAgainst.DECISION
    due = lateness.answers(DueDate.objects.open()).filter(subject_number=request.receipt_number).first()
    if due is not None and on > due.due_on:
        return RemedyAgainst.SILENCE
    last = request.notices.exclude(how_to_object="").order_by("at", "pk").last()
    if last is None:
        return None
    if last.kind == NoticeKind.TRANSFER:
        return RemedyAgainst.TRANSFER
    is_postponement = last.decisions.filter(outcome=DecisionOutcome.POSTPONED).exists()
    return RemedyAgainst.POSTPONEMENT if is_postponement else RemedyAgainst.DECISION


def add(
    act: Act[ViewingRequest],
    kind: RemedyKind,
    against: RemedyAgainst,
    on: dt.date,
    number: str,
    by: Officer | None,
    words: str = "",
) -> ViewingRemedy:
    act.payload |= {
        "request": act.row.receipt_number,
        "remedy": kind.value,
        "against": against.value,
        "on": on.isoformat(),
    }
    # What was let go since is needed again.
    freezing.freeze_again(act, by=by, actor="" if by else WEB)
    return act.add(
        ViewingRemedy(
            request=act.row,
            kind=kind,
            against=against,
            number=number.strip(),
            words=words.strip(),
            filed_on=on,
            recorded_at=act.at,
            recorded_by=by,
        )
    )


def decide_anew(act: Act[ViewingRequest], remedy: ViewingRemedy, on: dt.date) -> None:
    """What was upheld leads back to a decision with its own notice and days; silence is answered by deciding."""
    request = act.row
    if request.state == RequestState.POSTPONED and remedy.against == RemedyAgainst.POSTPONEMENT:
        postponement.end(act, on)
    elif request.state in TOLD and (remedy.against in AGAINST_THE_END or _is_less_than_asked(request)):
        _reopen(act, on)


def _is_less_than_asked(request: ViewingRequest) -> bool:
    """Of what was told, or ended, after a remedy against silence was filed: whoever got all of it meanwhile has the answer."""
    if request.state == RequestState.WITHDRAWN:
        return False
    told = keeping.in_force(request).values()
    return not told or any(each.outcome != DecisionOutcome.GRANTED for each in told)


def _reopen(act: Act[ViewingRequest], on: dt.date, *, reason: str = "") -> None:
    request = act.row
    act.move(ViewingMove, RequestEvent.REOPEN, on=on, reason=reason, to=standing.of(request))
    routes.end(act, TransferEnd.TAKEN_BACK, on)
    times = request.moves.filter(event=RequestEvent.REOPEN).count()
    act.open_due(
        SUBJECT_KIND,
        request.receipt_number,
        deadlines.for_route(RequestRoute.PIPA_VIEWING, postponement.noon(on)),
        purpose=f"{PURPOSE}-{times}",
    )


def reopen(request: ViewingRequest, *, reason: str, by: Officer) -> None:
    """The office itself sees that what it told was wrong. What was told holds until the new notice."""
    with acts.begin("records.viewing_reopened", request, by=by) as act:
        found = list(unwritten(reason, "reason", "다시 결정하는 까닭을 적으십시오.", ARTICLE))
        if act.row.state not in MAY_REOPEN:
            text = "결정하거나 종결하여 알린 청구만 다시 결정합니다."
            found.append(Refusal("state", text, ARTICLE))
        if act.row.person_erased_at is not None:
            text = "청구인의 인적사항을 파기하여 다시 결정하여 알릴 수 없습니다."
            found.append(Refusal("erased", text, ARTICLE))
        act.refuse(found)
        freezing.freeze_again(act, by=by)
        _reopen(act, timezone.localdate(act.at), reason=reason[:MAX_REASON])
        act.payload |= {"request": act.row.receipt_number}
    request.state = act.row.state
