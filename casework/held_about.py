"""What is held about one person, over the whole list of personal data (PIPA art. 35).

There is no index of persons, and none is made: each row is opened and compared whole, never by part. A person is found by
the telephone number, or by the name together with the day of birth, the address or the e-mail. Of a row that tells of two
persons only the columns of the one who was found are shown (`requester_…`, `subject_…`); the rest is named and not shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from casework import persons
from casework.persons import PersonalData

# Columns that identify, by what their names end with.
NAME, PHONES, REST = "name", ("phone", "contact"), ("birth_date", "address", "email")
LEAST_DIGITS = 8
_PORTION = 500


@dataclass(frozen=True)
class Wanted:
    """Who asks about himself, as the identity document says."""

    name: str
    phone: str = ""
    birth_date: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True)
class Held:
    """One row: what it belongs to, its ledger's word, and what stands in it about the person."""

    entry: PersonalData
    subject: str
    values: tuple[tuple[str, str], ...]
    # Names of further columns of the row, which may tell of somebody else.
    further: tuple[str, ...]


def find(wanted: Wanted) -> list[Held]:
    """Everything in the order of the list. Erased rows hold nothing and are not found."""
    return [held for entry in persons.entries() for held in _of(entry, wanted)]


def _of(entry: PersonalData, wanted: Wanted) -> Iterator[Held]:
    groups = _groups(entry.columns)
    if not any(_identifies(each) for group in groups.values() for each in group):
        return
    rows = entry.model._base_manager.order_by("pk").iterator(chunk_size=_PORTION)
    for row in rows:
        shown = [name for group in groups.values() if _is_about(row, group, wanted) for name in group]
        if shown:
            labels = {each.name: str(each.verbose_name) for each in entry.model._meta.concrete_fields}
            yield Held(
                entry,
                entry.subject(row),
                tuple((labels[name], value) for name in shown if (value := _text(row, name))),
                tuple(labels[name] for name in entry.columns if name not in shown and _text(row, name)),
            )


def _groups(columns: tuple[str, ...]) -> dict[str, list[str]]:
    """Columns of one person: those that begin alike, where the row tells of more than one."""
    stems = {name.rpartition("_name")[0] for name in columns if name.endswith("_name")}
    if not stems:
        return {"": list(columns)}
    return {stem: [name for name in columns if name.startswith(f"{stem}_")] for stem in sorted(stems)}


def _identifies(column: str) -> bool:
    return column.endswith((NAME, *PHONES, *REST))


def _is_about(row: models.Model, columns: list[str], wanted: Wanted) -> bool:
    def holds(endings: tuple[str, ...], value: str) -> bool:
        return bool(value) and any(
            _same(_text(row, name), value) for name in columns if name.endswith(endings)
        )

    if len(_digits(wanted.phone)) >= LEAST_DIGITS and any(
        _digits(_text(row, name)) == _digits(wanted.phone) for name in columns if name.endswith(PHONES)
    ):
        return True
    return holds((NAME,), wanted.name) and any(holds((ending,), getattr(wanted, ending)) for ending in REST)


def _text(row: models.Model, name: str) -> str:
    return str(getattr(row, name) or "")


def _same(kept: str, asked: str) -> bool:
    return _squeezed(kept) == _squeezed(asked)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text).casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
