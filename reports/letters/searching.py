"""Letters are found by number, subject and matter: what the register shows, and never by whom they name."""

from collections.abc import Iterator

from django.db.models import Q

from casework.searching import MOST, Hit, Place, register
from reports.models import OutgoingDocument


def listen() -> None:
    register("reports.letters", Place("공문", ("reports.view_outgoingdocument",), _letters, 60))


def _letters(text: str) -> Iterator[Hit]:
    found = OutgoingDocument.objects.filter(
        Q(number__icontains=text) | Q(subject__icontains=text) | Q(about__icontains=text)
    )
    for row in found.defer("words", "pdf", "hwpx").order_by("-pk")[:MOST]:
        yield Hit(f"{row.number} {row.subject}", "documents:page", (row.pk,), row.receiver)
