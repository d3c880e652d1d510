"""정정: dates that were corrected, as the ledger holds them: what was there, what is now, why, who and when."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Officer
from ledger.models import Entry

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
    people = [int(key) for entry in entries if (key := entry.actor.removeprefix("officer:")).isdigit()]
    names = {f"officer:{one.pk}": str(one) for one in Officer.objects.filter(pk__in=people)}
    return [
        Correction(
            was=str(entry.content.get("was", "")),
            on=str(entry.content.get("on", "")),
            reason=str(entry.content.get("reason", "")),
            by=names.get(entry.actor, entry.actor),
            at=entry.at,
            version=entry.content.get("version"),
        )
        for entry in entries
    ]
