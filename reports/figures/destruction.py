"""파기: what was destroyed, how late, and which sweeps failed or refused to run."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.longrun import RunState
from casework import shares
from footage.delays import DECISION, HOLD, LAWFUL, PERIOD, STORAGE, SWEEP
from footage.models import ManifestBlock, Sweep
from ordinance import parameters
from reports.figures.blocks import destroyed_blocks
from reports.figures.context import Reach, month_label, month_name, next_month
from reports.period import SEOUL
from reports.tabulation import (
    NOT_APPLICABLE,
    NOT_LOOKED_AT,
    NOT_RECORDED,
    Column,
    Figure,
    Kind,
    Row,
    Section,
    Table,
    Value,
    shorten,
    where_known,
)

SOURCE = "파기 목록 (파일별 한 줄, 실제로 지운 시각 기준)"
SWEEP_SOURCE = "파기 실행 기록"
# Footage is to be gone within a minute of being due, 99 times in 100 (docs/footage.md).
ON_TIME = timedelta(minutes=1)
LATEST_SHOWN = 20
# Instants and counts in the text of an error.
_VARYING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+|[0-9][0-9,]*(?=건)")


class Cause(NamedTuple):
    """Why a file stayed beyond its period, and how that is judged."""

    label: str
    judged: str


class Kept(NamedTuple):
    files: int
    seconds: float
    longest: float


CAUSES = {
    HOLD: Cause("삭제 유예 (건 때부터 해제될 때까지)", "적법 (유예)"),
    PERIOD: Cause("줄이기 전의 보관기간 (줄일 때까지)", "적법 (당시 보관기간)"),
    DECISION: Cause("미등록 폴더의 처리 미결정 (결정할 때까지)", "기간 초과"),
    STORAGE: Cause("저장소 연결 끊김 (다시 연결될 때까지)", "기간 초과"),
    SWEEP: Cause("파기가 실행되지 않음 (실행 중단·실패, 도입 전)", "기간 초과"),
}


def section(reach: Reach) -> Section:
    blocks = destroyed_blocks(reach)
    sweeps = _sweeps(reach)
    margin = parameters.value("destruction_margin_days", on=reach.last_on)
    beyond = _beyond(blocks)
    return Section(
        code="destruction",
        title="영상정보의 파기",
        lead=(
            "보관기간이 끝난 영상은 자동으로 파기하고, 파기할 때마다 파일 하나하나를 파기 목록에 남깁니다. "
            "지연은 보관기간이 끝나 파기할 수 있었는데 파기하지 않은 시간의 합입니다. 삭제 유예가 유효하던 시간, 당시의 더 긴 "
            "보관기간, 미등록 폴더의 처리가 결정되지 않은 시간, 저장소가 끊겨 있던 시간은 그 시작부터 끝까지만 빼고 까닭별로 "
            "따로 적습니다. 기간이 지난 뒤에 건 유예나 늘린 기간은 그 전의 지연을 없애지 않습니다. "
            f"표준지침의 한도는 {margin.value}일입니다."
        ),
        figures=_figures(reach, blocks, beyond, sweeps, timedelta(days=int(margin.value))),
        tables=where_known(
            reach.footage_began(),
            [
                *where_known(
                    reach.was_swept,
                    [_by_month(reach, blocks), _by_cause(blocks, beyond), _latest(blocks)],
                    NOT_LOOKED_AT,
                ),
                _troubled(sweeps),
            ],
        ),
        notes=_notes(blocks),
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


def _figures(
    reach: Reach,
    blocks: pd.DataFrame,
    beyond: Mapping[str, Kept],
    sweeps: QuerySet[Any],
    margin: timedelta,
) -> list[Figure]:
    destroyed, on_time, late = (int(blocks[name].sum()) for name in ("files", "on_time", "late"))
    runs = sweeps.aggregate(
        failed=Count("pk", filter=_FAILED), refused=Count("pk", filter=Q(is_refused=True))
    )
    unlawful = [kept for cause, kept in beyond.items() if cause not in LAWFUL]
    # Where nobody looked for what was due, nothing destroyed is nothing known.
    is_known = bool(blocks["lateness"].notna().any()) if len(blocks) else reach.was_swept
    not_known = NOT_RECORDED if len(blocks) else NOT_LOOKED_AT
    began = reach.footage_began()

    def counted(
        code: str,
        label: str,
        value: Value,
        kind: Kind = "count",
        *,
        is_shortfall: bool = False,
        absent: str = NOT_RECORDED,
    ) -> Figure:
        known = value if began else None
        return Figure(
            code,
            label,
            known,
            kind,
            is_flow=True,
            is_shortfall=is_shortfall,
            absent=absent if began else NOT_RECORDED,
        )

    none_destroyed = NOT_RECORDED if destroyed else NOT_APPLICABLE
    return [
        counted("destroyed_files", "파기한 영상 파일", destroyed),
        counted("destroyed_bytes", "파기한 영상 용량", int(blocks["bytes"].sum()), "bytes"),
        counted("destroying_sweeps", "파일을 파기한 파기 실행", int(blocks["sweep"].nunique())),
        counted("destroyed_on_time", "보관기간이 끝나고 늦지 않게(1분 안에) 파기한 파일", on_time),
        counted(
            "on_time_share",
            "1분 안에 파기한 비율 (목표 99%)",
            shares.percent(on_time, on_time + late),
            "percent",
            absent=none_destroyed,
        ),
        counted(
            "destroyed_late",
            "1분을 넘겨 늦게 파기한 파일",
            late if is_known else None,
            is_shortfall=True,
            absent=not_known,
        ),
        counted(
            "destroyed_unknown",
            "1분을 넘겼으나 까닭과 지연을 기록하지 않은 파일",
            int(blocks["unknown"].sum()) if len(blocks) or reach.was_swept else None,
            is_shortfall=True,
            absent=not_known,
        ),
        counted(
            "worst_lateness",
            "가장 길었던 지연",
            float(blocks["lateness"].max()) if blocks["lateness"].notna().any() else None,
            "seconds",
            absent=none_destroyed,
        ),
        counted(
            "beyond_margin",
            f"지연이 표준지침의 한도({margin.days}일)를 넘은 파일",
            int(blocks["beyond_margin"].sum()) if is_known else None,
            is_shortfall=True,
            absent=not_known,
        ),
        counted(
            "kept_unlawfully",
            "보관기간을 넘겨 남아 있다가 파기된 파일 (유예 등 적법한 것 제외)",
            int(blocks["kept_unlawfully"].sum()) if is_known else None,
            is_shortfall=True,
            absent=not_known,
        ),
        counted(
            "kept_unlawfully_hours",
            "보관기간을 넘겨 남아 있다가 파기된 파일이 남아 있던 시간의 합",
            sum(kept.seconds for kept in unlawful) if is_known else None,
            "file_hours",
            absent=not_known,
        ),
        counted("sweeps_failed", "실패하거나 오류가 있었던 파기 실행", runs["failed"], is_shortfall=True),
        counted(
            "sweeps_refused", "거부된 파기 실행 (시계 이상, 되돌린 원장)", runs["refused"], is_shortfall=True
        ),
    ]


def _beyond(blocks: pd.DataFrame) -> dict[str, Kept]:
    """Over all blocks that recorded it: what stayed beyond its period, by cause."""
    found: dict[str, Kept] = {}
    for causes in blocks["beyond"]:
        for cause, (files, long_us, longest_us) in (causes or {}).items():
            before = found.get(cause, Kept(0, 0.0, 0.0))
            found[cause] = Kept(
                before.files + files,
                before.seconds + long_us / 1_000_000,
                max(before.longest, longest_us / 1_000_000),
            )
    return found


def _by_cause(blocks: pd.DataFrame, beyond: Mapping[str, Kept]) -> Table:
    rows: list[Row] = [
        {
            "key": code,
            "label": cause.label,
            "judged": cause.judged,
            "files": beyond[code].files,
            "hours": beyond[code].seconds,
            "longest": beyond[code].longest,
        }
        for code, cause in CAUSES.items()
        if code in beyond
    ]
    unknown = int(blocks["unknown"].sum())
    if unknown:
        rows.append(
            {
                "key": "unknown",
                "label": "까닭을 기록하기 전의 파기",
                "judged": NOT_RECORDED,
                "files": unknown,
                "hours": None,
                "longest": None,
            }
        )
    return Table(
        code="kept_beyond",
        title="보관기간이 끝난 뒤까지 남아 있다가 파기된 파일",
        columns=[
            Column("label", "까닭", width=38),
            Column("judged", "판단", width=18),
            Column("files", "파일", "count", 12),
            Column("hours", "시간의 합 (파일 × 시간)", "file_hours", 16, NOT_RECORDED),
            Column("longest", "가장 긴 것", "seconds", 16, NOT_RECORDED),
        ],
        rows=rows,
        source=SOURCE,
        article="조례 제24조제1항, 표준지침 제10조",
        note=(
            "한 파일에 여러 까닭이 있으면 그 시간을 까닭마다 나누어 적으므로, 파일 수의 합은 실제 파일 수보다 클 수 있습니다."
        ),
        empty="보관기간이 끝나고 1분을 넘겨 남아 있던 파일이 없습니다.",
    )


def _by_month(reach: Reach, blocks: pd.DataFrame) -> Table:
    rows = [
        _sum_row(
            month_label(month),
            month_name(month, reach.last_on),
            blocks[blocks["month"] == month_label(month)],
            is_recorded=_is_recorded(month, reach),
        )
        for month in reach.months
    ]
    return Table(
        code="destruction_by_month",
        title="월별 파기",
        columns=[
            Column("label", "월", width=14),
            Column("sweeps", "파기 실행", "count", 15, NOT_RECORDED),
            Column("files", "파기 파일", "count", 19, NOT_RECORDED),
            Column("bytes", "파기 용량", "bytes", 18, NOT_RECORDED),
            Column("late", "1분 넘게 지연", "count", 16, NOT_RECORDED),
            Column("worst", "가장 긴 지연", "seconds", 18, NOT_RECORDED),
        ],
        rows=rows if len(blocks) else [],
        total=_sum_row("total", "계", blocks) if len(blocks) else None,
        source=SOURCE,
        article="조례 제24조제1항, 표준지침 제10조·제41조",
        note="파기 실행은 파일을 하나라도 파기한 것만 셉니다.",
        chart="files",
        empty="이 기간에 파기한 영상이 없습니다.",
    )


def _is_recorded(month: date, reach: Reach) -> bool:
    """Whether anything of footage was on record before the month was over."""
    began = reach.footage_began_at
    return began is not None and began.astimezone(SEOUL).date() < next_month(month)


def _sum_row(key: str, label: str, blocks: pd.DataFrame, *, is_recorded: bool = True) -> Row:
    if not is_recorded:
        unknown: Row = dict.fromkeys(("sweeps", "files", "bytes", "late", "worst"))
        return {"key": key, "label": label, **unknown}
    known = blocks[blocks["lateness"].notna()]
    return {
        "key": key,
        "label": label,
        "sweeps": int(blocks["sweep"].nunique()),
        "files": int(blocks["files"].sum()),
        "bytes": int(blocks["bytes"].sum()),
        "late": int(known["late"].sum()) if len(known) or not len(blocks) else None,
        "worst": float(known["lateness"].max()) if len(known) else None,
    }


def _latest(blocks: pd.DataFrame) -> Table:
    """The sweeps that were latest, worst first."""
    sums = blocks.groupby("sweep", as_index=False).agg(
        ended_at=("done_at", "max"),
        files=("files", "sum"),
        late=("late", "sum"),
        worst=("lateness", "max"),
        entry=("entry", "max"),
    )
    late = sums[sums["worst"] > ON_TIME.total_seconds()].sort_values(
        ["worst", "sweep"], ascending=[False, True]
    )
    rows: list[Row] = [
        {
            "key": str(sweep["sweep"]),
            "number": f"#{sweep['sweep']}",
            "ended_at": sweep["ended_at"].isoformat(),
            "files": int(sweep["files"]),
            "late": int(sweep["late"]),
            "worst": float(sweep["worst"]),
            "entry": int(sweep["entry"]) if pd.notna(sweep["entry"]) else None,
        }
        for sweep in late.to_dict("records")
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
        longest=LATEST_SHOWN,
        source=SOURCE,
        article="표준지침 제10조",
        empty="1분을 넘겨 늦게 파기한 실행이 없습니다.",
    )


def _troubled(sweeps: QuerySet[Any]) -> Table:
    """One line per cause, however many runs it stopped."""
    troubled = sweeps.filter(_FAILED | Q(is_refused=True)).order_by("ended_at", "pk")
    rows: dict[tuple[bool, str], Row] = {}
    for is_refused, errors, error, ended_at in troubled.values_list(
        "is_refused", "errors", "error", "ended_at"
    ):
        row = rows.setdefault(
            (is_refused, _cause(error)),
            {
                "key": f"{'refused' if is_refused else 'failed'}:{_cause(error)}",
                "reason": _cause(error) or None,
                "result": "거부" if is_refused else "실패",
                "runs": 0,
                "errors": 0,
                "first_at": ended_at.isoformat(),
                "last_at": ended_at.isoformat(),
            },
        )
        row["runs"] = int(row["runs"] or 0) + 1
        row["errors"] = int(row["errors"] or 0) + errors
        row["last_at"] = ended_at.isoformat()
    return shorten(
        Table(
            code="troubled_sweeps",
            title="실패·거부된 파기 실행",
            columns=[
                Column("reason", "까닭", width=36, absent=NOT_RECORDED),
                Column("result", "결과", width=16),
                Column("runs", "실행", "count", 9),
                Column("errors", "오류", "count", 9),
                Column("first_at", "처음", "instant", 15),
                Column("last_at", "마지막", "instant", 15),
            ],
            rows=sorted(rows.values(), key=lambda row: str(row["last_at"]), reverse=True),
            source=SWEEP_SOURCE,
            article="조례 제24조제1항",
            note="까닭이 같은 실행은 한 줄로 적었습니다.",
            empty="실패하거나 거부된 파기 실행이 없습니다.",
        )
    )


def _cause(error: str) -> str:
    """Without the numbers and instants that differ from run to run."""
    return _VARYING.sub("…", error)


def _notes(blocks: pd.DataFrame) -> list[str]:
    notes = []
    unfinished = ManifestBlock.objects.filter(done_at__isnull=True).count()
    if unfinished:
        notes.append(
            f"아직 완료되지 않은 파기 목록이 {unfinished:,}건 있어 위 수치에 들어 있지 않습니다. "
            "다음 파기 실행이 이어서 처리합니다."
        )
    if blocks["is_by_last_cause"].any():
        files = int(blocks.loc[blocks["is_by_last_cause"], "late"].sum())
        notes.append(
            f"이 방법으로 세기 전의 파기 목록은 마지막 까닭이 끝난 때부터 지연을 세었습니다. 그때 지연된 파일은 {files:,}개이며, "
            "까닭마다 하나씩 센 것이 있을 수 있습니다."
        )
    if blocks["unknown"].sum():
        notes.append(
            "까닭을 기록하기 전에 쓰인 파기 목록은 파기할 수 있게 된 때를 적지 않았습니다. 그 파일 가운데 1분을 넘긴 것은 "
            f"지연에 넣지 않고 ‘{NOT_RECORDED}’으로 따로 셉니다."
        )
    return notes
