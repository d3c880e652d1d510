"""삭제 유예: what is kept past its period, on which ground, and for how long already.

By ground only: a hold's reason and case number tell of an investigation or of a citizen's request, and this report is
read outside the office.
"""

import pandas as pd
from django.db.models import Q, QuerySet

from footage.models import Hold
from reports.figures import vanished
from reports.figures.context import Reach, frame
from reports.tabulation import (
    NOT_APPLICABLE,
    Column,
    Figure,
    Row,
    Section,
    Table,
    where_known,
    where_recorded,
)

SOURCE = "삭제 유예 기록"
ARTICLE = "조례 제24조제1항 각 호"
NO_GROUND = "근거 조항을 적지 않음"
# Days since a hold was placed; the last class has no upper end.
AGE_CLASSES = ((0, 30), (30, 90), (90, 180), (180, 365), (365, None))
COLUMNS = {"article": "ground", "camera_id": "camera", "placed_at": "placed", "released_at": "released"}


def section(reach: Reach) -> Section:
    placed = Hold.objects.filter(placed_at__lt=reach.until_at)
    at_end = frame(placed.filter(Q(released_at=None) | Q(released_at__gte=reach.until_at)), COLUMNS)
    new = frame(placed.filter(placed_at__gte=reach.period.from_at), COLUMNS)
    released = frame(_released(reach), COLUMNS)
    age = pd.Timestamp(reach.until_at) - pd.to_datetime(at_end["placed"], utc=True)
    kept = pd.to_datetime(released["released"], utc=True) - pd.to_datetime(released["placed"], utc=True)
    # A hold that is on record is known of whenever the register began.
    is_recorded = reach.is_recorded or bool(len(at_end) + len(new) + len(released))
    return Section(
        code="holds",
        title="삭제 유예",
        lead=(
            "열람 청구, 수사·재판 등의 사유로 보관기간이 지나도 파기하지 않는 구간입니다. 유예는 사건마다 따로 걸고, "
            "모두 해제되어야 파기됩니다. 사유와 사건번호는 적지 않고 근거 조항별로만 셉니다."
        ),
        figures=[
            *where_recorded(
                is_recorded,
                [
                    Figure(
                        "holds_in_force",
                        f"유효한 삭제 유예 ({reach.end})",
                        len(at_end),
                        is_flow=True,
                    ),
                    Figure("holds_placed", "새로 건 삭제 유예", len(new), is_flow=True),
                    Figure("holds_released", "해제한 삭제 유예", len(released), is_flow=True),
                    Figure(
                        "holds_oldest",
                        "유효한 삭제 유예 가운데 가장 오래된 것",
                        float(age.max().total_seconds()) if len(at_end) else None,
                        "seconds",
                        is_flow=True,
                        absent=NOT_APPLICABLE,
                    ),
                    Figure(
                        "holds_without_ground",
                        "근거 조항을 적지 않은 유효한 삭제 유예",
                        int((at_end["ground"] == "").sum()),
                        is_flow=True,
                        is_shortfall=True,
                    ),
                ],
            ),
            _gone(reach),
        ],
        tables=where_known(is_recorded, [_by_ground(at_end, new, released, age, kept), _by_age(age)]),
        source=SOURCE,
        article=f"{ARTICLE}, 법 제21조제3항",
    )


def _gone(reach: Reach) -> Figure:
    return Figure(
        "footage_vanished_held",
        "삭제 유예된 영상 가운데 파기 기록 없이 사라진 파일",
        vanished.of_the_quarter(reach).held,
        is_flow=True,
        is_shortfall=True,
    )


def _released(reach: Reach) -> QuerySet[Hold]:
    return Hold.objects.filter(released_at__gte=reach.period.from_at, released_at__lt=reach.until_at)


def _by_ground(
    at_end: pd.DataFrame,
    new: pd.DataFrame,
    released: pd.DataFrame,
    age: "pd.Series[pd.Timedelta]",
    kept: "pd.Series[pd.Timedelta]",
) -> Table:
    grounds = sorted({*at_end["ground"], *new["ground"], *released["ground"]})
    rows: list[Row] = [
        {
            "key": ground or "none",
            "label": ground or NO_GROUND,
            "in_force": int((at_end["ground"] == ground).sum()),
            "cameras": int(at_end.loc[at_end["ground"] == ground, "camera"].nunique()),
            "oldest": _longest(age[at_end["ground"] == ground]),
            "placed": int((new["ground"] == ground).sum()),
            "released": int((released["ground"] == ground).sum()),
            "kept": _longest(kept[released["ground"] == ground]),
        }
        for ground in grounds
    ]
    return Table(
        code="holds_by_ground",
        title="근거 조항별 삭제 유예",
        columns=[
            Column("label", "근거", width=26),
            Column("in_force", "유효", "count", 9),
            Column("cameras", "카메라", "count", 10),
            Column("oldest", "가장 오래된 것", "seconds", 17, NOT_APPLICABLE),
            Column("placed", "새로 걸음", "count", 11),
            Column("released", "해제", "count", 9),
            Column("kept", "해제한 것 중 가장 길던 것", "seconds", 18, NOT_APPLICABLE),
        ],
        rows=rows,
        source=SOURCE,
        article=ARTICLE,
        empty="분기 중에 유효하거나 새로 걸거나 해제한 삭제 유예가 없습니다.",
    )


def _longest(spans: "pd.Series[pd.Timedelta]") -> float | None:
    return float(spans.max().total_seconds()) if len(spans) else None


def _by_age(age: "pd.Series[pd.Timedelta]") -> Table:
    rows: list[Row] = []
    for low, high in AGE_CLASSES:
        within = (age.dt.days >= low) & ((age.dt.days < high) if high is not None else True)
        label = (
            f"{low}일 이상" if high is None else f"{low}일 이상 {high}일 미만" if low else f"{high}일 미만"
        )
        rows.append({"key": str(low), "label": label, "holds": int(within.sum())})
    return Table(
        code="holds_by_age",
        title="유효한 삭제 유예의 나이",
        columns=[Column("label", "건 때부터"), Column("holds", "유효한 삭제 유예", "count", 30)],
        rows=rows if len(age) else [],
        total={"key": "total", "label": "계", "holds": len(age)} if len(age) else None,
        source=SOURCE,
        article=ARTICLE,
        chart="holds",
        empty="유효한 삭제 유예가 없습니다.",
    )
