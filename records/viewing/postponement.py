"""열람 연기: itself a notice, once, within the ten days, for a proper reason and not for longer than the profile gives.

Only viewing can be postponed (PIPA art. 35(3)): correction and deletion have their ten days (art. 36(2)). When the reason
ends ten days run anew (Guideline art. 31(1)), from that day, and never from later than the person was told: that due date
stands from the notice on. A request that is late already cannot be postponed any more: it stays late.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance import deadlines, duedates, parameters
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from records.enums import DecisionOutcome, NoticeKind, PostponeGround, RequestEvent, RequestKind
from records.models import ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import guide, lateness, notices, standing
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "법 제35조제3항, 시행령 제42조제2항"
RESUMING = "표준 개인정보 보호지침 제31조제1항"
PURPOSE = "after_postponement"


def postpone(
    request: ViewingRequest, letter: Letter, *, ground: str, reason: str, until: dt.date, by: Officer
) -> ViewingDecision:
    with acts.begin("records.viewing_postponed", request, by=by) as act:
        act.refuse(check(act.row, letter, ground=ground, reason=reason, until=until, by=by))
        act.move(ViewingMove, RequestEvent.POSTPONE, on=letter.on, document_number=letter.document_number)
        notice = notices.write(act, NoticeKind.POSTPONEMENT, letter, by=by)
        act.payload |= {"until": until.isoformat(), "ground": ground}
        decision = ViewingDecision.objects.create(
            request=act.row,
            kind=RequestKind.VIEWING,
            outcome=DecisionOutcome.POSTPONED,
            postponed_for=ground,
            reason=reason.strip(),
            expected_end_on=until,
            notice=notice,
            salt=act.seal("reason", reason.strip()),
            decided_at=act.at,
            decided_by=by,
        )
        lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
        _open_due(act, until, _purpose(act.row))
    request.state = act.row.state
    return decision


def check(
    request: ViewingRequest, letter: Letter, *, ground: str, reason: str, until: dt.date, by: Officer
) -> list[Refusal]:
    """Why the request cannot be postponed (any more)."""
    found = [*notices.check_letter(request, letter), *guide.check(by)]
    if not request.asks_viewing:
        text = "열람만 연기할 수 있습니다. 존재확인과 정정·삭제는 기한 안에 답합니다."
        found.append(Refusal("kind", text, f"{ARTICLE}, 법 제36조제2항"))
    if last_of(request) is not None:
        found.append(Refusal("again", "한 번만 연기할 수 있습니다.", ARTICLE, "결정하여 알리십시오."))
    due = lateness.answers(DueDate.objects.open()).filter(subject_number=request.receipt_number).first()
    if due is not None and letter.on > due.due_on:
        found.append(
            Refusal(
                "late",
                f"답할 기한({due.due_on})이 지나 연기할 수 없습니다.",
                ARTICLE,
                "늦었더라도 바로 결정하여 알리십시오.",
            )
        )
    return [*found, *_refuse_reason(ground, reason), *_refuse_end_day(letter.on, until)]


def _refuse_reason(ground: str, reason: str) -> list[Refusal]:
    found = []
    if ground not in PostponeGround.values:
        text = "연기할 수 있는 사유를 고르십시오. 업무가 많은 것은 사유가 아닙니다."
        found.append(Refusal("ground", text, ARTICLE, field="ground"))
    if not reason.strip():
        found.append(Refusal("reason", "연기하는 정당한 사유를 적어야 합니다.", ARTICLE, field="reason"))
    return found


def _refuse_end_day(told_on: dt.date, until: dt.date) -> list[Refusal]:
    longest = told_on + dt.timedelta(days=longest_days(told_on))
    if until <= told_on:
        text = "사유가 끝날 것으로 보는 날은 통지한 날 뒤여야 합니다."
    elif until > longest:
        text = f"{longest}까지 연기할 수 있습니다."
    else:
        return []
    return [Refusal("until", text, ARTICLE, field="until")]


def longest_days(on: dt.date) -> int:
    """How many days from the notice the office may postpone at the most."""
    return int(parameters.value("viewing_postpone_days", on).value)


def last_of(request: ViewingRequest) -> ViewingDecision | None:
    return request.decisions.filter(outcome=DecisionOutcome.POSTPONED).order_by("decided_at").last()


def resume(request: ViewingRequest, *, on: dt.date, by: Officer) -> DueDate:
    """The reason is over since that day: ten days from then, and never later than was told."""
    with acts.begin("records.viewing_postponement_ended", request, by=by) as act:
        act.refuse(_refuse_end(last_of(act.row), on))
        due = end(act, on)
        act.payload |= {
            "request": act.row.receipt_number,
            "on": on.isoformat(),
            "due_on": due.due_on.isoformat(),
        }
    request.state = act.row.state
    return due


def end(act: Act[ViewingRequest], on: dt.date) -> DueDate:
    """Part of an act after which the postponement is over."""
    postponed = last_of(act.row)
    act.move(ViewingMove, RequestEvent.RESUME, on=on, to=standing.of(act.row))
    told = postponed.expected_end_on if postponed else None
    due = lateness.answers(DueDate.objects.open()).filter(subject_number=act.row.receipt_number).first()
    if due is not None and told is not None:
        if on >= told:
            return due
        duedates.close(due, now=act.at)
    start = min(on, told) if told else on
    # Requests of before 2026-12 have no due date while they are postponed.
    return _open_due(act, start, _purpose(act.row) + ("-earlier" if due else ""))


def _open_due(act: Act[ViewingRequest], start: dt.date, purpose: str) -> DueDate:
    return act.open_due(
        SUBJECT_KIND,
        act.row.receipt_number,
        deadlines.for_route(RequestRoute.PIPA_VIEWING, noon(start)),
        purpose=purpose,
    )


def noon(on: dt.date) -> dt.datetime:
    """Of a day that is told without its hour; no rule of counting looks at it."""
    return dt.datetime.combine(on, dt.time(12), SEOUL)


def _purpose(request: ViewingRequest) -> str:
    # Requests of before 2026-12 may have been postponed more than once; each end has its own due date.
    return f"{PURPOSE}-{request.decisions.filter(outcome=DecisionOutcome.POSTPONED).count()}"


def _refuse_end(postponed: ViewingDecision | None, on: dt.date) -> list[Refusal]:
    if on > timezone.localdate():
        return [Refusal("future", "사유가 끝난 날이 오늘보다 뒤입니다.", RESUMING, field="on")]
    if postponed is not None and postponed.notice is not None and on < postponed.notice.on:
        return [Refusal("before", "사유가 끝난 날이 연기를 통지한 날보다 앞섭니다.", RESUMING, field="on")]
    return []
