"""Running numbers of a year: 2026-001, 협의-2026-001, or year and ordinal in columns of their own.

In the order in which they were given, without gaps and never twice, since nothing that bears one is deleted.
"""

import datetime
import re
from typing import Any

from django.db import connection, models
from django.db.models import Max

# Two acts at once would each see the other's number free.
_LOCK = 0x6E756D62


def next_number(model: type[models.Model], prefix: str, on: datetime.date, field: str = "number") -> str:
    """The next one of that year. Inside a transaction: others wait until it ends."""
    _hold_lock()
    start = f"{prefix}{on.year}-"
    rows: Any = model._default_manager.filter(**{f"{field}__startswith": start})
    taken = [
        int(match[1]) for number in rows.values_list(field, flat=True) if (match := _TAIL.search(number))
    ]
    return f"{start}{max(taken, default=0) + 1:03d}"


def next_ordinal(model: type[models.Model], year: int, **of: Any) -> int:
    """The same for a model with the columns `year` and `ordinal`; `of`: among the rows of one department."""
    _hold_lock()
    last: int | None = model._default_manager.filter(year=year, **of).aggregate(last=Max("ordinal"))["last"]
    return (last or 0) + 1


def _hold_lock() -> None:
    """Freed when the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


_TAIL = re.compile(r"-(\d+)\Z")
