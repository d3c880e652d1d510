"""Duties of the district itself: the responsible department (art. 4) and the operation policy (Decree art. 25)."""

from typing import Any

from django.db.models import Count, QuerySet, Value

from accounts.models import ResponsibleDesignation
from cameras import policy
from cameras.models import OperationPolicy
from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Rule, Subject

POLICY_MONTHS = "operation_policy_months"


def _district(context: Context) -> QuerySet[Any]:
    """The district of the profile, from the day on which its ordinance took effect."""
    return Ordinance.objects.order_by().of(context.profile).in_force(context.on)


# -- responsible department (4) ---------------------------------------------------------------------------------


def _designations(context: Context) -> QuerySet[Any]:
    return ResponsibleDesignation.objects.order_by().in_force(context.on)


def _without_one_department(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if _fault_of_designation(context) else rows.none()


def _fault_of_designation(context: Context) -> str:
    """An institution of a hub has a responsible department each; none has two on one day."""
    designations = _designations(context)
    doubled = designations.values("institution").annotate(many=Count("pk")).filter(many__gt=1)
    if doubled.exists():
        return "several"
    return "" if designations.exists() else "none"


RESPONSIBLE_DEPARTMENT = Rule(
    code="responsible_department",
    title="전담부서의 지정",
    article=4,
    subject=Subject.DISTRICT,
    subjects=_district,
    unmet=_without_one_department,
    evidence=lambda context: Value(_fault_of_designation(context)),
    words={"none": "그날 지정된 전담부서가 없습니다.", "several": "같은 날 전담부서가 둘 이상입니다."},
    message="전담부서가 하나로 지정되어 있지 않습니다.",
    remedy="전담부서를 지정하십시오.",
    remedy_url="people:designations",
    mended_by="accounts.add_responsibledesignation",
    citations=(Citation("제4조"),),
    covers="자치구. 하루도 빠짐없이 전담부서가 하나 있어야 합니다.",
    number_field="profile",
)

# -- operation policy (PIPA 25(7), Decree 25) -------------------------------------------------------------------


def _policy_in_force(context: Context) -> OperationPolicy | None:
    published = OperationPolicy.objects.filter(version__isnull=False, effective_on__lte=context.on)
    return published.order_by("-version").first()


def _without_current_policy(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if _fault_of_policy(context) else rows.none()


def _fault_of_policy(context: Context) -> str:
    found = _policy_in_force(context)
    if found is None:
        return "none"
    if found.effective_on is None or found.effective_on < context.months_ago(POLICY_MONTHS):
        return "old"
    return "differs" if policy.has_other_figures(found.contents, context.on) else ""


OPERATION_POLICY = Rule(
    code="operation_policy",
    title="운영·관리 방침의 공고",
    article=None,
    other_law="개인정보 보호법 제25조",
    subject=Subject.DISTRICT,
    subjects=_district,
    unmet=_without_current_policy,
    evidence=lambda context: Value(_fault_of_policy(context)),
    words={
        "none": "공고된 운영·관리 방침이 없습니다.",
        "old": "운영·관리 방침을 정한 주기 안에 다시 살펴 공고하지 않았습니다.",
        "differs": "공고된 방침의 대수, 보관기간, 전담부서 또는 수탁자가 대장과 다릅니다.",
    },
    message="운영·관리 방침이 공고되지 않았거나 대장과 다릅니다.",
    remedy="방침의 초안을 확인하고 새 판을 공고하십시오. 공고는 관리책임자가 합니다.",
    remedy_url="policy:overview",
    mended_by="cameras.publish_policy",
    citations=(
        Citation("제25조제7항", "pipa"),
        Citation("제25조", "pipa-decree"),
        Citation("제36조", "guideline"),
    ),
    covers=(
        "자치구. 조례에는 정한 바가 없고 법과 시행령이 정합니다. "
        "공고한 대수, 보관기간, 전담부서, 수탁자가 대장과 같아야 현행으로 봅니다."
    ),
    number_field="profile",
)

RULES = (RESPONSIBLE_DEPARTMENT, OPERATION_POLICY)
