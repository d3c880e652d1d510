"""Who acts next in a request (`casework.next_steps`): the step that its state waits for, and whose right it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.next_steps import NextStep, register
from ordinance import parameters
from records.enums import RequestState as State
from records.enums import TransferTo
from records.models import (
    DecisionDraft,
    ViewingAppointment,
    ViewingRequest,
    ViewingSupplement,
    ViewingTransfer,
)
from records.viewing import corrections, lateness, release
from records.viewing.lateness import Clocks

DECIDE, HANDLE, RELEASE = (
    "records.decide_viewingrequest",
    "records.read_viewing_person",
    "footage.release_hold",
)
BY_TWO = "viewing_decision_by_two"


@dataclass(frozen=True, slots=True)
class Step:
    """What a state waits for. Without a right nobody of the office acts; `note` says why."""

    verb: str
    needs: str = ""
    url_name: str = ""
    note: str = ""


# By state; what depends on more than the state is said below.
STEPS: dict[str, Step] = {
    State.RECEIVED: Step("본인·대리인 확인하기", HANDLE, "viewing:identify"),
    State.IDENTIFIED: Step("영상 확인하기", HANDLE, "viewing:search"),
    State.SEARCHED: Step("결정하기", DECIDE, "viewing:decide"),
    State.REVIEWED: Step("결정안을 보고 결정하기", DECIDE, "viewing:decide"),
    State.MASKING: Step("가림 처리를 살피고 마치기", HANDLE, "viewing:masked"),
    State.SUPPLEMENT: Step("보완을 기다림", note="청구인이 보완하면 ‘보완 접수’를 기록합니다."),
    State.POSTPONED: Step("연기 사유가 끝나면 기록하기", DECIDE, "viewing:resume"),
    State.DECIDED: Step("결정 통지하기", DECIDE, "viewing:notify"),
    State.APPOINTED: Step("열람을 기다림", note="열람한 뒤에 결과를 기록합니다."),
}


# Who did not come asks for another day.
WISHED = Step("청구인이 원하는 일시 정하기", HANDLE, "viewing:reschedule")
# It went on on another route of this office, which owes the answer.
ANSWERED_THERE = Step("이송한 경로의 답 기록하기", HANDLE, "viewing:answer_route")


def _routed() -> "QuerySet[ViewingTransfer]":
    return ViewingTransfer.objects.filter(ended_on__isnull=True).exclude(to=TransferTo.OTHER_BODY)


def _wished() -> "QuerySet[ViewingAppointment]":
    return ViewingAppointment.objects.awaited().exclude(result="")


def of_state(state: str, *, by_two: bool) -> Step | None:
    if by_two and state == State.SEARCHED:
        return Step("결정안 쓰기", HANDLE, "viewing:prepare")
    return STEPS.get(state)


def is_by_two() -> bool:
    """Whether one prepares what another one decides."""
    return bool(parameters.value(BY_TWO).value)


def listen() -> None:
    register(ViewingRequest, of_requests)


def of_requests(requests: Sequence[ViewingRequest], now: datetime) -> Mapping[int, NextStep]:
    """The same few queries for one and for many."""
    by_two, clocks = is_by_two(), lateness.clocks(requests, timezone.localdate(now))
    keys = [request.pk for request in requests]
    undone = set(corrections.undone().filter(pk__in=keys).values_list("pk", flat=True))
    past = dict(
        ViewingAppointment.objects.filter(request__in=keys, result="", at__lte=now).values_list(
            "request_id", "pk"
        )
    )
    wished = dict(_wished().filter(request__in=keys).values_list("request_id", "pk"))
    preparers = dict(
        DecisionDraft.objects.filter(request__in=keys, ended_at__isnull=True).values_list(
            "request_id", "prepared_by"
        )
    )
    routed = set(_routed().filter(request__in=keys).values_list("request_id", flat=True))
    told = [request.pk for request in requests if request.state in (State.NOTIFIED, State.DONE)]
    may_go = {request.pk for request, _kept in release.may_go(now, told)} if told else set()
    found = {}
    for request in requests:
        step = _step(request, by_two=by_two, is_undone=request.pk in undone, may_go=request.pk in may_go)
        args: tuple[int, ...] = (request.pk,)
        if request.state == State.APPOINTED and request.pk in past:
            step, args = Step("열람 결과 기록하기", HANDLE, "viewing:shown"), (past[request.pk],)
        elif request.state in (State.NOTIFIED, State.DONE) and request.pk in wished:
            step, args = WISHED, (wished[request.pk],)
        elif request.state == State.SUPPLEMENT and not clocks[request.receipt_number].waits_for_person:
            step = Step("보완하지 않은 청구를 종결하기", DECIDE, "viewing:lapse")
        elif request.pk in routed:
            step = ANSWERED_THERE
        if step is not None:
            not_by = (
                frozenset({preparers.get(request.pk)} - {None}) if request.state == State.REVIEWED else ()
            )
            found[request.pk] = _as_next(
                request, step, args, clocks[request.receipt_number], frozenset(not_by)
            )
    return found


def _step(request: ViewingRequest, *, by_two: bool, is_undone: bool, may_go: bool) -> Step | None:
    if request.state == State.RECEIVED and request.needs_confirmation:
        return Step("청구인에게 연락하기", HANDLE, "viewing:confirm")
    if is_undone and request.state in (State.NOTIFIED, State.DONE):
        return Step("허용한 정정·삭제를 하고 결과 알리기", DECIDE, "viewing:correct")
    if may_go:
        return Step("영상의 유예 해제하기", RELEASE, "viewing:release")
    return of_state(request.state, by_two=by_two)


def _as_next(
    request: ViewingRequest,
    step: Step,
    args: tuple[int, ...],
    clocks: Clocks,
    not_by: frozenset[int | None],
) -> NextStep:
    owed = clocks.next
    return NextStep(
        "records.viewing_request",
        step.verb,
        f"열람등 청구 {request.receipt_number}",
        step.needs,
        step.url_name or "viewing:request",
        args,
        due_on=clocks.supplement_until
        if clocks.waits_for_person
        else (owed.due_on if owed else clocks.waits_until),
        since=request.received_at,
        not_by=not_by,
        note=step.note,
    )


def waiting_for(right: str) -> Q:
    """Requests whose next step is of that right, by what their states wait for."""
    by_two = is_by_two()
    states = [state for state in State if (step := of_state(state, by_two=by_two)) and step.needs == right]
    found = Q(state__in=states)
    if right == HANDLE:
        past = ViewingAppointment.objects.filter(result="", at__lte=timezone.now())
        found |= Q(state=State.APPOINTED, pk__in=past.values("request"))
        found |= Q(pk__in=_routed().values("request"))
        found |= Q(state__in=(State.NOTIFIED, State.DONE), pk__in=_wished().values("request"))
    if right == DECIDE:
        found |= Q(state__in=(State.NOTIFIED, State.DONE), pk__in=corrections.undone().values("pk"))
        over = ViewingSupplement.objects.filter(ended_at__isnull=True, until_on__lt=timezone.localdate())
        found |= Q(state=State.SUPPLEMENT, pk__in=over.values("request"))
    return found
