"""The duty of ordinance art. 23(1) that permissions show: somebody looked at each of them in every half-year."""

from typing import Any

from django.db.models import Expression, QuerySet, Value

from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Rule, Subject
from records.models import PermissionReview
from records.permissions import reviewing


def _owing(context: Context) -> QuerySet[Any]:
    districts = Ordinance.objects.order_by().of(context.profile).in_force(context.on)
    return districts if reviewing.owed(context.on) else districts.none()


def _fault(context: Context) -> str:
    half = reviewing.owed(context.on)
    if half is None:
        return ""
    review = PermissionReview.objects.filter(year=half[0], half=half[1]).first()
    if review is None:
        return "none"
    return "" if review.signed_at is not None else "unsigned"


def _unreviewed(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if _fault(context) else rows.none()


def _what_lacks(context: Context) -> Expression:
    return Value(_fault(context))


PERMISSION_REVIEWED = Rule(
    code="permission_reviewed",
    title="카메라 접근권한의 정기 점검",
    article=23,
    subject=Subject.DISTRICT,
    subjects=_owing,
    unmet=_unreviewed,
    evidence=_what_lacks,
    words={
        "none": "지난 반기의 접근권한을 점검하지 않았습니다.",
        "unsigned": "지난 반기의 접근권한 점검을 확정하지 않았습니다.",
    },
    message="지난 반기의 카메라 접근권한 점검을 기한까지 마치지 않았습니다.",
    remedy="권한마다 유지하거나 말소하고 점검을 확정하십시오.",
    remedy_url="permissions:reviews",
    mended_by="records.decide_camerapermission",
    citations=(Citation("제23조제1항"), Citation("제5조", "safety-standard")),
    covers="자치구. 반기가 끝날 때 부여되어 있던 카메라 접근권한이 있으면 판정합니다. 법이 반기마다 점검하게 한 곳은 공공시스템뿐이고, 그 밖에는 우리가 정한 주기입니다.",
    number_field="profile",
    order=2,
)
RULES = (PERMISSION_REVIEWED,)
