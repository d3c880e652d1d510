"""What this app has to say on the officials' home page."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from accounts.longrun import RunState
from ordinance import holidays, rules
from ordinance.due import DueItem, Severity
from ordinance.models import Assessment, DueDate, FindingCare, RuleException
from ordinance.periods import DAY, SEOUL, day_text

HOLIDAY_LAW = "관공서의 공휴일에 관한 규정"


# What is done about each item, and whose right it is.
DEEDS = (
    ("ordinance.holidays", "공휴일 넣기", "ordinance.add_holiday"),
    ("ordinance.findings", "조치하기", "ordinance.care_for_finding"),
    ("ordinance.exceptions", "예외 보기", "ordinance.grant_exception"),
    ("ordinance.assessment", "점검 보기", "ordinance.run_assessment"),
)


def missing_holidays(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = now.astimezone(SEOUL).date()
    if (year := holidays.missing_year(today)) is not None:
        yield DueItem(
            code="ordinance.holidays",
            title=holidays.missing_text(year),
            detail="공휴일이 없는 해의 기한은 잠정으로 셈합니다. 월력요항에 따라 등록하거나 가져오십시오.",
            severity=Severity.OVERDUE if year <= today.year else Severity.DUE,
            url_name="ordinance:holidays",
            article=HOLIDAY_LAW,
            due_on=datetime.date(year, 1, 1),
            key=f"ordinance.holidays:{year}",
        )


def open_due_dates(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    """How many open matters are overdue or due today; the apps that own them list each one."""
    today = now.astimezone(SEOUL).date()
    overdue = DueDate.objects.overdue(now)
    if count := overdue.count():
        yield DueItem(
            code="ordinance.due_dates",
            title="처리기한이 지난 건이 있습니다",
            detail=f"가장 오래된 기한: {day_text(overdue.in_order().values_list('due_on', flat=True)[0])}",
            severity=Severity.OVERDUE,
            count=count,
            key="ordinance.due_dates:overdue",
        )
    soon = DueDate.objects.open().filter(due_at__gt=now, due_on__lte=today + DAY)
    if count := soon.count():
        yield DueItem(
            code="ordinance.due_dates",
            title="오늘이나 내일 처리기한인 건이 있습니다",
            severity=Severity.DUE,
            count=count,
            due_on=soon.in_order().values_list("due_on", flat=True)[0],
            key="ordinance.due_dates:soon",
        )


def findings_to_care_for(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    """Open findings with a due date that has come or comes within a week: one item per person and day."""
    today = now.astimezone(SEOUL).date()
    soon = FindingCare.objects.filter(finding__closed_on__isnull=True, due_on__lte=today + 7 * DAY)
    rows = soon.order_by("due_on", "owner").values_list("due_on", "owner").annotate(Count("pk"))
    for due_on, owner_id, count in rows:
        yield DueItem(
            code="ordinance.findings",
            title="조치 기한을 정한 미이행 사항",
            detail="조례 점검에서 담당자나 기한을 정한 것입니다.",
            severity=Severity.OVERDUE if due_on < today else Severity.DUE,
            url=_address("duties:findings", f"owner={owner_id or 'none'}&due={due_on.isoformat()}"),
            count=count,
            due_on=due_on,
            key=f"ordinance.findings:{owner_id or 0}:{due_on.isoformat()}",
            kind="조례 점검",
            officer_id=owner_id,
        )


def lapsing_exceptions(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    """Exceptions whose last day comes within a month: what they excuse is unmet again on the day after."""
    today = now.astimezone(SEOUL).date()
    soon = RuleException.objects.in_force(today).filter(until_on__lte=today + 30 * DAY)
    rows = soon.order_by("until_on", "rule").values_list("until_on", "rule").annotate(Count("pk"))
    for until_on, code, count in rows:
        yield DueItem(
            code="ordinance.exceptions",
            title=f"곧 끝나는 점검 예외: {_title_of(code)}",
            detail="다시 인정받거나 의무를 이행하십시오. 끝나면 미이행 사항으로 나타납니다.",
            severity=Severity.DUE,
            url=_address("duties:exceptions", f"rule={code}"),
            count=count,
            due_on=until_on,
            key=f"ordinance.exceptions:{code}:{until_on.isoformat()}",
            kind="조례 점검",
        )


def silent_assessment(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    """The nightly assessment failed, or has not run for two days although it ran before."""
    last = Assessment.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    if last is None:
        return
    if last.state == RunState.FAILED or (last.finished_at and now - last.finished_at > 2 * DAY):
        yield DueItem(
            code="ordinance.assessment",
            title="조례 점검이 되지 않고 있습니다",
            detail=last.error[:300] or f"마지막 점검: {day_text(last.on)}",
            severity=Severity.FAILED,
            url_name="duties:articles",
            key="ordinance.assessment",
            kind="조례 점검",
        )


def _title_of(code: str) -> str:
    try:
        return rules.get(code).title
    except LookupError:
        return code


def _address(url_name: str, query: str) -> str:
    """A filtered list; nothing where the screens are not installed."""
    try:
        return f"{reverse(url_name)}?{query}"
    except NoReverseMatch:
        return ""
