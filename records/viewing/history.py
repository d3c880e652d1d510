"""What the person reads of the course of the request: what has happened, and what comes next.

Only what the person was told or did, or what says nothing of the answer: a decision that was not notified is none.
"""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from records.enums import RequestEvent as Event
from records.enums import RequestState as State
from records.models import ViewingAppointment, ViewingRequest
from records.viewing.lateness import Clocks

TOLD = frozenset(
    {
        Event.RECEIVE,
        Event.CONFIRM,
        Event.IDENTIFY,
        Event.NEW_CODE,
        Event.SEARCH,
        Event.MASK,
        Event.MASKED,
        Event.ASK_SUPPLEMENT,
        Event.SUPPLEMENTED,
        Event.LAPSE,
        Event.WITHDRAW,
        Event.TRANSFER,
        Event.EXTEND_ROUTE,
        Event.ANSWER_ROUTE,
        Event.TAKE_BACK,
        Event.POSTPONE,
        Event.RESUME,
        Event.NOTIFY,
        Event.OBJECT,
        Event.EXTEND_OBJECTION,
        Event.ANSWER_OBJECTION,
        Event.REOPEN,
        Event.WAIVE,
        Event.SHOW,
        Event.MISS,
        Event.RESCHEDULE,
        Event.CORRECT,
        Event.DISMISS,
    }
)


def steps(request: ViewingRequest) -> Iterator[tuple[date, str]]:
    """Each step with its day, in the order in which it was taken."""
    for move in request.moves.all():
        if move.event in TOLD:
            yield move.on, gettext(Event(move.event).label)


def next_sentence(request: ViewingRequest, clocks: Clocks) -> str:
    """Who does what next; empty where nothing is left to do."""
    if request.state == State.POSTPONED and clocks.is_postponed_too_long:
        return gettext("연기한 날이 지났습니다. 담당자가 결정하여 알려 드립니다.")
    if request.state == State.RECEIVED and request.needs_confirmation:
        return gettext("담당자가 연락드려 청구인을 확인합니다.")
    if request.state == State.TRANSFERRED and any(each.is_waited_for for each in request.transfers.all()):
        return gettext("이송한 경로에서 답을 알려 드립니다.")
    if request.state == State.APPOINTED and not any(_is_ahead(each) for each in request.appointments.all()):
        return gettext("담당자가 열람의 결과를 기록하거나 다른 일시를 알려 드립니다.")
    return _sentences().get(request.state, "")


def _is_ahead(appointment: ViewingAppointment) -> bool:
    return not appointment.result and appointment.at > timezone.now()


def _sentences() -> dict[str, str]:
    at_work = gettext("담당자가 영상을 확인하고 결정합니다.")
    return {
        State.RECEIVED: gettext("담당자가 신분증 등으로 본인이나 대리인임을 확인합니다."),
        State.IDENTIFIED: at_work,
        State.SEARCHED: at_work,
        State.REVIEWED: at_work,
        State.DECIDED: gettext("담당자가 결정을 알려 드립니다."),
        State.MASKING: gettext("담당자가 함께 찍힌 다른 사람을 알아볼 수 없게 가리고 있습니다."),
        State.SUPPLEMENT: gettext("청구인께서 빠진 것을 보완해 주실 차례입니다."),
        State.POSTPONED: gettext("열람을 미룬 사유가 끝나면 담당자가 결정하여 알려 드립니다."),
        State.APPOINTED: gettext(
            "정한 일시에 신분증을 가지고 오셔서 보시면 됩니다. 경찰관과 함께 오실 필요는 없습니다."
        ),
    }
