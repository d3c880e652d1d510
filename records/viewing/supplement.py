"""보완 요청: what a request lacks is asked for, with a day, and the office's own days stand still until it comes.

Procedures Act art. 17(5), (6), Decree art. 11: nobody is refused for a missing paper before he was asked for it. Who does
not answer in time is told that the request ends, and how to object. A request that is late stays late: its days go on.

The days stand still once, and no longer than until the day that was told: the due date that then holds stands from the
letter on, so that an office that does nothing afterwards is late, and what comes sooner brings it forward.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, outside, unwritten
from ordinance import deadlines, duedates, parameters
from ordinance.models import DueDate
from records.enums import DecisionOutcome, NoticeKind, RequestEvent
from records.models import ViewingMove, ViewingRequest, ViewingSupplement
from records.viewing import appointments, guide, lateness, notices, standing, talking
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "행정절차법 제17조제5항"
LAPSING = "행정절차법 제17조제6항"
DAYS, LONGEST = "viewing_supplement_days", "viewing_supplement_longest_days"
PURPOSE = "supplemented"
MAX_NOTE = 500


def usual_day(on: dt.date) -> dt.date:
    """Until when a supplement that is asked for today is to come, unless the officer gives longer."""
    return deadlines.civil(on, int(parameters.value(DAYS, on).value)).due_on


def longest_day(on: dt.date) -> dt.date:
    """The last day that can be given to whoever is asked then."""
    return deadlines.civil(on, int(parameters.value(LONGEST, on).value)).due_on


def pending(request: ViewingRequest) -> ViewingSupplement | None:
    return request.supplements.filter(ended_at__isnull=True).first()


def ask(request: ViewingRequest, letter: Letter, *, until: dt.date, by: Officer) -> ViewingSupplement:
    """`letter.reply` says what is missing. It was sent on `letter.on`: from then on the days stand still, if they may."""
    with acts.begin("records.viewing_supplement_asked", request, by=by) as act:
        act.refuse([*notices.check_letter(act.row, letter), *_refuse_day(letter.on, until)])
        act.move(
            ViewingMove, RequestEvent.ASK_SUPPLEMENT, on=letter.on, document_number=letter.document_number
        )
        notice = notices.write(act, NoticeKind.SUPPLEMENT, letter, by=by, how_to_object="")
        days_left = _days_left(act.row, letter.on)
        made = act.add(ViewingSupplement(request=act.row, notice=notice, until_on=until, days_left=days_left))
        act.payload["until"] = until.isoformat()
        if days_left is not None:
            lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
            _run_on(act, made, until)
    request.state = act.row.state
    return made


def _refuse_day(told_on: dt.date, until: dt.date) -> list[Refusal]:
    if until < usual_day(told_on):
        days = int(parameters.value(DAYS, told_on).value)
        text = f"보완할 기간은 적어도 {days}일이어야 합니다. {usual_day(told_on)} 이후로 정하십시오."
    elif until > longest_day(told_on):
        text = f"보완할 기간은 {longest_day(told_on)}까지입니다. 그 뒤에 오는 것도 종결하기 전이면 받습니다."
    else:
        return []
    return [Refusal("until", text, ARTICLE, field="until")]


def stops_the_days(request: ViewingRequest, told_on: dt.date) -> bool:
    """Once, and not after a postponement: then the office had its time to see what is missing. What is late stays late."""
    due = _due(request)
    has_stopped = request.supplements.filter(days_left__isnull=False).exists()
    is_postponed = request.decisions.filter(outcome=DecisionOutcome.POSTPONED).exists()
    return due is not None and told_on <= due.due_on and not has_stopped and not is_postponed


def _days_left(request: ViewingRequest, told_on: dt.date) -> int | None:
    """Of the period itself, not of the days off onto which its end was moved; None where the days go on."""
    due = _due(request)
    if due is None or not stops_the_days(request, told_on):
        return None
    return max(0, (duedates.deadline_of(due).nominal_on - told_on).days)


def _due(request: ViewingRequest) -> DueDate | None:
    return lateness.answers(DueDate.objects.open()).filter(subject_number=request.receipt_number).first()


def _run_on(act: Act[ViewingRequest], asked: ViewingSupplement, on: dt.date, *, earlier: str = "") -> None:
    """What was left of the days runs on from that day."""
    due = act.open_due(
        SUBJECT_KIND,
        act.row.receipt_number,
        deadlines.civil(on, max(1, asked.days_left or 0)),
        purpose=f"{PURPOSE}-{act.row.supplements.count()}{earlier}",
    )
    act.payload["due_on"] = due.due_on.isoformat()


def came(request: ViewingRequest, *, on: dt.date, note: str, by: Officer) -> None:
    """What was missing is there since that day: the days that were left run on from then."""
    with acts.begin("records.viewing_supplemented", request, by=by) as act:
        asked = pending(act.row)
        act.refuse(_refuse_coming(asked, on, note))
        if asked is not None:
            _end(asked, act.at, came_on=on, note=note)
            act.move(ViewingMove, RequestEvent.SUPPLEMENTED, on=on, reason=note, to=standing.of(act.row))
            act.payload |= {"request": act.row.receipt_number, "on": on.isoformat()}
            due = _due(act.row)
            # Requests of before 2026-12 have no due date while something is missing.
            if asked.days_left is not None and (due is None or on < asked.until_on):
                if due is not None:
                    # No answer: it makes nothing late that was in time on that day.
                    duedates.close(due, now=max(due.opened_at, notices.told_at(on, act.at)))
                _run_on(act, asked, on, earlier="-earlier" if due else "")
    request.state = act.row.state


def run_on_of_before() -> int:
    """Requests that were asked before 2026-12 get the due date that holds if nothing comes; how many."""
    owed = lateness.answers(DueDate.objects.open()).values("subject_number")
    waiting = ViewingSupplement.objects.filter(ended_at__isnull=True, days_left__isnull=False)
    rows = waiting.exclude(request__receipt_number__in=owed)
    found = rows.values_list("request__receipt_number", "pk", "until_on", "days_left")
    for number, key, until_on, days_left in found:
        deadline = deadlines.civil(until_on, max(1, days_left or 0))
        duedates.open_for(SUBJECT_KIND, number, deadline, purpose=f"{PURPOSE}-of-before-{key}")
    return len(found)


def _refuse_coming(asked: ViewingSupplement | None, on: dt.date, note: str) -> list[Refusal]:
    if asked is None:
        return [Refusal("none", "보완을 기다리는 청구가 아닙니다.", ARTICLE)]
    since = asked.notice.on
    return [
        *outside(on, "on", "보완한 날", until=timezone.localdate(), since=since, since_name="요청한 날"),
        *unwritten(note, "note", "무엇을 보완했는지 적으십시오.", ARTICLE),
    ]


def lapse(request: ViewingRequest, letter: Letter, *, by: Officer) -> None:
    """Nothing came in time: the request ends, and the person is told so, and how to object."""
    with acts.begin("records.viewing_lapsed", request, by=by) as act:
        asked = pending(act.row)
        unread = talking.refuse_unread(act.row, LAPSING)
        act.refuse(
            [*_refuse_lapse(asked, letter), *unread, *notices.check_letter(act.row, letter), *guide.check(by)]
        )
        if asked is not None:
            _end(asked, act.at)
        act.move(ViewingMove, RequestEvent.LAPSE, on=letter.on, document_number=letter.document_number)
        notices.write(act, NoticeKind.CLOSING, letter, by=by)
        appointments.end_earlier(act)
        lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
    request.state = act.row.state


def _refuse_lapse(asked: ViewingSupplement | None, letter: Letter) -> list[Refusal]:
    if asked is None:
        return [Refusal("none", "보완을 기다리는 청구가 아닙니다.", LAPSING)]
    if letter.on <= asked.until_on:
        text = f"보완 기한({asked.until_on})이 아직 지나지 않았습니다."
        return [Refusal("early", text, LAPSING, "그때까지 기다리십시오.", field="on")]
    return []


def _end(
    asked: ViewingSupplement, at: dt.datetime, *, came_on: dt.date | None = None, note: str = ""
) -> None:
    asked.ended_at, asked.came_on, asked.note = at, came_on, note.strip()[:MAX_NOTE]
    asked.save(update_fields=["ended_at", "came_on", "note"])


def leave(request: ViewingRequest, at: dt.datetime) -> None:
    """Part of an act after which nobody waits any more."""
    if asked := pending(request):
        _end(asked, at)
