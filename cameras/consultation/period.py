"""How long a consultation must run at least, and how that day is reached.

Only an administrative notice has a period in the law (Procedures Act art. 46(3) and (4)); the other ways have one
where the district sets it. The days are counted by the Civil Act: the first day is left out unless the consultation
begins at midnight, and a period that would end on a Saturday or holiday ends on the next day that is neither.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import dateformat, timezone
from django.utils.translation import get_language

from cameras.enums import ConsultationMethod
from ordinance import deadlines, parameters
from ordinance.deadlines import Deadline
from ordinance.periods import day_text

URGENT = "administrative_notice_urgent_days"
PARAMETERS: dict[str, str] = {
    ConsultationMethod.ADMINISTRATIVE_NOTICE: "administrative_notice_days",
    ConsultationMethod.OPINION_HEARING: "opinion_hearing_days",
    ConsultationMethod.BRIEFING: "briefing_days",
    ConsultationMethod.SURVEY: "survey_days",
    ConsultationMethod.OPINION_POLL: "opinion_poll_days",
}


@dataclass(frozen=True, slots=True)
class Minimum:
    """The shortest period: its days, where they come from, and when it ends."""

    days: int
    citation: str
    mark_label: str
    is_urgent: bool
    deadline: Deadline

    @property
    def closes_at(self) -> dt.datetime:
        """The first instant at which it may be closed: the midnight after its last day."""
        return self.deadline.due_at

    @property
    def last_on(self) -> dt.date:
        return self.deadline.due_on


def minimum(method: str, opens_at: dt.datetime, *, is_urgent: bool = False) -> Minimum | None:
    """The shortest period of a consultation that begins then; None where neither law nor district sets one."""
    local = timezone.localtime(opens_at)
    code = URGENT if is_urgent and may_be_urgent(method) else PARAMETERS[method]
    found = parameters.value(code, on=local.date())
    if found.value is None:
        return None
    deadline = deadlines.civil(opens_at, int(found.value), from_midnight=local.time() == dt.time())
    return Minimum(int(found.value), found.citation, found.mark_label, code == URGENT, deadline)


def may_be_urgent(method: str) -> bool:
    """Only the period of an administrative notice can be shortened for urgency."""
    return method == ConsultationMethod.ADMINISTRATIVE_NOTICE


def end_of(last_on: dt.date) -> dt.datetime:
    """When a consultation ends whose last day is this one: the midnight after it, in Seoul."""
    return dt.datetime.combine(last_on + dt.timedelta(days=1), dt.time(), timezone.get_default_timezone())


def last_day(closes_at: dt.datetime) -> dt.date:
    """The last day on which opinions are taken."""
    return timezone.localtime(closes_at - dt.timedelta(microseconds=1)).date()


def start_text(at: dt.datetime) -> str:
    """In Korean, for documents and for what is frozen."""
    local = timezone.localtime(at)
    return f"{day_text(local.date())} {local:%H:%M}"


def end_text(at: dt.datetime) -> str:
    """Midnight is said as 24:00 of the day that it ends, so that nobody takes it for the day after."""
    local = timezone.localtime(at)
    if local.time() == dt.time():
        return f"{day_text(last_day(at))} 24:00"
    return f"{day_text(local.date())} {local:%H:%M}"


def start_here(at: dt.datetime) -> str:
    """`start_text` in the reader's language."""
    return _in_english(at, timezone.localdate(at)) if get_language() == "en" else start_text(at)


def end_here(at: dt.datetime) -> str:
    """`end_text` in the reader's language."""
    return _in_english(at, last_day(at)) if get_language() == "en" else end_text(at)


def _in_english(at: dt.datetime, day: dt.date) -> str:
    """The day before `at` means that it is the midnight which ends that day."""
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}" if local.date() == day else "24:00"
    return f"{dateformat.format(day, 'l j F Y')}, {clock}"
