"""Numbers of the year: 2026-1, 2026-2 … in the order in which they were given, never twice."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Max

# Two secretaries at the same instant: whoever loses takes the next number.
ATTEMPTS = 5
Row = TypeVar("Row", bound=models.Model)


def create_numbered(model: type[Row], year: int, build: Callable[[int], Row]) -> Row:
    """Save the row that `build` makes for the year's next ordinal. Inside the caller's transaction."""
    for attempt in range(1, ATTEMPTS + 1):
        row = build(_next_ordinal(model, year))
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS or _next_ordinal(model, year) == row.ordinal:  # type: ignore[attr-defined]
                raise
        else:
            return row
    raise AssertionError("the last attempt returns or raises")


def _next_ordinal(model: type[models.Model], year: int) -> int:
    last: int | None = model._default_manager.filter(year=year).aggregate(last=Max("ordinal"))["last"]
    return (last or 0) + 1
