"""What beat runs for the ledger."""

from celery import shared_task

from ledger import witness
from ledger.errors import WitnessContradicts
from ledger.seal import seal


@shared_task(name="ledger.seal_new_entries")
def seal_new_entries() -> int:
    """Every minute. A broken ledger fails the task loudly: nothing may be signed over it."""
    return seal().size


@shared_task(name="ledger.export_heads")
def export_heads() -> int:
    """Every minute, after the seal. What went wrong is noted and logged by the export; the next minute tries again."""
    try:
        return witness.export()
    except (OSError, WitnessContradicts):
        return 0
