"""Quarters and years as the office counts them: Seoul dates, `2026Q3` and `2026`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
_CODE = re.compile(r"([0-9]{4})(?:Q([1-4]))?")
_OF_A_YEAR = (("분기 말", "연말"), ("분기 중", "그해"), ("분기", "해"))
# The calendar ends in 9999, and the day after a quarter must still exist.
FIRST_YEAR, LAST_YEAR = 1900, 9998


class UnusablePeriod(ValueError):
    """The text names no quarter and no year, or one that has not begun. The message is for people."""


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a year, or a whole one (quarter 0), from the first instant in Seoul to the first one after it."""

    year: int
    quarter: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Only `2026Q3` and `2026`: a report's period is quoted in other papers, so it has one spelling."""
        found = _CODE.fullmatch(text)
        if found is None:
            raise UnusablePeriod(
                f"기간은 2026Q3과 같이 연도(4자리)와 Q1~Q4로, 한 해는 2026과 같이 적어야 합니다: {text!r}"
            )
        year, quarter = int(found[1]), int(found[2] or 0)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UnusablePeriod(f"기간의 연도는 {FIRST_YEAR}~{LAST_YEAR} 사이여야 합니다: {text!r}")
        return cls(year, quarter)

    @classmethod
    def containing(cls, on: date) -> Self:
        return cls(on.year, (on.month + 2) // 3)

    @property
    def is_year(self) -> bool:
        return self.quarter == 0

    @property
    def code(self) -> str:
        return f"{self.year:04d}" if self.is_year else f"{self.year:04d}Q{self.quarter}"

    @property
    def label(self) -> str:
        return f"{self.year}년" if self.is_year else f"{self.year}년 {self.quarter}분기"

    @property
    def word(self) -> str:
        return "해" if self.is_year else "분기"

    @property
    def previous(self) -> "Period":
        if self.is_year:
            return Period(self.year - 1)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    @property
    def from_on(self) -> date:
        return date(self.year, 1 if self.is_year else 3 * self.quarter - 2, 1)

    @property
    def until_on(self) -> date:
        """The last day of it."""
        return self.next_from_on - timedelta(days=1)

    @property
    def next_from_on(self) -> date:
        if self.quarter in (0, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * self.quarter + 1, 1)

    @property
    def from_at(self) -> datetime:
        return _midnight(self.from_on)

    @property
    def until_at(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return _midnight(self.next_from_on)

    @property
    def months(self) -> list[date]:
        last = 12 if self.is_year else 3 * self.quarter
        return [date(self.year, month, 1) for month in range(self.from_on.month, last + 1)]

    def says(self, text: str) -> str:
        """What is said of a quarter, said of this period. 분기 and 해 both end in a vowel: particles stay right."""
        if not self.is_year:
            return text
        for of_quarter, of_year in _OF_A_YEAR:
            text = text.replace(of_quarter, of_year)
        return text

    def has_begun(self, now: datetime) -> bool:
        return now >= self.from_at

    def has_ended(self, now: datetime) -> bool:
        return now >= self.until_at

    def refuse_future(self, now: datetime) -> None:
        if not self.has_begun(now):
            raise UnusablePeriod(
                f"{self.label}는 아직 시작되지 않았습니다. {self.from_on:%Y-%m-%d}부터 발행할 수 있습니다."
            )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=SEOUL)
