"""교대 방식: which team stands when. One table; a team is further on in the cycle than the one before it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from ordinance.periods import DAY, SEOUL
from records.duty_enums import DutyPattern
from records.models import DutyRota

OFF = None


@dataclass(frozen=True)
class Pattern:
    """`cycle` names for each day of it the shift of the day (0 is the first), or that the team is off."""

    labels: tuple[str, ...]
    teams: int
    cycle: tuple[int | None, ...]

    @property
    def hours(self) -> dt.timedelta:
        return DAY / len(self.labels)

    @property
    def step(self) -> int:
        return len(self.cycle) // self.teams


PATTERNS = {
    DutyPattern.FOUR_IN_THREE: Pattern(("주간", "오후", "야간"), 4, (0, 0, 1, 1, 2, 2, OFF, OFF)),
    DutyPattern.THREE_IN_TWO: Pattern(("주간", "야간"), 3, (0, 0, 1, 1, OFF, OFF)),
}


def of(rota: DutyRota) -> Pattern:
    return PATTERNS[DutyPattern(rota.pattern)]


def turns(
    rota: DutyRota, team: int, first_on: dt.date, last_on: dt.date
) -> Iterator[tuple[dt.datetime, dt.datetime, str]]:
    """Start, end and name of each shift of a team that begins in these days; one that ends past midnight belongs to the
    day on which it began."""
    pattern = of(rota)
    day = first_on
    while day <= last_on:
        place = (day - rota.anchor_on).days + (team - 1) * pattern.step
        number = pattern.cycle[place % len(pattern.cycle)]
        if number is not OFF:
            start = dt.datetime.combine(day, rota.first_shift_at, SEOUL) + number * pattern.hours
            yield start, start + pattern.hours, pattern.labels[number]
        day += DAY
