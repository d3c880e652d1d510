"""Questions about many contracts of entrustment."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery


class ContractQuerySet(models.QuerySet[Any]):
    def in_force(self, on: dt.date) -> Self:
        """Begun, not over, and not ended early on that day."""
        return self.filter(starts_on__lte=on, ends_on__gte=on).exclude(ended_early_on__lte=on)

    def ending_between(self, first: dt.date, last: dt.date) -> Self:
        """Those whose period runs out on one of these days, and that were not ended before."""
        return self.filter(ends_on__range=(first, last), ended_early_on__isnull=True)

    def with_last_supervision(self) -> Self:
        """Adds `last_trained_on`, `last_inspected_on` and `has_open_faults` (found bad, not remedied)."""
        inspections = self.model._meta.get_field("inspections").related_model._default_manager
        trainings = self.model._meta.get_field("trainings").related_model._default_manager
        at_fault = Q(is_satisfactory=False, remedied_on__isnull=True)
        return self.annotate(
            last_trained_on=_last_day(trainings),
            last_inspected_on=_last_day(inspections),
            has_open_faults=Exists(inspections.filter(at_fault, contract=OuterRef("pk"))),
        )


def _last_day(rows: Any) -> Subquery:
    """The last day in those rows of a contract; null where there is none."""
    days = rows.filter(contract=OuterRef("pk")).order_by().values("contract").annotate(last=Max("on"))
    return Subquery(days.values("last"))
