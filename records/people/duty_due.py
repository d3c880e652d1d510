"""What the lists of agents and officials say of the centre: swaps to answer, handovers to write or accept, visits to approve."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from casework import next_steps
from ordinance.due import DueItem, Severity
from ordinance.periods import DAY
from records.duty_enums import SwapState, VisitState
from records.models import DutySwap, Visit
from records.people import handover, roster, visits

KIND = "관제센터"
STAND = "records.stand_duty"
# An application that nobody decided on is asked about for so long after its day.
LONGEST = 31 * DAY
DEEDS = (
    ("records.duty_swap", "답하기", STAND),
    ("records.handover_undone", "처리하기", STAND),
)


def items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    yield from _swaps(now)
    yield from _handovers(now)
    yield from _visits(now)


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
    """Of the last day; older ones are the finding's business. Each with those whose shift it is, else who keeps the roster."""
    for turn_at, row in handover.undone(now - DAY, now):
        able = handover.givers(turn_at) if row is None else handover.takers(row, now)
        yield DueItem(
            "records.handover_undone",
            f"{handover.described(turn_at)} 교대의 인수인계를 {'적어야' if row is None else '받아야'} 합니다",
            "교대할 때마다 근무를 마치는 사람이 적고 다음 근무자가 받습니다.",
            Severity.DUE,
            "handover:give" if row is None else "handover:accept",
            () if row is None else (row.pk,),
            query=urlencode({"turn": turn_at.isoformat()}) if row is None else "",
            article=handover.ARTICLE,
            since=turn_at,
            key=f"records.handover_undone:{turn_at.isoformat()}",
            kind=KIND,
            verb="인계 적기" if row is None else "받기",
            needs=(STAND if able else handover.KEEP,),
            only=frozenset(able) or None,
            waits=(handover.KEEP,),
            page_name="handover:list",
        )


def _visits(now: dt.datetime) -> Iterator[DueItem]:
    """Who waits to be let in, and who is still inside although the time is over."""
    waiting = Q(state=VisitState.APPLIED, planned_until__gte=now - LONGEST)
    rows = Visit.objects.filter(waiting | Q(state=VisitState.INSIDE, planned_until__lt=now))
    for step in next_steps.of_many(
        list(rows.defer(*visits.PERSONAL).order_by("planned_from", "pk")), now
    ).values():
        yield step.as_due(KIND)
