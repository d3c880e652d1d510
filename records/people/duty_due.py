"""What the lists of agents and officials say of duty: a swap that waits for one's answer, a change of shifts left undone."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ordinance.due import DueItem, Severity
from ordinance.periods import DAY
from records.duty_enums import SwapState
from records.models import DutySwap
from records.people import handover, roster

KIND = "관제센터"
STAND = "records.stand_duty"
DEEDS = (
    ("records.duty_swap", "답하기", STAND),
    ("records.handover_undone", "처리하기", STAND),
)


def items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    yield from _swaps(now)
    yield from _handovers(now)


def _swaps(now: dt.datetime) -> Iterator[DueItem]:
    waiting = DutySwap.objects.filter(state=SwapState.ASKED, shift__starts_at__gt=now)
    for swap in waiting.select_related("shift", "asked").defer("asked__name", "asked__address"):
        yield DueItem(
            "records.duty_swap",
            "근무를 바꾸자는 요청에 답해야 합니다",
            roster.shown(swap.shift.starts_at, swap.shift.ends_at),
            Severity.DUE,
            "duty:swaps",
            article=roster.ARTICLE,
            since=swap.asked_at,
            key=f"records.duty_swap:{swap.pk}",
            kind=KIND,
            officer_id=swap.asked.officer_id,
            asker_id=swap.asked_by_id,
        )


def _handovers(now: dt.datetime) -> Iterator[DueItem]:
    """Of the last day; older ones are the finding's business."""
    undone = handover.undone(now - DAY, now)
    if not undone:
        return
    turn_at, row = undone[-1]
    yield DueItem(
        "records.handover_undone",
        f"{handover.described(turn_at)} 교대의 인수인계를 {'적어야' if row is None else '받아야'} 합니다",
        "교대할 때마다 적고 다음 근무자가 받습니다.",
        Severity.DUE,
        "handover:list",
        count=len(undone),
        article=handover.ARTICLE,
        since=turn_at,
        key="records.handover_undone",
        kind=KIND,
    )
