"""Late is late for ever: a request that was answered after its day says so wherever it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ordinance.models import DueDate
from records.enums import DecisionOutcome, RequestState
from records.models import ViewingDecision, ViewingRequest
from records.viewing.states import SUBJECT_KIND


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a request stands in time. `late_days`: of its latest answer, given or still missing."""

    due: DueDate | None
    late_days: int
    # While a postponement runs nothing is due, but its end was told.
    waits_until: date | None
    today: date

    @property
    def days_left(self) -> int | None:
        if self.due is None or not self.due.is_open:
            return None
        return (self.due.due_on - self.today).days


def clocks(requests: Iterable[ViewingRequest], on: date | None = None) -> dict[str, Clock]:
    """By receipt number; two queries for a page."""
    rows = list(requests)
    dues: dict[str, list[DueDate]] = {row.receipt_number: [] for row in rows}
    for due in DueDate.objects.filter(subject_kind=SUBJECT_KIND, subject_number__in=dues).order_by(
        "opened_at"
    ):
        dues[due.subject_number].append(due)
    ends = _ends([row for row in rows if row.state == RequestState.POSTPONED])
    today = on or timezone.localdate()
    return {row.receipt_number: _clock(dues[row.receipt_number], ends.get(row.pk), today) for row in rows}


def of(request: ViewingRequest) -> Clock:
    return clocks([request])[request.receipt_number]


def _ends(postponed: list[ViewingRequest]) -> dict[int, date | None]:
    decisions = ViewingDecision.objects.filter(
        request__in=postponed, outcome=DecisionOutcome.POSTPONED
    ).order_by("decided_at")
    return dict(decisions.values_list("request_id", "expected_end_on"))


def _clock(dues: list[DueDate], waits_until: date | None, today: date) -> Clock:
    current = next((due for due in dues if due.is_open), dues[-1] if dues else None)
    late = [_days_late(due, today) for due in dues]
    if waits_until is not None:
        late.append((today - waits_until).days)
    return Clock(current, max([0, *late]), waits_until, today)


def _days_late(due: DueDate, today: date) -> int:
    ended = timezone.localdate(due.closed_at) if due.closed_at else today
    return (ended - due.due_on).days
