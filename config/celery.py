"""The Celery application; the schedule is in `config.schedule`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from config.broker import use_whole_messages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

use_whole_messages()
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["config"])


@worker_process_init.connect
def _keep_what_is_loaded(**kwargs: Any) -> None:
    # Code and models stay for the life of the process; the collector need not walk them during each task.
    gc.freeze()
