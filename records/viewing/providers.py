"""What the officials' home page says about requests (`ordinance.due`)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from ordinance.due import DueItem, Severity
from records.enums import UNANSWERED, RequestState
from records.models import PERSONAL, RequestedCamera, ViewingRequest
from records.viewing import lateness, limits, release
from records.viewing.lateness import Clock

ARTICLE = "조례 제22조"
HOLDING = "조례 제24조제1항제3호"
KIND = "열람등 청구"


def open_requests(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Each request that waits for an answer, an objection's included. What is late stays late."""
    rows = list(
        ViewingRequest.objects.filter(state__in=[*UNANSWERED, RequestState.OBJECTED]).defer(*PERSONAL)
    )
    clocks = lateness.clocks(rows, timezone.localdate(now))
    for request in rows:
        clock = clocks[request.receipt_number]
        due_on = clock.waits_until or (clock.due.due_on if clock.due and clock.due.is_open else None)
        yield DueItem(
            code="records.viewing_request",
            title=f"열람등 청구 {request.receipt_number}",
            detail=_detail(request, clock),
            severity=Severity.OVERDUE if clock.late_days else Severity.DUE,
            url_name="viewing:request",
            url_args=(request.pk,),
            article=ARTICLE,
            due_on=due_on,
            since=request.received_at,
            kind=KIND,
        )


def _detail(request: ViewingRequest, clock: Clock) -> str:
    if clock.late_days:
        when = f"{clock.late_days}일 지남"
    elif clock.waits_until:
        when = f"{clock.waits_until}까지 연기"
    else:
        left = clock.days_left
        when = "" if left is None else "오늘까지" if left == 0 else f"{left}일 남음"
    todo = {
        RequestState.POSTPONED: "연기 사유가 끝나면 기록하십시오.",
        RequestState.DECIDED: "결정을 청구인에게 통지하십시오.",
        RequestState.OBJECTED: "이의신청에 답하십시오.",
    }.get(RequestState(request.state), "")
    return " · ".join(part for part in (when, todo) if part)


def not_held(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Received over the web's limits: nothing is held until an officer says so."""
    for request in ViewingRequest.objects.filter(needs_hold=True, state__in=UNANSWERED).defer(*PERSONAL):
        yield DueItem(
            code="records.viewing_not_held",
            title=f"열람등 청구 {request.receipt_number}: 영상을 아직 유예하지 않았습니다",
            detail="누리집의 한도를 넘는 청구입니다. 바로 보고 유예를 정하십시오.",
            severity=Severity.OVERDUE,
            url_name="viewing:request",
            url_args=(request.pk,),
            article=HOLDING,
            due_on=timezone.localdate(request.received_at),
            since=request.received_at,
            kind=KIND,
        )


def unconfirmed(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Whoever asked by the web is to be reached before the hold ends by itself; afterwards it stays visible."""
    rows = ViewingRequest.objects.filter(
        confirmed_at__isnull=True, holds_lapse_at__isnull=False, state__in=UNANSWERED
    )
    for request in rows.defer(*PERSONAL):
        ends = timezone.localtime(request.holds_lapse_at)
        is_over = request.holds_released_at is not None
        yield DueItem(
            code="records.viewing_unconfirmed",
            title=f"열람등 청구 {request.receipt_number}: 청구인을 확인하십시오",
            detail="확인하지 못한 채 유예가 풀렸습니다. 확인하면 다시 유예할 수 있습니다."
            if is_over
            else f"{ends:%m-%d %H:%M}까지 확인하지 않으면 유예가 풀립니다.",
            severity=Severity.OVERDUE if is_over else Severity.DUE,
            url_name="viewing:request",
            url_args=(request.pk,),
            article="시행령 제46조",
            due_on=ends.date(),
            since=request.received_at,
            kind=KIND,
        )


def unseen(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Cameras that no storage here has seen: their footage is to be secured at the recorder on that very day."""
    rows = (
        RequestedCamera.objects.filter(
            is_checked=False, secured_at__isnull=True, request__state__in=UNANSWERED
        )
        .select_related("camera", "request")
        .defer(*(f"request__{name}" for name in PERSONAL))
        .order_by("pk")
    )
    for line in rows:
        since = line.request.received_at
        on = timezone.localdate(since)
        yield DueItem(
            code="records.viewing_unseen",
            title=f"{line.camera.number}의 영상을 녹화기에서 확보하십시오",
            detail=f"열람등 청구 {line.request.receipt_number}: 이 시스템의 저장소에서 확인하지 못한 구간입니다.",
            severity=Severity.OVERDUE if on < timezone.localdate(now) else Severity.DUE,
            url_name="viewing:secure",
            url_args=(line.pk,),
            article=HOLDING,
            due_on=on,
            since=since,
            kind=KIND,
        )


def footage_kept(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Every way to object is over, and the footage is still held: somebody has to let it go."""
    for request in release.may_go(now):
        yield DueItem(
            code="records.viewing_holds",
            title=f"열람등 청구 {request.receipt_number}: 영상의 유예를 해제할 수 있습니다",
            detail="이의를 제기할 수 있는 기간이 끝났습니다.",
            severity=Severity.INFO,
            url_name="viewing:request",
            url_args=(request.pk,),
            article=HOLDING,
            kind=KIND,
        )


def quota(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Half of what the web may hold is taken: before it is full, somebody looks why."""
    figures = limits.current()
    held = limits.held_hours()
    if held >= figures.alarm_hours:
        yield DueItem(
            code="records.viewing_quota",
            title="누리집 청구가 유예한 영상이 한도에 가까워졌습니다",
            detail=f"한도 {figures.quota_hours:,}시간 가운데 {held:,.0f}시간입니다. 넘는 청구는 유예 없이 접수됩니다.",
            severity=Severity.OVERDUE if held >= figures.quota_hours else Severity.DUE,
            url_name="viewing:list",
            article=HOLDING,
            kind=KIND,
        )


ALL: dict[str, Callable[..., Iterator[DueItem]]] = {
    "records.viewing_requests": open_requests,
    "records.viewing_not_held": not_held,
    "records.viewing_unconfirmed": unconfirmed,
    "records.viewing_unseen": unseen,
    "records.viewing_holds": footage_kept,
    "records.viewing_quota": quota,
}
