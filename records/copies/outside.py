"""Who has copies: agencies and departments, of which the end is awaited, and citizens, who have theirs for good. The oldest first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from records.models import PERSONAL, PROVISION_PERSONAL, CopyLeaving, HandOver

BODY, CITIZEN = "body", "citizen"
NAMES = {BODY: "기관·부서", CITIZEN: "정보주체"}


def of_bodies() -> QuerySet[HandOver]:
    """Whoever confirms nothing still has it."""
    return HandOver.objects.outside()


def of_citizens() -> QuerySet[CopyLeaving]:
    return CopyLeaving.objects.filter(at__isnull=False, hand_over__isnull=True)


def listed(who: str = "") -> QuerySet[Any]:
    """One list of both, as (moment, who, key)."""
    kinds: list[QuerySet[Any]] = []
    if who != CITIZEN:
        kinds.append(_keys(of_bodies(), BODY))
    if who != BODY:
        kinds.append(_keys(of_citizens(), CITIZEN))
    first, *rest = kinds
    return (
        first.union(*rest, all=True).order_by("left_at", "key") if rest else first.order_by("left_at", "key")
    )


def _keys(rows: QuerySet[Any], who: str) -> QuerySet[Any]:
    named = rows.order_by().annotate(left_at=F("at"), key=F("pk"), who=Value(who, output_field=CharField()))
    return named.values("left_at", "key", "who")


def rows_of(page: Sequence[dict[str, Any]]) -> list[tuple[HandOver | None, CopyLeaving | None]]:
    """The rows behind the keys of one page, in two queries."""
    keys = {who: [one["key"] for one in page if one["who"] == who] for who in NAMES}
    bodies = HandOver.objects.filter(pk__in=keys[BODY]).select_related(
        "provision__unit__agency", "provision__department", "copy_leaving__copy"
    )
    bodies = bodies.defer(
        "receiver_name", "receiver_rank", *(f"provision__{name}" for name in PROVISION_PERSONAL)
    )
    citizens = CopyLeaving.objects.filter(pk__in=keys[CITIZEN]).select_related("copy__request")
    citizens = citizens.defer("receiver_name", *(f"copy__request__{name}" for name in PERSONAL))
    found: dict[tuple[str, int], tuple[HandOver | None, CopyLeaving | None]] = {}
    found |= {(BODY, row.pk): (row, None) for row in bodies}
    found |= {(CITIZEN, row.pk): (None, row) for row in citizens}
    return [found[one["who"], one["key"]] for one in page]
