"""Background work of the committee: thin, by id, safe to start twice."""

from celery import shared_task
from django.utils import timezone

from committee import mailing


@shared_task(name="committee.mail_notice")
def mail_notice(notice_id: int) -> int:
    return mailing.deliver(mailing.waiting(timezone.now()).filter(notice=notice_id))


@shared_task(name="committee.mail_waiting_notices")
def mail_waiting_notices() -> int:
    """What no worker took, and what could not be delivered before."""
    return mailing.deliver(mailing.waiting(timezone.now()))
