"""청구와 신고: what people asked of the office in a quarter, and whether they were answered in time.

Whoever supervises the office reads here what is overdue. Nothing here names a request or a person. A matter is counted
as it stood when the quarter ended, so that answering it later does not make it punctual.
"""

from collections import Counter
from datetime import datetime

import pandas as pd
from django.db.models import Min, QuerySet

from cameras.models import SignReport
from casework import shares
from ordinance.models import DueDate
from records.enums import DecisionOutcome, RequestChannel, RequestKind
from records.models import ViewingDecision, ViewingRequest
from records.viewing import lateness
from reports.figures.context import Reach, frame
from reports.period import SEOUL
from reports.tabulation import NOT_APPLICABLE, Column, Figure, Row, Section, Table, where_recorded

SOURCE = "열람등 청구 접수·결정 기록, 처리기한 기록"
ARTICLE = "조례 제22조, 법 제35조"
SIGN_SOURCE = "안내판 신고 기록"


def section(reach: Reach) -> Section:
    received = _within(ViewingRequest.objects.all(), "received_at", reach)
    decided = _decided(reach)
    answered = _answered(decided)
    late = _late(reach)
    return Section(
        code="requests",
        title="주민의 청구와 신고",
        lead=(
            "분기 중에 접수한 열람등 청구와 안내판 신고, 그 처리입니다. 기한이 지났는지는 분기 말(진행 중인 분기는 "
            "발행 시점)을 기준으로 세며, 청구의 내용과 청구인은 적지 않습니다."
        ),
        figures=where_recorded(
            reach.is_recorded,
            [
                *_request_figures(reach, received, answered, late),
                *_sign_figures(reach),
            ],
        ),
        tables=[_by_channel(received), _by_outcome(decided)],
        source=f"{SOURCE}; {SIGN_SOURCE}",
        article=f"{ARTICLE}, 조례 제9조",
    )


def _within(rows: "QuerySet", field: str, reach: Reach) -> "QuerySet":
    return rows.filter(**{f"{field}__gte": reach.period.from_at, f"{field}__lt": reach.until_at})


def _decided(reach: Reach) -> pd.DataFrame:
    """The final decisions that were notified in the quarter: before its notice a decision is none."""
    final = ViewingDecision.objects.exclude(outcome=DecisionOutcome.POSTPONED)
    return frame(
        _within(final, "notice__at", reach).order_by("notice__at", "pk"),
        {
            "request__receipt_number": "number",
            "request__received_at": "received",
            "kind": "kind",
            "outcome": "outcome",
            "notice__at": "notified",
        },
    )


def _answered(decided: pd.DataFrame) -> pd.DataFrame:
    """One row per request that was answered, with how long the last answer to it took."""
    last = decided.drop_duplicates("number", keep="last")
    took = pd.to_datetime(last["notified"], utc=True) - pd.to_datetime(last["received"], utc=True)
    return last.assign(seconds=took.dt.total_seconds())


def _late(reach: Reach) -> dict[str, bool]:
    """Requests that went past a due date before the quarter ended: by number, whether they were still open then."""
    passed = lateness.answers(DueDate.objects.filter(due_at__lt=reach.until_at))
    late: dict[str, bool] = {}
    for number, due_on, closed_at in passed.values_list("subject_number", "due_on", "closed_at"):
        if closed_at is None or closed_at.astimezone(SEOUL).date() > due_on:
            is_open = closed_at is None or closed_at >= reach.until_at
            late[number] = late.get(number, False) or is_open
    return late


def _request_figures(
    reach: Reach, received: "QuerySet[ViewingRequest]", answered: pd.DataFrame, late: dict[str, bool]
) -> list[Figure]:
    decided_late = int(answered["number"].isin(list(late)).sum())
    in_time = len(answered) - decided_late
    postponed = ViewingDecision.objects.filter(outcome=DecisionOutcome.POSTPONED)
    none_decided = NOT_APPLICABLE if not len(answered) else ""

    def counted(code: str, label: str, value: int, *, is_shortfall: bool = False) -> Figure:
        return Figure(code, label, value, is_flow=True, is_shortfall=is_shortfall)

    return [
        counted("requests_received", "접수한 열람등 청구", received.count()),
        counted("requests_decided", "결정을 통지한 열람등 청구", len(answered)),
        counted("requests_in_time", "그중 기한 안에 통지한 청구", in_time),
        Figure(
            "requests_in_time_share",
            "기한 안에 통지한 비율",
            shares.percent(in_time, len(answered)),
            "percent",
            is_flow=True,
            absent=none_decided,
        ),
        counted("requests_decided_late", "기한을 넘겨 통지한 청구", decided_late, is_shortfall=True),
        counted(
            "requests_overdue",
            "기한이 지났으나 결정을 통지하지 않은 청구",
            sum(late.values()),
            is_shortfall=True,
        ),
        counted("requests_postponed", "열람을 연기한 건", _within(postponed, "notice__at", reach).count()),
        Figure(
            "requests_median",
            "접수부터 통지까지 걸린 시간 (가운데 값)",
            float(answered["seconds"].median()) if len(answered) else None,
            "seconds",
            is_flow=True,
            absent=none_decided,
        ),
        Figure(
            "requests_longest",
            "접수부터 통지까지 걸린 시간 (가장 긴 것)",
            float(answered["seconds"].max()) if len(answered) else None,
            "seconds",
            is_flow=True,
            absent=none_decided,
        ),
    ]


def _sign_figures(reach: Reach) -> list[Figure]:
    received = SignReport.objects.filter(received_at__lt=reach.until_at)
    open_then = received.filter(closed_at=None) | received.filter(closed_at__gte=reach.until_at)
    oldest: datetime | None = open_then.aggregate(oldest=Min("received_at"))["oldest"]
    return [
        Figure(
            "sign_reports",
            "접수한 안내판 신고",
            _within(received, "received_at", reach).count(),
            is_flow=True,
        ),
        Figure(
            "sign_reports_closed",
            "처리한 안내판 신고",
            _within(received, "closed_at", reach).count(),
            is_flow=True,
        ),
        Figure("sign_reports_open", "처리하지 않은 안내판 신고", open_then.count(), is_flow=True),
        Figure(
            "sign_reports_oldest",
            "처리하지 않은 신고 가운데 가장 오래된 접수",
            oldest.isoformat() if oldest else None,
            "instant",
            is_flow=True,
            absent=NOT_APPLICABLE,
        ),
    ]


def _by_channel(received: "QuerySet[ViewingRequest]") -> Table:
    counts = Counter(received.values_list("channel", flat=True))
    rows: list[Row] = [
        {"key": channel.value, "label": str(channel.label), "requests": counts[channel.value]}
        for channel in RequestChannel
    ]
    total = sum(counts.values())
    return Table(
        code="requests_by_channel",
        title="접수 경로별 열람등 청구",
        columns=[Column("label", "접수 경로"), Column("requests", "접수", "count", 24)],
        rows=rows if total else [],
        total={"key": "total", "label": "계", "requests": total} if total else None,
        source=SOURCE,
        article=ARTICLE,
        empty="분기 중 접수한 열람등 청구가 없습니다.",
    )


def _by_outcome(decided: pd.DataFrame) -> Table:
    counts = Counter(zip(decided["kind"], decided["outcome"], strict=True))
    rows: list[Row] = [
        {
            "key": f"{kind.value}:{outcome.value}",
            "label": str(kind.label),
            "outcome": str(outcome.label),
            "requests": counts[kind.value, outcome.value],
        }
        for kind in RequestKind
        for outcome in DecisionOutcome
        if counts[kind.value, outcome.value]
    ]
    return Table(
        code="requests_by_outcome",
        title="청구한 내용별 결정",
        columns=[Column("label", "구분"), Column("outcome", "결정"), Column("requests", "건수", "count", 24)],
        rows=rows,
        total={"key": "total", "label": "계", "outcome": "", "requests": len(decided)} if rows else None,
        source=SOURCE,
        article=ARTICLE,
        note="한 청구에서 청구한 것(존재확인, 열람, 정정·삭제)마다 결정하므로 청구의 수보다 많을 수 있습니다.",
        empty="분기 중 결정을 통지한 열람등 청구가 없습니다.",
    )
