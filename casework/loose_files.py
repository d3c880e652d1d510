"""Files that were uploaded for a preview which nobody confirmed (`portal.kept_files`): erased after a day.

Erasing cannot be taken back, so one function does it, and it asks twice. A file is loose when no row of any app refers
to it: the relations are asked of the models themselves, so that a new one counts from its first day on, and histories
count too. Rows are held and asked again before they go, they go without taking anything along, and the database's own
foreign keys have the last word: a reference that came in between undoes the whole step, and the file goes after it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from casework import portions
from casework.models import Attachment
from ledger import append

KIND_ERASED = "casework.loose_files_erased"
ERASER = "system:casework"
# Longer than a preview can still be confirmed (`portal.forms.files`).
KEPT_FOR = dt.timedelta(days=1)
ERASED_AT_ONCE = 500


@dataclass(frozen=True)
class Loose:
    """How many files, and how large they are together."""

    files: int
    bytes: int


def due(now: dt.datetime | None = None) -> "QuerySet[Attachment]":
    """Files older than a day to which nothing refers."""
    at = now or timezone.now()
    found: QuerySet[Attachment] = Attachment.objects.filter(added_at__lte=at - KEPT_FOR)
    for model, name in _references():
        found = found.exclude(Exists(model._base_manager.filter(**{name: OuterRef("pk")})))
    return found.order_by("pk")


def _references() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of the database that holds an attachment's key, those of many-to-many tables included."""
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):  # one-to-one is one of these
            yield relation.related_model, relation.field.name


def rehearse(now: dt.datetime | None = None) -> Loose:
    """What `erase_due` would erase; nothing is written."""
    sizes = list(due(now).values_list("size", flat=True))
    return Loose(len(sizes), sum(sizes))


def erase_due(now: dt.datetime | None = None) -> Loose:
    """Erase them, in portions: each is a transaction with its line in the ledger. Running twice erases nothing more."""
    files = size = 0
    while portion := _erase_some(now):
        files += len(portion)
        size += sum(row.size for row in portion)
    return Loose(files, size)


def _erase_some(now: dt.datetime | None) -> list[Attachment]:
    with transaction.atomic():
        # Somebody may have attached one before it was held.
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return []
        chosen: Any = Attachment.objects.filter(pk__in=[row.pk for row in rows])
        # Not `delete`, which would take rows of many-to-many tables along instead of failing on them.
        chosen._raw_delete(chosen.db)
        append.record(
            KIND_ERASED,
            actor=ERASER,
            subject="attachments",
            payload={"files": len(rows), "sha256": [row.sha256 for row in rows]},
        )
        for row in rows:
            transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))
    return rows
