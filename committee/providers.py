"""What the officials' home page says about the committee (`ordinance.due`)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casework import next_steps
from committee.enums import MinutesState
from committee.models import Meeting, Term
from committee.models.minutes import WITHHELD
from ordinance.due import DueItem, Severity

KIND = "운영위원회"
SOON = timedelta(days=60)
# What is older and unfinished is told by the findings, as one line.
LONGEST = timedelta(days=366)
# What is done about each item, and whose right it is.
DEEDS = (("committee.term", "위촉하기", "committee.change_member"),)


def ending_terms(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Two months before an appointed term ends: whoever follows has to be found, recruited, recommended."""
    today = timezone.localdate(now)
    rows = Term.objects.appointed().filter(ended_on=None, until_on__range=(today, today + SOON))
    for term in rows.without_successor().order_by("until_on", "pk"):
        yield DueItem(
            code="committee.term",
            title=f"위원 임기 {term.number}: 곧 끝납니다",
            detail=f"{term.get_ground_display()}. 연임이나 후임의 위촉을 준비하십시오.",
            severity=Severity.DUE,
            url_name="committee:term",
            url_args=(term.pk,),
            article="조례 제27조",
            due_on=term.until_on,
            kind=KIND,
        )


def meetings(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Each meeting with its next step, from its registration until it is decided whether its minutes are published."""
    done = Q(minutes__published_at__isnull=False) | WITHHELD
    rows = list(
        Meeting.objects.filter(cancelled_on=None, on__gte=timezone.localdate(now) - LONGEST)
        .exclude(done, minutes__state=MinutesState.LOCKED)
        .order_by("on", "pk")
    )
    for step in next_steps.of_many(rows, now).values():
        yield step.as_due(KIND)


ALL: dict[str, Callable[..., Iterator[DueItem]]] = {
    "committee.terms": ending_terms,
    "committee.meetings": meetings,
}
