"""The duty of ordinance art. 19 that visits show: nobody enters without prior approval, and everybody is seen out."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from ordinance.periods import DAY, SEOUL
from ordinance.rules import Citation, Context, Rule, Subject
from records.models import Visit
from records.people.visits import RULE

JUDGED = "visit_judged_days"
_UNAPPROVED = Q(approved_at__isnull=True) | Q(approved_at__gt=F("in_at"))


def _midnight(context: Context) -> dt.datetime:
    return dt.datetime.combine(context.on, dt.time(), SEOUL)


def _entered(context: Context) -> QuerySet[Any]:
    since = _midnight(context) - DAY * int(context.parameter(JUDGED).value)
    return Visit.objects.order_by().filter(in_at__gte=since, in_at__lt=_midnight(context) + DAY)


def _inside(context: Context) -> Q:
    """Entered on an earlier day, and the way out is not on record."""
    return Q(out_at__isnull=True, in_at__lt=_midnight(context))


VISIT_APPROVED = Rule(
    code=RULE,
    title="통제구역 출입의 사전승인",
    article=19,
    order=2,
    subject=Subject.VISIT,
    subjects=_entered,
    unmet=lambda rows, context: rows.filter(_UNAPPROVED | _inside(context)),
    evidence=lambda context: Case(
        When(_UNAPPROVED, then=Value("unapproved")), default=Value("inside"), output_field=CharField()
    ),
    words={
        "unapproved": "사전승인 없이 들어갔습니다.",
        "inside": "들어간 날이 지났는데 나간 기록이 없습니다.",
    },
    message="통제구역의 출입을 사전승인하고 기록하지 않았습니다.",
    remedy="나간 시각을 적으십시오. 승인 없이 들인 까닭이 정당하면 관리책임자가 예외로 인정합니다.",
    remedy_url="visits:page",
    mended_by="records.keep_door",
    citations=(Citation("제19조"),),
    covers="최근 기간에 통제구역에 들어간 출입. 관제센터에서 일하는 사람의 출입은 근무표로 봅니다.",
)
