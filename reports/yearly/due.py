"""What the officials' list says: from 1 January on the papers of the year before wait to be finished, and sent."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from ordinance import holidays, parameters
from ordinance.due import DueItem, Severity
from ordinance.parameters import UnknownParameter
from records.self_inspection import calendar
from reports.models import YearlyKind, YearlyPaper
from reports.yearly import papers

CODE = "reports.yearly"
REPORT_BY = "committee_council_report_by"


def due_on(kind: str, year: int) -> dt.date | None:
    """The last day for the paper of that year; None where no law names one."""
    if kind not in papers.TO_BE_SENT:
        return None
    try:
        value = parameters.value(REPORT_BY, dt.date(year + 1, 1, 1)).value
    except UnknownParameter:
        return None
    day = dt.date.fromisoformat(f"{year + 1}-{value}")
    return holidays.calendar(day, day + dt.timedelta(days=31)).next_working_day(day)


def last_year(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    year, since = today.year - 1, calendar.first_year()
    if since is None or year < since:
        return
    done = papers.newest(year)
    for kind in YearlyKind:
        if not _is_done(done.get(kind)):
            yield _item(kind, year, today, is_finished=kind in done)


def _is_done(paper: YearlyPaper | None) -> bool:
    return paper is not None and (paper.kind not in papers.TO_BE_SENT or paper.sent_on is not None)


def _item(kind: YearlyKind, year: int, today: dt.date, *, is_finished: bool) -> DueItem:
    day = due_on(kind, year)
    return DueItem(
        CODE,
        f"{year}년 {kind.label}: {'의회에 보고하고 기록합니다' if is_finished else '확정해야 합니다'}",
        "시스템이 정리한 자료를 읽고 설명을 적어 확정합니다.",
        Severity.OVERDUE if day and today > day else Severity.DUE,
        "yearly:page",
        (year, kind.value),
        article=papers.ARTICLES[kind],
        due_on=day,
        key=f"{CODE}:{kind.value}:{year}",
        kind="연간 문서",
    )
