"""What the officials' home page says about requests (`ordinance.due`)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from casework import next_steps, threads
from casework.next_steps import NextStep
from ordinance.due import DueItem, Severity
from records.enums import UNANSWERED, TransferTo
from records.models import (
    PERSONAL,
    RequestedCamera,
    ViewingAppointment,
    ViewingRemedy,
    ViewingRequest,
    ViewingTransfer,
)
from records.viewing import corrections, freezing, lateness, limits, release, remedies
from records.viewing.lateness import Clock, Clocks
from records.viewing.next_step import DECIDE, HANDLE, RELEASE
from records.viewing.states import SUBJECT_KIND

ARTICLE = "조례 제22조"
HOLDING = "조례 제24조제1항제3호"
KIND = "열람등 청구"
PAGE = "viewing:request"


def open_requests(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Each request that waits for an answer, an objection's and that of another route included. What is late stays late."""
    objected = ViewingRemedy.objects.filter(
        request=OuterRef("pk"), ended_on__isnull=True, kind=lateness.OBJECTION
    )
    routed = ViewingTransfer.objects.filter(request=OuterRef("pk"), ended_on__isnull=True).exclude(
        to=TransferTo.OTHER_BODY
    )
    rows = list(
        ViewingRequest.objects.annotate(is_objected=Exists(objected), is_routed=Exists(routed))
        .filter(Q(state__in=UNANSWERED) | Q(is_objected=True) | Q(is_routed=True))
        .defer(*PERSONAL)
    )
    clocks, steps = lateness.clocks(rows, timezone.localdate(now)), next_steps.of_many(rows, now)
    for request in rows:
        found, step = clocks[request.receipt_number], steps.get(request.pk)
        due_on = found.next.due_on if found.next else found.waits_until
        if request.state in UNANSWERED or request.is_routed:
            yield DueItem(
                code="records.viewing_request",
                title=f"열람등 청구 {request.receipt_number}",
                detail=" · ".join([*_when(found), *([step.verb, step.note] if step else [])]).rstrip(" ·"),
                severity=_severity(found, step),
                url_name=PAGE,
                url_args=(request.pk,),
                article=ARTICLE,
                due_on=due_on,
                since=request.received_at,
                kind=KIND,
                waits=(HANDLE,),
                **_by(step),
            )
        if request.is_objected:
            yield DueItem(
                code="records.viewing_objection",
                title=f"열람등 청구 {request.receipt_number}: 이의신청에 답하십시오",
                detail=" · ".join(_days(found.objection)),
                severity=Severity.OVERDUE if found.objection and found.objection.late_days else Severity.DUE,
                url_name=PAGE,
                url_args=(request.pk,),
                article=remedies.ARTICLE,
                due_on=found.objection.due_on if found.objection else None,
                kind=KIND,
                waits=(HANDLE,),
            )


def _severity(found: Clocks, step: NextStep | None) -> Severity:
    """What nobody of the office can do now (the person's supplement, a postponement) is told, until it is late."""
    if found.is_overdue:
        return Severity.OVERDUE
    return Severity.DUE if step is None or step.needs else Severity.INFO


def _by(step: NextStep | None) -> dict[str, Any]:
    """Who acts, and what the button says: as the page of the request says it (`casework.next_steps`)."""
    if step is None or not step.needs:
        return {"verb": step.verb if step else ""}
    return {"verb": step.verb, "needs": (step.needs,), "not_by": step.not_by, "only": step.only}


def _when(found: Clocks) -> list[str]:
    if found.waits_for_person and not found.is_overdue:
        return [f"{found.supplement_until}까지 보완"]
    if found.waits_until and not found.is_overdue:
        return [f"{found.waits_until}까지 연기"]
    return _days(found.next)


def _days(clock: Clock | None) -> list[str]:
    if clock is None:
        return []
    if clock.late_days:
        return [f"{clock.late_days}일 지남"]
    return ["오늘까지" if clock.days_left == 0 else f"{clock.days_left}일 남음"]


def not_held(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Over the web's limits: held for a short time, and then only what fits, until an officer says more."""
    for request in ViewingRequest.objects.filter(needs_hold=True, state__in=UNANSWERED).defer(*PERSONAL):
        ends = request.holds_lapse_at
        until = f"{timezone.localtime(ends):%m-%d %H:%M}까지만 모두 유예합니다." if ends else ""
        yield DueItem(
            code="records.viewing_not_held",
            title=f"열람등 청구 {request.receipt_number}: 영상의 유예를 정하십시오",
            detail=f"누리집의 한도를 넘는 청구입니다. {until or '한도에 드는 앞부분만 유예했습니다.'}",
            severity=Severity.OVERDUE,
            url_name=PAGE,
            url_args=(request.pk,),
            article=HOLDING,
            due_on=timezone.localdate(ends or request.received_at),
            since=request.received_at,
            kind=KIND,
        )


def appointments(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Viewings that were appointed: whether they were held is recorded, until then the footage stays."""
    rows = ViewingAppointment.objects.awaited().select_related("request")
    for appointment in rows.defer(*(f"request__{name}" for name in PERSONAL)):
        on = timezone.localdate(appointment.at)
        is_past = appointment.at <= now
        number = appointment.request.receipt_number
        what = "열람 결과를 기록하십시오" if is_past else "열람"
        if appointment.has_open_wish:
            what = "오지 못한 청구인이 원하는 일시를 정하십시오"
        yield DueItem(
            code="records.viewing_appointment",
            title=f"열람등 청구 {number}: {what}",
            detail=f"{timezone.localtime(appointment.at):%Y-%m-%d %H:%M} {appointment.place}{_wished(appointment)}",
            severity=Severity.OVERDUE if on < timezone.localdate(now) else Severity.DUE,
            url_name=PAGE,
            url_args=(appointment.request_id,),
            article="시행령 제41조제5항",
            due_on=on,
            key=f"records.viewing_appointment:{appointment.pk}",
            kind=KIND,
        )


def _wished(appointment: ViewingAppointment) -> str:
    if appointment.wished_at is None:
        return ""
    return f" · 청구인이 원하는 일시: {timezone.localtime(appointment.wished_at):%Y-%m-%d %H:%M}"


def corrections_undone(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Granted and told, and not carried out: it is to be done within the days of the request itself (PIPA 36(2))."""
    rows = list(corrections.undone().defer(*PERSONAL))
    clocks = lateness.clocks(rows, timezone.localdate(now))
    for request in rows:
        clock = clocks[request.receipt_number].answer
        due_on = clock.due_on if clock else None
        is_late = due_on is not None and due_on < timezone.localdate(now)
        yield DueItem(
            code="records.viewing_correction",
            title=f"열람등 청구 {request.receipt_number}: 허용한 정정·삭제를 하고 결과를 알리십시오",
            severity=Severity.OVERDUE if is_late else Severity.DUE,
            url_name=PAGE,
            url_args=(request.pk,),
            article="법 제36조제2항",
            due_on=due_on,
            since=request.received_at,
            kind=KIND,
        )


def unseen(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Cameras that no storage here has seen: their footage is to be secured at the recorder on that very day."""
    rows = list(
        RequestedCamera.objects.standing()
        .filter(freezing.promised(), is_checked=False, secured_at__isnull=True)
        .select_related("camera", "request")
        .defer(*(f"request__{name}" for name in PERSONAL))
        .order_by("pk")
    )
    has_answered = any(not line.request.is_open for line in rows)
    may_go = {request.pk for request, _ in release.may_go(now)} if has_answered else set()
    for line in rows:
        if line.request_id in may_go:
            continue
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
    """Nothing needs the footage any more, and it is still held: somebody has to let it go."""
    for request, kept in release.may_go(now):
        yield DueItem(
            code="records.viewing_holds",
            title=f"열람등 청구 {request.receipt_number}: 영상의 유예를 해제할 수 있습니다",
            detail=kept.sentence,
            severity=Severity.INFO,
            url_name=PAGE,
            url_args=(request.pk,),
            article=HOLDING,
            kind=KIND,
        )


def messages(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """What persons wrote or sent on the page of their request, and nobody has read."""
    since = threads.unread(SUBJECT_KIND)
    for request in ViewingRequest.objects.filter(receipt_number__in=since).defer(*PERSONAL):
        came = since[request.receipt_number]
        yield DueItem(
            code="records.viewing_message",
            title=f"열람등 청구 {request.receipt_number}: 청구인이 보낸 글이나 서류를 읽으십시오",
            severity=Severity.DUE,
            url_name="viewing:thread",
            url_args=(request.pk,),
            article="행정절차법 제14조",
            since=came,
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
            detail=f"한도 {figures.quota_hours:,}시간 가운데 {held:,.0f}시간입니다. 넘는 청구는 다음 근무일까지만 모두 유예됩니다.",
            severity=Severity.OVERDUE if held >= figures.quota_hours else Severity.DUE,
            url_name="viewing:list",
            article=HOLDING,
            kind=KIND,
        )


# What is done about each item, and whose right it is. What only informs is nobody's task.
DEEDS = (
    # Whose turn a request is says its next step.
    ("records.viewing_objection", "이의신청에 답하기", DECIDE),
    ("records.viewing_not_held", "유예 정하기", HANDLE),
    ("records.viewing_appointment", "결과 기록하기", HANDLE),
    ("records.viewing_correction", "결과 알리기", DECIDE),
    ("records.viewing_unseen", "영상 확보하기", HANDLE),
    ("records.viewing_message", "읽고 답하기", HANDLE),
    ("records.viewing_holds", "유예 해제하기", RELEASE),
    ("records.viewing_quota", "청구 보기", DECIDE),
    ("records.self_inspection", "자체점검 하기", "records.change_selfinspection"),
    ("records.self_inspection_publication", "공개 기록하기", "records.sign_off_selfinspection"),
)


ALL: dict[str, Callable[..., Iterator[DueItem]]] = {
    "records.viewing_requests": open_requests,
    "records.viewing_not_held": not_held,
    "records.viewing_unseen": unseen,
    "records.viewing_appointments": appointments,
    "records.viewing_corrections": corrections_undone,
    "records.viewing_messages": messages,
    "records.viewing_holds": footage_kept,
    "records.viewing_quota": quota,
}
