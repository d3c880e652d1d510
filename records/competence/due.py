"""Reminders 30, 7 and 0 days before training or pledge ends: to the person, and together to who keeps the list."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from ordinance import due
from ordinance.due import DueItem, Severity
from records.competence import standing
from records.models import StaffMember, TrainingSession

KIND = "교육·서약"
STAGES = (0, 7, 30)
KEEP = "records.change_training"
PERSONS, OWN_TRAINING, OWN_PLEDGE = (
    "records.training_of_staff",
    "records.own_training",
    "records.own_pledge",
)
UNCLOSED = "records.training_to_close"


def declare() -> None:
    due.declare(PERSONS, "확인하기", KEEP)
    due.declare(OWN_TRAINING, "확인하기")
    due.declare(OWN_PLEDGE, "서명하기")
    due.declare(UNCLOSED, "이수 처리하기", KEEP)


def _stage(until: dt.date | None, today: dt.date) -> int | None:
    """Which of the three reminders it is time for; None where it is too early."""
    left = (until - today).days if until else -1
    return next((stage for stage in STAGES if left <= stage), None)


def of_staff(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    found = standing.ending(today, dt.timedelta(days=max(STAGES)))
    over = 0
    for staff, its in found:
        over += not (its.is_trained and its.is_sworn)
        if staff.officer_id is not None:
            yield from _own(staff, its, today)
    if found:
        stage = 0 if over else 30
        yield DueItem(
            PERSONS,
            f"교육이나 보안서약의 효력이 끝났거나 30일 안에 끝나는 사람 {len(found):,}명",
            f"지금 없거나 끝난 사람 {over:,}명. 그동안 영상을 재생할 수 없습니다.",
            Severity.OVERDUE if over else Severity.DUE,
            "training:people",
            count=len(found),
            article="조례 제25조",
            key=f"{PERSONS}:{stage}",
            kind=KIND,
        )


def _own(staff: StaffMember, its: standing.Standing, today: dt.date) -> Iterator[DueItem]:
    for code, what, until in (
        (OWN_TRAINING, "영상정보 보호 교육", its.trained_until),
        (OWN_PLEDGE, "보안서약", its.sworn_until),
    ):
        if (stage := _stage(until, today)) is None:
            continue
        yield DueItem(
            code,
            f"본인의 {what}: {'기록이 없습니다' if until is None else f'{until:%Y-%m-%d}까지입니다'}",
            "없거나 끝나면 영상을 재생할 수 없습니다.",
            Severity.OVERDUE if until is None or until < today else Severity.DUE,
            "training:own",
            article="조례 제25조",
            due_on=until,
            key=f"{code}:{staff.pk}:{stage}",
            kind=KIND,
            officer_id=staff.officer_id,
        )


def to_close(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    """Sessions that are over: without certificates nobody who attended may look."""
    rows = TrainingSession.objects.filter(closed_at__isnull=True, ends_at__lt=now).select_related("course")
    for row in rows.order_by("ends_at"):
        yield DueItem(
            UNCLOSED,
            f"끝난 교육의 이수를 처리해야 합니다: {row}",
            "출석과 시험 결과를 확인하고 교육을 마칩니다.",
            Severity.DUE,
            "training:session",
            (row.pk,),
            article="조례 제25조제1항",
            since=row.ends_at,
            kind=KIND,
        )


PROVIDERS = {"records.training_of_staff": of_staff, "records.training_to_close": to_close}
