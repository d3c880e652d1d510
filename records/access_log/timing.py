"""Which months have to be reviewed, and until when.

The Safety Standard leaves the cycle to the office's plan; here it is the month (a default that is no figure of the law), made
on the first working day after it and signed within `access_review_days`.
"""

import datetime
from collections.abc import Iterator

from django.utils import timezone

from ordinance import holidays, parameters
from ordinance.periods import SEOUL
from records.models import AccessEvent, AccessLogFile, FootageLook

DAYS = "access_review_days"
# As long as the access log must be kept (Safety Standard art. 8(1)).
JUDGED_MONTHS = 12


def following(month: datetime.date) -> datetime.date:
    return (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def before(day: datetime.date) -> datetime.date:
    """The month before that of a day."""
    return (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def made_on(month: datetime.date) -> datetime.date:
    """The first working day after the month."""
    first = following(month)
    return holidays.calendar(first, first + datetime.timedelta(days=31)).next_working_day(first)


def days(on: datetime.date) -> int:
    return int(parameters.value(DAYS, on).value)


def due_on(month: datetime.date) -> datetime.date:
    first = made_on(month)
    last = first + datetime.timedelta(days=days(first))
    return holidays.calendar(last, last + datetime.timedelta(days=31)).next_working_day(last)


def first_month() -> datetime.date | None:
    """Of the first log that came in, or the first look in this system; what was before is on paper elsewhere."""
    log = AccessLogFile.objects.order_by("begun_at").values_list("begun_at", flat=True).first()
    look = FootageLook.objects.order_by("granted_at").values_list("granted_at", flat=True).first()
    known = [timezone.localdate(at, SEOUL) for at in (log, look) if at is not None]
    return min(known).replace(day=1) if known else None


def owed(on: datetime.date) -> Iterator[datetime.date]:
    """Months that are over on that day and have to be reviewed, the earliest first."""
    month = first_month()
    if month is None:
        return
    latest = before(on)
    earliest = latest
    for _ in range(JUDGED_MONTHS - 1):
        earliest = before(earliest)
    month = max(month, earliest)
    while month <= latest:
        yield month
        month = following(month)


def has_rows(month: datetime.date) -> bool:
    start, end = (datetime.datetime.combine(day, datetime.time(), SEOUL) for day in (month, following(month)))
    return (
        AccessEvent.objects.between(start, end).exists()
        or FootageLook.objects.filter(granted_at__gte=start, granted_at__lt=end).exists()
    )


def to_make(on: datetime.date) -> list[datetime.date]:
    """What the worker makes on a day: months whose first working day has come, those that were missed too."""
    months = set(owed(on))
    last = before(on)
    if last not in months and has_rows(last):
        months.add(last)
    return sorted(month for month in months if on >= made_on(month))
