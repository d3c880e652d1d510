"""Reports made by the worker: a name and one call each."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.longrun import AlreadyRunning, Cancelled
from accounts.models import Officer
from reports import issue as issuing
from reports.models import IssuedReport

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
        issue.delay(report_id)
