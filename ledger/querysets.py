"""Asking the ledger. Every filter here is backed by an index, so a million rows stay quick to page."""

from datetime import datetime
from typing import Any, NoReturn, Self

from django.db import models

from ledger.errors import AppendOnly


class AppendOnlyQuerySet(models.QuerySet):
    """Reads only. The database's triggers refuse as well; here the reason is said in Korean."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()

    update = delete = create = bulk_create = bulk_update = get_or_create = update_or_create = _refuse


class EntryQuerySet(AppendOnlyQuerySet):
    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def by_actor(self, actor: str) -> Self:
        return self.filter(actor=actor)

    def about(self, subject: str) -> Self:
        return self.filter(subject=subject)

    def between(self, from_at: datetime | None = None, until_at: datetime | None = None) -> Self:
        """Entries from `from_at` on and before `until_at`."""
        found = self
        if from_at is not None:
            found = found.filter(at__gte=from_at)
        if until_at is not None:
            found = found.filter(at__lt=until_at)
        return found

    def newest_first(self) -> Self:
        return self.order_by("-sequence")

    def last_sequence(self) -> int:
        """How many entries there are: numbers have no gap, so the last one is the count."""
        return self.aggregate(last=models.Max("sequence"))["last"] or 0


class SignedHeadQuerySet(AppendOnlyQuerySet):
    def latest_head(self) -> Any:
        return self.order_by("-size").first()
