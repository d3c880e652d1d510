"""Letting the footage of a request go: not before the last way to object is over, by whichever screen or command."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from footage import holds
from footage.models import Hold
from records.enums import RequestState
from records.models import PERSONAL, ViewingRequest
from records.viewing import objections

ARTICLE = "조례 제22조, 제24조제1항제3호"


def why_not(request: ViewingRequest, now: dt.datetime) -> str:
    """Why its footage must stay; empty when it may go."""
    number = request.receipt_number
    if is_lapsed(request, now):
        return ""
    if request.is_undecided:
        return f"열람등 청구 {number}을 아직 결정하지 않았습니다. 결정한 뒤에 해제할 수 있습니다({ARTICLE})."
    if request.state == RequestState.DECIDED:
        return f"열람등 청구 {number}의 결정을 아직 통지하지 않았습니다({ARTICLE})."
    ends = objections.way_ends(request)
    if ends is None:
        # Neither told nor dismissed: an objection waits for its answer.
        return f"열람등 청구 {number}의 이의신청에 아직 답하지 않았습니다({ARTICLE})."
    if timezone.localdate(now) <= ends and not objections.is_waived(request):
        return f"열람등 청구 {number}에 이의를 제기할 수 있는 기간이 {ends}까지입니다({ARTICLE})."
    return ""


def is_lapsed(request: ViewingRequest, now: dt.datetime) -> bool:
    """Nobody was found behind it in the time that the profile gives."""
    return (
        request.confirmed_at is None
        and request.holds_lapse_at is not None
        and request.holds_lapse_at <= now
        and request.state in (RequestState.RECEIVED, RequestState.DISMISSED)
    )


def objection(hold: Hold) -> str:
    """Asked whoever releases a hold (`footage.holds.ask_before_release`)."""
    request = ViewingRequest.objects.filter(cameras__hold=hold).defer(*PERSONAL).first()
    return why_not(request, timezone.now()) if request else ""


def in_force(request: ViewingRequest) -> list[Hold]:
    return list(
        Hold.objects.filter(requested_camera__request=request, released_at__isnull=True)
        .select_related("camera")
        .order_by("camera_id")
    )


def release(request: ViewingRequest, *, reason: str, by: Officer) -> int:
    """Footage that only this request kept goes its way. How many holds it was."""
    with acts.begin("records.viewing_released", request, by=by) as act:
        if why := why_not(act.row, act.at):
            act.refuse([Refusal("way", why)])
        found = in_force(act.row)
        for hold in found:
            holds.release(hold, reason=reason, by=by)
        act.row.holds_released_at = act.at
        act.row.save(update_fields=["holds_released_at"])
        act.payload |= {"request": act.row.receipt_number, "holds": [hold.pk for hold in found]}
    return len(found)


def may_go(now: dt.datetime) -> list[ViewingRequest]:
    """Requests whose footage is still held although every way to object is over."""
    rows = ViewingRequest.objects.filter(
        state__in=(RequestState.NOTIFIED, RequestState.OBJECTION_ANSWERED, RequestState.DISMISSED),
        cameras__hold__released_at__isnull=True,
        cameras__hold__isnull=False,
    )
    return [request for request in rows.defer(*PERSONAL).distinct() if not why_not(request, now)]
