"""The office's hours and the other figures that counting days depends on."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from ordinance import parameters


@dataclass(frozen=True)
class WorkingTime:
    """The office's hours and the figures that counting depends on; rows of the table of parameters."""

    spans: tuple[tuple[datetime.time, datetime.time], ...] = (
        (datetime.time(9), datetime.time(12)),
        (datetime.time(13), datetime.time(18)),
    )
    hours_per_day: int = 8
    hourly_up_to_days: int = 5
    internal_lead_days: int = 2
    counts_back_clear_days: bool = True

    CODES: ClassVar[list[str]] = [
        "working_hours",
        "petition_hours_per_day",
        "petition_hourly_up_to_days",
        "internal_lead_days",
        "count_back_rule",
    ]

    @classmethod
    def on_record(cls, on: datetime.date, profile: str | None = None) -> "WorkingTime":
        found = parameters.snapshot(on, profile, codes=cls.CODES)
        standard = cls()

        def get(code: str, fallback: object) -> object:
            return found[code].value if code in found else fallback

        spans = found["working_hours"].value if "working_hours" in found else None
        return cls(
            spans=tuple(_as_span(text) for text in spans) if spans else standard.spans,
            hours_per_day=int(str(get("petition_hours_per_day", standard.hours_per_day))),
            hourly_up_to_days=int(str(get("petition_hourly_up_to_days", standard.hourly_up_to_days))),
            internal_lead_days=int(str(get("internal_lead_days", standard.internal_lead_days))),
            counts_back_clear_days=get("count_back_rule", "clear_days") == "clear_days",
        )


def _as_span(text: str) -> tuple[datetime.time, datetime.time]:
    begin, end = text.split("-")
    # "24:00" is the one clock time that Python's `time` lacks.
    return datetime.time.fromisoformat(begin), (
        datetime.time.max if end == "24:00" else datetime.time.fromisoformat(end)
    )
