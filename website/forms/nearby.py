"""`?near=37.55,126.85&within=500`: a neighbourhood, as the address of a feed or of a question for data says it."""

import math
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from cameras.whereabouts.bearings import Position, metres

USUAL_METRES = 500.0
MOST_METRES = 5_000.0


@dataclass(frozen=True, slots=True)
class Nearby:
    middle: Position
    within: float

    @classmethod
    def of(cls, request: HttpRequest) -> "Nearby | None":
        """None where none is asked for. Raises `ValueError` where it cannot be understood."""
        typed = request.GET.get("near", "").strip()
        if not typed:
            return None
        latitude, longitude = (float(part) for part in typed.split(","))
        within = float(request.GET.get("within") or USUAL_METRES)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and math.isfinite(within) and within > 0):
            raise ValueError(typed)
        return cls(Position(latitude, longitude), min(within, MOST_METRES))

    def holds(self, latitude: Any, longitude: Any) -> bool:
        if latitude is None or longitude is None:
            return False
        return metres(self.middle, Position(float(latitude), float(longitude))) <= self.within
