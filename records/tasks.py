"""What the worker does for requests of citizens, for what was published of use and provision, and for what is covered."""

from celery import shared_task

from accounts import queueing
from records.access import looks
from records.models import RedactionRun
from records.provision import publication
from records.redaction import working
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


@shared_task(name="records.redact")
def redact(run_id: int) -> None:
    """Of the footage of a matter, on the machine whose storage it came from."""
    if following := working.work(run_id):
        queueing.start(redact, following.pk, queue=following.queue)


@shared_task(name="records.resume_redactions")
def resume_redactions() -> None:
    """What was asked for and nobody works on: the queue lost it, or its worker died."""
    for run in RedactionRun.objects.stale():
        queueing.start(redact, run.pk, queue=run.queue)
