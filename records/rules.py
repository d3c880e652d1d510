"""Duties that these records show: the yearly self-inspection (Guideline art. 48), and those of provisions and of requests."""

from typing import Any

from django.db.models import QuerySet, Value

from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Rule, Subject
from records.access import rules as access_rules
from records.access_log import duties as access_log_duties
from records.competence import rules as competence_rules
from records.copies import rules as copy_rules
from records.internal_plan import rules as internal_plan_rules
from records.people import rules as people_rules
from records.permissions import rules as permission_rules
from records.provision import rules as provision_rules
from records.redaction import rules as redaction_rules
from records.self_inspection import calendar, inspecting
from records.viewing import rules as viewing_rules


def _owing_district(context: Context) -> QuerySet[Any]:
    """Since the first year of work with this system is over and its report was due."""
    districts = Ordinance.objects.order_by().of(context.profile).in_force(context.on)
    return districts if calendar.last_owed(context.on) is not None else districts.none()


def _without_report(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if inspecting.fault(context.on) else rows.none()


SELF_INSPECTION = Rule(
    code=inspecting.RULE,
    title="자체점검의 결과 제출과 공개",
    article=None,
    other_law="표준 개인정보 보호지침 제48조",
    subject=Subject.DISTRICT,
    subjects=_owing_district,
    unmet=_without_report,
    evidence=lambda context: Value(inspecting.fault(context.on)),
    words={
        "none": "지난해의 자체점검을 시작한 기록이 없습니다.",
        "unsigned": "지난해의 자체점검을 확정하지 않았습니다.",
        "unreported": "지난해의 자체점검 결과를 제출한 기록이 없습니다.",
        "unpublished": "제출한 자체점검 결과를 누리집에 공개한 기록이 없습니다.",
    },
    message="지난해의 자체점검 결과를 기한까지 제출하고 공개하지 않았습니다.",
    remedy="자체점검을 확정하고, 개인정보 보호위원회에 제출한 날과 누리집에 공개한 날을 기록하십시오.",
    remedy_url="self_inspection:list",
    mended_by="records.sign_off_selfinspection",
    citations=(Citation("제48조", "guideline"),),
    covers=(
        "자치구. 다음 해 3월 31일까지 제출하고, 그 뒤 누리집에 공개합니다(공개하는 날수는 기준값). 이 시스템을 쓰기 시작한 해의 점검부터 판정하며, 그 전의 점검은 "
        "문서로 확인합니다."
    ),
    number_field="profile",
)

RULES = (
    SELF_INSPECTION,
    *internal_plan_rules.RULES,
    *people_rules.RULES,
    *access_rules.RULES,
    *access_log_duties.RULES,
    *permission_rules.RULES,
    *competence_rules.RULES,
    *copy_rules.RULES,
    *provision_rules.RULES,
    *redaction_rules.RULES,
    *viewing_rules.RULES,
)
