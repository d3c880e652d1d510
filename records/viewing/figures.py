"""How many requests, how many open, how many late: each counted from what happened."""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils import timezone

from ordinance.models import DueDate
from records.enums import UNANSWERED, NoticeKind, RequestState
from records.models import ViewingNotice, ViewingRequest
from records.viewing import lateness, limits

# A postponement or what is asked for beside closes a due date, too, and answers nothing.
ANSWERS = (NoticeKind.DECISION, NoticeKind.CLOSING, NoticeKind.TRANSFER)


@dataclass(frozen=True, slots=True)
class Figures:
    year: int
    received: int
    open: int
    late_open: int
    late_answered: int
    held_hours: float
    quota_hours: int


def this_year() -> Figures:
    today = timezone.localdate()
    of_year = ViewingRequest.objects.filter(received_at__year=today.year)
    dues = lateness.answers(DueDate.objects.all())
    return Figures(
        year=today.year,
        received=of_year.count(),
        open=ViewingRequest.objects.filter(state__in=UNANSWERED).count(),
        late_open=dues.filter(closed_at__isnull=True, due_on__lt=today).count(),
        late_answered=late_answered(today.year),
        held_hours=limits.held_hours(),
        quota_hours=limits.current().quota_hours,
    )


def answered(year: int) -> int:
    """Requests that were answered in that year."""
    told = ViewingNotice.objects.filter(kind__in=ANSWERS, on__year=year)
    return told.values("request").distinct().count()


def late_answered(year: int) -> int:
    """Requests that were answered in that year after their last day."""
    withdrawn = ViewingRequest.objects.filter(state=RequestState.WITHDRAWN)
    answered_late = (
        lateness.answers(DueDate.objects.filter(closed_at__year=year))
        .annotate(closed_on=TruncDate("closed_at"))
        .filter(closed_on__gt=F("due_on"))
        .exclude(subject_number__in=withdrawn.values("receipt_number"))
    )
    return answered_late.values("subject_number").distinct().count()
