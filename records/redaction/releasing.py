"""What of a matter may leave covered: for whoever builds copies. Nothing else of a redaction does."""

from django.db.models import QuerySet

from records.access.cases import Case
from records.models import Redaction


def releasable(case: Case) -> "QuerySet[Redaction]":
    """The checked redactions of a matter whose covered copies are kept, by camera and time.

    Each has `camera`, `from_at`, `until_at`, `source_sha256`, `result_sha256` and `open_result()`.
    """
    rows = Redaction.objects.of(case.kind, case.row.pk).checked()
    return rows.select_related("camera__site", "result__case", "maker", "checker").order_by(
        "from_at", "camera", "pk"
    )
