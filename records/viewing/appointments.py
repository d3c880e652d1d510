"""열람 일정: a granted viewing is done when it was held, and its result is on record (Decree art. 41(5)).

Until then the footage stays, however long the ways to object have been over. Who saw may ask for deletion (PIPA 36(1)).
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act, File
from casework.refusals import Refusal
from ordinance import deadlines
from ordinance.deadlines import RequestRoute
from ordinance.models import Ground
from records.enums import (
    AppointmentResult,
    Attendance,
    FeeForm,
    RequestEvent,
    RequestKind,
    RequestState,
    SignatureWay,
)
from records.models import ViewingAppointment, ViewingMove, ViewingNotice, ViewingRequest
from records.viewing import duplicates, fees, identity, lateness, standing, talking
from records.viewing.fees import Fee

ARTICLE = "법 제35조제3항, 시행령 제41조제5항"
EVENTS: dict[str, RequestEvent] = {
    AppointmentResult.SHOWN: RequestEvent.SHOW,
    AppointmentResult.NOT_COME: RequestEvent.MISS,
    AppointmentResult.MOVED: RequestEvent.RESCHEDULE,
}
# Where a viewing that was held brings the request on.
ENDS_THERE = (RequestState.APPOINTED, RequestState.NOTIFIED)
MAX_NOTE = 500
OVERTAKEN = "다시 결정하거나 청구가 끝나 전의 일정은 없어졌습니다."
# The ground of PIPA 36(1) against who has not seen it.
NOT_VIEWED = "NOT_VIEWED"


def make(notice: ViewingNotice) -> ViewingAppointment | None:
    """What a notice appoints; part of the act that gives it."""
    if notice.viewing_at is None:
        return None
    return ViewingAppointment.objects.create(
        request=notice.request, notice=notice, at=notice.viewing_at, place=notice.viewing_place
    )


def end_earlier(act: Act[ViewingRequest]) -> None:
    """What an earlier letter appointed ends with the one that tells otherwise, or with the request; part of that act."""
    act.row.appointments.awaited().update(
        result=AppointmentResult.MOVED, note=OVERTAKEN, ended_at=act.at, ended_by=act.by
    )


def latest_day(request: ViewingRequest, told_on: dt.date) -> dt.date:
    """By when what is granted is to be seen (PIPA art. 35(3)): the due date of the answer itself, and where that is over
    already, as many days from the notice. To postpone it further is a notice of its own, with a reason."""
    due = lateness.of(request).due
    if due is not None and told_on <= due.due_on:
        return due.due_on
    return deadlines.for_route(RequestRoute.PIPA_VIEWING, told_on).due_on


def refuse_late(
    request: ViewingRequest, told_on: dt.date, at: dt.datetime, *, field: str, is_wished: bool
) -> list[Refusal]:
    """A later day than the law gives the office is set only for whoever asks for it, on record."""
    latest = latest_day(request, told_on)
    if is_wished or timezone.localdate(at) <= latest:
        return []
    text = f"{latest}까지 열람하게 하여야 합니다."
    remedy = "청구인이 그 뒤의 날을 원하면 언제 어떻게 말했는지 적으십시오. 구청의 사정이면 통지하기 전에 ‘연기 통지’를 하십시오."
    return [Refusal("late", text, "법 제35조제3항", remedy, field=field)]


@dataclass(frozen=True, slots=True)
class Viewing:
    """What was shown from when to when, who came, what was given, and how the person confirmed it."""

    at: dt.datetime
    until: dt.datetime
    note: str
    attendance: str
    signature_way: str
    fee: Fee
    signature: File | None = None


def show(appointment: ViewingAppointment, seen: Viewing, *, by: Officer) -> ViewingAppointment:
    """The person saw it; who records it is who showed it."""
    found = [*identity.refuse_unidentified(appointment.request), *_refuse_time(appointment, seen)]
    if not seen.note.strip():
        found.append(Refusal("note", "무엇을 보였는지 적으십시오.", ARTICLE, field="note"))
    if seen.attendance not in Attendance.values:
        found.append(Refusal("attendance", "누가 왔는지 고르십시오.", ARTICLE, field="attendance"))
    if seen.signature_way not in SignatureWay.values:
        text = "청구인이 어떻게 확인했는지 고르십시오."
        found.append(Refusal("signature_way", text, ARTICLE, field="signature_way"))
    if seen.signature_way == SignatureWay.SCREEN and seen.signature is None:
        found.append(Refusal("signature", "화면에 한 서명이 없습니다.", ARTICLE, field="signature"))
    on = timezone.localdate(seen.at)
    refused_fee = fees.check(seen.fee, on)
    with acts.begin("records.viewing_shown", appointment.request, by=by) as act:
        held = _end(act, appointment, AppointmentResult.SHOWN, [*found, *refused_fee])
        held.shown_at, held.shown_until, held.attendance = seen.at, seen.until, seen.attendance
        held.signature_way = seen.signature_way
        if seen.signature is not None:
            (held.signature,) = act.keep([seen.signature])
        held.fee_form, held.fee_units = seen.fee.form, seen.fee.units
        held.fee, held.fee_exemption = fees.amount(seen.fee, on), seen.fee.exemption
        held.receipt_number = seen.fee.receipt_number.strip()
        act.payload |= {
            "viewed_from": seen.at.isoformat(),
            "viewed_until": seen.until.isoformat(),
            "fee": held.fee,
            "given_form": str(FeeForm(seen.fee.form).label),
            "receipt": held.receipt_number,
        }
        _store(act, held, seen.note, on=on)
    return held


def _refuse_time(appointment: ViewingAppointment, seen: Viewing) -> list[Refusal]:
    found = []
    if seen.until > timezone.now():
        found.append(Refusal("future", "열람을 마친 때가 지금보다 뒤입니다.", ARTICLE, field="until"))
    if seen.until <= seen.at:
        found.append(
            Refusal("order", "열람을 마친 때는 시작한 때보다 뒤여야 합니다.", ARTICLE, field="until")
        )
    if seen.at < appointment.request.received_at:
        found.append(Refusal("before", "열람한 때가 청구를 접수한 때보다 앞섭니다.", ARTICLE, field="at"))
    if timezone.localdate(seen.at) < timezone.localdate(appointment.at):
        text = f"열람하기로 한 날({_moment(appointment.at)})보다 앞섭니다."
        found.append(Refusal("early", text, ARTICLE, "먼저 ‘열람 일시 변경’을 하십시오.", field="at"))
    return found


def miss(appointment: ViewingAppointment, *, note: str, by: Officer) -> ViewingAppointment:
    """The person did not come. The footage stays as long as the ways to object are open; a new day may be given."""
    found = []
    if appointment.at > timezone.now():
        found.append(
            Refusal("future", f"열람 일시({_moment(appointment.at)})가 아직 지나지 않았습니다.", ARTICLE)
        )
    found += talking.refuse_unread(appointment.request, ARTICLE)
    with acts.begin("records.viewing_missed", appointment.request, by=by) as act:
        held = _end(act, appointment, AppointmentResult.NOT_COME, found)
        _store(act, held, note)
    return held


def move(
    appointment: ViewingAppointment,
    *,
    at: dt.datetime,
    place: str,
    note: str,
    by: Officer,
    wish: str = "",
) -> ViewingAppointment:
    """Another day, as it was agreed with the person; the new appointment. It may have been agreed for an hour that has
    passed by now: whoever came early is written down so, and then as having seen it.

    `wish`: when and how the person asked for a day that is later than the office may set by itself; what was asked for
    on the page of the request is on record already.
    """
    found = []
    told_on = appointment.notice.on
    if timezone.localdate(at) < told_on:
        text = f"새 열람 일시가 열람을 알린 날({told_on})보다 앞섭니다."
        found.append(Refusal("past", text, ARTICLE, field="at"))
    if not place.strip():
        found.append(Refusal("place", "열람 장소를 적으십시오.", ARTICLE, field="place"))
    if not note.strip():
        text = "왜 바꾸었고 청구인에게 어떻게 알렸는지 적으십시오."
        found.append(Refusal("note", text, ARTICLE, field="note"))
    with acts.begin("records.viewing_rescheduled", appointment.request, by=by) as act:
        wished_at = act.hold(appointment).wished_at
        is_wished = bool(wish.strip()) or (
            wished_at is not None and timezone.localdate(at) <= timezone.localdate(wished_at)
        )
        found += refuse_late(act.row, appointment.notice.on, at, field="at", is_wished=is_wished)
        held = _end(act, appointment, AppointmentResult.MOVED, found)
        _store(act, held, "\n".join(filter(None, [note.strip(), wish.strip()])))
        act.payload |= {"to": at.isoformat(), "is_wished": is_wished}
        return act.add(ViewingAppointment(request=act.row, notice=held.notice, at=at, place=place.strip()))


def _end(
    act: Act[ViewingRequest],
    appointment: ViewingAppointment,
    result: AppointmentResult,
    refusals: list[Refusal],
) -> ViewingAppointment:
    """The appointment, held, with its result."""
    held = act.hold(appointment)
    # Who did not come may still come, or be given another day.
    if held.result not in ("", AppointmentResult.NOT_COME) or held.result == result:
        refusals = [Refusal("ended", "결과를 이미 기록한 열람 일정입니다.", ARTICLE)]
    act.refuse(refusals)
    held.result = result
    return held


def _store(
    act: Act[ViewingRequest], held: ViewingAppointment, note: str, *, on: dt.date | None = None
) -> None:
    """… and its step."""
    held.note, held.ended_at, held.ended_by = note.strip()[:MAX_NOTE], act.at, act.by
    held.save()
    is_end = held.result == AppointmentResult.SHOWN and act.row.state in ENDS_THERE
    act.move(
        ViewingMove,
        EVENTS[held.result],
        on=on,
        reason=note[:MAX_NOTE],
        to=standing.after_answer(act.row) if is_end else "",
    )
    act.payload |= {"request": act.row.receipt_number, "appointed": held.at.isoformat()}


def has_viewed(request: ViewingRequest) -> bool:
    """Whether this footage was shown to the person, on this request or on another one of the same person."""
    mine = Q(request=request) | Q(request__in=duplicates.same(request).values("pk"))
    return ViewingAppointment.objects.filter(mine, result=AppointmentResult.SHOWN).exists()


def refuse_ground(request: ViewingRequest, ground: Ground | None) -> list[Refusal]:
    """Whoever has seen the footage is not told that only who has seen it may ask for deletion."""
    if ground is None or ground.code != NOT_VIEWED or not has_viewed(request):
        return []
    text = "이 청구인이 이 영상을 열람한 기록이 있습니다."
    return [Refusal("viewed", text, "법 제36조제1항", field=f"{RequestKind.CORRECTION}-national_ground")]


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
