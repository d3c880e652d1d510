"""A number that somebody was given (of a report, an application, a certificate), typed again by whoever has it."""

import unicodedata
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from website import floods

LONGEST = 60
Row = TypeVar("Row", bound=Model)


def typed(text: str) -> str:
    """As it was given: without gaps, in capitals; full width and Korean letters taken apart (as a Mac does) are the same."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("\x00", "")
    return plain.upper()[:LONGEST]


def found(request: HttpRequest, rows: "QuerySet[Row]", column: str, number: str, *, form: str) -> Row | None:
    """The row of that number; one that nobody was given is noted as a guess."""
    row = rows.filter(**{column: typed(number)}).first()
    if row is None:
        floods.note_guess(request, form)
    return row
