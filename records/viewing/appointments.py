"""열람 일정: a granted viewing is done when it was held, and its result is on record (Decree art. 41(5)).

Until then the footage stays, however long the ways to object have been over. Who saw may ask for deletion (PIPA 36(1)).
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance.models import Ground
from records.enums import AppointmentResult, RequestEvent, RequestKind, RequestState
from records.models import ViewingAppointment, ViewingMove, ViewingNotice, ViewingRequest
from records.viewing import identity, standing

ARTICLE = "법 제35조제3항, 시행령 제41조제5항"
EVENTS = {
    AppointmentResult.SHOWN: RequestEvent.SHOW,
    AppointmentResult.NOT_COME: RequestEvent.MISS,
    AppointmentResult.MOVED: RequestEvent.RESCHEDULE,
}
KINDS = {
    AppointmentResult.SHOWN: "records.viewing_shown",
    AppointmentResult.NOT_COME: "records.viewing_missed",
    AppointmentResult.MOVED: "records.viewing_rescheduled",
}
# Where a viewing that was held brings the request on.
ENDS_THERE = (RequestState.APPOINTED, RequestState.NOTIFIED)
MAX_NOTE = 500
# The ground of PIPA 36(1) against who has not seen it.
NOT_VIEWED = "NOT_VIEWED"


def make(notice: ViewingNotice) -> ViewingAppointment | None:
    """What a notice appoints; part of the act that gives it."""
    if notice.viewing_at is None:
        return None
    return ViewingAppointment.objects.create(
        request=notice.request, notice=notice, at=notice.viewing_at, place=notice.viewing_place
    )


def show(appointment: ViewingAppointment, *, at: dt.datetime, note: str, by: Officer) -> ViewingAppointment:
    """The person saw it at that moment; `note`: what was shown, from when to when."""
    found = identity.refuse_unidentified(appointment.request)
    if at > timezone.now():
        found.append(Refusal("future", "열람한 때가 지금보다 뒤입니다.", ARTICLE, field="at"))
    if at < appointment.request.received_at:
        found.append(Refusal("before", "열람한 때가 청구를 접수한 때보다 앞섭니다.", ARTICLE, field="at"))
    if timezone.localdate(at) < timezone.localdate(appointment.at):
        text = f"열람하기로 한 날({_moment(appointment.at)})보다 앞섭니다."
        found.append(Refusal("early", text, ARTICLE, "먼저 ‘열람 일시 변경’을 하십시오.", field="at"))
    if not note.strip():
        found.append(Refusal("note", "무엇을 보였는지 적으십시오.", ARTICLE, field="note"))
    return _end(appointment, AppointmentResult.SHOWN, found, note, by, on=timezone.localdate(at), shown_at=at)


def miss(appointment: ViewingAppointment, *, note: str, by: Officer) -> ViewingAppointment:
    """The person did not come. The footage stays as long as the ways to object are open; a new day may be given."""
    found = []
    if appointment.at > timezone.now():
        found.append(
            Refusal("future", f"열람 일시({_moment(appointment.at)})가 아직 지나지 않았습니다.", ARTICLE)
        )
    return _end(appointment, AppointmentResult.NOT_COME, found, note, by)


def move(
    appointment: ViewingAppointment, *, at: dt.datetime, place: str, note: str, by: Officer
) -> ViewingAppointment:
    """Another day, as it was agreed with the person; the new appointment."""
    found = []
    if at <= timezone.now():
        found.append(Refusal("past", "새 열람 일시가 지금보다 앞섭니다.", ARTICLE, field="at"))
    if not place.strip():
        found.append(Refusal("place", "열람 장소를 적으십시오.", ARTICLE, field="place"))
    if not note.strip():
        text = "왜 바꾸었고 청구인에게 어떻게 알렸는지 적으십시오."
        found.append(Refusal("note", text, ARTICLE, field="note"))
    old = _end(appointment, AppointmentResult.MOVED, found, note, by, new=(at, place.strip()))
    return old.request.appointments.get(result="", notice=old.notice)


def _end(
    appointment: ViewingAppointment,
    result: AppointmentResult,
    refusals: list[Refusal],
    note: str,
    by: Officer,
    *,
    on: dt.date | None = None,
    shown_at: dt.datetime | None = None,
    new: tuple[dt.datetime, str] | None = None,
) -> ViewingAppointment:
    with acts.begin(KINDS[result], appointment.request, by=by) as act:
        held = act.hold(appointment)
        # Who did not come may still come, or be given another day.
        if held.result not in ("", AppointmentResult.NOT_COME) or held.result == result:
            refusals = [Refusal("ended", "결과를 이미 기록한 열람 일정입니다.", ARTICLE)]
        act.refuse(refusals)
        held.result, held.note, held.shown_at = result, note.strip()[:MAX_NOTE], shown_at
        held.ended_at, held.ended_by = act.at, by
        held.save(update_fields=["result", "note", "shown_at", "ended_at", "ended_by"])
        is_end = result == AppointmentResult.SHOWN and act.row.state in ENDS_THERE
        act.move(
            ViewingMove,
            EVENTS[result],
            on=on,
            reason=note[:MAX_NOTE],
            to=standing.after_answer(act.row) if is_end else "",
        )
        act.payload |= {"request": act.row.receipt_number, "appointed": held.at.isoformat()}
        if new is not None:
            _again(act, held, *new)
    return held


def _again(act: Act[ViewingRequest], old: ViewingAppointment, at: dt.datetime, place: str) -> None:
    act.add(ViewingAppointment(request=act.row, notice=old.notice, at=at, place=place))
    act.payload["to"] = at.isoformat()


def has_viewed(request: ViewingRequest) -> bool:
    """Whether footage was shown to this requester on this request."""
    return request.appointments.filter(result=AppointmentResult.SHOWN).exists()


def refuse_ground(request: ViewingRequest, ground: Ground | None) -> list[Refusal]:
    """Whoever has seen the footage is not told that only who has seen it may ask for deletion."""
    if ground is None or ground.code != NOT_VIEWED or not has_viewed(request):
        return []
    text = "이 청구로 영상을 열람한 기록이 있습니다."
    return [Refusal("viewed", text, "법 제36조제1항", field=f"{RequestKind.CORRECTION}-national_ground")]


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
