"""The Celery application; the schedule is in `config.schedule`.

Names no settings module: a worker or scheduler without DJANGO_SETTINGS_MODULE says so and ends.
"""

import gc
import logging.config
import sys
from typing import IO, Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from django.conf import settings

from config.broker import use_whole_messages
from config.errors import Unusable

use_whole_messages()
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Held until the process ends.
_services_lock: IO[str] | None = None


@setup_logging.connect
def _log_as_django(**kwargs: Any) -> None:
    # Worker and scheduler write as the web process does (config.logs), not in Celery's own way.
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def _keep_from_maintenance(**kwargs: Any) -> None:
    """No worker or scheduler beside a restore or an upgrade; ends the process with status 2."""
    from config import maintenance  # needs the models

    global _services_lock
    try:
        _services_lock = maintenance.hold(settings.DATA_DIR)
    except Unusable as reason:
        sys.stderr.write(f"{reason}\n")
        raise SystemExit(2) from None


@worker_process_init.connect
def _keep_what_is_loaded(**kwargs: Any) -> None:
    # Code and models stay for the life of the process; the collector need not walk them during each task.
    gc.freeze()
