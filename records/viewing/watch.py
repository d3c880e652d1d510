"""What the worker looks after every few minutes: unconfirmed holds that end, cameras that were scanned meanwhile."""

from datetime import datetime

from django.utils import timezone

from records.viewing import freezing, unconfirmed


def run(now: datetime | None = None) -> None:
    at = now or timezone.now()
    freezing.look_again()
    unconfirmed.lapse(at)
