"""What beat runs and when. A task is a name, a schedule and one call into its app.

Ordered by app, lowest first, then by name. Every line expires: a worker that was away for a night must not
do the same thing a thousand times when it comes back.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab, schedule


def line(task: str, when: timedelta | crontab, *, expires: timedelta, **kwargs: Any) -> dict[str, Any]:
    """One line of the schedule; `kwargs` are the task's own."""
    return {
        "task": task,
        "schedule": schedule(when) if isinstance(when, timedelta) else when,
        "kwargs": kwargs,
        "options": {"expires": expires.total_seconds()},
    }


EVERY_MINUTE = timedelta(minutes=1)

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "config.mark_alive": line("config.mark_alive", EVERY_MINUTE, expires=EVERY_MINUTE),
    "config.prune": line("config.prune", crontab(hour=4, minute=30), expires=timedelta(hours=12)),
    "ledger.export_heads": line("ledger.export_heads", EVERY_MINUTE, expires=EVERY_MINUTE),
    "ledger.seal_new_entries": line("ledger.seal_new_entries", EVERY_MINUTE, expires=EVERY_MINUTE),
    "accounts.forget_login_delays": line(
        "accounts.forget_login_delays", crontab(hour=4, minute=20), expires=timedelta(hours=12)
    ),
    # After midnight and before the first people come: findings are those of the new day.
    "ordinance.assess_nightly": line(
        "ordinance.assess_nightly", crontab(hour=1, minute=30), expires=timedelta(hours=4)
    ),
    "ordinance.check_holidays": line(
        "ordinance.check_holidays", crontab(hour=6, minute=10), expires=timedelta(hours=12)
    ),
    "ordinance.resume_assessments": line("ordinance.resume_assessments", EVERY_MINUTE, expires=EVERY_MINUTE),
    "casework.erase_loose_files": line(
        "casework.erase_loose_files", crontab(hour=3, minute=20), expires=timedelta(hours=12)
    ),
    "casework.erase_persons": line(
        "casework.erase_persons", crontab(hour=3, minute=30), expires=timedelta(hours=12)
    ),
    "casework.expire_role_changes": line(
        "casework.expire_role_changes", crontab(minute=15), expires=timedelta(minutes=50)
    ),
    "casework.watch_witness": line(
        "casework.watch_witness", crontab(minute="*/5"), expires=timedelta(minutes=4)
    ),
    "cameras.erase_sign_photos": line(
        "cameras.erase_sign_photos", crontab(hour=3, minute=35), expires=timedelta(hours=12)
    ),
    "cameras.resume_imports": line("cameras.resume_imports", EVERY_MINUTE, expires=EVERY_MINUTE),
    "footage.check_vault": line(
        "footage.check_vault", crontab(hour=0, minute=20), expires=timedelta(hours=5)
    ),
    "footage.end_claims": line("footage.end_claims", crontab(hour=2, minute=50), expires=timedelta(hours=12)),
    "footage.keep_held": line("footage.keep_held", EVERY_MINUTE, expires=EVERY_MINUTE),
    # Late enough for the day's sweeps, early enough to be of that day.
    "footage.prove": line("footage.prove", crontab(hour=23, minute=40), expires=timedelta(minutes=19)),
    "footage.resume": line("footage.resume", EVERY_MINUTE, expires=EVERY_MINUTE),
    "footage.scan_all": line("footage.scan_all", crontab(minute=20), expires=timedelta(minutes=50)),
    "footage.sweep_due": line("footage.sweep_due", EVERY_MINUTE, expires=EVERY_MINUTE),
    "records.close_looks": line("records.close_looks", EVERY_MINUTE, expires=EVERY_MINUTE),
    "records.lapse_permissions": line(
        "records.lapse_permissions", crontab(hour=0, minute=5), expires=timedelta(hours=12)
    ),
    "records.resume_access_runs": line("records.resume_access_runs", EVERY_MINUTE, expires=EVERY_MINUTE),
    "records.resume_redactions": line("records.resume_redactions", EVERY_MINUTE, expires=EVERY_MINUTE),
    # Every day, since the first working day is one of the first ten; what was made is not made again.
    "records.review_access_months": line(
        "records.review_access_months", crontab(hour=5, minute=10), expires=timedelta(hours=12)
    ),
    # The page shows nothing beyond its last day by itself; this writes down that it is off.
    "records.take_down_publications": line(
        "records.take_down_publications", crontab(hour=0, minute=10), expires=timedelta(hours=12)
    ),
    "records.tend_copies": line("records.tend_copies", EVERY_MINUTE, expires=EVERY_MINUTE),
    "records.watch_access_logs": line(
        "records.watch_access_logs", crontab(hour=2, minute=10), expires=timedelta(hours=6)
    ),
    "records.watch_requests": line(
        "records.watch_requests", crontab(minute="*/5"), expires=timedelta(minutes=4)
    ),
    "committee.erase_recordings": line(
        "committee.erase_recordings", crontab(minute=7), expires=timedelta(minutes=50)
    ),
    "committee.mail_waiting_notices": line(
        "committee.mail_waiting_notices", crontab(minute="*/5"), expires=timedelta(minutes=4)
    ),
    "reports.resume": line("reports.resume", EVERY_MINUTE, expires=EVERY_MINUTE),
    "reports.resume_sealings": line("reports.resume_sealings", EVERY_MINUTE, expires=EVERY_MINUTE),
    "reports.resume_signs": line("reports.resume_signs", EVERY_MINUTE, expires=EVERY_MINUTE),
    # Every hour, so that a last day ends soon after midnight whatever the night was busy with.
    "portal.end_accounts": line("portal.end_accounts", crontab(minute=2), expires=timedelta(minutes=50)),
    "portal.forget_sent_forms": line(
        "portal.forget_sent_forms", crontab(minute=10), expires=timedelta(minutes=50)
    ),
    "portal.remind": line("portal.remind", crontab(minute="*/10"), expires=timedelta(minutes=9)),
    "portal.restart_stale": line("portal.restart_stale", EVERY_MINUTE, expires=EVERY_MINUTE),
    "website.forget_floods": line("website.forget_floods", crontab(minute=5), expires=timedelta(minutes=50)),
    "website.refresh_dataset": line(
        "website.refresh_dataset", crontab(minute=35), expires=timedelta(minutes=50)
    ),
}
