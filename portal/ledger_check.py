"""원장 검증 started in the portal: the same check as `verify_ledger`, kept with its result."""

from typing import Any

from accounts import queueing
from accounts.models import Officer
from portal.models import LedgerVerification
from portal.tasks import verify_ledger


def request(by: Officer, kept_head: dict[str, Any] | None = None) -> LedgerVerification:
    """Ask for a check against every stored head, and against one that someone kept outside.

    Of the same person's checks without such a head one at a time is enough. Another person's is not shared: who
    started it could cancel it.
    """
    under_way = LedgerVerification.objects.unfinished().filter(
        requested_by=by, kept_head__isnull=True, cancel_requested=False
    )
    if kept_head is None and (own := under_way.first()) is not None:
        return own
    run = LedgerVerification.objects.create(requested_by=by, kept_head=kept_head)
    queueing.start(verify_ledger, run.pk)
    return run
