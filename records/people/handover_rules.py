"""The duty of ordinance art. 19 that handovers show: each change of shifts is written, checked and accepted."""

import datetime as dt

from django.db.models import QuerySet, Value

from ordinance.periods import DAY, SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.models import DutyShift
from records.people import duty_rules, handover, roster


def fault(context: Context) -> str:
    """The oldest change of shifts up to yesterday that lacks something, and how many there are besides."""
    midnight = dt.datetime.combine(context.on, dt.time(), SEOUL)
    back = midnight - DAY * int(context.parameter(duty_rules.BACK).value)
    undone = handover.undone(back, midnight)
    if not undone:
        return ""
    turn_at, row = undone[0]
    what = "적지 않음" if row is None else "받지 않음"
    return f"{handover.described(turn_at)} 교대: {what}" + (
        f" 외 {len(undone) - 1}번" if len(undone) > 1 else ""
    )


def _has_turns(context: Context) -> bool:
    """Whether shifts have changed in the days that are judged."""
    midnight = dt.datetime.combine(context.on, dt.time(), SEOUL)
    back = midnight - DAY * int(context.parameter(duty_rules.BACK).value)
    return any(handover.turns(back, midnight))


def _with_turns(context: Context) -> QuerySet:
    rows = duty_rules.district(context)
    return rows if _has_turns(context) else rows.none()


def _without_turns(context: Context) -> QuerySet:
    rows = duty_rules.district(context)
    return rows if DutyShift.objects.exists() and not _has_turns(context) else rows.none()


HANDOVER_DONE = Rule(
    code=roster.HANDED_OVER,
    title="교대 때의 인수인계와 보안 점검",
    article=19,
    order=1,
    subject=Subject.DISTRICT,
    subjects=_with_turns,
    unmet=lambda rows, context: rows if fault(context) else rows.none(),
    evidence=lambda context: Value(fault(context)),
    message="인수인계가 빠진 교대가 있습니다.",
    remedy="그때 근무한 사람이 있었던 일과 점검한 것을 적고 다음 근무자가 받게 하십시오.",
    remedy_url="handover:list",
    mended_by="records.stand_duty",
    citations=(Citation("제19조"), Citation("제18조")),
    exclusion=Exclusion(_without_turns, lambda context: "최근 기간에 끝난 근무가 없어 인수인계할 것이 없음"),
    covers="근무표가 있고 최근 기간에 교대가 있던 자치구. 최근 기간에 관제요원의 근무가 끝난 때마다(어제까지) 인수인계를 적고 다음 근무자가 받아야 합니다.",
    number_field="profile",
)
