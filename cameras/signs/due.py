"""What officials are reminded of: signs to make, to hang, to check again, and those that say something wrong."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from cameras.signs import overview
from cameras.signs.overview import SignState
from ordinance import due, parameters
from ordinance.due import DueItem, Severity

KIND = "안내판"
WARNING_DAYS = 30
# Screen of the portal: the list of the signs in one state.
LIST = "signs:in_state"
LAPSING = "lapsing"
# State → title, what to do, how bad.
_MATTERS = {
    SignState.NONE: ("안내판이 없는 설치장소가 있습니다", "안내판을 만들어 설치하십시오.", Severity.OVERDUE),
    SignState.DIFFERS: (
        "안내판이 대장과 다른 설치장소가 있습니다",
        "다시 만들어 교체하십시오.",
        Severity.OVERDUE,
    ),
    SignState.PRINTED: ("설치하지 않은 안내판이 있습니다", "설치한 뒤 사진으로 확인하십시오.", Severity.DUE),
    SignState.PUT_UP: (
        "사진으로 확인하지 않은 안내판이 있습니다",
        "현장에서 사진을 찍으십시오.",
        Severity.DUE,
    ),
    SignState.OVERDUE: (
        "확인 기한이 지난 안내판이 있습니다",
        "현장에서 사진을 찍으십시오.",
        Severity.OVERDUE,
    ),
}


def listen() -> None:
    due.register("cameras.signs", items)
    for state, verb, needs in (
        (SignState.NONE, "안내판 만들기", "cameras.add_sign"),
        (SignState.DIFFERS, "다시 만들기", "cameras.add_sign"),
        (SignState.PRINTED, "설치로 적기", "cameras.change_sign"),
        (SignState.PUT_UP, "사진으로 확인하기", "cameras.check_sign"),
        (SignState.OVERDUE, "사진으로 확인하기", "cameras.check_sign"),
    ):
        due.declare(f"cameras.signs_{state.value}", verb, needs)


def items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    """One item a state, and one for the checks that lapse soon, due on the day when the first of them does."""
    today = timezone.localdate(now)
    counted = overview.counts(today)
    for state, (title, detail, severity) in _MATTERS.items():
        if counted[state.value]:
            yield DueItem(
                f"cameras.signs_{state.value}",
                title,
                detail,
                severity,
                LIST,
                (state.value,),
                count=counted[state.value],
                article="조례 제9조",
                kind=KIND,
            )
    yield from _lapsing(today)


def _lapsing(today: dt.date) -> Iterator[DueItem]:
    soon = overview.lapsing(today, WARNING_DAYS).filter(last_checked_on__gte=overview.check_deadline(today))
    first = soon.first()
    if first is None or first.last_checked_on is None:
        return
    yield DueItem(
        "cameras.signs_lapsing",
        "확인 기한이 다가오는 안내판이 있습니다",
        f"{WARNING_DAYS}일 안에 기한이 되는 안내판입니다. 현장에서 사진을 찍으십시오.",
        Severity.DUE,
        LIST,
        (LAPSING,),
        count=soon.count(),
        article="조례 제9조",
        due_on=_lapses_on(first.last_checked_on, today),
        kind=KIND,
    )


def _lapses_on(checked_on: dt.date, today: dt.date) -> dt.date:
    """The last day on which the check still counts."""
    day, months = today, parameters.Timeline(overview.CHECK_MONTHS)
    while overview.check_deadline(day + dt.timedelta(days=1), months) <= checked_on:
        day += dt.timedelta(days=1)
    return day
