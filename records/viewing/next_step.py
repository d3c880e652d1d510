"""Who acts next in a request (`casework.next_steps`)."""

from datetime import datetime

from casework.next_steps import NextStep, each, register
from records.enums import RequestState
from records.models import ViewingRequest

DECIDE, HANDLE = "records.decide_viewingrequest", "records.read_viewing_person"


def listen() -> None:
    register(ViewingRequest, each(of_request))


def of_request(request: ViewingRequest, now: datetime) -> NextStep | None:
    verb, needs = _step(request)
    if not verb:
        return None
    return NextStep(
        "records.viewing_request",
        verb,
        f"열람등 청구 {request.receipt_number}",
        needs,
        "viewing:request",
        (request.pk,),
        since=request.received_at,
    )


def _step(request: ViewingRequest) -> tuple[str, str]:
    if request.state == RequestState.DECIDED:
        return "결정 통지하기", DECIDE
    if request.state not in (RequestState.RECEIVED, RequestState.POSTPONED):
        return "", ""
    return ("청구인 확인하기", HANDLE) if request.needs_confirmation else ("결정하기", DECIDE)
