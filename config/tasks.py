"""What the running system does for itself."""

import os
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import pruning
from portal import worker


@shared_task(name="config.mark_alive")
def mark_alive() -> None:
    """Leave the time: proof that scheduler, broker and worker work together.

    In the database for every web process (`/readyz`), and in `DATA_DIR/alive` for whoever watches the worker's machine
    without asking the system: a file that is old says that no sweep runs either.
    """
    now = timezone.now()
    try:
        _leave_file(now)
    finally:
        # Neither a full disk here nor a database that is away keeps the other from being told.
        worker.leave_sign(now)


def _leave_file(now: datetime) -> None:
    draft = settings.ALIVE_FILE.with_name(f"{settings.ALIVE_FILE.name}.{os.getpid()}")
    draft.write_text(now.isoformat())
    os.replace(draft, settings.ALIVE_FILE)


@shared_task(name="config.prune")
def prune() -> dict[str, int]:
    """What the system made for its own work and nobody needs any more."""
    return pruning.prune()
