"""The application with its sign of life every second instead of every minute, for a test that waits for it."""

from datetime import timedelta

from config.celery import app

app.conf.beat_schedule = {
    "config.mark_alive": {"task": "config.mark_alive", "schedule": timedelta(seconds=1)}
}
