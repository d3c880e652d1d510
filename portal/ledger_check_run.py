"""원장 검증 from start to end: what the worker does for a check that somebody asked for."""

from ledger.verify import verify
from portal.models import LedgerVerification


def carry_out(run: LedgerVerification) -> None:
    with run.running():
        found = verify(run.kept_head)
        run.entries, run.heads, run.root, run.is_ok = found.entries, found.heads, found.root, found.ok
        run.first_bad, run.reason = found.first_bad, found.reason[:500]
        run.save(update_fields=["entries", "heads", "root", "is_ok", "first_bad", "reason"])
