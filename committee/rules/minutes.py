"""Minutes in time, and what is paid for attending (ordinance art. 29, 30; general committee ordinance art. 10, 18)."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils import timezone

from committee import allowances, minutes
from committee.enums import MeetingKind
from committee.models import Attendance, Meeting, Minutes
from committee.models.minutes import WITHHELD
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject

PAGE = "committee:meeting"


def _meetings(context: Context) -> QuerySet[Any]:
    return Meeting.objects.order_by().filter(
        kind=MeetingKind.MEETING, cancelled_on=None, enrolled__isnull=False, on__lte=context.on
    )


def _to_be_published(context: Context) -> QuerySet[Any]:
    """Held since the duty applies: with its time over, or published before."""
    since = context.parameter(minutes.DAYS).effective_on
    rows = _meetings(context).filter(on__gte=since)
    running = [row.pk for row in rows.filter(_unpublished()) if minutes.due_on(row) >= context.on]
    return rows.exclude(pk__in=running)


def _unpublished() -> Q:
    return Q(minutes=None) | Q(minutes__published_at=None) & ~WITHHELD


def _late(rows: Any, context: Context) -> Any:
    return rows.filter(_unpublished() | Q(pk__in=_published_late(context)))


def _published_late(context: Context) -> list[int]:
    """Published, or kept back with a reason, after the last day; a district holds a few meetings a year."""
    rows = _meetings(context).exclude(_unpublished()).select_related("minutes")
    return [row.pk for row in rows.defer("minutes__contents") if _done_on(row.minutes) > minutes.due_on(row)]


def _done_on(of_meeting: Minutes) -> dt.date:
    published = of_meeting.published_at and timezone.localdate(of_meeting.published_at)
    withheld = of_meeting.withheld_on if of_meeting.is_withheld else None
    return min(day for day in (published, withheld) if day is not None)


def _stage(context: Context) -> Case:
    return Case(
        When(minutes=None, then=Value("none")),
        When(minutes__locked_at=None, then=Value("draft")),
        When(pk__in=_published_late(context), then=Value("late")),
        When(minutes__withheld_on__isnull=False, then=Value("unfounded")),
        default=Value("unpublished"),
        output_field=CharField(),
    )


def _written(context: Context) -> QuerySet[Any]:
    return Meeting.objects.order_by().filter(kind=MeetingKind.WRITTEN)


MINUTES_PUBLISHED = Rule(
    code="minutes_published",
    title="회의록의 작성과 공개",
    article=29,
    order=1,
    subject=Subject.MEETING,
    subjects=_to_be_published,
    unmet=_late,
    evidence=_stage,
    words={
        "none": "공개 기한이 지났는데 회의록이 없습니다.",
        "draft": "공개 기한이 지났는데 회의록이 확정되지 않았습니다.",
        "unpublished": "확정한 회의록을 공개 기한까지 공개하지 않았습니다.",
        "unfounded": "공개하지 않는 사유에 근거가 되는 법령이나 조례의 조문이 없습니다.",
        "late": "공개 기한이 지난 뒤에 회의록을 공개하거나 비공개로 정했습니다.",
    },
    message="회의록을 공개하지 않았습니다.",
    remedy="회의록을 확정하여 공개하거나, 공개하지 않는 사유를 기록하십시오. 늦은 것은 사유를 적어 예외를 인정받을 때까지 남습니다.",
    remedy_url=PAGE,
    mended_by="committee.change_meeting",
    citations=(Citation("제29조"),),
    exclusion=Exclusion(_written, lambda context: "서면심의는 회의록을 생략할 수 있음(조례 제29조)"),
    covers=(
        "열린 회의 가운데 공개 기한(각종 위원회 조례 제10조, 30일)이 지났거나 회의록을 공개한 것. 기한까지 비공개 사유를 "
        "기록한 회의는 이행한 것으로 봅니다."
    ),
)


def _attended_by_somebody_eligible(context: Context) -> list[int]:
    """Meetings with a roll at which a member sat who is paid."""
    rows = Attendance.objects.filter(meeting__in=_meetings(context), is_present=True)
    return [
        row.meeting_id
        for row in rows.select_related("term__member").defer("term__member__name")
        if not allowances.why_none(row.term)
    ]


def _to_be_paid(context: Context) -> QuerySet[Any]:
    last = context.on - dt.timedelta(days=int(context.parameter(allowances.DAYS).value))
    return _meetings(context).filter(pk__in=_attended_by_somebody_eligible(context), on__lt=last)


ALLOWANCE_PAID = Rule(
    code="allowance_paid",
    title="위원 수당의 지급",
    article=30,
    subject=Subject.MEETING,
    subjects=_to_be_paid,
    unmet=lambda rows, context: rows.filter(allowances__paid_on=None),
    evidence=lambda context: Case(
        When(allowances=None, then=Value("none")), default=Value("unpaid"), output_field=CharField()
    ),
    words={
        "none": "참석한 위원의 수당 지급 조서가 없습니다.",
        "unpaid": "수당 지급 조서를 만들고 지급을 기록하지 않았습니다.",
    },
    message="참석한 위원의 수당을 지급한 기록이 없습니다.",
    remedy="수당 지급 조서를 만들고 지급일을 기록하십시오. 예산이 없어 주지 않으면 예외를 인정받으십시오.",
    remedy_url=PAGE,
    mended_by="committee.change_meeting",
    citations=(Citation("제30조"),),
    covers=(
        "출석부가 있고 구 공무원이 아닌 위원(구의원 제외)이 참석한 회의 가운데 정한 날수가 지난 것. 조례는 예산의 범위에서 "
        "줄 수 있다고 하므로, 주지 않기로 한 회의는 예외로 합니다."
    ),
)
