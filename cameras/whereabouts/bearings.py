"""Distance and direction between two positions, as far as a walk goes."""

import math
from typing import NamedTuple

METRES_PER_DEGREE = 111_320.0
# Codes of the eight winds, clockwise from north.
DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
# Nearer than a position is exact: which side it is on would be made up.
NO_DIRECTION_WITHIN = 5.0


class Position(NamedTuple):
    """Degrees WGS84."""

    latitude: float
    longitude: float


def _offset(start: Position, end: Position) -> tuple[float, float]:
    """Metres to the north and to the east; exact enough within a city."""
    north = (end.latitude - start.latitude) * METRES_PER_DEGREE
    east = (end.longitude - start.longitude) * METRES_PER_DEGREE * math.cos(math.radians(start.latitude))
    return north, east


def metres(start: Position, end: Position) -> float:
    return math.hypot(*_offset(start, end))


def direction(start: Position, end: Position) -> str:
    """One of `DIRECTIONS`, seen from the start; empty where both are practically one place."""
    north, east = _offset(start, end)
    if math.hypot(north, east) < NO_DIRECTION_WITHIN:
        return ""
    return DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def between(start: Position, end: Position, share: float) -> Position:
    """The point that lies this share (0 to 1) of the way."""
    return Position(
        start.latitude + (end.latitude - start.latitude) * share,
        start.longitude + (end.longitude - start.longitude) * share,
    )


def middle(positions: list[Position]) -> Position:
    """The average of at least one position."""
    return Position(
        sum(each.latitude for each in positions) / len(positions),
        sum(each.longitude for each in positions) / len(positions),
    )
