"""Background work of the portal: thin, by id, safe to start twice."""

from celery import shared_task

from accounts.longrun import AlreadyRunning, Cancelled
from portal import ledger_check
from portal.models import LedgerVerification


@shared_task(name="portal.verify_ledger")
def verify_ledger(run_id: int) -> None:
    run = LedgerVerification.objects.get(pk=run_id)
    try:
        ledger_check.carry_out(run)
    except (AlreadyRunning, Cancelled):
        return


@shared_task(name="portal.restart_stale")
def restart_stale() -> None:
    """Runs whose worker died: the queue lost their task, the row did not."""
    for run_id in LedgerVerification.objects.stale().values_list("pk", flat=True):
        verify_ledger.delay(run_id)
