"""Where a request stands by what is done: to which state a step leads that comes back to the office's own work, or ends it."""

from records.enums import DecisionOutcome, RequestEvent, RequestKind
from records.enums import RequestState as State
from records.models import RequestedCamera, SearchResult, ViewingDecision, ViewingRequest


def of(request: ViewingRequest) -> State:
    """Before the answer: prepared, searched, identified, or just received. Who it is comes before what there is."""
    if request.drafts.filter(ended_at__isnull=True).exists():
        return State.REVIEWED
    if request.identified_at is None:
        return State.RECEIVED
    return State.SEARCHED if is_searched(request) else State.IDENTIFIED


def is_searched(request: ViewingRequest) -> bool:
    """An officer said of every camera and range what there is; where there is none, there is nothing to say."""
    searched = SearchResult.objects.filter(line__request=request).values("line")
    return not RequestedCamera.objects.standing().filter(request=request).exclude(pk__in=searched).exists()


def after_answer(request: ViewingRequest, *, carried_out: bool = False) -> State:
    """After the notice: a viewing is to be held, something is to be carried out or kept, or nothing is left to do.

    `carried_out`: the correction is done by the very act that asks; it may have been done before.
    """
    if request.appointments.filter(result="").exists():
        return State.APPOINTED
    granted = ViewingDecision.objects.filter(
        request=request,
        notice__isnull=False,
        outcome__in=(DecisionOutcome.GRANTED, DecisionOutcome.PARTLY),
    )
    carried_out = carried_out or request.moves.filter(event=RequestEvent.CORRECT).exists()
    if not carried_out and granted.filter(kind=RequestKind.CORRECTION).exists():
        return State.NOTIFIED
    is_held = RequestedCamera.objects.filter(
        request=request, hold__isnull=False, hold__released_at__isnull=True
    ).exists()
    has_done = carried_out or request.appointments.filter(result="shown").exists()
    return State.NOTIFIED if is_held and not has_done else State.DONE
