"""What the officials' list says of consultations: closing soon, waiting for answers, waiting for the result."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from accounts.korean import josa
from cameras.consultation.people import due as persons_due
from cameras.consultation.period import end_text, last_day
from cameras.consultation.phase import Phase, ended_at, in_phase
from ordinance import parameters
from ordinance.due import DueItem, Severity, register

ARTICLE = "조례 제8조"
KIND = "의견수렴"
SOON = timedelta(days=3)
RESULT_DAYS = "consultation_result_days"
# The nightly run erases; what is still there a day later was not erased.
ERASURE_GRACE = timedelta(days=1)


def listen() -> None:
    register("cameras.consultations", consultations)
    register("cameras.opinion_persons", unerased_persons)


def consultations(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    for consultation in in_phase(Phase.OPEN, now).filter(ended_at__lte=now + SOON):
        yield DueItem(
            "cameras.consultation_closing",
            f"의견수렴 {consultation.number}{josa(consultation.number, '이/가')} 곧 마감됩니다",
            f"{consultation.title}: {end_text(consultation.closes_at)}까지",
            Severity.INFO,
            "consultation:page",
            (consultation.pk,),
            article=ARTICLE,
            due_on=last_day(consultation.closes_at),
            kind=KIND,
        )
    waiting = in_phase(Phase.CLOSED, now).annotate(
        unanswered=Count("opinions", filter=Q(opinions__answer=None)), received=Count("opinions")
    )
    days = int(parameters.value(RESULT_DAYS).value) if waiting else 0
    for consultation in waiting:
        due_on = last_day(ended_at(consultation)) + timedelta(days=days)
        is_late = timezone.localtime(now).date() > due_on
        if consultation.unanswered:
            title = f"의견수렴 {consultation.number}: 처리할 의견 {consultation.unanswered}건"
        elif consultation.received:
            title = f"의견수렴 {consultation.number}의 결과를 공고해야 합니다"
        else:
            title = f"의견수렴 {consultation.number}의 결과(의견 없음)를 공고해야 합니다"
        yield DueItem(
            "cameras.consultation_result",
            title,
            f"{consultation.title}: {end_text(ended_at(consultation))}에 끝남",
            Severity.OVERDUE if is_late else Severity.DUE,
            "projects:page",
            (consultation.project_id,),
            count=consultation.unanswered or 1,
            article=ARTICLE,
            due_on=due_on,
            since=ended_at(consultation),
            kind=KIND,
            verb="의견 처리하기" if consultation.unanswered else "결과 공고하기",
            needs=("cameras.change_opinion" if consultation.unanswered else "cameras.publish_consultation",),
            asker_id=consultation.made_by_id,
        )


def unerased_persons(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    for erasure in persons_due(now - ERASURE_GRACE):
        yield DueItem(
            "cameras.opinion_persons_unerased",
            f"의견수렴 {erasure.consultation.number}의 제출자 인적사항 {erasure.opinions}건이 파기되지 않았습니다",
            "매일 밤 자동으로 파기합니다. 작업 프로세스(beat, worker)를 확인하십시오.",
            Severity.FAILED,
            "consultation:page",
            (erasure.consultation.pk,),
            article="개인정보 보호법 제21조제1항",
            since=erasure.due_at,
            kind=KIND,
        )
