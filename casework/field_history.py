"""What a change changed: before and after of each field, in the words of the screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

EMPTY = "(없음)"


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    label: str
    before: str
    after: str


def entries(obj: models.Model) -> QuerySet[Any]:
    """History of a site or camera, newest first, with the persons."""
    history: QuerySet[Any] = obj.history.all()  # type: ignore[attr-defined]
    return history.select_related("history_user").order_by("-history_date", "-history_id")


def changes(entry: Any, before: Any = None) -> list[FieldChange]:
    """What this history row changed against the one before it; of a creation, what was filled in.

    Who shows a page of history passes the older neighbour as `before`, which spares a query per row.
    """
    older = before if before is not None else entry.prev_record
    found = []
    for field in entry.tracked_fields:
        if field.primary_key:
            continue
        new = getattr(entry, field.attname)
        old = getattr(older, field.attname) if older is not None else None
        if new == old or (older is None and new in (None, "")):
            continue
        found.append(
            FieldChange(
                field.name,
                str(field.verbose_name),
                display(field, older) if older is not None else EMPTY,
                display(field, entry),
            )
        )
    return found


def page_of_changes(page: Sequence[Any], older: Any = None) -> list[tuple[Any, list[FieldChange]]]:
    """Rows newest first, each with its changes; `older` is the row after the last one, if there is one."""
    neighbours = [*page[1:], older]
    return [
        (entry, changes(entry, neighbour) if neighbour is not None else changes(entry))
        for entry, neighbour in zip(page, neighbours, strict=True)
    ]


def display(field: Any, row: Any) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return EMPTY
    if field.is_relation:
        return _related(field, row, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if field.name == "installed_month" else value.isoformat()
    if isinstance(field, models.DecimalField):
        return f"{value:f}".rstrip("0").rstrip(".")
    return str(value)


def _related(field: Any, row: Any, key: Any) -> str:
    """The name of what the row pointed to; its number when that no longer exists."""
    try:
        related = getattr(row, field.name)
    except ObjectDoesNotExist:
        related = None
    return str(related) if related is not None else f"#{key}"
