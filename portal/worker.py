"""Whether somebody works on what waits: the scheduler leaves a sign of life by way of the worker.

The sign stands in the database, where each web process sees it, on whichever machine it and the worker are.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from portal.models import WorkerSign

# Beat asks for a sign every minute; three missed ones are no accident.
SILENT_AFTER = timedelta(minutes=3)


# There is one scheduler, so there is one sign.
ONLY = 1


def leave_sign(at: datetime) -> None:
    WorkerSign.objects.update_or_create(pk=ONLY, defaults={"at": at})


def last_sign() -> datetime | None:
    return WorkerSign.objects.filter(pk=ONLY).values_list("at", flat=True).first()


def is_alive() -> bool:
    """A sign that is old means that no run will be taken soon."""
    sign = last_sign()
    return sign is not None and timezone.now() - sign < SILENT_AFTER
