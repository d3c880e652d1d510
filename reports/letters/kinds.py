"""The kinds of letters: what each is about, what may stand in its words, and the words that come with the program.

Each is registered by the module that writes it (`viewing`, `provision`, `committee`, `general`), which says what is known
of a row (`values`) and what else is printed (`rest`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from accounts.models import Department, Officer
from reports.official import Approval, Disclosure, Item, Table


@dataclass(frozen=True)
class Ask:
    """What the officer is asked when such a letter is written."""

    name: str
    label: str
    help_text: str = ""
    rows: int = 1
    is_required: bool = True


@dataclass(frozen=True)
class Matter:
    """What a letter says of its row beside its words."""

    receiver: str
    # The same without a person's name, for the register.
    receiver_reference: str
    # The ledger's word for the matter.
    about: str
    values: Mapping[str, str]
    via: str = ""
    form: str = ""
    form_title: str = ""
    tables: tuple[Table, ...] = ()
    closing: tuple[Item, ...] = ()
    closing_title: str = ""
    enclosures: tuple[str, ...] = ()
    annexes: tuple[Table, ...] = ()
    approvals: tuple[Approval, ...] = ()
    department: Department | None = None
    is_within: bool = False
    # Where the matter decides it and not the kind.
    disclosure: Disclosure | None = None
    disclosure_ground: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of letter."""

    code: str
    title: str
    # Who may write, read and send it.
    permission: str
    subject: str
    body: str
    # Names that its words may use, each with an example for the preview.
    placeholders: Mapping[str, str]
    # What is known of a row; `asked` are the answers to `asks`.
    matter: Callable[[Any, Mapping[str, str], Officer], Matter]
    # The row by its key, None for a kind that is about no row; NoLetter where there is none, or nothing to write about.
    get: Callable[[int], models.Model | None]
    # Without these it would not be such a letter (`article`).
    required: tuple[str, ...] = ()
    article: str = ""
    asks: tuple[Ask, ...] = ()
    disclosure: Disclosure = Disclosure.CLOSED
    disclosure_ground: str = field(default="정보공개법 제9조제1항제6호")
    # Screens where it is offered know it; the list of kinds tells where.
    where: str = ""


class NoLetter(ValueError):
    """There is nothing to write about; the message says why."""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.code in KINDS:
        raise ValueError(f"two kinds of letters called {kind.code!r}")
    KINDS[kind.code] = kind
    return kind


def get(code: str) -> Kind:
    if code not in KINDS:
        raise NoLetter("그런 공문이 없습니다.")
    return KINDS[code]
