"""How long rows of imported access logs stay (Safety Standard art. 8): the period of the office, never less than the law's.

Whole months go, once their review is frozen; what a finding was about stays, since it is what was judged. The file's name,
SHA-256 and figures, the review and the ledger's lines stay. Every thinning is a line of the ledger.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from ledger import append
from ordinance import parameters
from ordinance.rules import months_before
from records.access_log.month import bounds
from records.models import AccessEvent, AccessFinding, AccessReview

THINNED = "records.access_log_thinned"
KINDS = {THINNED: "보관기간이 지난 접속기록 삭제"}
# Which of the law's two periods holds depends on what the video system keeps, which is not known here: the longer one.
YEARS = ("access_log_years", "access_log_years_large")


def years(on: dt.date) -> int:
    found = [parameters.snapshot(on, profile, codes=[*YEARS]) for profile in ("", None)]
    return max(int(each[code].value) for each in found for code in YEARS)


def thin(now: dt.datetime | None = None) -> int:
    """How many rows are gone; months that nobody has reviewed stay."""
    return sum(_thin_month(month) for month in _over(timezone.localdate(now)))


def _over(today: dt.date) -> Iterator[dt.date]:
    limit = months_before(today, 12 * years(today))
    reviewed = AccessReview.objects.filter(frozen_at__isnull=False, month__lt=limit.replace(day=1))
    return iter(reviewed.order_by("month").values_list("month", flat=True))


def _thin_month(month: dt.date) -> int:
    start, end = bounds(month.year, month.month)
    rows = AccessEvent.objects.order_by().between(start, end).exclude(pk__in=_asked_about(start, end))
    with transaction.atomic():
        gone = rows.delete()[0]
        if gone:
            append.record(
                THINNED,
                actor="system:records",
                subject=f"access-review:{month:%Y-%m}",
                payload={"rows": gone, "years": years(timezone.localdate())},
            )
    return gone


def _asked_about(start: dt.datetime, end: dt.datetime) -> set[int]:
    listed = AccessFinding.objects.filter(review__month__range=(start.date(), end.date()))
    return {row for events in listed.values_list("events", flat=True) for row in events}
