"""What the officials' list says: from 1 January on the year before has to be inspected, reported, published."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from ordinance.due import DueItem, Severity
from records.models import SelfInspection
from records.self_inspection import calendar
from records.self_inspection.items import CITATION

KIND = "자체점검"


def last_year(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    year, since = today.year - 1, calendar.first_year()
    if since is None or year < since:
        return
    versions = SelfInspection.objects.filter(year=year)
    reported = versions.filter(reported_on__isnull=False).order_by("reported_on").first()
    if reported is None:
        due_on = calendar.due_on(year)
        yield DueItem(
            "records.self_inspection",
            f"{year}년 자체점검의 결과를 제출해야 합니다",
            "항목마다 점검하여 확정하고, 개인정보 보호위원회에 제출한 날을 기록합니다.",
            Severity.OVERDUE if today > due_on else Severity.DUE,
            "self_inspection:list",
            article=CITATION,
            due_on=due_on,
            key=f"records.self_inspection:{year}",
            kind=KIND,
        )
    elif not versions.filter(published_on__isnull=False).exists():
        due_on = calendar.publish_by(reported)
        yield DueItem(
            "records.self_inspection_publication",
            f"{year}년 자체점검의 결과를 누리집에 공개해야 합니다",
            "제출한 결과를 누리집에 올리고 올린 곳을 기록합니다.",
            Severity.OVERDUE if today > due_on else Severity.DUE,
            "self_inspection:list",
            article=CITATION,
            due_on=due_on,
            key=f"records.self_inspection_publication:{year}",
            kind=KIND,
        )
