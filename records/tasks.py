"""What the worker does for requests of citizens, for what was published of use and provision, for what is covered, and for access logs."""

from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning, LongRunQuerySet
from casework.refusals import Refused
from records.access import looks
from records.access_log import arrivals, monthly, timing
from records.copies import ending as copies_ending
from records.copies import making
from records.copies.making import CannotMake
from records.models import AccessImport, AccessReview, CaseCopy, RedactionRun
from records.permissions import ending
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


@shared_task(name="records.run_access_import")
def run_access_import(run_id: int) -> None:
    """A log that was uploaded, or that the night before did not finish."""
    run = AccessImport.objects.filter(pk=run_id).first()
    if run is not None:
        arrivals.run_here(run)


@shared_task(name="records.watch_access_logs")
def watch_access_logs() -> int:
    """The watched folder, each night; how many files were new."""
    return len(arrivals.watch())


@shared_task(name="records.run_access_review")
def run_access_review(review_id: int) -> None:
    review = AccessReview.objects.filter(pk=review_id).first()
    if review is not None:
        monthly.run_here(review)


@shared_task(name="records.review_access_months")
def review_access_months() -> None:
    """On the first working day of a month: the review of the month before, and any that was missed."""
    made = set(AccessReview.objects.filter(made_at__isnull=False).values_list("month", flat=True))
    for month in timing.to_make(timezone.localdate()):
        if month not in made:
            with suppress(Refused):
                monthly.run_here(monthly.ask(month))


@shared_task(name="records.resume_access_runs")
def resume_access_runs() -> None:
    """Imports and reviews that nobody works on: both are safe to do again."""
    imports: LongRunQuerySet = AccessImport.objects.stale()
    for run_id in imports.values_list("pk", flat=True):
        queueing.start(run_access_import, run_id)
    reviews: LongRunQuerySet = AccessReview.objects.stale()
    for review_id in reviews.values_list("pk", flat=True):
        queueing.start(run_access_review, review_id)


@shared_task(name="records.lapse_permissions")
def lapse_permissions() -> None:
    """Permissions of who left, took another post or does not log in."""
    ending.lapse()


@shared_task(name="records.make_copy")
def make_copy(copy_id: int) -> None:
    """A copy that leaves the office; why nothing came of it stands in its row."""
    copy = CaseCopy.objects.allowed().unfinished().filter(pk=copy_id).first()
    if copy is None:
        return
    try:
        making.make(copy)
    except (AlreadyRunning, CannotMake):
        return


@shared_task(name="records.tend_copies")
def tend_copies() -> None:
    """Copies whose worker was lost are begun again; packages that nobody may have any more are destroyed."""
    for copy_id in CaseCopy.objects.allowed().stale().values_list("pk", flat=True):
        queueing.start(make_copy, copy_id)
    copies_ending.end_downloads()
