"""청구와 신고: what people asked of the office in a quarter, and whether they were answered in time.

Whoever supervises the office reads here what is overdue. Nothing here names a request or a person. A matter is counted
as it stood on record when the quarter ended: neither answering it later, nor writing down later that it was answered,
makes it punctual. A notice has two days, that of the act and that on which it was written down; what lies between is told.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from django.db.models import Min, QuerySet

from cameras.models import SignReport
from casework import shares
from ordinance.models import DueDate
from records.enums import DecisionOutcome, RequestChannel, RequestKind
from records.models import ViewingDecision, ViewingNotice, ViewingRequest
from records.viewing import lateness
from reports.figures.context import Reach, frame
from reports.period import SEOUL
from reports.tabulation import (
    NOT_APPLICABLE,
    Column,
    Figure,
    Row,
    Section,
    Table,
    shorten,
    where_known,
    where_recorded,
)

SOURCE = "열람등 청구 접수·결정 기록, 처리기한 기록"
ARTICLE = "조례 제22조, 법 제35조"
SIGN_SOURCE = "안내판 신고 기록"


def section(reach: Reach) -> Section:
    received = _within(ViewingRequest.objects.all(), "received_at", reach)
    decided = _decided(reach)
    answered = _answered(decided)
    late = _late(reach)
    is_known = reach.is_recorded or received.exists() or bool(len(decided))
    return Section(
        code="requests",
        title="주민의 청구와 신고",
        lead=(
            "분기 중에 접수한 열람등 청구와 안내판 신고, 그 처리입니다. 기한이 지났는지는 분기 말(진행 중인 분기는 "
            "발행 시점)을 기준으로 세며, 청구의 내용과 청구인은 적지 않습니다."
        ),
        figures=[
            *where_recorded(is_known, _request_figures(reach, received, answered, late)),
            *where_recorded(reach.is_recorded, _sign_figures(reach)),
        ],
        tables=where_known(
            is_known, [_by_channel(received), _by_outcome(decided), _written_later(answered, late)]
        ),
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
            "notice__on": "told_on",
        },
    )


def _answered(decided: pd.DataFrame) -> pd.DataFrame:
    """One row per request that was answered, with how long the last answer to it took."""
    last = decided.drop_duplicates("number", keep="last")
    took = pd.to_datetime(last["notified"], utc=True) - pd.to_datetime(last["received"], utc=True)
    return last.assign(seconds=took.dt.total_seconds())


@dataclass(frozen=True)
class Late:
    """A request that went past a due date: whether it was on record as open when the quarter ended, and whether only
    the writing down was late."""

    is_open: bool
    is_by_record: bool


def _late(reach: Reach) -> dict[str, Late]:
    """Requests that went past a due date before the quarter ended, by number."""
    passed = lateness.answers(DueDate.objects.filter(due_at__lt=reach.until_at))
    rows = list(passed.values_list("subject_number", "due_on", "closed_at"))
    written = _written_at({number for number, *_ in rows})
    late: dict[str, Late] = {}
    for number, due_on, closed_at in rows:
        on_record_at = closed_at and written.get((number, _day(closed_at)), closed_at)
        if on_record_at is None or _day(on_record_at) > due_on:
            before = late.get(number, Late(False, True))
            late[number] = Late(
                before.is_open or on_record_at is None or on_record_at >= reach.until_at,
                before.is_by_record and closed_at is not None and _day(closed_at) <= due_on,
            )
    return late


def _written_at(numbers: set[str]) -> dict[tuple[str, date], datetime]:
    """When the notices of a day were written down."""
    notices = ViewingNotice.objects.filter(request__receipt_number__in=numbers).order_by("-at")
    return {(number, on): at for number, on, at in notices.values_list("request__receipt_number", "on", "at")}


def _day(at: datetime) -> date:
    return at.astimezone(SEOUL).date()


def _request_figures(
    reach: Reach, received: "QuerySet[ViewingRequest]", answered: pd.DataFrame, late: dict[str, Late]
) -> list[Figure]:
    passed = [late[number] for number in answered["number"] if number in late]
    written_late = sum(one.is_by_record for one in passed)
    decided_late = len(passed) - written_late
    in_time = len(answered) - len(passed)
    postponed = ViewingDecision.objects.filter(outcome=DecisionOutcome.POSTPONED)
    none_decided = NOT_APPLICABLE if not len(answered) else ""

    def counted(code: str, label: str, value: int, *, is_shortfall: bool = False) -> Figure:
        return Figure(code, label, value, is_flow=True, is_shortfall=is_shortfall)

    return [
        counted("requests_received", "접수한 열람등 청구", received.count()),
        counted("requests_decided", "결정을 통지한 열람등 청구", len(answered)),
        counted("requests_in_time", "기한 안에 통지하고 기록한 청구", in_time),
        Figure(
            "requests_in_time_share",
            "기한 안에 통지하고 기록한 비율",
            shares.percent(in_time, len(answered)),
            "percent",
            is_flow=True,
            absent=none_decided,
        ),
        counted("requests_decided_late", "기한을 넘겨 통지한 청구", decided_late, is_shortfall=True),
        counted(
            "requests_written_late",
            "통지한 날은 기한 안이나 기한이 지난 뒤에 기록한 청구",
            written_late,
            is_shortfall=True,
        ),
        counted(
            "requests_overdue",
            "기한이 지났으나 통지한 기록이 없던 청구",
            sum(one.is_open for one in late.values()),
            is_shortfall=True,
        ),
        counted("requests_postponed", "열람을 연기한 건", _within(postponed, "notice__at", reach).count()),
        Figure(
            "requests_median",
            "접수부터 통지를 기록할 때까지 (가운데 값)",
            float(answered["seconds"].median()) if len(answered) else None,
            "seconds",
            is_flow=True,
            absent=none_decided,
        ),
        Figure(
            "requests_longest",
            "접수부터 통지를 기록할 때까지 (가장 긴 것)",
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


def _written_later(answered: pd.DataFrame, late: dict[str, Late]) -> Table:
    """Notices that were not written down on their day: both days are told, one line per pair."""
    rows: dict[str, Row] = {}
    for number, told_on, at in zip(
        answered["number"], answered["told_on"], answered["notified"], strict=True
    ):
        days = (_day(at) - told_on).days
        if days <= 0:
            continue
        judged = (
            "기한 안" if number not in late else "기한 뒤에 기록" if late[number].is_by_record else "기한 뒤"
        )
        key = f"{told_on}:{_day(at)}:{judged}"
        before = rows.setdefault(
            key,
            {
                "key": key,
                "told_on": told_on.isoformat(),
                "written_on": _day(at).isoformat(),
                "days": days,
                "judged": judged,
                "requests": 0,
            },
        )
        before["requests"] = int(before["requests"] or 0) + 1
    return shorten(
        Table(
            code="requests_written_later",
            title="통지한 날과 기록한 날이 다른 통지",
            columns=[
                Column("told_on", "통지한 날", "date"),
                Column("written_on", "기록한 날", "date"),
                Column("days", "사이", "days", 14),
                Column("judged", "기한", width=22),
                Column("requests", "건수", "count", 14),
            ],
            rows=sorted(rows.values(), key=lambda row: -int(row["days"] or 0)),
            source=SOURCE,
            article=ARTICLE,
            note="통지는 기록한 때에 한 것으로 세고, 앞선 날짜를 적은 것은 두 날을 모두 적습니다.",
            empty="통지한 날이 지나서 기록한 통지가 없습니다.",
        )
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
