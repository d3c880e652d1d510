"""What the running system does for itself."""

import os

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import pruning


@shared_task(name="config.mark_alive")
def mark_alive() -> None:
    """Leave the time in `DATA_DIR/alive`: proof that scheduler, broker and worker work together.

    Whoever watches the machine compares it with the clock; a file that is old says that no sweep runs either.
    """
    draft = settings.ALIVE_FILE.with_name(f"{settings.ALIVE_FILE.name}.{os.getpid()}")
    draft.write_text(timezone.now().isoformat())
    os.replace(draft, settings.ALIVE_FILE)


@shared_task(name="config.prune")
def prune() -> dict[str, int]:
    """What the system made for its own work and nobody needs any more."""
    return pruning.prune()
