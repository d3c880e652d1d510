"""Uses and provisions are found by their number, the number of the letter that asked, and the body that asked."""

from collections.abc import Iterator

from django.db.models import Q

from casework.searching import MOST, Hit, Place, register
from records.models import PROVISION_PERSONAL, Provision


def listen() -> None:
    register("records.provision", Place("영상정보 이용·제공", ("records.view_provision",), _provisions, 21))


def _provisions(text: str) -> Iterator[Hit]:
    rows = Provision.objects.select_related("unit__agency", "department").defer(*PROVISION_PERSONAL)
    for word in text.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(letter_number__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(unit__agency__name__icontains=word)
            | Q(department__name__icontains=word)
        )
    for row in rows.order_by("-pk")[:MOST]:
        detail = f"{row.recipient}, {row.letter_number} · {row.get_state_display()}"
        yield Hit(row.number, "provision:page", (row.pk,), detail)
