"""A number that somebody was given (of a report, an application, a certificate), typed again by whoever has it."""

import re
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from casework import receipts
from website import floods

LONGEST = 60
Row = TypeVar("Row", bound=Model)


# T260803QRQ83W, as a telephone writes it down.
UNDIVIDED = re.compile(rf"^(\D{{0,4}}\d{{6}})([{receipts.ALPHABET}]{{{receipts.LENGTH}}})$")


def typed(text: str) -> str:
    return UNDIVIDED.sub(r"\1-\2", receipts.typed(text)[:LONGEST])


def found(
    request: HttpRequest, rows: "QuerySet[Row]", column: str, number: str, *, form: str, prefix: str = ""
) -> Row | None:
    """The row of that number, or of what follows its `prefix`; one that nobody was given is noted as a guess."""
    row = rows.filter(**{f"{column}__in": [typed(number), prefix + typed(number)]}).first()
    if row is None:
        floods.note_guess(request, form)
    return row
