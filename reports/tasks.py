"""Reports made by the worker: a name and one call each."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning, Cancelled
from accounts.models import Officer
from cameras.models import SignBatch
from cameras.signs.making import Overtaken
from casework.refusals import Refused
from records.copies import sealing
from records.models import CopySealing
from reports import issue as issuing
from reports.documents import sign_batch
from reports.models import IssuedReport
from reports.pdf import TypesettingFailed

# Longer than any report takes.
_WORKSHOP_KEPT = timedelta(days=1)


@shared_task(name="reports.issue")
def issue(report_id: int) -> None:
    """Make a requested report. What goes wrong stands in its row; a second delivery finds it taken."""
    report = IssuedReport.objects.filter(pk=report_id).first()
    if report is None or report.is_issued:
        return
    officer = Officer.objects.filter(pk=report.requested_by_id).first()
    try:
        issuing.carry_out(report, by=officer)
    except (AlreadyRunning, Cancelled):
        return


@shared_task(name="reports.resume")
def resume() -> None:
    """Restart requested reports whose worker died, and clean up after killed commands."""
    issuing.close_abandoned()
    issuing.clear_workshop(timezone.now() - _WORKSHOP_KEPT)
    for report_id in issuing.requested_and_stale().values_list("pk", flat=True):
        queueing.start(issue, report_id)


@shared_task(name="reports.make_signs")
def make_signs(batch_id: int) -> None:
    """Make a requested batch of signs. What goes wrong stands in its row."""
    batch = SignBatch.objects.filter(pk=batch_id).first()
    if batch is None or batch.is_finished:
        return
    with suppress(AlreadyRunning, Cancelled, sign_batch.UnusableBatch, Overtaken, TypesettingFailed):
        sign_batch.carry_out(batch)


@shared_task(name="reports.resume_signs")
def resume_signs() -> None:
    """A batch whose worker died has recorded nothing: it starts again from the beginning."""
    for batch_id in sign_batch.stale():
        queueing.start(make_signs, batch_id)


@shared_task(name="reports.seal_copy")
def seal_copy(sealing_id: int) -> None:
    """The package of a copy that leaves. What goes wrong stands in its row, and its password opens nothing."""
    from reports.copies import package  # loads the PDF library

    asked = (
        CopySealing.objects.unfinished().select_related("copy", "requested_by").filter(pk=sealing_id).first()
    )
    if asked is None:
        return
    with suppress(AlreadyRunning, Cancelled, Refused, sealing.CannotSeal, TypesettingFailed):
        sealing.seal(asked, package.pack)


@shared_task(name="reports.resume_sealings")
def resume_sealings() -> None:
    """Nothing of what a lost worker had packed is left: it is packed from the beginning."""
    sealing.forget_ended()
    for sealing_id in CopySealing.objects.stale().values_list("pk", flat=True):
        queueing.start(seal_copy, sealing_id)
