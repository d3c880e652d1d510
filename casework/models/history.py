"""How the models of the register keep their history."""

from django.db import models
from simple_history.models import HistoricalRecords


class HistoryGroup(models.Model):
    """What every history row carries besides the fields: which act it belongs to (a bulk edit, an import)."""

    change_group = models.UUIDField("변경 묶음", null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


def history_of(*, excluded: list[str], no_index: list[str]) -> HistoricalRecords:
    """History as all models of the register keep it: with a reason of a full sentence and a group."""
    return HistoricalRecords(
        verbose_name="변경 이력",
        bases=[HistoryGroup],
        excluded_fields=excluded,
        no_db_index=no_index,
        history_id_field=models.BigAutoField(primary_key=True),
        history_change_reason_field=models.CharField("변경 사유", max_length=500, null=True),
    )
