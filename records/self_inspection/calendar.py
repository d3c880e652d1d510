"""For which year the office has to inspect itself, and until when (Guideline art. 48)."""

import datetime

from django.utils import timezone

from ledger.models import Entry
from ordinance import holidays, parameters
from records.models import SelfInspection

REPORT_BY = "self_inspection_report_by"
PUBLISH_DAYS = "self_inspection_publish_days"


def due_on(year: int) -> datetime.date:
    """The last day for reporting on that year: 31 March of the next, or the first working day after (Civil Act 161)."""
    new_year = datetime.date(year + 1, 1, 1)
    day = datetime.date.fromisoformat(f"{year + 1}-{parameters.value(REPORT_BY, new_year).value}")
    return holidays.calendar(day, day + datetime.timedelta(days=31)).next_working_day(day)


def publish_by(inspection: SelfInspection) -> datetime.date:
    """The last day for the result on the website: after the report, in days that are the office's own."""
    reported_on = inspection.reported_on
    if reported_on is None:
        raise ValueError("what was not reported is not published yet")
    return reported_on + datetime.timedelta(days=int(parameters.value(PUBLISH_DAYS, reported_on).value))


def first_year() -> int | None:
    """The year in which the office began to work with this system; what was before is on paper elsewhere."""
    first = Entry.objects.order_by("sequence").values_list("at", flat=True).first()
    return None if first is None else timezone.localtime(first).year


def last_owed(on: datetime.date) -> int | None:
    """The last year whose report had to be there before that day; None where none was owed yet."""
    since = first_year()
    if since is None:
        return None
    year = on.year - 1
    if year >= since and on <= due_on(year):
        year -= 1
    return year if year >= since else None
