"""What the worker does for requests of citizens, and for what was published of use and provision."""

from celery import shared_task

from records.access import looks
from records.provision import publication
from records.viewing import watch


@shared_task(name="records.watch_requests")
def watch_requests() -> None:
    """Short holds that end, cameras that were scanned meanwhile."""
    watch.run()


@shared_task(name="records.take_down_publications")
def take_down_publications() -> None:
    """What was shown for its days goes off the public site."""
    publication.take_down_due()


@shared_task(name="records.close_looks")
def close_looks() -> None:
    """Looks whose time is over: the browser may just have disappeared."""
    looks.close_left()
