"""The personal side of a request: read for a stated purpose, each look in the ledger, erased in time."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Officer
from ledger.append import record
from ordinance import parameters
from records.enums import RequestState
from records.models import ViewingDecision, ViewingRequest

PURPOSES = {
    "find": "청구한 영상 찾기",
    "identify": "본인·대리인 확인",
    "contact": "청구인에게 연락",
    "answer": "결정과 회신",
}
COLUMNS = (
    "requester_name",
    "requester_phone",
    "requester_birth_date",
    "requester_address",
    "subject_name",
    "subject_phone",
    "subject_birth_date",
    "subject_address",
    "purpose",
    "appearance",
)
ERASED_AT_ONCE = 200


def read(request: ViewingRequest, *, purpose: str, by: Officer) -> list[tuple[str, str]]:
    """Label and value of each personal column; that they were read, by whom and what for is in the ledger."""
    if purpose not in PURPOSES:
        raise ValidationError("인적사항을 보는 목적을 고르십시오.")
    with transaction.atomic():
        record(
            "records.viewing_person_read",
            actor=f"officer:{by.pk}",
            subject=f"viewing:{request.receipt_number}",
            payload={"request": request.receipt_number, "purpose": purpose},
        )
    labels = {field.name: str(field.verbose_name) for field in ViewingRequest._meta.concrete_fields}
    return [(labels[name], getattr(request, name)) for name in COLUMNS]


def erase(now: datetime | None = None) -> int:
    """Erase the persons of requests whose period is over and whose footage is let go; how many requests it was."""
    at = now or timezone.now()
    days = int(parameters.value("viewing_request_person_days", timezone.localdate(at)).value)
    due = (
        ViewingRequest.objects.filter(
            state=RequestState.DECIDED, holds_released_at__isnull=False, person_erased_at__isnull=True
        )
        .annotate(last_decision_at=Max("decisions__decided_at"))
        .filter(last_decision_at__lte=at - timedelta(days=days))
        .order_by("pk")[:ERASED_AT_ONCE]
    )
    requests = list(due)
    if not requests:
        return 0
    for request in requests:
        for name in COLUMNS:
            setattr(request, name, "")
        request.relation = ""
        request.person_erased_at = at
    with transaction.atomic():
        ViewingRequest.objects.bulk_update(requests, [*COLUMNS, "relation", "person_erased_at"])
        ViewingDecision.objects.filter(request__in=requests).update(reason="", reply="")
        record(
            "records.viewing_persons_erased",
            actor="system:records",
            subject="viewing-requests",
            payload={"requests": [request.receipt_number for request in requests], "days": days},
        )
    return len(requests)
