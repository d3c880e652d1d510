"""열람등 청구의 연간 통계: what was asked for in a year and what became of it, for publication; nothing of a person.

Received counts by the day of receipt; everything else by the day on which it was told or done. A request that was
answered more than once counts its first answer's days.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from django.db.models import Min
from django.utils import timezone

from footage.models import Hold
from ordinance.periods import SEOUL
from records.enums import (
    DecisionOutcome,
    RemedyKind,
    RemedyOutcome,
    RequestChannel,
    RequestEvent,
    RequestKind,
    outcome_label,
)
from records.models import ViewingDecision, ViewingMove, ViewingRemedy, ViewingRequest
from records.viewing import figures

ENDS = {
    RequestEvent.DISMISS: "청구인을 확인할 수 없어 종결",
    RequestEvent.LAPSE: "보완하지 않아 종결",
    RequestEvent.WITHDRAW: "취하",
    RequestEvent.TRANSFER: "이송",
}
HEADINGS = ("연도", "구분", "항목", "값", "단위")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the year."""

    group: str
    item: str
    value: int | float | None
    unit: str = "건"


def lines(year: int) -> list[Line]:
    return [
        *_received(year),
        *_answered(year),
        *_ended(year),
        *_refused(year),
        *_held(year),
        *_objections(year),
    ]


def cells(year: int, found: Iterable[Line]) -> Iterator[tuple[object, ...]]:
    for line in found:
        yield year, line.group, line.item, "" if line.value is None else line.value, line.unit


def years() -> list[int]:
    """With a request, the newest first; this year always."""
    first = ViewingRequest.objects.aggregate(first=Min("received_at"))["first"]
    today = timezone.localdate().year
    since = timezone.localtime(first, SEOUL).year if first else today
    return list(range(today, min(since, today) - 1, -1))


def _received(year: int) -> Iterator[Line]:
    rows = ViewingRequest.objects.filter(received_at__year=year)
    channels = Counter(rows.values_list("channel", flat=True))
    yield Line("접수", "계", sum(channels.values()))
    for channel in RequestChannel:
        yield Line("접수 경로", str(channel.label), channels[channel.value])
    for kind, flag in (
        (RequestKind.EXISTENCE, "asks_existence"),
        (RequestKind.VIEWING, "asks_viewing"),
        (RequestKind.CORRECTION, "asks_correction"),
    ):
        yield Line("청구한 것", str(kind.label), rows.filter(**{flag: True}).count())


def _told(year: int) -> list[ViewingDecision]:
    """Final decisions that were told on a day of the year."""
    found = ViewingDecision.objects.filter(notice__on__year=year).exclude(outcome=DecisionOutcome.POSTPONED)
    return list(
        found.select_related("notice", "national_ground", "ground")
        .defer("reason", "investigation", "notice__reply")
        .order_by("notice__on", "pk")
    )


def _answered(year: int) -> Iterator[Line]:
    decided = _told(year)
    counts = Counter((each.kind, each.outcome) for each in decided)
    for kind in RequestKind:
        for outcome in DecisionOutcome:
            if count := counts[kind.value, outcome.value]:
                yield Line("결정", f"{kind.label}: {outcome_label(kind, outcome)}", count)
    days = _days(year)
    yield Line("답한 청구", "계", len(days))
    yield Line("답한 청구", "접수부터 통지까지 가운데 값", float(median(days)) if days else None, "일")
    yield Line("답한 청구", "접수부터 통지까지 가장 긴 것", max(days, default=None), "일")
    yield Line("답한 청구", "기한보다 늦게 답한 청구", figures.late_answered(year))


def _days(year: int) -> list[int]:
    """From the receipt to the first answer, of requests whose first answer was told in the year."""
    rows = (
        ViewingDecision.objects.exclude(outcome=DecisionOutcome.POSTPONED)
        .filter(notice__isnull=False)
        .order_by()
        .values_list("request", "request__received_at")
        .annotate(first=Min("notice__on"))
    )
    return [
        (first - timezone.localdate(received, SEOUL)).days
        for _request, received, first in rows
        if first.year == year
    ]


def _ended(year: int) -> Iterator[Line]:
    counts = Counter(
        ViewingMove.objects.filter(on__year=year, event__in=ENDS).values_list("event", flat=True)
    )
    for event, words in ENDS.items():
        yield Line("답하지 않고 끝남", words, counts[event.value])


def _refused(year: int) -> Iterator[Line]:
    """By the law's ground, else the ordinance's."""
    counts = Counter(
        str(each.national_ground or each.ground or "사유 없음")
        for each in _told(year)
        if each.outcome == DecisionOutcome.REFUSED
    )
    for ground, count in sorted(counts.items()):
        yield Line("거절 사유", ground, count)


def _held(year: int) -> Iterator[Line]:
    """Camera-hours that requests of the year held, however long."""
    holds = Hold.objects.filter(requested_camera__request__received_at__year=year)
    spans = holds.order_by().values_list("from_at", "until_at")
    seconds = sum((until_at - from_at).total_seconds() for from_at, until_at in spans)
    yield Line("유예", "유예한 영상", round(seconds / 3600, 1), "카메라별 시간")


def _objections(year: int) -> Iterator[Line]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    filed = ViewingRemedy.objects.filter(filed_on__range=(first, last))
    kinds = Counter(filed.values_list("kind", flat=True))
    for kind in RemedyKind:
        yield Line("불복", str(kind.label), kinds[kind.value])
    ended = ViewingRemedy.objects.filter(kind=RemedyKind.OBJECTION, ended_on__range=(first, last))
    outcomes = Counter(ended.values_list("outcome", flat=True))
    for outcome in RemedyOutcome:
        if count := outcomes[outcome.value]:
            yield Line("이의신청의 결과", str(outcome.label), count)
