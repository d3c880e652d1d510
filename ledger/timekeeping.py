"""When an entry may say that it was written.

Nobody can say what time it really was. What can be said is that an entry's time fits the signed heads around it: not
before the head under which it was appended, and not far beyond it (`verify_bundle.Times` is the rule, for the server
and for the stand-alone verifier). Clocks do step, though: a machine is corrected, a test walks through weeks, a server
is off for a while. So whoever appends and finds that the own time does not fit writes a line about the step first
(`ledger.clock_stepped`), and time goes on from there. An honest ledger always fits; an entry that somebody dated at
will, with a fitting digest, does not, or has the line before it for everybody to see.

Ledgers that are older than this rule hold steps without a line. The rule counts after the entry that was the last when
the new version first sealed; the number stands in the key store, where nobody who writes the database can move it.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from ledger.canonical import instant_text
from ledger.models import Entry
from ledger.verify_bundle import Times

BEGIN_NAME = "ledger-times-begin"


def tolerance() -> timedelta:
    """How far an entry may lie before the head that precedes it: clocks of machines, and long transactions."""
    return timedelta(seconds=settings.LEDGER_CLOCK_TOLERANCE_SECONDS)


def rule() -> Times:
    begin = begin_after()
    return Times(tolerance().total_seconds(), begin if begin is not None else 1 << 63)


def begin_after() -> int | None:
    """After which entry times are checked; None while no seal has said so."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        return int((settings.KEY_STORE.folder / BEGIN_NAME).read_text())
    return None


def begin() -> None:
    """Called by the sealer: from here on times count."""
    if begin_after() is None:
        settings.KEY_STORE.read(BEGIN_NAME, lambda: b"%d\n" % Entry.objects.last_sequence())


def step_to(at: datetime, anchor: str) -> dict[str, Any] | None:
    """What to write about a step of the clock before an entry of this time; None where it fits."""
    times, text = Times(tolerance().total_seconds()), instant_text(at)
    times.go_on_from(anchor)
    return None if times.fits(text) else {"from": anchor, "to": text}
