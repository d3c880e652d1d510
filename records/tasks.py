"""What the worker does for requests of citizens."""

from celery import shared_task

from records.viewing import watch


@shared_task(name="records.watch_requests")
def watch_requests() -> None:
    """Short holds that end, cameras that were scanned meanwhile."""
    watch.run()
