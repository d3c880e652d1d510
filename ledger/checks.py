"""What stands outside the ledger and is proved by it: other apps register how to check it, as with Django's checks.

The ledger keeps digests of things that are too big for it, or that may have to be erased. `verify_ledger` would be of
little use if it found the digests whole and never looked at what they are of.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

FAULTS_TOLD = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the ledger entry that says how it should be."""

    reason: str
    sequence: int | None = None


# One item for each thing that was looked at: nothing when it is in order.
Check = Callable[[], Iterator[Fault | None]]


@dataclass
class Outcome:
    """One check's result; of many faults the first ones."""

    title: str
    checked: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        faults = [{"sequence": fault.sequence, "reason": fault.reason} for fault in self.faults]
        return {"title": self.title, "checked": self.checked, "faulty": self.faulty, "faults": faults}


_checks: dict[str, tuple[str, Check]] = {}


def register(name: str, title: str, check: Check) -> None:
    """Called once, from an app's `ready`; `title` is Korean."""
    if _checks.setdefault(name, (title, check)) != (title, check):
        raise ValueError(f"two checks are called {name!r}")


def run() -> dict[str, Outcome]:
    return {name: _run(title, check) for name, (title, check) in _checks.items()}


def _run(title: str, check: Check) -> Outcome:
    outcome = Outcome(title)
    try:
        for fault in check():
            outcome.checked += 1
            if fault is not None:
                outcome.faulty += 1
                outcome.faults.extend([fault] if len(outcome.faults) < FAULTS_TOLD else [])
    except DatabaseError as error:
        outcome.faulty += 1
        outcome.faults.append(Fault(f"데이터베이스에서 읽을 수 없습니다: {error}"))
    return outcome
