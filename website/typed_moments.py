"""The ways in which people write a day and a time, in Korean, English and figures; what is typed, never shown."""

import re

WHOLE_DAY = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})\s*[.일]?")
DAY_ENDINGS = "년월일."
CLOCK = re.compile(
    r"(?P<half>오전|오후|am|pm)?\s*(?P<hour>\d{1,2})\s*(?:[:.시h]\s*)?(?P<minute>\d{1,2})?\s*(?:분|m)?\s*(?P<later>am|pm)?"
)
HALVES = {"오전": "am", "오후": "pm"}
EXACTLY = "정각"
