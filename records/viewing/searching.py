"""Requests are found by their receipt number. A code alone finds nothing: its digest is of one request."""

from collections.abc import Iterator

from casework.searching import MOST, Hit, Place, register
from records.models import PERSONAL, ViewingRequest


def listen() -> None:
    register("records.viewing", Place("열람등 청구", ("records.view_viewingrequest",), _by_number, 20))


def _by_number(text: str) -> Iterator[Hit]:
    found = ViewingRequest.objects.filter(receipt_number__icontains=text).defer(*PERSONAL)
    for row in found.order_by("-pk")[:MOST]:
        yield _hit(row)


def _hit(row: ViewingRequest) -> Hit:
    return Hit(row.receipt_number, "viewing:request", (row.pk,), row.get_state_display())
