from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate


def _seed(**kwargs: Any) -> None:
    # Law files and holidays are read after a migration, not at each start of a command.
    from ordinance import seeding

    seeding.after_migrate(**kwargs)


class OrdinanceConfig(AppConfig):
    """Law as data, deadlines, holidays, rules, findings."""

    name = "ordinance"
    verbose_name = "조례·법령"

    def ready(self) -> None:
        from ledger import kinds
        from ordinance import (  # noqa: F401 - `checks` registers itself
            assessment_run,
            checks,
            decisions,
            due,
            duedates,
            exceptions,
            holiday_changes,
            holidays,
            providers,
        )

        post_migrate.connect(_seed, sender=self, dispatch_uid="ordinance.seeding")
        post_delete.connect(
            holidays.note_deleted, sender="ordinance.Holiday", dispatch_uid="ordinance.holiday_deleted"
        )
        holiday_changes.register(duedates.follow_holidays)
        kinds.register(holiday_changes.LINE_KIND, "처리기한 변경")
        kinds.register(assessment_run.LINE_KIND, "조례 점검")
        kinds.register(exceptions.GRANTED, "점검 예외 인정")
        kinds.register(exceptions.REVOKED, "점검 예외 취소")
        kinds.register(decisions.LINE_KIND, "기준값의 결정")
        for code, verb, *needs in providers.DEEDS:
            due.declare(code, verb, *needs)
        due.register("ordinance.holidays", providers.missing_holidays)
        due.register("ordinance.due_dates", providers.open_due_dates)
        due.register("ordinance.findings", providers.findings_to_care_for)
        due.register("ordinance.exceptions", providers.lapsing_exceptions)
        due.register("ordinance.assessment", providers.silent_assessment)
