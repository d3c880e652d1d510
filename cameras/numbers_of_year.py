"""Running numbers of a year: 2026-001, 협의-2026-001. Never given twice, since nothing that bears one is deleted."""

import datetime
import re
from typing import Any

from django.db import models

from cameras import bulk


def next_number(model: type[models.Model], prefix: str, on: datetime.date, field: str = "number") -> str:
    """The next one of that year. Inside a transaction: others wait until it ends."""
    bulk.hold_register_lock()
    start = f"{prefix}{on.year}-"
    rows: Any = model._default_manager.filter(**{f"{field}__startswith": start})
    taken = [
        int(match[1]) for number in rows.values_list(field, flat=True) if (match := _TAIL.search(number))
    ]
    return f"{start}{max(taken, default=0) + 1:03d}"


_TAIL = re.compile(r"-(\d+)\Z")
