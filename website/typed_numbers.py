"""A number that somebody was given (of a report, an application, a certificate), typed again by whoever has it."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from casework import receipts
from website import floods

LONGEST = 60
Row = TypeVar("Row", bound=Model)


def typed(text: str) -> str:
    return receipts.typed(text)[:LONGEST]


def found(request: HttpRequest, rows: "QuerySet[Row]", column: str, number: str, *, form: str) -> Row | None:
    """The row of that number; one that nobody was given is noted as a guess."""
    row = rows.filter(**{column: typed(number)}).first()
    if row is None:
        floods.note_guess(request, form)
    return row
