"""Findings, exceptions and assessments as tests need them."""

import datetime

from django.utils import timezone

from ordinance import assessment, assessment_run, exceptions, excuses, rules
from ordinance.models import Assessment, Finding, RuleException
from ordinance.rules import Context
from tests.cameras.factories import CameraFactory


def today() -> datetime.date:
    return timezone.localdate()


def assess(on: datetime.date | None = None) -> Assessment:
    return assessment_run.assess(on)


def unmet(code: str, *numbers: str, on: datetime.date | None = None, ahead: bool = False) -> set[str]:
    """The numbers that do not meet a rule; of all subjects, or of those named."""
    context = Context(on or today(), "gangseo", ahead=ahead)
    rule = rules.get(code)
    rows = excuses.exclude_excepted(rule, rule.unmet_subjects(context), context)
    if numbers:
        rows = rows.filter(**{f"{rule.number_field}__in": numbers})
    return set(rows.values_list(rule.number_field, flat=True))


def covered(code: str, *, on: datetime.date | None = None, ahead: bool = False) -> set[str]:
    rule = rules.get(code)
    rows = rule.subjects(Context(on or today(), "gangseo", ahead=ahead))
    return set(rows.values_list(rule.number_field, flat=True))


def excuse(code: str, *numbers: str, by, days: int = 30) -> list[RuleException]:
    return exceptions.grant(
        exceptions.Grant(
            rule=rules.get(code),
            numbers=list(numbers),
            reason="공사 중",
            citation=f"조례 제{rules.get(code).article}조 단서",
            approver="안전관리과장",
            until_on=today() + datetime.timedelta(days=days),
        ),
        by=by,
    )


def open_findings(code: str) -> set[str]:
    return set(Finding.objects.open().filter(rule__code=code).values_list("number", flat=True))


def a_duties_world(officer) -> dict[str, dict[str, object]]:
    """One run, one finding, one exception: what the addresses of the assessment name."""
    camera = CameraFactory()
    assessment.rejudge([camera.number])
    finding = Finding.objects.open().get(rule__code="necessity_review", number=camera.number)
    excuse("installation_checklist", camera.number, by=officer)
    exception = RuleException.objects.get()
    run = Assessment.objects.create(on=today(), requested_by=officer)
    runs = ("assessment", "assessment_progress", "assessment_cancel", "assessment_run_here")
    return {
        **{f"duties:{name}": {"pk": run.pk} for name in runs},
        "duties:finding": {"pk": finding.pk},
        "duties:exception": {"pk": exception.pk},
        "duties:exception_revoke": {"pk": exception.pk},
    }
