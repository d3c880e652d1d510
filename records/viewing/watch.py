"""What the worker looks after every few minutes: short holds that end, cameras that were scanned meanwhile, due dates that
requests of before have none of."""

from datetime import datetime

from django.utils import timezone

from records.viewing import freezing, short_holds, supplement


def run(now: datetime | None = None) -> None:
    at = now or timezone.now()
    freezing.look_again()
    short_holds.narrow_due(at)
    supplement.run_on_of_before()
