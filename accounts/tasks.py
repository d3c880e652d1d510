"""What beat asks of accounts every night."""

from celery import shared_task

from accounts import login_delays


@shared_task(name="accounts.forget_login_delays")
def forget_login_delays() -> int:
    return login_delays.forget_old()
