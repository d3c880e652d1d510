"""What beat runs daily for this app."""

import logging

from celery import shared_task

from accounts.longrun import AlreadyRunning
from ordinance import assessment_run, duedates, holidays
from ordinance.models import Assessment

logger = logging.getLogger(__name__)


@shared_task(name="ordinance.check_holidays")
def check_holidays() -> int | None:
    """Counts open due dates anew and says when the year's table is missing; the home page says so too."""
    duedates.recheck()
    year = holidays.missing_year()
    if year is not None:
        logger.warning("%s", holidays.missing_text(year))
    return year


@shared_task(name="ordinance.assess")
def assess(run_id: int) -> None:
    """An assessment that a person or an act asked for. While another one is under way it waits: beat comes back."""
    run = Assessment.objects.filter(pk=run_id).first()
    if run is None or run.is_finished:
        return
    try:
        assessment_run.bring_up_to_today(run)
        if not assessment_run.carried_out(run):
            logger.info("assessment %s waits: another one is under way", run_id)
    except AlreadyRunning:
        logger.info("assessment %s has been taken by another worker", run_id)


@shared_task(name="ordinance.assess_nightly")
def assess_nightly() -> None:
    """Every night, as of the new day."""
    try:
        assessment_run.assess(is_nightly=True, wait=True)
    except AlreadyRunning as error:
        logger.warning("the nightly assessment: %s", error)


@shared_task(name="ordinance.resume_assessments")
def resume_assessments() -> None:
    """Runs that were lost in the queue, or whose worker died: what they judged stands, the rest is judged again."""
    for run_id in Assessment.objects.stale().order_by("pk").values_list("pk", flat=True):
        assess(run_id)
