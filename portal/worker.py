"""Whether somebody works on what waits: the scheduler leaves a sign of life by way of the worker."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

# Beat asks for a sign every minute; three missed ones are no accident.
SILENT_AFTER = timedelta(minutes=3)


def last_sign() -> datetime | None:
    try:
        return datetime.fromtimestamp(settings.ALIVE_FILE.stat().st_mtime, tz=UTC)
    except OSError:
        return None


def is_alive() -> bool:
    """Nothing is stored about workers elsewhere: a sign that is old means that no run will be taken soon."""
    sign = last_sign()
    return sign is not None and timezone.now() - sign < SILENT_AFTER
