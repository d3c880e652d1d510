"""What this app has to say on the officials' home page."""

import datetime
from collections.abc import Iterator
from typing import Any

from ordinance import holidays
from ordinance.due import DueItem, Severity
from ordinance.models import DueDate
from ordinance.periods import DAY, SEOUL, day_text

HOLIDAY_LAW = "관공서의 공휴일에 관한 규정"


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
