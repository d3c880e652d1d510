"""The duty of Safety Standard art. 4: a plan is in force, and somebody looked within the year whether it is carried out."""

from typing import Any

from django.db.models import QuerySet, Value

from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Rule, Subject
from records.internal_plan import checking, writing


def _district(context: Context) -> QuerySet[Any]:
    return Ordinance.objects.order_by().of(context.profile).in_force(context.on)


def _without(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if checking.fault(context.on) else rows.none()


INTERNAL_PLAN = Rule(
    code=writing.RULE,
    title="개인정보 내부 관리계획",
    article=None,
    other_law="개인정보의 안전성 확보조치 기준 제4조",
    subject=Subject.DISTRICT,
    subjects=_district,
    unmet=_without,
    evidence=lambda context: Value(checking.fault(context.on)),
    words={
        "none": "승인되어 시행 중인 내부 관리계획이 없습니다.",
        "unchecked": "내부 관리계획의 이행 실태를 정한 주기 안에 점검하지 않았습니다.",
    },
    message="내부 관리계획이 없거나 그 이행 실태를 점검하지 않았습니다.",
    remedy="계획을 작성하여 다른 사람의 승인을 받고, 개인정보 보호책임자가 해마다 이행 실태를 점검하십시오.",
    remedy_url="internal_plan:overview",
    mended_by="records.change_internalplan",
    citations=(Citation("제4조", "safety-standard"),),
    covers="자치구. 조례에는 정한 바가 없고 고시가 정합니다. 첫 점검은 첫 판의 시행일부터 셉니다.",
    number_field="profile",
)
RULES = (INTERNAL_PLAN,)
