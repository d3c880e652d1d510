"""Numbers of the year: 2026-1, 2026-2 … in the order in which they were given, never twice."""

from django.db import models
from django.db.models import Max

from cameras import bulk


def next_ordinal(model: type[models.Model], year: int) -> int:
    """The next one of that year. Inside a transaction: others wait until it ends."""
    bulk.hold_register_lock()
    last: int | None = model._default_manager.filter(year=year).aggregate(last=Max("ordinal"))["last"]
    return (last or 0) + 1
