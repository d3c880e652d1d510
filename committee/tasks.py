"""Background work of the committee: thin, by id, safe to start twice."""

from celery import shared_task
from django.utils import timezone

from committee import mailing, recordings


@shared_task(name="committee.mail_notice")
def mail_notice(notice_id: int) -> int:
    return mailing.deliver(mailing.waiting(timezone.now()).filter(notice=notice_id))


@shared_task(name="committee.mail_waiting_notices")
def mail_waiting_notices() -> int:
    """What no worker took, and what could not be delivered before."""
    return mailing.deliver(mailing.waiting(timezone.now()))


@shared_task(name="committee.erase_recordings")
def erase_recordings() -> int:
    """Whose last day is over."""
    return recordings.erase_due()
