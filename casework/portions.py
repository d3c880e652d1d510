"""A portion of what is to be erased, held and asked for again: the last moment at which anything can still save a row."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

Row = TypeVar("Row", bound=models.Model)


def hold(due: Callable[[], "QuerySet[Row]"], most: int) -> list[Row]:
    """Within a transaction. Whoever acts on one of the rows meanwhile waits, or has acted before it is asked again."""
    first = due()
    asked = list(first.values_list("pk", flat=True)[:most])
    rows: Any = first.model._base_manager
    held = rows.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk")
    keys = list(held.values_list("pk", flat=True))
    return list(due().filter(pk__in=keys))
