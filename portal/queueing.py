"""Handing work to a worker, and what happens when there is none."""

import logging
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)


def start(task: Task, *arguments: Any, queue: str = "") -> None:
    """Queue the task when the row it works on is committed. A broker that is down loses no work: beat looks for
    rows that nobody has taken."""
    transaction.on_commit(partial(_send, task, arguments, queue))


def _send(task: Task, arguments: tuple[Any, ...], queue: str) -> None:
    try:
        task.apply_async(args=arguments, queue=queue or None)
    except Exception:
        logger.exception("could not queue %s%r; beat starts it again", task.name, arguments)
