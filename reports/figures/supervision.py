"""안내판과 수탁자: which signs hang, which were looked at in the quarter, who works on contract and how they were supervised.

No contractor is named. What was written down after the end is not counted; a sign and a contract have days of their own.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from cameras.models import ContractorInspection, ContractorTraining, EntrustmentContract, Sign, SignCheck
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table, where_known, where_recorded

SIGNS, CONTRACTS = "안내판과 그 확인 기록", "위탁 계약과 수탁자 교육·점검 기록"
SIGN_ARTICLE, CONTRACT_ARTICLE = "조례 제9조", "조례 제11조, 법 제26조"
Outcome = SignCheck.Outcome


def section(reach: Reach) -> Section:
    checks = SignCheck.objects.filter(checked_at__gte=reach.period.from_at, checked_at__lt=reach.until_at)
    contracts = reach.as_known(EntrustmentContract).filter(starts_on__lte=reach.last_on)
    has_signs = Sign.objects.filter(made_on__lte=reach.last_on).exists() or checks.exists()
    return Section(
        code="supervision",
        title="안내판과 수탁자",
        lead=(
            "설치하여 둔 안내판과 분기 중에 현장에서 확인한 것, 위탁 계약과 수탁자의 교육·점검입니다. 안내판의 기재사항이 맞는지와 수탁자마다의 의무는 "
            "‘조례 점검’ 장에 있습니다."
        ),
        figures=[
            *where_recorded(has_signs, _sign_figures(reach, checks)),
            *where_recorded(contracts.exists(), _contract_figures(reach, contracts)),
        ],
        tables=where_known(has_signs, [_by_outcome(checks)]),
        source=f"{SIGNS}; {CONTRACTS}",
        article=f"{SIGN_ARTICLE}, {CONTRACT_ARTICLE}",
    )


def _flow(code: str, label: str, value: int, *, is_shortfall: bool = False) -> Figure:
    return Figure(code, label, value, is_flow=True, is_shortfall=is_shortfall)


def _sign_figures(reach: Reach, checks: "QuerySet[SignCheck]") -> list[Figure]:
    hanging = Sign.objects.filter(put_up_on__lte=reach.last_on).filter(
        Q(retired_on__isnull=True) | Q(retired_on__gt=reach.last_on)
    )
    seen = checks.exclude(outcome=Outcome.REFUSED)
    return [
        _flow("signs_hanging", f"설치하여 둔 안내판 ({reach.end})", hanging.count()),
        _flow("signs_put_up", "분기 중에 설치한 안내판", _on(Sign.objects.all(), "put_up_on", reach).count()),
        _flow(
            "signs_seen",
            "분기 중에 확인한 안내판",
            seen.aggregate(count=Count("sign", distinct=True))["count"],
        ),
        _flow(
            "sign_checks_failed",
            "안내판을 확인하지 못한 현장 확인",
            checks.filter(outcome=Outcome.REFUSED).count(),
            is_shortfall=True,
        ),
    ]


def _contract_figures(reach: Reach, contracts: "QuerySet[Any]") -> list[Figure]:
    in_force = contracts.filter(ends_on__gte=reach.last_on).filter(
        Q(ended_early_on__isnull=True) | Q(ended_early_on__gt=reach.last_on)
    )
    trainings = _written(ContractorTraining.objects.all(), reach)
    inspections = _written(ContractorInspection.objects.all(), reach)
    open_faults = inspections.filter(is_satisfactory=False).exclude(remedied_on__lte=reach.last_on)
    return [
        _flow("contracts", f"효력이 있는 위탁 계약 ({reach.end})", in_force.count()),
        _flow("contractor_trainings", "분기 중에 한 수탁자 교육", trainings.count()),
        _flow("contractor_inspections", "분기 중에 한 수탁자 점검", inspections.count()),
        _flow(
            "contractor_faults",
            "분기 중의 수탁자 점검에서 지적하고 시정한 기록이 없는 것",
            open_faults.count(),
            is_shortfall=True,
        ),
    ]


def _on(rows: "QuerySet[Any]", name: str, reach: Reach) -> "QuerySet[Any]":
    span: tuple[date, date] = (reach.period.from_on, reach.last_on)
    return rows.filter(**{f"{name}__range": span})


def _written(rows: "QuerySet[Any]", reach: Reach) -> "QuerySet[Any]":
    return _on(rows, "on", reach).filter(recorded_at__lt=reach.until_at)


def _by_outcome(checks: "QuerySet[SignCheck]") -> Table:
    counts = dict(checks.order_by().values_list("outcome").annotate(count=Count("pk")))
    rows: list[Row] = [
        {"key": outcome.value, "label": str(outcome.label), "checks": counts[outcome.value]}
        for outcome in Outcome
        if counts.get(outcome.value)
    ]
    return Table(
        code="sign_checks",
        title="분기 중에 한 안내판의 현장 확인",
        columns=[Column("label", "결과", width=70), Column("checks", "확인", "count", 30)],
        rows=rows,
        source=SIGNS,
        article=SIGN_ARTICLE,
        empty="분기 중에 안내판을 확인한 기록이 없습니다.",
    )
