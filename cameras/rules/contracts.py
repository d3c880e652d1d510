"""Entrustment (ordinance art. 11, PIPA art. 26, Decree art. 26): the contract is the subject."""

from typing import Any

from django.db.models import Case, Exists, Expression, OuterRef, Q, QuerySet, Subquery, Value, When

from cameras import entrustment
from cameras.enums import ContractCoverage, ContractScope
from cameras.models import (
    Camera,
    ContractCamera,
    ContractorInspection,
    ContractorTraining,
    EntrustmentContract,
    Reentrustment,
)
from ordinance.rules import Citation, Context, Rule, Subject

TRAINING_MONTHS = "training_months"
INSPECTION_MONTHS = "contractor_inspection_months"
CONTENTS = ("purpose_and_scope", "reentrustment_limits", "safety_measures", "supervision", "liability")


def in_force(context: Context) -> Q:
    not_ended_early = Q(ended_early_on__isnull=True) | Q(ended_early_on__gt=context.on)
    return Q(starts_on__lte=context.on, ends_on__gte=context.on) & not_ended_early


def _contracts(context: Context) -> QuerySet[Any]:
    over = [contract.pk for contract in entrustment.lapsed(context.on)]
    return EntrustmentContract.objects.order_by().filter(in_force(context) | Q(pk__in=over))


def _about_no_camera(context: Context) -> Q:
    """Lasting work for which nobody has said whose cameras it is about: no sign can name the contractor."""
    lines = ContractCamera.objects.filter(contract=OuterRef("pk"), released_on__isnull=True)
    of_projects = Camera.objects.not_removed().filter(project__contract=OuterRef("pk"))
    return (
        Q(coverage=ContractCoverage.NAMED)
        & ~Q(scopes=[ContractScope.INSTALLATION.value])
        & ~Q(Exists(lines))
        & ~Q(Exists(of_projects))
    )


def _incomplete(context: Context) -> Q:
    empty = Q(scopes=[])
    for name in CONTENTS:
        empty |= Q(**{name: ""})
    return empty


def _without_consent(context: Context) -> Q:
    """Another contractor is named, and the district has neither consented nor refused (PIPA art. 26(6))."""
    others = Reentrustment.objects.filter(
        contract=OuterRef("pk"), consented_on__isnull=True, refused_on__isnull=True
    )
    return Q(Exists(others.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=context.on))))


def _untrained(context: Context) -> Q:
    """The first training is due at once: nobody may work on the cameras untrained."""
    trainings = ContractorTraining.objects.filter(
        contract=OuterRef("pk"), on__gte=context.months_ago(TRAINING_MONTHS), on__lte=context.on
    )
    return ~Q(Exists(trainings))


def _uninspected(context: Context) -> Q:
    """The first inspection is due when a full period of the contract has passed, or of the contractor's work for us.

    Who is engaged anew each year is supervised like who has one contract of three years.
    """
    since = context.months_ago(INSPECTION_MONTHS)
    inspections = ContractorInspection.objects.filter(on__gte=since, on__lte=context.on)
    of_contract = inspections.filter(contract=OuterRef("pk"))
    of_contractor = inspections.filter(contract__contractor=OuterRef("contractor"))
    not_ended = Q(ended_early_on__isnull=True) | Q(ended_early_on__gt=since)
    engaged_then = EntrustmentContract.objects.filter(
        not_ended, contractor=OuterRef("contractor"), starts_on__lt=since, ends_on__gte=since
    )
    return (Q(starts_on__lt=since) & ~Q(Exists(of_contract))) | (
        Q(Exists(engaged_then)) & ~Q(Exists(of_contractor))
    )


def _unremedied(context: Context) -> Q:
    """The last inspection found faults, and nothing says that they were remedied."""
    last = ContractorInspection.objects.filter(contract=OuterRef("pk"), on__lte=context.on).order_by(
        "-on", "-pk"
    )
    at_fault = EntrustmentContract.objects.filter(
        inspections=Subquery(last.values("pk")[:1]),
        inspections__is_satisfactory=False,
        inspections__remedied_on__isnull=True,
        pk=OuterRef("pk"),
    )
    return Q(Exists(at_fault))


_TESTS = {
    "lapsed": lambda context: ~in_force(context),
    "incomplete": _incomplete,
    "about_no_camera": _about_no_camera,
    "reentrusted": _without_consent,
    "untrained": _untrained,
    "uninspected": _uninspected,
    "unremedied": _unremedied,
}


def _unmet(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    condition = Q(pk__in=[])
    for test in _TESTS.values():
        condition |= test(context)
    return rows.filter(condition)


def _what_lacks(context: Context) -> Expression:
    return Case(*(When(test(context), then=Value(code)) for code, test in _TESTS.items()), default=Value(""))


CONTRACT = Rule(
    code="contract",
    title="위탁 계약과 수탁자의 교육·감독",
    article=11,
    subject=Subject.CONTRACT,
    subjects=_contracts,
    unmet=_unmet,
    evidence=_what_lacks,
    words={
        "lapsed": "계약이 끝났는데 대상 카메라가 아직 운영 중이고, 그 업무를 이은 계약이 없습니다.",
        "incomplete": "시행령 제26조제1항의 다섯 가지 내용이나 위탁 업무가 빠져 있습니다.",
        "about_no_camera": "어느 카메라의 업무인지 적혀 있지 않아 안내판에 수탁자를 적을 수 없습니다.",
        "reentrusted": "재위탁에 구가 동의하거나 거부한 기록이 없습니다.",
        "untrained": "수탁자를 정한 주기 안에 교육하지 않았습니다.",
        "uninspected": "수탁자를 정한 주기 안에 감독하지 않았습니다.",
        "unremedied": "감독에서 지적한 사항이 시정되지 않았습니다.",
    },
    message="위탁 계약의 내용, 수탁자 교육 또는 감독이 갖추어지지 않았습니다.",
    remedy="위탁 계약 화면에서 빠진 내용과 대상 카메라를 적고 교육과 감독을 기록하십시오. 끝난 계약은 뒤를 이은 계약을 등록하거나, 더 맡기지 않으면 대상 카메라를 해제하십시오.",
    remedy_url="contracts:contract",
    mended_by="cameras.change_entrustmentcontract",
    citations=(
        Citation("제11조"),
        Citation("제25조제8항, 제26조", "pipa"),
        Citation("제26조", "pipa-decree"),
        Citation("제43조", "guideline"),
    ),
    covers=(
        "그날 유효한 위탁 계약과, 끝났으나 대상 카메라가 아직 운영 중이고 그 업무를 이은 계약이 없는 계약"
        "(설치만 맡긴 계약은 빼고). "
        "첫 교육은 계약과 함께, 첫 감독은 감독 주기가 한 번 지나면 필요합니다."
    ),
)

RULES = (CONTRACT,)
