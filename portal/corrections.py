"""정정: dates that were corrected, as the ledger holds them: what was there, what is now, why, who and when."""

import datetime as dt
from dataclasses import dataclass

from ledger.models import Entry
from portal import ledger_words

MOST = 50


@dataclass(frozen=True)
class Correction:
    was: str
    on: str
    reason: str
    by: str
    at: dt.datetime
    version: int | None = None


def corrections(kind: str, subject: str) -> list[Correction]:
    """The newest first; two queries however many there are."""
    entries = list(Entry.objects.filter(kind=kind, subject=subject).order_by("-sequence")[:MOST])
    names = ledger_words.officer_names([entry.actor for entry in entries])
    return [
        Correction(
            was=str(entry.content.get("was", "")),
            on=str(entry.content.get("on", "")),
            reason=str(entry.content.get("reason", "")),
            by=ledger_words.actor_name(entry.actor, names),
            at=entry.at,
            version=entry.content.get("version"),
        )
        for entry in entries
    ]
