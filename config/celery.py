"""The Celery application; the schedule is in `config.schedule`.

Names no settings module: a worker or scheduler without DJANGO_SETTINGS_MODULE says so and ends.
"""

import gc
import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

from config.broker import use_whole_messages

use_whole_messages()
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["config"])


@setup_logging.connect
def _log_as_django(**kwargs: Any) -> None:
    # Worker and scheduler write as the web process does (config.logs), not in Celery's own way.
    logging.config.dictConfig(settings.LOGGING)


@worker_process_init.connect
def _keep_what_is_loaded(**kwargs: Any) -> None:
    # Code and models stay for the life of the process; the collector need not walk them during each task.
    gc.freeze()
