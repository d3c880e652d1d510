"""The same gates before the data of persons as before footage: what `casework.persons` asks before anybody reads.

A request or a provision is one matter, whether its footage or its persons are opened: what the manager lifts holds for both.
"""

from collections.abc import Iterable
from typing import Any

from accounts.models import Officer
from casework import persons
from casework.persons import PersonalData
from casework.refusals import Refusal
from records.access import cases, gates
from records.access.gates import Matter
from records.look_enums import LookCase
from records.provision import persons as provision_persons
from records.viewing import persons as viewing_persons

_CASES = {viewing_persons.CODE: LookCase.VIEWING, provision_persons.CODE: LookCase.PROVISION}


def find(kind: str, key: int) -> Matter | None:
    """The matter of that kind, of footage or of persons alone; None where there is none."""
    if kind in LookCase.values:
        case = cases.find(kind, key)
        return gates.matter_of(case) if case else None
    of = next((entry for entry in persons.entries() if entry.code == kind and entry.purposes), None)
    row = of.model._default_manager.filter(pk=key).first() if of else None
    return _matter(of, row) if of and row else None


def kind_of(code: str) -> str:
    """What a matter of this entry of the catalogue is called where gates are lifted."""
    return _CASES.get(code, code)


def _matter(of: PersonalData, row: Any) -> Matter:
    return Matter(of.code, row.pk, of.subject(row), (of.permission,))


def refusals(of: PersonalData, row: Any, officer: Officer) -> Iterable[Refusal]:
    kind = kind_of(of.code)
    matter = find(kind, row.pk) if kind != of.code else _matter(of, row)
    return gates.personal_refusals(officer, matter) if matter else ()


def register() -> None:
    persons.ask_before_reading(refusals)
