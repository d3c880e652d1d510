"""어디까지 되었나: the four steps of a request as its person reads them, each with what is true of it today.

Nothing of the answer is said before it was notified, and no step asks the office to act while it is the person's turn.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from records.enums import CLOSED_UNANSWERED, TOLD, AppointmentResult, DecisionOutcome, RequestKind
from records.enums import RequestState as State
from records.models import ViewingAppointment, ViewingRequest
from records.viewing import keeping
from records.viewing.lateness import Clocks

DONE, NOW, AHEAD = "done", "now", ""
ANSWERED = (State.NOTIFIED, State.APPOINTED, State.DONE)


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    text: str
    standing: str = AHEAD
    # The office is at it: whom to ask is told.
    is_of_office: bool = False


def steps(request: ViewingRequest, clocks: Clocks, now: dt.datetime) -> list[Step]:
    received = gettext("마침") + f", {timezone.localdate(request.received_at)}"
    found = [
        Step(gettext("접수"), received, DONE),
        _deciding(request, clocks),
        _telling(request, clocks),
    ]
    return [*found, *_viewing(request, now)]


def _deciding(request: ViewingRequest, clocks: Clocks) -> Step:
    title = gettext("확인과 결정")
    if request.state == State.SUPPLEMENT:
        text = gettext("청구인께서 빠진 것을 보완해 주실 차례입니다.")
        if clocks.stands_still:
            text += " " + gettext("그동안 처리기한은 멈춥니다.")
        if until := clocks.supplement_until:
            text += " " + gettext("보완 기한: %(day)s") % {"day": until}
        return Step(title, text, NOW)
    if request.state == State.POSTPONED:
        text = (
            gettext("연기를 알려 드렸습니다. 연기한 날이 지나 담당 부서가 결정합니다.")
            if clocks.is_postponed_too_long
            else gettext("연기를 알려 드렸습니다. 연기한 사유가 끝나면 결정합니다.")
        )
        return Step(title, text, NOW, is_of_office=True)
    if request.is_undecided:
        text = gettext("담당 부서가 청구인과 영상을 확인하고 결정합니다.")
        return Step(title, text, NOW, is_of_office=True)
    if request.state == State.TRANSFERRED:
        return Step(title, gettext(request.get_state_display()), DONE)
    if request.has_ended_undecided:
        return Step(title, gettext("결정을 알려 드리지 않고 끝났습니다."), DONE)
    return Step(title, gettext("마침"), DONE)


def _telling(request: ViewingRequest, clocks: Clocks) -> Step:
    title = gettext("답을 알려 드림")
    if request.state == State.SUPPLEMENT:
        return Step(title, gettext("보완하신 뒤에 결정하여 알려 드립니다."))
    if request.state == State.WITHDRAWN:
        return Step(title, gettext("취하하셔서 알려 드릴 답이 없습니다."), DONE)
    if clocks.route:
        words = {"day": clocks.route.due_on, "route": clocks.route_name}
        return Step(title, gettext("이송한 경로(%(route)s)의 기한: %(day)s") % words, NOW)
    if request.is_answered_elsewhere:
        return Step(title, gettext("이송한 경로에서 답을 알려 드렸습니다."), DONE)
    if request.state == State.TRANSFERRED:
        return Step(title, gettext("다른 곳으로 이송하여 그곳에서 처리합니다."), DONE)
    if request.state in CLOSED_UNANSWERED:
        return Step(title, gettext("결정하지 않고 끝낸 사유와 불복하는 방법을 알려 드렸습니다."), DONE)
    if not request.is_open:
        return Step(title, gettext("마침"), DONE)
    if clocks.due and clocks.due.is_open:
        text = gettext("기한: %(day)s") % {"day": clocks.due.due_on}
    else:
        text = gettext("답을 준비하고 있습니다.")
    return Step(title, text, AHEAD if request.is_undecided else NOW)


def _viewing(request: ViewingRequest, now: dt.datetime) -> Iterator[Step]:
    """None, where nobody asked to see anything."""
    if not request.asks_viewing:
        return
    title = gettext("열람")
    if request.state not in TOLD:
        text = gettext(
            "열람을 허용하면 일시와 장소를 통지에 적어 드립니다. 신분을 확인할 수 있는 증명서를 가지고 오십시오."
        )
        yield Step(title, text)
    elif request.state in ANSWERED:
        yield _answered(title, request, now)
    else:
        yield Step(title, _without_answer(request), DONE)


def _without_answer(request: ViewingRequest) -> str:
    if request.state == State.WITHDRAWN:
        return gettext("취하하셔서 열람이 없습니다.")
    if request.state == State.TRANSFERRED:
        return gettext("이송한 곳의 답에 따릅니다.")
    return gettext("결정하지 않고 끝나 열람이 없습니다.")


def _answered(title: str, request: ViewingRequest, now: dt.datetime) -> Step:
    found = keeping.in_force(request)
    decision = found.get(RequestKind.VIEWING) or found.get(RequestKind.WHOLE)
    appointment = max(request.appointments.all(), key=lambda each: each.pk, default=None)
    if appointment is not None and appointment.result == AppointmentResult.SHOWN:
        words = {"day": timezone.localdate(appointment.shown_at or appointment.at)}
        return Step(title, gettext("%(day)s에 열람을 마쳤습니다.") % words, DONE)
    if decision is not None and decision.outcome == DecisionOutcome.REFUSED:
        text = gettext("열람을 허용하지 않기로 결정했습니다. 사유와 불복하는 방법은 통지에 적었습니다.")
        return Step(title, text, DONE)
    if decision is not None and decision.outcome == DecisionOutcome.NOT_EXISTING:
        return Step(title, gettext("영상이 없어 열람할 것이 없습니다. 근거는 통지에 적었습니다."), DONE)
    if request.state == State.DONE:
        return Step(title, gettext("마침"), DONE)
    if appointment is not None:
        return Step(title, _appointed(appointment, now), NOW)
    return Step(
        title, gettext("열람을 허용했습니다. 일시와 장소는 담당자가 알려 드립니다."), NOW, is_of_office=True
    )


def _appointed(appointment: ViewingAppointment, now: dt.datetime) -> str:
    words = {"at": f"{timezone.localtime(appointment.at):%Y-%m-%d %H:%M}"}
    if appointment.result == AppointmentResult.NOT_COME and appointment.request.holds_released_at:
        return gettext("%(at)s에 오시지 않아 열람하지 못했습니다.") % words
    if appointment.result == AppointmentResult.NOT_COME:
        return gettext("%(at)s에 오시지 않아 열람하지 못했습니다. 다른 일시를 요청하실 수 있습니다.") % words
    if appointment.at <= now:
        return gettext("정한 일시(%(at)s)가 지났습니다. 결과는 아직 기록하지 않았습니다.") % words
    return (
        gettext("%(at)s. 장소는 ‘열람 일정’에 적었습니다. 신분을 확인할 수 있는 증명서를 가지고 오십시오.")
        % words
    )
