"""Background work of the portal: thin, by id, safe to start twice."""

from celery import shared_task
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning, Cancelled
from portal import drafts, ledger_check_run, officers, open_sessions, reminders, sent_forms, telling
from portal.models import LedgerVerification, ReminderMail


@shared_task(name="portal.verify_ledger")
def verify_ledger(run_id: int) -> None:
    run = LedgerVerification.objects.get(pk=run_id)
    try:
        ledger_check_run.carry_out(run)
    except (AlreadyRunning, Cancelled):
        return


@shared_task(name="portal.restart_stale")
def restart_stale() -> None:
    """Runs whose worker died, and mails that no worker took: the queue lost their task, the row did not."""
    for run_id in LedgerVerification.objects.stale().values_list("pk", flat=True):
        queueing.start(verify_ledger, run_id)
    for notice_id in telling.unsent().values_list("pk", flat=True):
        queueing.start(tell_next, notice_id)


@shared_task(name="portal.forget_sent_forms")
def forget_sent_forms() -> int:
    return sent_forms.forget_old() + drafts.forget_old() + telling.forget_old() + open_sessions.forget_old()


@shared_task(name="portal.end_accounts")
def end_accounts() -> int:
    """Of staff whose last day is over."""
    return officers.end_of_staff_who_left()


@shared_task(name="portal.tell_next", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def tell_next(notice_id: int) -> None:
    telling.send(notice_id)


@shared_task(name="portal.remind")
def remind() -> None:
    """The morning's mails, and another attempt at those that failed."""
    now = timezone.now()
    if reminders.is_time(now):
        reminders.send(now)


@shared_task(name="portal.deliver_reminder")
def deliver_reminder(mail_id: int) -> None:
    """One mail, at an administrator's word."""
    mail = ReminderMail.objects.select_related("officer__reminder_choice").get(pk=mail_id)
    if reminders.wants_mail(mail.officer):
        reminders.deliver(mail, mail.officer)
