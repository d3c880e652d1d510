"""설치목적과 설치 근거: which item of PIPA art. 25(1) fits which purpose, and what it asks besides, on a day."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from ordinance.models import PurposeGround
from ordinance.parameters import active_profile


@dataclass(frozen=True, slots=True)
class Fit:
    """`needs` are values of `PurposeGround.Need`."""

    needs: frozenset[str]
    citation: str


Table = Mapping[str, Mapping[int, Fit]]


def fits(on: datetime.date | None = None, profile: str | None = None) -> Table:
    """By purpose and item. A purpose that is not in it is not judged: so is every one before the table's first day."""
    own = active_profile() if profile is None else profile
    rows = list(
        PurposeGround.objects.filter(profile__in={own, ""})
        .in_force(on or timezone.localdate())
        .order_by("pk")
    )
    decided = {row.purpose for row in rows if row.profile}
    found: dict[str, dict[int, Fit]] = {}
    for row in rows:
        if row.profile or row.purpose not in decided:
            found.setdefault(row.purpose, {})[row.item] = Fit(frozenset(row.needs), row.citation)
    return found
