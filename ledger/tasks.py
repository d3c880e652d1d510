"""What beat runs for the ledger."""

from celery import shared_task

from ledger.seal import seal


@shared_task(name="ledger.seal_new_entries")
def seal_new_entries() -> int:
    """Every minute. A broken ledger fails the task loudly: nothing may be signed over it."""
    return seal().size
