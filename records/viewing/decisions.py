"""Deciding a request, and what follows: closing the due date, ending a postponement, letting the footage go."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from footage import holds
from footage.models import Hold
from ledger.append import record
from ordinance import deadlines, duedates
from ordinance.deadlines import RequestRoute
from ordinance.models import DueDate, Ground
from records.enums import DecisionOutcome, RequestState
from records.models import ViewingDecision, ViewingRequest
from records.viewing.intake import SUBJECT_KIND

MAX_TEXT = 4_000
# A notice of these must say why and how to object (Decree art. 41(5), 42(2)).
WITH_REASON = frozenset({DecisionOutcome.PARTLY, DecisionOutcome.POSTPONED, DecisionOutcome.REFUSED})
# Only grounds of PIPA art. 35(4) refuse; the ordinance's own list stands beside them (ordinance art. 22, warning).
WITH_GROUND = frozenset({DecisionOutcome.PARTLY, DecisionOutcome.REFUSED})
AFTER_POSTPONEMENT = "after_postponement"


def decide(
    request: ViewingRequest,
    outcome: str,
    *,
    reply: str,
    by: Officer,
    reason: str = "",
    how_to_object: str = "",
    ground: Ground | None = None,
    national_ground: Ground | None = None,
) -> ViewingDecision:
    """Record a decision. After a final one nothing more is decided; a postponed request waits for its end."""
    known = DecisionOutcome(outcome)
    _check(known, reply.strip(), reason.strip(), how_to_object.strip(), national_ground)
    with transaction.atomic():
        current = ViewingRequest.objects.select_for_update().get(pk=request.pk)
        if current.state == RequestState.DECIDED:
            raise ValidationError("이미 결정한 청구입니다.")
        if current.state == RequestState.POSTPONED and known == DecisionOutcome.POSTPONED:
            raise ValidationError(
                "이미 연기한 청구입니다. 연기 사유가 끝나면 ‘연기 사유 종료’를 기록하십시오."
            )
        decision = ViewingDecision.objects.create(
            request=current,
            outcome=known,
            ground=ground,
            national_ground=national_ground,
            reason=reason.strip()[:MAX_TEXT],
            reply=reply.strip()[:MAX_TEXT],
            how_to_object=how_to_object.strip()[:MAX_TEXT],
            decided_at=timezone.now(),
            decided_by=by,
        )
        current.state = RequestState.POSTPONED if known == DecisionOutcome.POSTPONED else RequestState.DECIDED
        current.save(update_fields=["state"])
        for due in _open_dues(current):
            duedates.close(due, now=decision.decided_at)
        record(
            "records.viewing_decided",
            actor=f"officer:{by.pk}",
            subject=f"viewing:{current.receipt_number}",
            payload={
                "request": current.receipt_number,
                "outcome": known.value,
                "grounds": [each.code for each in (ground, national_ground) if each],
            },
        )
    request.state = current.state
    return decision


def _check(
    outcome: DecisionOutcome, reply: str, reason: str, how_to_object: str, national_ground: Ground | None
) -> None:
    errors: dict[str, str] = {}
    if not reply:
        errors["reply"] = "청구인에게 알리는 내용을 적어 주십시오."
    if outcome in WITH_REASON and not reason:
        errors["reason"] = "구체적인 사유를 적어야 합니다(시행령 제41조제5항, 제42조제2항)."
    if outcome in WITH_REASON and not how_to_object:
        errors["how_to_object"] = "이의제기 방법을 적어야 합니다(조례 제22조제2항)."
    if outcome in WITH_GROUND and national_ground is None:
        errors["national_ground"] = (
            "법 제35조제4항의 사유가 있어야 제한하거나 거절할 수 있습니다. 조례의 사유만으로는 거절할 수 없습니다."
        )
    if errors:
        raise ValidationError(errors)


def _open_dues(request: ViewingRequest) -> Iterable[DueDate]:
    return DueDate.objects.open().filter(subject_kind=SUBJECT_KIND, subject_number=request.receipt_number)


def end_postponement(request: ViewingRequest, *, by: Officer) -> ViewingRequest:
    """The reason for postponing is over: a new answer is due, counted from now (Decree art. 42)."""
    with transaction.atomic():
        current = ViewingRequest.objects.select_for_update().get(pk=request.pk)
        if current.state != RequestState.POSTPONED:
            raise ValidationError("연기한 청구가 아닙니다.")
        now = timezone.now()
        # A request may be postponed more than once; each end has its own due date.
        ordinal = current.decisions.filter(outcome=DecisionOutcome.POSTPONED).count()
        due = duedates.open_for(
            SUBJECT_KIND,
            current.receipt_number,
            deadlines.for_route(RequestRoute.PIPA_VIEWING, now),
            purpose=f"{AFTER_POSTPONEMENT}-{ordinal}",
            now=now,
        )
        current.state = RequestState.RECEIVED
        current.save(update_fields=["state"])
        record(
            "records.viewing_postponement_ended",
            actor=f"officer:{by.pk}",
            subject=f"viewing:{current.receipt_number}",
            payload={"request": current.receipt_number, "due_on": due.due_on.isoformat()},
        )
    return current


def holds_in_force(request: ViewingRequest) -> list[Hold]:
    return list(
        Hold.objects.filter(requested_camera__request=request, released_at__isnull=True)
        .select_related("camera")
        .order_by("camera_id")
    )


def release_holds(request: ViewingRequest, *, reason: str, by: Officer) -> int:
    """After the final decision: footage that only this request kept goes its way. How many holds it was."""
    with transaction.atomic():
        current = ViewingRequest.objects.select_for_update().get(pk=request.pk)
        if current.state != RequestState.DECIDED:
            raise ValidationError("결정하기 전에는 청구한 영상의 삭제 유예를 해제할 수 없습니다.")
        found = holds_in_force(current)
        for hold in found:
            holds.release(hold, reason=reason, by=by)
        current.holds_released_at = timezone.now()
        current.save(update_fields=["holds_released_at"])
    return len(found)


def objection_to_release(hold: Hold) -> str:
    """Why a hold must stay: its request is not decided. Asked whoever releases, by whichever screen or command."""
    request = (
        ViewingRequest.objects.filter(cameras__hold=hold)
        .exclude(state=RequestState.DECIDED)
        .values_list("receipt_number", flat=True)
        .first()
    )
    return (
        f"열람등 청구 {request}을 아직 결정하지 않았습니다. 결정한 뒤에 해제할 수 있습니다(조례 제22조)."
        if request
        else ""
    )
