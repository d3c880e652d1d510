"""What beat runs daily for this app."""

import logging

from celery import shared_task

from ordinance import duedates, holidays

logger = logging.getLogger(__name__)


@shared_task(name="ordinance.check_holidays")
def check_holidays() -> int | None:
    """Counts open due dates anew and says when the year's table is missing; the home page says so too."""
    duedates.recheck()
    year = holidays.missing_year()
    if year is not None:
        logger.warning("%s", holidays.missing_text(year))
    return year
