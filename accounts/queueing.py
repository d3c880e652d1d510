"""Handing work to a worker, and what happens when there is none."""

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:  # commands that run every minute queue nothing and do not load Celery
    from celery import Task

logger = logging.getLogger(__name__)


def start(task: "Task", *arguments: Any, queue: str = "") -> None:
    """Queue the task when the row it works on is committed. A broker that is down loses no work: beat looks for
    rows that nobody has taken."""
    transaction.on_commit(partial(_send, task, arguments, queue))


def _send(task: "Task", arguments: tuple[Any, ...], queue: str) -> None:
    options: dict[str, Any] = {"queue": queue} if queue else {}
    try:
        task.apply_async(args=arguments, **options)
    except Exception:  # each broker's client raises its own; the row waits whatever it was
        logger.exception("could not queue %s%r; beat starts it again", task.name, arguments)
