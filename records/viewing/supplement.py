"""보완 요청: what a request lacks is asked for, with a day, and the office's own days stand still until it comes.

Procedures Act art. 17(5), (6), Decree art. 11: nobody is refused for a missing paper before he was asked for it. Who does
not answer in time is told that the request ends, and how to object. A request that is late stays late: its days go on.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, outside, unwritten
from ordinance import deadlines, parameters
from ordinance.models import DueDate
from records.enums import NoticeKind, RequestEvent
from records.models import ViewingMove, ViewingRequest, ViewingSupplement
from records.viewing import guide, lateness, notices, standing
from records.viewing.notices import Letter
from records.viewing.states import SUBJECT_KIND

ARTICLE = "행정절차법 제17조제5항"
LAPSING = "행정절차법 제17조제6항"
DAYS = "viewing_supplement_days"
PURPOSE = "supplemented"
MAX_NOTE = 500


def usual_day(on: dt.date) -> dt.date:
    """Until when a supplement that is asked for today is to come, unless the officer gives longer."""
    return deadlines.civil(on, int(parameters.value(DAYS, on).value)).due_on


def pending(request: ViewingRequest) -> ViewingSupplement | None:
    return request.supplements.filter(ended_at__isnull=True).first()


def ask(request: ViewingRequest, letter: Letter, *, until: dt.date, by: Officer) -> ViewingSupplement:
    """`letter.reply` says what is missing. It was sent on `letter.on`: from then on the days stand still."""
    with acts.begin("records.viewing_supplement_asked", request, by=by) as act:
        act.refuse([*notices.check_letter(act.row, letter), *_refuse_day(letter.on, until)])
        act.move(
            ViewingMove, RequestEvent.ASK_SUPPLEMENT, on=letter.on, document_number=letter.document_number
        )
        notice = notices.write(act, NoticeKind.SUPPLEMENT, letter, by=by, how_to_object="")
        due = lateness.answers(DueDate.objects.open()).filter(subject_number=act.row.receipt_number).first()
        days_left = None
        if due is not None and letter.on <= due.due_on:
            days_left = (due.due_on - letter.on).days
            lateness.close_answer(act.row, notices.told_at(letter.on, act.at))
        act.payload["until"] = until.isoformat()
        made = act.add(ViewingSupplement(request=act.row, notice=notice, until_on=until, days_left=days_left))
    request.state = act.row.state
    return made


def _refuse_day(told_on: dt.date, until: dt.date) -> list[Refusal]:
    if until >= usual_day(told_on):
        return []
    days = int(parameters.value(DAYS, told_on).value)
    text = f"보완할 기간은 적어도 {days}일이어야 합니다. {usual_day(told_on)} 이후로 정하십시오."
    return [Refusal("until", text, ARTICLE, field="until")]


def came(request: ViewingRequest, *, on: dt.date, note: str, by: Officer) -> None:
    """What was missing is there since that day: the days that were left run on from then."""
    with acts.begin("records.viewing_supplemented", request, by=by) as act:
        asked = pending(act.row)
        act.refuse(_refuse_coming(asked, on, note))
        if asked is not None:
            _end(asked, act.at, came_on=on, note=note)
            act.move(ViewingMove, RequestEvent.SUPPLEMENTED, on=on, reason=note, to=standing.of(act.row))
            act.payload |= {"request": act.row.receipt_number, "on": on.isoformat()}
            if asked.days_left is not None:
                number = act.row.supplements.count()
                due = act.open_due(
                    SUBJECT_KIND,
                    act.row.receipt_number,
                    deadlines.civil(on, max(1, asked.days_left)),
                    purpose=f"{PURPOSE}-{number}",
                )
                act.payload["due_on"] = due.due_on.isoformat()
    request.state = act.row.state


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
        act.refuse([*_refuse_lapse(asked, letter), *notices.check_letter(act.row, letter), *guide.check(by)])
        if asked is not None:
            _end(asked, act.at)
        act.move(ViewingMove, RequestEvent.LAPSE, on=letter.on, document_number=letter.document_number)
        notices.write(act, NoticeKind.CLOSING, letter, by=by)
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
