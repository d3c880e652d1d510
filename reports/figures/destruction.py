"""파기: what was destroyed, how late, and which sweeps failed or refused to run."""

from datetime import timedelta
from typing import Any

import pandas as pd
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.longrun import RunState
from footage.models import ManifestBlock, Sweep
from ordinance import parameters
from reports.figures.blocks import destroyed_blocks
from reports.figures.context import Reach, month_label
from reports.tabulation import LONGEST_LIST, Column, Figure, Row, Section, Table

SOURCE = "파기 목록 (파일별 한 줄, 실제로 지운 시각 기준)"
SWEEP_SOURCE = "파기 실행 기록"
# Footage is to be gone within a minute of being due, 99 times in 100 (docs/footage.md).
ON_TIME = timedelta(minutes=1)
LATEST_SHOWN = 20


def section(reach: Reach) -> Section:
    blocks = destroyed_blocks(reach)
    sweeps = _sweeps(reach)
    margin = parameters.value("destruction_margin_days", on=reach.today)
    return Section(
        code="destruction",
        title="영상정보의 파기",
        lead=(
            "보관기간이 끝난 영상은 자동으로 파기하고, 파기할 때마다 파일 하나하나를 파기 목록에 남깁니다. "
            f"지연은 보관기간이 끝난 때부터 파기 실행까지의 시간이며, 표준지침의 한도는 {margin.value}일입니다."
        ),
        figures=_figures(blocks, sweeps, timedelta(days=int(margin.value))),
        tables=[_by_month(reach, blocks), _latest(blocks), _troubled(sweeps)],
        notes=_notes(),
        source=f"{SOURCE}; {SWEEP_SOURCE}",
        article=f"조례 제24조제1항, 법 제21조, {margin.citation}",
    )


def _sweeps(reach: Reach) -> QuerySet[Any]:
    """Sweeps that ended in the quarter, by the real clock: `at` may be an instant that somebody named."""
    ended = Sweep.objects.filter(is_dry_run=False).annotate(
        ended_at=Coalesce(F("finished_at"), F("started_at"), F("requested_at"))
    )
    return ended.filter(ended_at__gte=reach.period.from_at, ended_at__lt=reach.until_at)


_FAILED = Q(is_refused=False) & (Q(state=RunState.FAILED) | Q(errors__gt=0))


def _figures(blocks: pd.DataFrame, sweeps: QuerySet[Any], margin: timedelta) -> list[Figure]:
    destroyed, on_time = int(blocks["files"].sum()), int(blocks["on_time"].sum())
    late = max(destroyed - on_time, 0)
    # Rounded down: a single late file must not disappear in a full hundred.
    share = 10_000 * (destroyed - late) // destroyed / 100 if destroyed else None
    runs = sweeps.aggregate(
        failed=Count("pk", filter=_FAILED), refused=Count("pk", filter=Q(is_refused=True))
    )
    beyond = blocks[blocks["lateness"] > margin.total_seconds()]
    return [
        Figure("destroyed_files", "파기한 영상 파일", destroyed, is_flow=True),
        Figure("destroyed_bytes", "파기한 영상 용량", int(blocks["bytes"].sum()), "bytes", is_flow=True),
        Figure("destroying_sweeps", "파일을 파기한 파기 실행", int(blocks["sweep"].nunique()), is_flow=True),
        Figure("destroyed_on_time", "보관기간이 끝나고 1분 안에 파기한 파일", destroyed - late, is_flow=True),
        Figure("on_time_share", "1분 안에 파기한 비율 (목표 99%)", share, "percent", is_flow=True),
        Figure("destroyed_late", "1분을 넘겨 늦게 파기한 파일", late, is_flow=True, is_shortfall=True),
        Figure(
            "worst_lateness",
            "가장 길었던 지연",
            float(blocks["lateness"].max()) if len(blocks) else None,
            "seconds",
            is_flow=True,
        ),
        Figure(
            "beyond_margin",
            f"지연이 표준지침의 한도({margin.days}일)를 넘은 파기 실행",
            int(beyond["sweep"].nunique()),
            is_flow=True,
            is_shortfall=True,
        ),
        Figure(
            "sweeps_failed",
            "실패하거나 오류가 있었던 파기 실행",
            runs["failed"],
            is_flow=True,
            is_shortfall=True,
        ),
        Figure(
            "sweeps_refused",
            "거부된 파기 실행 (시계 이상, 되돌린 원장)",
            runs["refused"],
            is_flow=True,
            is_shortfall=True,
        ),
    ]


def _by_month(reach: Reach, blocks: pd.DataFrame) -> Table:
    rows = [
        _sum_row(month_label(month), blocks[blocks["month"] == month_label(month)])
        for month in reach.period.months
    ]
    return Table(
        code="destruction_by_month",
        title="월별 파기",
        columns=[
            Column("label", "월", width=14),
            Column("sweeps", "파기 실행", "count", 15),
            Column("files", "파기 파일", "count", 19),
            Column("bytes", "파기 용량", "bytes", 18),
            Column("late", "1분 넘게 지연", "count", 16),
            Column("worst", "가장 긴 지연", "seconds", 18),
        ],
        rows=rows if len(blocks) else [],
        total=_sum_row("계", blocks) if len(blocks) else None,
        source=SOURCE,
        article="조례 제24조제1항, 표준지침 제10조·제41조",
        note="파기 실행은 파일을 하나라도 파기한 것만 셉니다.",
        chart="files",
        empty="이 기간에 파기한 영상이 없습니다.",
    )


def _sum_row(label: str, blocks: pd.DataFrame) -> Row:
    files = int(blocks["files"].sum())
    return {
        "key": label,
        "label": label,
        "sweeps": int(blocks["sweep"].nunique()),
        "files": files,
        "bytes": int(blocks["bytes"].sum()),
        "late": max(files - int(blocks["on_time"].sum()), 0),
        "worst": float(blocks["lateness"].max()) if len(blocks) else None,
    }


def _latest(blocks: pd.DataFrame) -> Table:
    """The sweeps that were latest, worst first."""
    sums = blocks.groupby("sweep", as_index=False).agg(
        ended_at=("done_at", "max"),
        files=("files", "sum"),
        on_time=("on_time", "sum"),
        worst=("lateness", "max"),
        entry=("entry", "max"),
    )
    late = sums[sums["worst"] > ON_TIME.total_seconds()].sort_values(
        ["worst", "sweep"], ascending=[False, True]
    )
    shown: list[dict[str, Any]] = late.head(LATEST_SHOWN).to_dict("records")  # type: ignore[assignment]
    rows: list[Row] = [
        {
            "key": str(sweep["sweep"]),
            "number": f"#{sweep['sweep']}",
            "ended_at": sweep["ended_at"].isoformat(),
            "files": int(sweep["files"]),
            "late": max(int(sweep["files"]) - int(sweep["on_time"]), 0),
            "worst": float(sweep["worst"]),
            "entry": int(sweep["entry"]) if pd.notna(sweep["entry"]) else None,
        }
        for sweep in shown
    ]
    return Table(
        code="late_sweeps",
        title=f"늦은 파기 (지연이 큰 순으로 {LATEST_SHOWN}건까지)",
        columns=[
            Column("number", "파기 실행", width=14),
            Column("ended_at", "실행한 때", "instant", 24),
            Column("files", "파기 파일", "count", 15),
            Column("late", "그중 지연", "count", 15),
            Column("worst", "가장 긴 지연", "seconds", 18),
            Column("entry", "원장 번호", "count", 14),
        ],
        rows=rows,
        left_out=max(len(late) - len(rows), 0),
        source=SOURCE,
        article="표준지침 제10조",
        empty="1분을 넘겨 늦게 파기한 실행이 없습니다.",
    )


def _troubled(sweeps: QuerySet[Any]) -> Table:
    troubled = sweeps.filter(_FAILED | Q(is_refused=True)).order_by("-ended_at", "-pk")
    rows: list[Row] = [
        {
            "key": str(sweep.pk),
            "number": f"#{sweep.pk}",
            "ended_at": sweep.ended_at.isoformat(),
            "result": "거부" if sweep.is_refused else "실패",
            "errors": sweep.errors,
            "reason": sweep.error or None,
        }
        for sweep in troubled.defer("report")[:LONGEST_LIST]
    ]
    return Table(
        code="troubled_sweeps",
        title="실패·거부된 파기 실행",
        columns=[
            Column("number", "파기 실행", width=12),
            Column("ended_at", "실행한 때", "instant", 21),
            Column("result", "결과", width=17),
            Column("errors", "오류", "count", 10),
            Column("reason", "사유", width=40),
        ],
        rows=rows,
        left_out=max(troubled.count() - len(rows), 0),
        source=SWEEP_SOURCE,
        article="조례 제24조제1항",
        note="같은 까닭으로 거듭 거부된 실행은 한 줄로 적습니다.",
        empty="실패하거나 거부된 파기 실행이 없습니다.",
    )


def _notes() -> list[str]:
    unfinished = ManifestBlock.objects.filter(done_at__isnull=True).count()
    if not unfinished:
        return []
    return [
        f"아직 완료되지 않은 파기 목록이 {unfinished:,}건 있어 위 수치에 들어 있지 않습니다. "
        "다음 파기 실행이 이어서 처리합니다."
    ]
