"""What is due of prior consultations (`ordinance.due`): replies to give, conditions to fulfil."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from accounts.korean import josa
from cameras.enums import ConsultationReply, PriorConsultationState
from cameras.models import ConsultationCondition, PriorConsultation
from cameras.prior_consultation import REPLY, SUBJECT, repliers
from cameras.prior_consultation_states import ARTICLE
from ordinance.due import DueItem, Severity, register
from ordinance.models import DueDate

KIND = "사전협의"
# A condition is told this long before it is due.
REMIND_BEFORE = datetime.timedelta(days=14)


def listen() -> None:
    register("cameras.prior_consultation", replies)
    register("cameras.prior_consultation_condition", conditions)


def replies(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    waiting = PriorConsultation.objects.filter(state=PriorConsultationState.ASKED).select_related(
        "project", "requesting_department"
    )
    due_of = {
        due.subject_number: due for due in DueDate.objects.open().filter(subject_kind=SUBJECT, purpose=REPLY)
    }
    able = repliers() if waiting else frozenset()
    for consultation in waiting:
        due = due_of.get(consultation.number)
        is_late = due is not None and due.due_at < now
        yield DueItem(
            "cameras.prior_consultation",
            f"사전협의 회신: {consultation.number} {consultation.project.title}",
            f"{consultation.requesting_department.name}{josa(consultation.requesting_department.name, '이/가')} {consultation.asked_on} 요청",
            Severity.OVERDUE if is_late else Severity.DUE,
            "projects:page",
            (consultation.project_id,),
            article=ARTICLE,
            due_on=due.due_on if due else None,
            since=consultation.asked_at,
            kind=KIND,
            asker_id=consultation.asked_by_id,
            only=able,
        )


def conditions(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    open_ones = ConsultationCondition.objects.filter(
        fulfilled_on__isnull=True,
        due_on__lte=today + REMIND_BEFORE,
        consultation__state=PriorConsultationState.REPLIED,
        consultation__reply=ConsultationReply.CONDITIONS,
    ).select_related("consultation__project")
    for condition in open_ones.order_by("due_on", "pk"):
        is_late = condition.due_on is not None and condition.due_on < today
        yield DueItem(
            "cameras.prior_consultation_condition",
            f"협의 조건 이행: {condition.consultation.number} {condition.consultation.project.title}",
            condition.text[:200],
            Severity.OVERDUE if is_late else Severity.DUE,
            "prior_consultation:page",
            (condition.consultation_id,),
            query=f"work={condition.consultation.project_id}",
            article=ARTICLE,
            due_on=condition.due_on,
            key=f"cameras.prior_consultation_condition:{condition.pk}",
            kind=KIND,
        )
