"""Changing the table of holidays: open due dates move in the same transaction, and each that moved has its line.

Whatever changes a row (a function of `holidays`, a form in the portal, the import) does so inside `changing`; several
changes inside one block make due dates move once. The rows themselves call this when they are saved, so it stands below
them and knows neither rows nor due dates: what follows a change is registered when the app is ready.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction

import ledger.append
from ledger import canonical

LINE_KIND = "due_date.moved"


@dataclass(frozen=True, slots=True)
class Moved:
    """An open due date that another table of holidays gives another day."""

    subject_kind: str
    subject_number: str
    purpose: str
    old_due_on: datetime.date
    new_due_on: datetime.date


@dataclass
class Change:
    """What one act changes in the table: the days, who did it, why."""

    by: str = ""
    reason: str = ""
    days: list[datetime.date] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def note(self, on: datetime.date, what: str) -> None:
        self.days.append(on)
        self.notes.append(what)


_follower: Callable[[Change], list[Moved]] | None = None
_current: ContextVar[Change | None] = ContextVar("holiday_change", default=None)


def register(follower: Callable[[Change], list[Moved]]) -> None:
    """What moves open due dates: called with the change, inside its transaction, says what moved."""
    global _follower
    _follower = follower


def _follow(change: Change) -> list[Moved]:
    if _follower is None:
        raise RuntimeError("no due dates follow a changed holiday: the app is not ready")
    return _follower(change)


@contextmanager
def changing(*, by: str, reason: str = "") -> Iterator[Change]:
    """One transaction of changes to the table, at whose end open due dates are computed anew, once."""
    if (outer := _current.get()) is not None:
        yield outer
        return
    # Refused now, not only on the day when a due date moves and the line is written.
    canonical.check_references(LINE_KIND, by, "holidays")
    change = Change(by=by, reason=reason)
    token = _current.set(change)
    try:
        with transaction.atomic():
            yield change
            settle(change)
    finally:
        _current.reset(token)


def settle(change: Change) -> list[Moved]:
    """Moves what the days noted so far have an effect on, and writes a line for each that moved."""
    if change.days and not transaction.get_rollback():
        moved = _follow(change)
        change.days, change.notes = [], []
        change.moved += moved
        if moved:
            # The last step of the transaction: who writes to the ledger makes others wait.
            ledger.append.record_many(map(partial(_line, change), moved))
    return change.moved


def _line(change: Change, moved: Moved) -> ledger.append.Draft:
    return ledger.append.Draft(
        kind=LINE_KIND,
        actor=change.by,
        subject=f"{moved.subject_kind}:{moved.subject_number}",
        payload={
            "purpose": moved.purpose,
            "old_due_on": moved.old_due_on.isoformat(),
            "new_due_on": moved.new_due_on.isoformat(),
        },
    )
