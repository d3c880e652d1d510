"""삭제 유예: what is kept past its period, why, and since when."""

from django.db.models import QuerySet

from footage.models import Hold
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table, shorten

SOURCE = "삭제 유예 기록"


def section(reach: Reach) -> Section:
    holds = Hold.objects.filter(placed_at__lt=reach.now)
    in_force = holds.filter(released_at__isnull=True) | holds.filter(released_at__gte=reach.now)
    from_at, until_at = reach.period.from_at, reach.until_at
    placed = holds.filter(placed_at__gte=from_at, placed_at__lt=until_at)
    released = holds.filter(released_at__gte=from_at, released_at__lt=until_at)
    return Section(
        code="holds",
        title="삭제 유예",
        lead=(
            "열람 청구, 수사·재판 등의 사유로 보관기간이 지나도 파기하지 않고 별도로 보관하는 구간입니다. "
            "유예는 사건마다 따로 걸고, 모두 해제되어야 파기됩니다."
        ),
        figures=[
            Figure("holds_in_force", "유효한 삭제 유예 (발행 시점)", in_force.count()),
            Figure("holds_placed", "분기 중 새로 건 삭제 유예", placed.count(), is_flow=True),
            Figure("holds_released", "분기 중 해제한 삭제 유예", released.count(), is_flow=True),
        ],
        tables=[_in_force(in_force), _released(released)],
        source=SOURCE,
        article="조례 제24조제1항 각 호, 법 제21조제3항",
    )


def _in_force(holds: QuerySet[Hold]) -> Table:
    rows: list[Row] = [
        {
            "key": str(hold.pk),
            "number": f"#{hold.pk}",
            "camera": hold.camera.number,
            "from_at": hold.from_at.isoformat(),
            "until_at": hold.until_at.isoformat(),
            "reason": hold.reason,
            "article": " · ".join(filter(None, (hold.article, hold.case_reference))) or None,
            "placed_at": hold.placed_at.isoformat(),
        }
        for hold in holds.select_related("camera").order_by("placed_at", "pk")
    ]
    return shorten(
        Table(
            code="holds_in_force",
            title="유효한 삭제 유예와 사유",
            columns=[
                Column("number", "번호", width=7),
                Column("camera", "카메라 번호", "mono", 19),
                Column("from_at", "유예 구간 시작", "instant", 13),
                Column("until_at", "유예 구간 끝", "instant", 13),
                Column("reason", "사유", width=21),
                Column("article", "근거·사건 번호", width=14),
                Column("placed_at", "유예한 때", "instant", 13),
            ],
            rows=rows,
            source=SOURCE,
            article="조례 제24조제1항 각 호",
            empty="유효한 삭제 유예가 없습니다.",
        )
    )


def _released(holds: QuerySet[Hold]) -> Table:
    rows: list[Row] = [
        {
            "key": str(hold.pk),
            "number": f"#{hold.pk}",
            "camera": hold.camera.number,
            "reason": hold.reason,
            "released_at": hold.released_at.isoformat() if hold.released_at else None,
            "release_reason": hold.release_reason or None,
        }
        for hold in holds.select_related("camera").order_by("released_at", "pk")
    ]
    return shorten(
        Table(
            code="holds_released",
            title="분기 중 해제한 삭제 유예",
            columns=[
                Column("number", "번호", width=8),
                Column("camera", "카메라 번호", "mono", 24),
                Column("reason", "유예 사유", width=27),
                Column("released_at", "해제한 때", "instant", 15),
                Column("release_reason", "해제 사유", width=26),
            ],
            rows=rows,
            source=SOURCE,
            article="조례 제24조제1항",
            empty="분기 중 해제한 삭제 유예가 없습니다.",
        )
    )
