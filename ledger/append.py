"""Writing to the ledger: the only module that inserts entries.

The sequence is given under a lock that lasts until the surrounding transaction ends: an advisory lock on
PostgreSQL, the write lock on SQLite (our transactions begin immediately). So numbers have no gap and
stand in the order of the commits, and a rollback takes its numbers back. Since everyone else waits
meanwhile, recording is the last step of a transaction, and refused outside of one: an entry must stand or
fall with what it tells about.

An entry is dated by the clock of the process that writes it. When that clock has stepped, a line of its own says so
before the entry (`ledger.timekeeping`): an entry dated otherwise than the ledger's neighbours, without such a line, was
not written here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from ledger import canonical, rows, timekeeping
from ledger.errors import NotInTransaction
from ledger.models import Entry
from ledger.verify_bundle import STEPPED, leaf_digest

# Any fixed number will do, as long as nothing else in this database locks it: "ledger" in ASCII.
APPEND_LOCK = 0x6C6564676572
BATCH = 5_000
COLUMNS = "sequence, at, kind, actor, subject, payload, digest"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has a number."""

    kind: str
    actor: str
    subject: str
    payload: Mapping[str, Any]
    at: datetime | None = None


class _Place(NamedTuple):
    """Which number was given last, and what time the ledger has: that of the last step told since the last head, else
    that of the head, and before the first head that of the first entry."""

    last: int
    time: str


class _Row(NamedTuple):
    sequence: int
    at: datetime
    kind: str
    actor: str
    subject: str
    payload: str
    digest: str


def record(
    kind: str, *, actor: str, subject: str, payload: Mapping[str, Any], at: datetime | None = None
) -> Entry:
    """Append one entry and return it. Best as the last step of the transaction."""
    _require_transaction()
    accepted = _accept(Draft(kind, actor, subject, payload, at))
    *before, row = _numbered_after_step(_lock_and_look(), [accepted])
    _insert([*before, row])
    entry = Entry(**row._asdict())
    entry._state.adding = False
    entry._state.db = connection.alias
    return entry


def record_many(drafts: Iterable[Draft]) -> range:
    """Append many entries of one act and return their sequences. Memory does not grow with their number."""
    _require_transaction()
    first, last = 0, -1
    for batch in _batches(map(_accept, drafts)):
        if not first:
            new = _numbered_after_step(_lock_and_look(), batch)
            first = new[-1].sequence - len(batch) + 1
        else:
            new = [_numbered(last + offset, accepted) for offset, accepted in enumerate(batch, start=1)]
        _insert(new)
        last = new[-1].sequence
    return range(first, last + 1)


def wait_for_turn() -> None:
    """Until the transaction ends nobody else appends."""
    _require_transaction()
    _lock_and_look()


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise NotInTransaction(
            "원장 기록은 transaction.atomic() 안에서만 할 수 있습니다: "
            "기록과 그 행위는 함께 확정되거나 함께 취소되어야 합니다."
        )


def _accept(draft: Draft) -> tuple[datetime, Draft, str]:
    """Check and serialise before the lock is taken, so that nobody waits for it."""
    canonical.check_references(draft.kind, draft.actor, draft.subject)
    at = canonical.check_instant(timezone.now() if draft.at is None else draft.at)
    return at, draft, canonical.payload_text(draft.payload)


def _numbered(sequence: int, accepted: tuple[datetime, Draft, str]) -> _Row:
    at, draft, payload = accepted
    # An enum member is a str whose str() may be something else: take the characters themselves.
    kind, actor, subject = map(str.__str__, (draft.kind, draft.actor, draft.subject))
    digest = leaf_digest(sequence, canonical.instant_text(at), kind, actor, subject, payload)
    return _Row(sequence, at, kind, actor, subject, payload, digest)


def _numbered_after_step(place: _Place, batch: list[tuple[datetime, Draft, str]]) -> list[_Row]:
    """The entries with their numbers, behind a line about the clock where it has stepped."""
    last = place.last
    at = batch[0][0]
    before = []
    if step := timekeeping.step_to(at, place.time):
        payload = canonical.payload_text(step)
        before = [_numbered(last + 1, (at, Draft(STEPPED, "system:clock", "", step), payload))]
        last += 1
    return before + [_numbered(last + offset, accepted) for offset, accepted in enumerate(batch, start=1)]


def _lock_and_look() -> _Place:
    """Wait for our turn, then look where the ledger stands.

    Numbers that a signed head covers are never given again, even when their rows were cut off: the cut
    then stays visible as a gap.
    """
    at = rows.at_as_text()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
        cursor.execute(f"SELECT size, {at} FROM ledger_signedhead ORDER BY size DESC LIMIT 1")  # noqa: S608
        sealed, sealed_at = cursor.fetchone() or (0, "")
        cursor.execute(
            f"""
            SELECT MAX(sequence), (SELECT {at} FROM ledger_entry WHERE sequence = 1), (
                SELECT {at} FROM ledger_entry WHERE kind = %s AND sequence > %s ORDER BY sequence DESC LIMIT 1
            ) FROM ledger_entry
            """,  # noqa: S608 - constants of this module and of `rows`
            [STEPPED, sealed],
        )
        last, first_at, stepped_at = cursor.fetchone()
    return _Place(max(last or 0, sealed), rows.instant(stepped_at or sealed_at or first_at or ""))


def _insert(rows: list[_Row]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 1:
            with cursor.copy(f"COPY ledger_entry ({COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(
            f"INSERT INTO ledger_entry ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
            [(row.sequence, _stored(row.at), *row[2:]) for row in rows],
        )


def _stored(at: datetime) -> datetime | str:
    """As Django writes it: SQLite holds UTC as text without a zone."""
    return at if connection.vendor == "postgresql" else str(at.replace(tzinfo=None))


def _batches(accepted: Iterator[tuple[datetime, Draft, str]]) -> Iterator[list[tuple[datetime, Draft, str]]]:
    while batch := list(islice(accepted, BATCH)):
        yield batch
