"""조례 점검: how many of the subjects met each duty, as the last assessment of the quarter counted; who is excused."""

import pandas as pd

from accounts.longrun import RunState
from ordinance import rules
from ordinance.models import Assessment, Finding, RuleException
from ordinance.parameters import active_profile
from ordinance.rules import Context
from reports.figures.context import Reach, frame
from reports.tabulation import NOT_RECORDED, Column, Figure, Row, Section, Table, shorten, where_known

SOURCE = "조례 점검 기록"


def section(reach: Reach) -> Section:
    last = _last(reach)
    rows = _rows(last) if last else []
    findings = Finding.objects.order_by()
    opened = findings.filter(opened_on__gte=reach.period.from_on, opened_on__lte=reach.last_on)
    closed = findings.filter(closed_on__gte=reach.period.from_on, closed_on__lte=reach.last_on)
    began = Assessment.objects.filter(state=RunState.SUCCEEDED, on__lte=reach.last_on).exists()
    unmet = sum(int(found["unmet"]) for found in last.result.values()) if last else None
    judged = sum(int(found["unmet"]) + int(found["met"]) for found in last.result.values()) if last else None
    exceptions = _exceptions(reach)
    return Section(
        code="duties",
        title="조례 점검",
        lead=(
            f"{last.on:%Y-%m-%d} 기준의 점검 결과입니다. 대상은 카메라, 위탁 계약 또는 자치구이며, 한 카메라에 여러 의무가 적용됩니다."
            if last
            else "분기 중에 마친 점검이 없어 의무별 이행 현황을 적지 못하였습니다. 이행하였다는 뜻이 아닙니다."
        ),
        figures=[
            Figure(
                "duties_unmet", "이행되지 않은 의무 (의무 × 대상)", unmet, is_flow=True, is_shortfall=True
            ),
            Figure("duties_judged", "점검한 의무 (의무 × 대상, 예외 제외)", judged, is_flow=True),
            Figure("duties_opened", "분기 중 발견된 미이행", opened.count() if began else None, is_flow=True),
            Figure("duties_closed", "분기 중 종결된 미이행", closed.count() if began else None, is_flow=True),
            Figure(
                "exceptions",
                "분기 중 효력이 있던 점검 예외 (대상)",
                len(exceptions) if began or len(exceptions) else None,
                is_flow=True,
            ),
        ],
        tables=[
            Table(
                code="duties",
                title="의무별 이행 현황",
                columns=[
                    Column("article", "조문", width=22),
                    Column("label", "의무", width=23),
                    Column("subjects", "대상", "count", 11),
                    Column("met", "이행", "count", 11),
                    Column("unmet", "미이행", "count", 11),
                    Column("excepted", "예외", "count", 11),
                    Column("not_applicable", "판정 안 함", "count", 11, NOT_RECORDED),
                ],
                rows=rows,
                source=SOURCE,
                article="조례 제4조부터 제31조까지",
                note=_covers(),
                empty="분기 중에 마친 점검이 없습니다.",
            ),
            *where_known(last is not None, [_not_judged(last)]),
            *where_known(began, [_excused(exceptions)]),
        ],
        source=SOURCE,
        article="조례 제4조부터 제31조까지",
    )


def _last(reach: Reach) -> Assessment | None:
    """The last one that was finished in the quarter, as of a day of it."""
    finished = Assessment.objects.filter(
        state=RunState.SUCCEEDED, on__gte=reach.period.from_on, on__lte=reach.last_on
    )
    return finished.filter(finished_at__lt=reach.until_at).order_by("-pk").first()


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


def _not_judged(last: Assessment | None) -> Table:
    """A duty that covers nobody would look like one that everybody meets: how many are not judged, and why."""
    rows: list[Row] = []
    if last is not None:
        context = Context(last.on, active_profile())
        rows = [
            {
                "key": rule.code,
                "label": rule.heading,
                "count": count,
                "reason": rule.exclusion.reason(context),
            }
            for rule in rules.all_rules()
            if rule.exclusion and (count := last.result.get(rule.code, {}).get("not_applicable"))
        ]
    return Table(
        code="duties_not_judged",
        title="판정하지 않은 대상과 그 까닭",
        columns=[
            Column("label", "의무", width=32),
            Column("count", "대상", "count", 12),
            Column("reason", "까닭", width=56),
        ],
        rows=rows,
        source=SOURCE,
        article="조례 제4조부터 제31조까지",
        note="적용하지 않거나, 아직 할 때가 아니거나, 판정할 기록이 없는 것입니다. 이행에도 미이행에도 넣지 않았습니다.",
        empty="판정하지 않은 대상이 없습니다.",
    )


def _covers() -> str:
    """The denominator of the duty that another chapter counts by camera and day."""
    rule = rules.get("daily_proof")
    return (
        "대상은 의무마다 다릅니다: 설치 전의 계획에도 적용되는 의무, 설치 연월이나 보유 부서에 따라 일부에만 적용되는 의무가 있고, 위탁 계약과 "
        "자치구를 대상으로 하는 의무도 있어 ‘의무 × 대상’으로 더하면 한 카메라가 여러 번 들어갑니다. "
        f"‘{rule.title}’의 대상: {rule.covers} ‘영상정보의 보관’ 장은 운영 중인 모든 카메라를 날마다 셉니다."
    )


def _exceptions(reach: Reach) -> pd.DataFrame:
    """Whatever excused a subject on a day of the quarter."""
    rows = RuleException.objects.filter(
        from_on__lte=reach.last_on, until_on__gte=reach.period.from_on, granted_at__lt=reach.until_at
    ).exclude(revoked_at__lt=reach.period.from_at)
    found = frame(
        rows.order_by("rule", "until_on", "pk"),
        {
            "rule": "rule",
            "number": "number",
            "reason": "reason",
            "citation": "citation",
            "approver": "approver",
            "until_on": "until",
            "revoked_at": "revoked",
        },
    )
    revoked = pd.to_datetime(found["revoked"], utc=True)
    return found.assign(is_revoked=revoked < pd.Timestamp(reach.until_at))


def _excused(exceptions: pd.DataFrame) -> Table:
    """One line per act: what was excused together has one reason, one approver and one end."""
    titles = {rule.code: rule.title for rule in rules.all_rules()}
    keys = ["rule", "reason", "citation", "approver", "until"]
    rows: list[Row] = []
    for _, found in exceptions.groupby(keys, sort=True):
        rule, reason, citation, approver, until = (str(found[key].iloc[0]) for key in keys)
        rows.append(
            {
                "key": ":".join((rule, reason, citation, approver, until)),
                "label": titles.get(rule, rule),
                "subjects": int(found["number"].nunique()),
                "reason": reason,
                "citation": citation,
                "approver": approver or None,
                "until": until,
                "revoked": int(found["is_revoked"].sum()),
            }
        )
    return shorten(
        Table(
            code="exceptions",
            title="분기 중 효력이 있던 점검 예외",
            columns=[
                Column("label", "의무", width=18),
                Column("subjects", "대상", "count", 8),
                Column("reason", "사유", width=27),
                Column("citation", "근거", width=16),
                Column("approver", "승인자", width=12, absent=NOT_RECORDED),
                Column("until", "마지막 날", "date", 11),
                Column("revoked", "취소", "count", 8),
            ],
            rows=rows,
            source="점검 예외 기록",
            article="조례 제4조부터 제31조까지",
            note="함께 인정하여 사유·근거·승인자·마지막 날이 같은 것은 한 줄로 적었습니다.",
            empty="분기 중에 효력이 있던 점검 예외가 없습니다.",
        )
    )
