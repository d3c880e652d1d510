"""Letting the footage of a request go: not before `records.viewing.keeping` says so, by whichever screen or command."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal
from footage import holds
from footage.models import Hold
from records.enums import TOLD, RequestEvent
from records.models import PERSONAL, RequestedCamera, ViewingMove, ViewingRequest
from records.viewing import against_ledger, keeping, narrowing, talking
from records.viewing.keeping import Keeping

MAX_REASON = 500
ARTICLE = "조례 제22조, 제24조제1항제3호"


def why_not(request: ViewingRequest, now: dt.datetime) -> str:
    """Why its footage must stay; empty when it may go."""
    kept = keeping.of(request, timezone.localdate(now))
    return "" if kept.may_go else f"열람등 청구 {request.receipt_number}: {kept.sentence} ({ARTICLE})"


def why_not_by(request: ViewingRequest, by: Officer | None, now: dt.datetime) -> str:
    """… and why this officer may not. What ends a right early is said by one and acted upon by another.

    The operator's command has no officer; whoever gives it holds the machine, and its line says so.
    """
    kept = keeping.of(request, timezone.localdate(now))
    if not kept.may_go:
        return why_not(request, now)
    if wrong := against_ledger.fault(request):
        return f"{wrong} 원장 점검(verify_ledger)과 감사 담당자의 확인 전에는 풀 수 없습니다."
    # It may be an objection.
    for unread in talking.refuse_unread(request, ARTICLE):
        return f"{unread.text} {unread.remedy}"
    if by is None:
        return ""
    problems = (
        second_person.problem(said.by_id, by, f"‘{said.event_label}’ 기록을 한", does="해제")
        for said in keeping.said_by(request, kept)
    )
    return next(filter(None, problems), "")


def objection(hold: Hold, by: Officer | None) -> str:
    """Asked whoever releases a hold (`footage.holds.ask_before_release`)."""
    line = RequestedCamera.objects.filter(hold=hold).first()
    if line is None:
        return ""
    request = ViewingRequest.objects.defer(*PERSONAL).get(pk=line.request_id)
    why = why_not_by(request, by, timezone.now())
    # What was left out may go before the rest.
    return narrowing.why_not_by(line, by) if why and line.dropped_at is not None else why


def is_of_request(hold: Hold) -> bool:
    return RequestedCamera.objects.filter(hold=hold).exists()


def in_force(request: ViewingRequest) -> list[Hold]:
    return list(
        Hold.objects.filter(requested_camera__request=request, released_at__isnull=True)
        .select_related("camera")
        .order_by("camera_id")
    )


def release(request: ViewingRequest, *, reason: str, by: Officer) -> int:
    """Footage that only this request kept goes its way. How many holds it was."""
    with acts.begin("records.viewing_released", request, by=by) as act:
        if why := why_not_by(act.row, by, act.at):
            act.refuse([Refusal("way", why)])
        found = let_go(act, reason, by)
        act.move(ViewingMove, RequestEvent.FINISH, reason=reason[:MAX_REASON])
    request.state = act.row.state
    return len(found)


def let_go(act: acts.Act[ViewingRequest], reason: str, by: Officer) -> list[Hold]:
    """Part of an act after which nothing has to stay."""
    found = in_force(act.row)
    for hold in found:
        holds.release(hold, reason=reason, by=by)
    act.row.holds_released_at = act.at
    act.row.save(update_fields=["holds_released_at"])
    act.payload |= {"request": act.row.receipt_number, "holds": [hold.pk for hold in found]}
    return found


def may_go(now: dt.datetime, among: Iterable[int] | None = None) -> list[tuple[ViewingRequest, Keeping]]:
    """Requests whose footage is still held although nothing needs it any more, with why that is so.

    `among`: only of these.
    """
    held = RequestedCamera.objects.filter(hold__released_at__isnull=True, hold__isnull=False)
    rows = ViewingRequest.objects.filter(state__in=TOLD, pk__in=held.values("request"))
    if among is not None:
        rows = rows.filter(pk__in=among)
    on = timezone.localdate(now)
    periods = keeping.Periods(on)
    found = [(request, keeping.of(request, on, periods)) for request in keeping.with_rows(rows)]
    return [(request, kept) for request, kept in found if kept.may_go]
