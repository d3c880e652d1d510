"""Visits to the centre are found by number and organisation, never by who came."""

from collections.abc import Iterator

from django.db.models import Q

from casework.searching import MOST, Hit, Place, register
from records.models import Visit
from records.people.visits import PERSONAL


def listen() -> None:
    register("records.visits", Place("통제구역 출입", ("records.view_visit_log",), _visits, 40))


def _visits(text: str) -> Iterator[Hit]:
    found = Visit.objects.filter(Q(number__icontains=text) | Q(organisation__icontains=text))
    for row in found.defer(*PERSONAL).order_by("-pk")[:MOST]:
        yield Hit(row.number, "visits:page", (row.pk,), f"{row.organisation} · {row.get_state_display()}")
