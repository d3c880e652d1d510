"""The ways in which people write a day and a time, in Korean, English and figures; what is typed, never shown."""

import re

WHOLE_DAY = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})\s*[.일]?")
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
