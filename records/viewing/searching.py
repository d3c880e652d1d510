"""Requests are found by their receipt number; by the citizen's code only whole, by its digest, and by who reads persons."""

from collections.abc import Iterator

from casework.searching import MOST, Hit, Place, register
from records.models import PERSONAL, ViewingRequest
from records.viewing.claims import CODE_LENGTH, digest_of_code


def listen() -> None:
    register("records.viewing", Place("열람등 청구", ("records.view_viewingrequest",), _by_number, 20))
    register(
        "records.viewing_code", Place("확인번호가 같은 청구", ("records.read_viewing_person",), _by_code, 21)
    )


def _by_number(text: str) -> Iterator[Hit]:
    found = ViewingRequest.objects.filter(receipt_number__icontains=text).defer(*PERSONAL)
    for row in found.order_by("-pk")[:MOST]:
        yield _hit(row)


def _by_code(text: str) -> Iterator[Hit]:
    if len(text) == CODE_LENGTH:
        for row in ViewingRequest.objects.filter(claim_digest=digest_of_code(text)).defer(*PERSONAL)[:1]:
            yield _hit(row)


def _hit(row: ViewingRequest) -> Hit:
    return Hit(row.receipt_number, "viewing:request", (row.pk,), row.get_state_display())
