"""How the committee is called, and what becomes of its conditions (ordinance art. 28, 29)."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from committee import notices
from committee.enums import MeetingKind
from committee.models import Meeting, MeetingNotice, Resolution, ResolutionCondition
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject


def _first_day(context: Context) -> dt.date:
    """Of the first meeting that could still be told in time when the duty began: what was before it asks for nothing."""
    duty = context.parameter(notices.DAYS)
    return duty.effective_on + dt.timedelta(days=int(duty.value))


def _to_be_called(context: Context) -> QuerySet[Any]:
    """Meetings under the duty whose day for the notice is over; of a moved one, the new day counts.

    Also of one that is entered after it was held: the duty is the ordinance's, not this system's, and the notice of
    then can be entered after the meeting, with its agenda and its document.
    """
    since = _first_day(context)
    rows = Meeting.objects.order_by().filter(kind=MeetingKind.MEETING, cancelled_on=None, on__gte=since)
    due = [
        meeting.pk
        for meeting in rows.filter(on__gt=context.on)
        if notices.deadline(meeting).due_on >= context.on
    ]
    return rows.exclude(pk__in=due)


def _not_to_be_called(context: Context) -> QuerySet[Any]:
    before = Q(on__lt=_first_day(context), cancelled_on=None)
    return Meeting.objects.order_by().filter(Q(kind=MeetingKind.WRITTEN) | before)


def _why_not(context: Context) -> str:
    since = context.parameter(notices.DAYS).effective_on
    return (
        "서면심의는 모이는 회의가 아니어서 개최를 알리지 않음. "
        f"통지할 날이 의무가 시행된 날({since}) 전이던 회의에는 적용하지 않음"
    )


def _faults(context: Context) -> dict[int, str]:
    """What is wrong with the notice of each meeting; a district holds a few meetings a year."""
    found: dict[int, str] = {}
    meetings = _to_be_called(context).prefetch_related("items")
    last = {notice.meeting_id: notice for notice in MeetingNotice.objects.order_by("pk")}
    for meeting in meetings:
        notice = last.get(meeting.pk)
        if notice is None:
            found[meeting.pk] = "none"
        elif not notices.tells(notice, meeting):
            found[meeting.pk] = "moved"
    return found


def _which(context: Context) -> Case:
    faults = _faults(context)
    return Case(
        *(
            When(pk__in=[pk for pk, code in faults.items() if code == wanted], then=Value(wanted))
            for wanted in ("none", "moved")
        ),
        default=Value(""),
        output_field=CharField(),
    )


MEETING_NOTICE = Rule(
    code="meeting_notice",
    title="회의 개최의 통지",
    article=29,
    subject=Subject.MEETING,
    subjects=_to_be_called,
    unmet=lambda rows, context: rows.filter(pk__in=_faults(context)),
    evidence=_which,
    words={
        "none": "개최일 전 기한까지 날짜와 안건을 알린 기록이 없습니다.",
        "moved": "통지한 뒤 날짜, 장소나 안건이 바뀌었는데 다시 알리지 않았습니다.",
    },
    message="회의의 날짜와 안건을 알린 기록이 없습니다.",
    remedy=(
        "소집 통지를 기록하십시오. 기한이 지났으면 늦게 알린 사유를 적거나 회의를 미루십시오. 이미 연 회의는 안건을 올리고 "
        "그때 한 통지를 문서번호와 함께 기록하십시오."
    ),
    remedy_url="committee:meeting",
    mended_by="committee.change_meeting",
    citations=(Citation("제29조"),),
    exclusion=Exclusion(_not_to_be_called, _why_not),
    covers=(
        "통지 기한(7일 전, 거꾸로 셈)이 지난 회의. 연 뒤에 기록한 회의도 넣고, 취소한 회의는 넣지 않습니다. 늦은 통지는 사유를 적어야 기록되며, "
        "기한과 사유는 각종 위원회 구성 및 운영에 관한 조례에 따릅니다."
    ),
)


def _conditional(context: Context) -> QuerySet[Any]:
    has = ResolutionCondition.objects.filter(resolution=OuterRef("pk"))
    return Resolution.objects.passed().order_by().filter(Exists(has), on__lte=context.on)


def _open(**more: Any) -> Exists:
    return Exists(ResolutionCondition.objects.filter(resolution=OuterRef("pk"), fulfilled_on=None, **more))


def _unfulfilled(context: Context) -> Q:
    return Q(_open(due_on=None)) | Q(_open(due_on__lt=context.on))


def _due_or_done(context: Context) -> QuerySet[Any]:
    return _conditional(context).filter(_unfulfilled(context) | ~Q(_open()))


def _not_due(context: Context) -> QuerySet[Any]:
    return _conditional(context).filter(Q(_open()) & ~_unfulfilled(context))


CONDITION_FULFILLED = Rule(
    code="condition_fulfilled",
    title="의결 조건의 이행",
    article=28,
    order=1,
    subject=Subject.RESOLUTION,
    subjects=_due_or_done,
    unmet=lambda rows, context: rows.filter(_unfulfilled(context)),
    evidence=lambda context: Case(
        When(_open(due_on__lt=context.on), then=Value("late")),
        default=Value("undated"),
        output_field=CharField(),
    ),
    words={
        "late": "기한이 지났는데 이행하지 않은 조건이 있습니다.",
        "undated": "이행 기한을 정하지 않은 조건이 있습니다.",
    },
    message="이행하지 않은 조건이 있습니다.",
    remedy="조건의 이행을 기록하거나 기한을 정하십시오.",
    remedy_url="committee:resolution",
    mended_by="committee.change_meeting",
    citations=(Citation("제28조"),),
    exclusion=Exclusion(_not_due, lambda context: "남은 조건의 이행 기한이 아직 지나지 않음"),
    covers=(
        "조건부로 가결된 의결 가운데 조건을 모두 이행하였거나, 기한이 지났거나 정해지지 않은 조건이 남은 것. 정정된 의결은 넣지 않고 정정한 "
        "의결의 조건을 봅니다."
    ),
)
