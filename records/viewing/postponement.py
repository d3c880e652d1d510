"""열람 연기: itself a notice, once, within the ten days, with a proper reason and the day on which it is to end.

When the reason ends ten days run anew (Guideline art. 31(1)), from that day, and never from later than the person was
told. A request that is late already cannot be postponed any more: it stays late.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from ordinance import deadlines
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from records.enums import DecisionOutcome, RequestEvent, RequestKind
from records.models import ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import guide, notices
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "법 제35조제3항, 시행령 제42조제2항"
RESUMING = "표준 개인정보 보호지침 제31조제1항"
PURPOSE = "after_postponement"
# Of a day that is told without its hour; no rule of counting looks at it.
NOON = dt.time(12)


def postpone(
    request: ViewingRequest, letter: Letter, *, reason: str, until: dt.date, by: Officer
) -> ViewingDecision:
    with acts.begin("records.viewing_postponed", request, by=by) as act:
        act.refuse(check(act.row, letter, reason=reason, until=until, by=by))
        act.move(ViewingMove, RequestEvent.POSTPONE, on=letter.on, document_number=letter.document_number)
        notice = notices.write(act, letter, by=by)
        act.payload["until"] = until.isoformat()
        decision = ViewingDecision.objects.create(
            request=act.row,
            kind=RequestKind.WHOLE,
            outcome=DecisionOutcome.POSTPONED,
            reason=reason.strip(),
            expected_end_on=until,
            notice=notice,
            salt=act.seal("reason", reason.strip()),
            decided_at=act.at,
            decided_by=by,
        )
        act.close_dues(SUBJECT_KIND, act.row.receipt_number, at=notices.told_at(letter.on, act.at))
    request.state = act.row.state
    return decision


def check(
    request: ViewingRequest, letter: Letter, *, reason: str, until: dt.date, by: Officer
) -> list[Refusal]:
    """Why the request cannot be postponed (any more)."""
    found = [*notices.check_letter(request, letter), *guide.check(by)]
    if last_of(request) is not None:
        found.append(Refusal("again", "한 번만 연기할 수 있습니다.", ARTICLE, "결정하여 알리십시오."))
    due = (
        DueDate.objects.open()
        .filter(subject_kind=SUBJECT_KIND, subject_number=request.receipt_number)
        .first()
    )
    if due is not None and letter.on > due.due_on:
        found.append(
            Refusal(
                "late",
                f"답할 기한({due.due_on})이 지나 연기할 수 없습니다.",
                ARTICLE,
                "늦었더라도 바로 결정하여 알리십시오.",
            )
        )
    if not reason.strip():
        found.append(Refusal("reason", "연기하는 정당한 사유를 적어야 합니다.", ARTICLE, field="reason"))
    if until <= letter.on:
        text = "사유가 끝날 것으로 보는 날은 통지한 날 뒤여야 합니다."
        found.append(Refusal("until", text, ARTICLE, field="until"))
    return found


def last_of(request: ViewingRequest) -> ViewingDecision | None:
    return request.decisions.filter(outcome=DecisionOutcome.POSTPONED).order_by("decided_at").last()


def resume(request: ViewingRequest, *, on: dt.date, by: Officer) -> DueDate:
    """The reason is over since that day: a new answer is due."""
    with acts.begin("records.viewing_postponement_ended", request, by=by) as act:
        postponed = last_of(act.row)
        act.refuse(_refuse_end(postponed, on))
        act.move(ViewingMove, RequestEvent.RESUME, on=on)
        start = min(on, postponed.expected_end_on) if postponed and postponed.expected_end_on else on
        due = act.open_due(
            SUBJECT_KIND,
            act.row.receipt_number,
            deadlines.for_route(RequestRoute.PIPA_VIEWING, dt.datetime.combine(start, NOON, SEOUL)),
            purpose=_purpose(act.row),
        )
        act.payload |= {
            "request": act.row.receipt_number,
            "on": on.isoformat(),
            "due_on": due.due_on.isoformat(),
        }
    request.state = act.row.state
    return due


def _purpose(request: ViewingRequest) -> str:
    # Requests of before 2026-12 may have been postponed more than once; each end has its own due date.
    return f"{PURPOSE}-{request.decisions.filter(outcome=DecisionOutcome.POSTPONED).count()}"


def _refuse_end(postponed: ViewingDecision | None, on: dt.date) -> list[Refusal]:
    if on > timezone.localdate():
        return [Refusal("future", "사유가 끝난 날이 오늘보다 뒤입니다.", RESUMING, field="on")]
    if postponed is not None and postponed.notice is not None and on < postponed.notice.on:
        return [Refusal("before", "사유가 끝난 날이 연기를 통지한 날보다 앞섭니다.", RESUMING, field="on")]
    return []
