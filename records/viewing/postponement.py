"""열람 연기: itself a notice, once, within the ten days, for a proper reason and not for longer than the profile gives.

Only viewing can be postponed (PIPA art. 35(3)): correction and deletion have their ten days (art. 36(2)). When the reason
ends ten days run anew (Guideline art. 31(1)), from that day, and never from later than the person was told: that due date
stands from the notice on. A request that is late already cannot be postponed any more: it stays late. Whatever else was asked
for is answered in the same notice, within its own days.
"""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance import citations, deadlines, duedates, parameters
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from records.enums import DecisionOutcome, NoticeKind, PostponeGround, RequestEvent, RequestKind
from records.models import DecisionDraft, ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import appointments, decisions, drafts, guide, lateness, notices, standing
from records.viewing.decisions import Answer
from records.viewing.next_step import is_by_two
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "법 제35조제3항, 시행령 제42조제2항"
RESUMING = "표준 개인정보 보호지침 제31조제1항"
PURPOSE = "after_postponement"
# Of these nobody sees from the word alone that they are just ones.
BY_PROVISION = (PostponeGround.PROCEEDINGS, PostponeGround.OTHER)


def postpone(
    request: ViewingRequest,
    letter: Letter,
    *,
    ground: str,
    reason: str,
    until: dt.date,
    by: Officer,
    answers: Sequence[Answer] = (),
    provision: str = "",
) -> ViewingDecision:
    """`answers`: to what else was asked for; where a decision was prepared, as it was prepared. `provision`: the act and
    article of a reason that is in no list."""
    with acts.begin("records.viewing_postponed", request, by=by) as act:
        others = others_of(act.row)
        draft = drafts.pending(act.row) if others else None
        if draft is not None:
            answers = [each for each in drafts.answers_of(draft) if each.kind in others]
        act.refuse(
            check(act.row, letter, ground=ground, reason=reason, until=until, by=by, provision=provision)
        )
        act.refuse(_refuse_others(act.row, letter, others, answers, draft, by))
        act.move(ViewingMove, RequestEvent.POSTPONE, on=letter.on, document_number=letter.document_number)
        notice = notices.write(act, NoticeKind.POSTPONEMENT, letter, by=by)
        if others:
            made = decisions.write(act, answers, by, draft)
            act.row.decisions.filter(pk__in=[each.pk for each in made]).update(notice=notice)
        act.payload |= {"until": until.isoformat(), "ground": ground}
        words = f"{provision.strip()}: {reason.strip()}" if provision.strip() else reason.strip()
        decision = ViewingDecision.objects.create(
            request=act.row,
            kind=RequestKind.VIEWING,
            outcome=DecisionOutcome.POSTPONED,
            postponed_for=ground,
            reason=words,
            expected_end_on=until,
            notice=notice,
            salt=act.seal("reason", words),
            decided_at=act.at,
            decided_by=by,
        )
        appointments.end_earlier(act)
        lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
        _open_due(act, until, _purpose(act.row))
    request.state = act.row.state
    return decision


def others_of(request: ViewingRequest) -> list[RequestKind]:
    """What was asked for beside the viewing, and is answered with the postponement."""
    if not request.asks_viewing:
        return []
    return [kind for kind in decisions.kinds_to_decide(request) if kind != RequestKind.VIEWING]


def _refuse_others(
    request: ViewingRequest,
    letter: Letter,
    others: Sequence[RequestKind],
    answers: Sequence[Answer],
    draft: DecisionDraft | None,
    by: Officer,
) -> list[Refusal]:
    """Why what is not postponed is not answered."""
    if not others:
        return []
    if letter.on < timezone.localdate():
        text = "함께 청구한 것을 지금 결정하므로, 통지한 날이 결정한 날보다 앞설 수 없습니다."
        return [Refusal("before", text, ARTICLE, field="on")]
    if {each.kind for each in answers} != {kind.value for kind in others}:
        names = ", ".join(str(kind.label) for kind in others)
        text = f"열람만 연기할 수 있습니다. 함께 청구한 것({names})은 이 통지로 답합니다."
        return [Refusal("kinds", text, f"{ARTICLE}, 법 제36조제2항", "구분마다 결정을 고르십시오.")]
    if any(each.outcome == DecisionOutcome.NOT_EXISTING for each in answers):
        text = "영상이 없으면 연기할 열람도 없습니다."
        return [Refusal("missing", text, ARTICLE, "‘결정’에서 ‘영상 없음’으로 답하십시오.")]
    if draft is not None:
        found = drafts.refuse_decider(draft, by)
    elif is_by_two():
        text = "결정안을 쓰는 사람과 결정하는 사람이 다릅니다."
        found = [Refusal("alone", text, "조례 제22조", "‘결정안 작성’을 먼저 하십시오.")]
    else:
        found = []
    return [*found, *decisions.check(request, answers, others)]


def check(
    request: ViewingRequest,
    letter: Letter,
    *,
    ground: str,
    reason: str,
    until: dt.date,
    by: Officer,
    provision: str = "",
) -> list[Refusal]:
    """Why the viewing cannot be postponed (any more)."""
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
    return [*found, *_refuse_reason(ground, reason, provision), *_refuse_end_day(letter.on, until)]


def _refuse_reason(ground: str, reason: str, provision: str) -> list[Refusal]:
    """The law asks for a just reason, and lists none: the usual ones are chosen, another one names its act and article."""
    found = []
    if ground not in PostponeGround.values:
        text = "연기할 수 있는 사유를 고르십시오. 업무가 많은 것은 사유가 아닙니다."
        found.append(Refusal("ground", text, ARTICLE, field="ground"))
    elif ground in BY_PROVISION and not citations.names_an_article(provision):
        text = "연기하게 하는 법령의 이름과 조문을 적어야 합니다."
        remedy = "예: 재난 및 안전관리 기본법 제74조의3"
        found.append(Refusal("provision", text, ARTICLE, remedy, field="provision"))
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
