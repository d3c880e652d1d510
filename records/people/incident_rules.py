"""The duty of ordinance art. 18 that incidents show: what is seen is told promptly to the body in charge."""

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)

from ordinance.periods import DAY, SEOUL
from ordinance.rules import Citation, Context, Rule, Subject
from records.models import Incident
from records.people.incident_log import RULE

LIMIT, SINCE = "incident_report_minutes", "incident_judged_days"


def _incidents(context: Context) -> QuerySet[Any]:
    """Those of the days that are judged; of one at several cameras the row of its first stands for all."""
    midnight = dt.datetime.combine(context.on, dt.time(), SEOUL)
    begin, end = midnight - DAY * int(context.parameter(SINCE).value), midnight + DAY
    earlier = Incident.objects.filter(number=OuterRef("number"), pk__lt=OuterRef("pk"))
    rows = Incident.objects.order_by().filter(noticed_at__gte=begin, noticed_at__lt=end)
    return rows.filter(~Exists(earlier))


def _told(context: Context) -> Exists:
    """At any of its cameras, within the limit."""
    within = dt.timedelta(minutes=int(context.parameter(LIMIT).value))
    took = ExpressionWrapper(F("told_at") - F("noticed_at"), output_field=DurationField())
    rows = Incident.objects.filter(number=OuterRef("number"), told_at__isnull=False)
    return Exists(rows.annotate(took=took).filter(took__lte=within))


def _ever_told() -> Exists:
    return Exists(Incident.objects.filter(number=OuterRef("number"), told_at__isnull=False))


INCIDENT_REPORTED = Rule(
    code=RULE,
    title="인지한 상황의 신속한 통보",
    article=18,
    order=1,
    subject=Subject.INCIDENT,
    subjects=_incidents,
    unmet=lambda rows, context: rows.filter(~_told(context)),
    evidence=lambda context: Case(
        When(_ever_told(), then=Value("late")), default=Value("untold"), output_field=CharField()
    ),
    words={
        "untold": "알린 기록이 없습니다.",
        "late": "정한 시간보다 늦게 알렸습니다.",
    },
    message="인지한 상황을 신속히 알리지 않았습니다.",
    remedy="알린 기관과 시각을 적으십시오. 늦은 까닭이 정당하면 관리책임자가 예외로 인정합니다.",
    remedy_url="incidents:page",
    mended_by="records.enter_incident",
    citations=(Citation("제18조"),),
    covers="최근 기간에 인지한 상황. 인지한 때부터 정한 시간 안에 경찰·소방·재난상황실이나 담당 부서에 알려야 합니다. 조례는 시간을 정하지 않아 기준값으로 정합니다.",
)
