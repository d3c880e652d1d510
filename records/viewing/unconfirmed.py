"""Holds of requests from the web of which nobody knows yet whether there is a person behind them.

Such a hold ends by itself after some days (`viewing_hold_unconfirmed_hours`), never before an officer had a whole
working day to confirm, and the request stays as it was, visible, with its due date. Confirmed, it never ends by itself.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused
from footage import holds
from footage.models import Hold
from ordinance import holidays, parameters
from ordinance.periods import SEOUL
from records.enums import ConfirmedBy, RequestEvent, RequestState
from records.models import PERSONAL, ViewingMove, ViewingRequest

OFFICE_CLOSES = time(18)
LAPSE_REASON = "청구인을 확인하지 못한 채 정한 시간이 지남"
# Longer than any row of days off.
LONGEST_BREAK = timedelta(days=30)


def lapses_at(received_at: datetime) -> datetime:
    """When the hold of an unconfirmed request ends: after the hours of the profile, and after a whole working day."""
    hours = int(parameters.value("viewing_hold_unconfirmed_hours").value)
    on = timezone.localdate(received_at)
    working = holidays.calendar(on, on + LONGEST_BREAK).next_working_day(on + timedelta(days=1))
    closing = datetime.combine(working, OFFICE_CLOSES, SEOUL)
    return max(received_at + timedelta(hours=hours), closing)


def confirm(request: ViewingRequest, how: str, *, by: Officer, note: str = "") -> ViewingRequest:
    """An officer made sure that there is somebody; who it is, is another question (`records.viewing.identity`)."""
    known = ConfirmedBy(how)
    with acts.begin("records.viewing_confirmed", request, by=by) as act:
        current = act.row
        if current.confirmed_at is not None:
            act.refuse([Refusal("confirmed", "이미 확인한 청구입니다.", "시행령 제46조")])
        act.move(ViewingMove, RequestEvent.CONFIRM, reason=note)
        current.confirmed_at, current.confirmed_by, current.confirmed_how = act.at, by, known
        current.holds_lapse_at = None
        current.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_how", "holds_lapse_at"])
        act.payload |= {"request": current.receipt_number, "how": known.value}
    return current


def lapse(now: datetime | None = None) -> int:
    """Let go what was never confirmed; how many requests it was. Each has its own line."""
    at = now or timezone.now()
    due = ViewingRequest.objects.filter(
        confirmed_at__isnull=True,
        holds_lapse_at__lte=at,
        holds_released_at__isnull=True,
        state__in=(RequestState.RECEIVED, RequestState.DISMISSED),
    ).defer(*PERSONAL)
    return sum(_lapse(request, at) for request in due.order_by("pk"))


def _lapse(request: ViewingRequest, at: datetime) -> bool:
    try:
        with acts.begin(
            "records.viewing_holds_lapsed",
            request,
            actor="system:records",
            at=at,
        ) as act:
            current = act.row
            if current.confirmed_at is not None or current.holds_released_at is not None:
                act.refuse([Refusal("confirmed", "그 사이에 확인된 청구입니다.")])
            released = [
                holds.release(hold, reason=LAPSE_REASON, by=None, actor="system:records").pk
                for hold in Hold.objects.filter(requested_camera__request=current, released_at__isnull=True)
                .select_related("camera")
                .order_by("camera_id")
            ]
            current.holds_released_at = at
            current.save(update_fields=["holds_released_at"])
            act.payload |= {"request": current.receipt_number, "holds": released}
    except Refused:
        return False
    return True
