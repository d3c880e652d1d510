"""The ways in which people write a day and a time, in Korean, English and figures; what is typed, never shown."""

import re
import unicodedata
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

# Without anything between them the parts have two figures: 202611 is no day.
WHOLE_DAY = re.compile(r"(?!\d{5,7}(?!\d))(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})\s*[.일]?")
WHOLE_MOMENT = re.compile(WHOLE_DAY.pattern + r"(?:\s*t\s*|\s+)(.{1,40})", re.IGNORECASE)
DAY_ENDINGS = "년월일."
CLOCK = re.compile(
    r"(?P<half>오전|오후|am|pm)?\s*(?P<hour>\d{1,2})\s*(?:[:.시h]\s*)?(?P<minute>\d{1,2})?\s*(?:분|m)?\s*(?P<later>am|pm)?"
)
HALVES = {"오전": "am", "오후": "pm"}
EXACTLY = "정각"
# 토요일 is written 토 in brackets.
OF_THE_WEEK = "요일"
MINUTES = re.compile(r"(?P<minutes>\d{1,6})")
LENGTH = re.compile(
    r"(?:(?P<days>\d{1,3})\s*(?:일|days?|d))?\s*(?:(?P<hours>\d{1,4})\s*(?:시간|hours?|hrs?|h))?"
    r"\s*(?:(?P<minutes>\d{1,6})\s*(?:분|minutes?|mins?|m))?\s*(?:동안)?"
)


def clock(text: str) -> time:
    typed = unicodedata.normalize("NFKC", text).strip().lower().replace(EXACTLY, "")
    if re.fullmatch(r"[0-9]{3,4}", typed):
        typed = f"{typed[:-2]}:{typed[-2:]}"
    found = CLOCK.fullmatch(typed)
    if found is None:
        raise ValidationError(gettext("시각은 24시간으로 적어 주십시오. 예: 18:30"))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = HALVES.get(found["half"] or "", found["half"]) or found["later"]
    if half and not 1 <= hour <= 12:
        raise ValidationError(gettext("오전·오후를 적을 때에는 1시부터 12시까지입니다. 예: 오후 6:30"))
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and minute == 0:
        raise ValidationError(gettext("24:00은 다음 날 00:00으로 적어 주십시오."))
    if hour > 23 or minute > 59:
        raise ValidationError(gettext("없는 시각입니다. 00:00부터 23:59까지로 적어 주십시오."))
    return time(hour, minute)


def day(text: str) -> date | None:
    """A day of the calendar, as 2027-01-20, 2027.1.20 or 2027년 1월 20일; None where it is no such thing."""
    found = WHOLE_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """A day and a time written in one line, of Seoul and aware; None where it is no such thing. Raises ValidationError."""
    found = WHOLE_MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or (on := day("-".join(found.groups()[:3]))) is None:
        return None
    return datetime.combine(on, clock(found[4]), timezone.get_current_timezone())
