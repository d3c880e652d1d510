"""조례 점검: how many of the subjects met each duty, as the last assessment of the quarter counted."""

from accounts.longrun import RunState
from ordinance import rules
from ordinance.models import Assessment, Finding
from ordinance.parameters import active_profile
from ordinance.rules import Context
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table

SOURCE = "조례 점검 기록"


def section(reach: Reach) -> Section:
    last = _last(reach)
    rows = _rows(last) if last else []
    findings = Finding.objects.order_by()
    opened = findings.filter(opened_on__gte=reach.period.from_on, opened_on__lte=reach.last_on)
    closed = findings.filter(closed_on__gte=reach.period.from_on, closed_on__lte=reach.last_on)
    figures = [
        Figure("duties_opened", "분기 중 발견된 미이행", opened.count(), is_flow=True),
        Figure("duties_closed", "분기 중 종결된 미이행", closed.count(), is_flow=True),
    ]
    if last:
        unmet = sum(int(found["unmet"]) for found in last.result.values())
        figures.insert(0, Figure("duties_unmet", "이행되지 않은 의무", unmet, is_shortfall=True))
    return Section(
        code="duties",
        title="조례 점검",
        lead=(
            f"{last.on:%Y-%m-%d} 기준의 점검 결과입니다. 대상은 카메라, 위탁 계약 또는 자치구이며, 한 카메라에 여러 의무가 적용됩니다."
            if last
            else "분기 중에 마친 점검이 없어 의무별 이행 현황을 적지 못하였습니다. 이행하였다는 뜻이 아닙니다."
        ),
        figures=figures,
        tables=[
            Table(
                code="duties",
                title="의무별 이행 현황",
                columns=[
                    Column("article", "조문", width=14),
                    Column("label", "의무", width=31),
                    Column("subjects", "대상", "count", 11),
                    Column("met", "이행", "count", 11),
                    Column("unmet", "미이행", "count", 11),
                    Column("excepted", "예외", "count", 11),
                    Column("not_applicable", "해당 없음", "count", 11),
                ],
                rows=rows,
                source=SOURCE,
                article="조례 전체",
                empty="분기 중에 마친 점검이 없습니다.",
                note=_why_not_applied(last) if last else "",
            )
        ],
        source=SOURCE,
        article="조례 전체",
    )


def _last(reach: Reach) -> Assessment | None:
    """The last one that was finished in the quarter, as of a day of it."""
    finished = Assessment.objects.filter(
        state=RunState.SUCCEEDED, on__gte=reach.period.from_on, on__lte=reach.last_on
    )
    return finished.filter(finished_at__lt=reach.now).order_by("-pk").first()


def _rows(last: Assessment) -> list[Row]:
    titles = {rule.code: rule.title for rule in rules.all_rules()}
    return [
        {
            "key": code,
            # A run of former times says neither where a duty of another law stands nor whom a duty is not applied to.
            "article": found.get("place") or f"제{found['article']}조",
            "label": titles.get(code, code),
            **{name: found[name] for name in ("subjects", "met", "unmet", "excepted")},
            "not_applicable": found.get("not_applicable"),
        }
        for code, found in last.result.items()
    ]


def _why_not_applied(last: Assessment) -> str:
    """A duty that covers nobody would look like one that everybody meets."""
    context = Context(last.on, active_profile())
    reasons = [
        f"{rule.heading}: {rule.exclusion.reason(context)}"
        for rule in rules.all_rules()
        if rule.exclusion and last.result.get(rule.code, {}).get("not_applicable")
    ]
    return f"해당 없음의 이유. {' / '.join(reasons)}" if reasons else ""
