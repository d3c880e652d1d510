"""Resolutions are found by number and subject."""

from collections.abc import Iterator

from django.db.models import Q

from casework.searching import MOST, Hit, Place, register
from committee.models import Resolution


def listen() -> None:
    register("committee.resolutions", Place("의결", ("committee.view_resolution",), _resolutions, 15))


def _resolutions(text: str) -> Iterator[Hit]:
    found = Resolution.objects.filter(Q(number__icontains=text) | Q(title__icontains=text))
    for row in found.order_by("-pk")[:MOST]:
        yield Hit(
            f"의결 {row.number} {row.title}", "committee:resolution", (row.pk,), row.get_outcome_display()
        )
