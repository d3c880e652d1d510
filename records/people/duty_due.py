"""What the lists of agents and officials say of the centre: swaps to answer, handovers to write or accept, visits to
approve, people on the list without the document that lets them work here.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from casework import next_steps
from ordinance.due import DueItem, Severity
from ordinance.periods import DAY
from records.duty_enums import SwapState, VisitState
from records.models import DutySwap, StaffMember, Visit
from records.people import handover, roster, visits

KIND = "관제센터"
STAND = "records.stand_duty"
WITHOUT_BASIS = "records.staff_without_basis"
# So many of them are named; the list has all.
NAMED = 5
# An application that nobody decided on is asked about for so long after its day.
LONGEST = 31 * DAY
DEEDS = (
    ("records.duty_swap", "답하기", STAND),
    ("records.handover_undone", "처리하기", STAND),
    (WITHOUT_BASIS, "적기", "records.change_staff"),
)


def items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    yield from _swaps(now)
    yield from _handovers(now)
    yield from _visits(now)
    yield from _without_basis(now)


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


def _without_basis(now: dt.datetime) -> Iterator[DueItem]:
    """Who was on the list before it asked for the document: each is refused footage and data of persons until it is there."""
    rows = StaffMember.objects.employed(timezone.localdate(now)).without_basis()
    if not (numbers := list(rows.order_by("number").values_list("number", flat=True))):
        return
    more = f" 외 {len(numbers) - NAMED:,}명" if len(numbers) > NAMED else ""
    yield DueItem(
        WITHOUT_BASIS,
        f"위탁 계약이나 발령·파견 문서를 적지 않은 사람 {len(numbers):,}명",
        f"사번 {', '.join(numbers[:NAMED])}{more}. 그동안 영상과 개인정보를 볼 수 없습니다.",
        Severity.DUE,
        "staff:list",
        count=len(numbers),
        article="조례 제17조",
        key=WITHOUT_BASIS,
        kind=KIND,
        query=urlencode({"state": "without_basis"}),
    )


def _visits(now: dt.datetime) -> Iterator[DueItem]:
    """Who waits to be let in, and who is still inside although the time is over."""
    waiting = Q(state=VisitState.APPLIED, planned_until__gte=now - LONGEST)
    rows = Visit.objects.filter(waiting | Q(state=VisitState.INSIDE, planned_until__lt=now))
    for step in next_steps.of_many(
        list(rows.defer(*visits.PERSONAL).order_by("planned_from", "pk")), now
    ).values():
        yield step.as_due(KIND)
