"""개인정보 목록: every place where this system keeps data about people, why, how long, and how it goes.

Each app registers its own when it is ready. From this list come the reading of a person (for a stated purpose, with a
line in the ledger, once those whom the apps above ask have nothing against it), the nightly erasure, and the privacy
policy that citizens read. A test fails on an encrypted column that no entry names.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Officer
from casework import nightly
from casework.refusals import Refusal, refuse_if
from ledger import append
from ordinance import parameters

READING = "개인정보 보호법 제29조"


@dataclass(frozen=True)
class PersonalData:
    """One entry of the list. Texts are printed in the privacy policy as they stand here."""

    code: str
    title: str
    model: type[models.Model]
    # Columns that tell of a person; a column that is not encrypted is named like the others.
    columns: tuple[str, ...]
    # What a reader would call them.
    items: str
    purpose: str
    ground: str
    # Parameter of the days that it is kept, and from when they count.
    days: str
    kept_from: str
    # Erases one portion of what is due and says how many persons; asked again until it says none.
    erase: Callable[[datetime.datetime], int]
    # How many are due, without erasing.
    count_due: Callable[[datetime.datetime], int]
    recipients: str = "제공하지 않습니다"
    # Encrypted columns of other models that go with the person.
    along: tuple[tuple[type[models.Model], str], ...] = ()
    is_consented: bool = False
    # Why an officer looks; empty where no screen shows it.
    purposes: Mapping[str, str] = field(default_factory=dict)
    read_kind: str = ""
    # Whose right it is to look.
    permission: str = ""
    # The ledger's word for one row.
    subject: Callable[[Any], str] = str

    @property
    def kept_days(self) -> int:
        return int(parameters.value(self.days).value)


ReadingGate = Callable[[PersonalData, Any, Officer], Iterable[Refusal]]
_entries: dict[str, PersonalData] = {}
_reading_gates: list[ReadingGate] = []


def register(entry: PersonalData) -> None:
    if _entries.setdefault(entry.code, entry) is not entry:
        raise ValueError(f"two entries of personal data called {entry.code!r}")


def entries() -> list[PersonalData]:
    return sorted(_entries.values(), key=lambda entry: entry.code)


def entry(code: str) -> PersonalData:
    return _entries[code]


def columns() -> set[tuple[type[models.Model], str]]:
    """Every column that some entry answers for."""
    own = {(entry.model, name) for entry in entries() for name in entry.columns}
    return own | {pair for entry in entries() for pair in entry.along}


def ask_before_reading(gate: ReadingGate) -> None:
    """What is asked of the reader besides; the apps above know who is taught and sworn in."""
    if gate not in _reading_gates:
        _reading_gates.append(gate)


def against_reading(code: str, row: Any, by: Officer) -> list[Refusal]:
    """Why this officer may not see the persons of this matter now; empty where nothing is in the way."""
    of = entry(code)
    return [refusal for gate in _reading_gates for refusal in gate(of, row, by)]


def read(
    code: str, row: Any, *, purpose: str, by: Officer, files: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Label and value of each column; who looked, when and what for is in the ledger before anything is shown.

    `files`: the digests of what is handed out of the matter, where it is a file that is read.
    """
    of = entry(code)
    refusals = against_reading(code, row, by)
    if purpose not in of.purposes:
        refusals.insert(0, Refusal("purpose", "보는 목적을 고르십시오.", READING, field="purpose"))
    refuse_if(refusals)
    subject = of.subject(row)
    with transaction.atomic():
        append.record(
            of.read_kind,
            actor=f"officer:{by.pk}",
            subject=subject,
            payload={"purpose": str(purpose)} | ({"files": list(files)} if files else {}),
        )
    labels = {each.name: str(each.verbose_name) for each in of.model._meta.concrete_fields}
    return [(labels[name], getattr(row, name)) for name in of.columns]


def erase_due(now: datetime.datetime | None = None) -> dict[str, int]:
    """Erase whatever is due of every entry; how many persons of each. Running twice erases nothing more.

    An entry that fails keeps none of the others waiting; in the end it is told.
    """
    at = now or timezone.now()
    return nightly.all_of({entry.code: partial(_erase_all, entry, at) for entry in entries()})


def rehearse(now: datetime.datetime | None = None) -> dict[str, int]:
    at = now or timezone.now()
    return {entry.code: entry.count_due(at) for entry in entries()}


def _erase_all(entry: PersonalData, at: datetime.datetime) -> int:
    return sum(_portions(entry, at))


def _portions(entry: PersonalData, at: datetime.datetime) -> Iterator[int]:
    while count := entry.erase(at):
        yield count
