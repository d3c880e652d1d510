"""사전협의 (ordinance art. 7): the installing department asks, the head of the responsible department replies.

A request belongs to a project and is about the cameras that the project has then, which is why none joins or leaves
afterwards. The reply is the responsible department's alone. Its conditions are followed one by one until they are
fulfilled: an overdue one makes the consultation unmet again (`cameras.rules`).
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.designations import responsible_on
from accounts.models import Department, Officer
from cameras import findings
from cameras.enums import ConsultationReply
from cameras.models import Camera, ConsultationCondition, InstallationProject, PriorConsultation
from casework.models import Attachment
from casework.numbers_of_year import next_number
from ledger import append
from ordinance import deadlines, duedates, parameters
from ordinance.models import DueDate

DAYS = "prior_consultation_days"
# How the due dates of this matter are named (`ordinance.duedates`).
SUBJECT = "prior_consultation"
REPLY = "reply"
PREFIX = "협의-"
MOST_CONDITIONS = 30


@dataclass(frozen=True)
class Condition:
    text: str
    due_on: datetime.date | None = None


def responsible_department(on: datetime.date | None = None) -> Department | None:
    """Who replies on that date (art. 4); None when nobody was designated."""
    return responsible_on(on or timezone.localdate())


def is_needed(project: InstallationProject, on: datetime.date | None = None) -> bool:
    """Art. 7 covers departments other than the responsible one; the responsible one need not ask itself."""
    return project.installing_department != responsible_department(on)


def current(project: InstallationProject) -> PriorConsultation | None:
    """The consultation that stands for the project now."""
    return (
        project.prior_consultations.filter(withdrawn_at__isnull=True)
        .select_related("requesting_department", "replying_department")
        .order_by("-asked_on", "-pk")
        .first()
    )


def ask(
    project: InstallationProject,
    *,
    plan: str,
    request_document: str,
    on: datetime.date,
    by: Officer,
    attachments: Iterable[Attachment] = (),
) -> PriorConsultation:
    """Ask for the project's cameras. ValidationError: not needed, nothing to ask about, asked already, a day to come."""
    with transaction.atomic():
        locked = InstallationProject.objects.select_for_update().get(pk=project.pk)
        _refuse_asking(locked, on)
        consultation = PriorConsultation(
            number=next_number(PriorConsultation, PREFIX, on),
            project=locked,
            requesting_department=locked.installing_department,
            plan=plan.strip(),
            request_document=request_document.strip(),
            asked_on=on,
            asked_by=by,
        )
        consultation.full_clean()
        consultation.save()
        files = list(attachments)
        consultation.attachments.set(files)
        days = parameters.value(DAYS, on)
        due = deadlines.civil(on, int(days.value))
        duedates.open_for(SUBJECT, consultation.number, due, purpose=REPLY)
        append.record(
            "cameras.prior_consultation_asked",
            actor=f"officer:{by.pk}",
            subject=f"prior_consultation:{consultation.number}",
            payload={
                "project": locked.number,
                "on": on.isoformat(),
                "document": consultation.request_document,
                "cameras": Camera.objects.not_removed().filter(project=locked).count(),
                "due": due.due_on.isoformat(),
                "files": [attachment.sha256 for attachment in files],
            },
        )
    return consultation


def _refuse_asking(project: InstallationProject, on: datetime.date) -> None:
    if not project.is_open:
        raise ValidationError("종료한 사업입니다.")
    if on > timezone.localdate():
        raise ValidationError({"asked_on": "요청일은 오늘보다 뒤일 수 없습니다."})
    if responsible_department(on) is None:
        raise ValidationError(
            "그날 지정된 전담부서가 없어 협의할 상대가 없습니다(조례 제4조). 먼저 전담부서를 지정하십시오."
        )
    if not is_needed(project, on):
        raise ValidationError("설치부서가 전담부서이므로 사전협의가 필요하지 않습니다(조례 제7조).")
    if not Camera.objects.not_removed().filter(project=project).exists():
        raise ValidationError("사업에 카메라가 없습니다. 협의할 카메라를 먼저 넣으십시오.")
    standing = current(project)
    if standing is not None and standing.reply != ConsultationReply.DECLINE:
        raise ValidationError(
            f"이미 요청한 협의가 있습니다: {standing.number}. 다시 요청하려면 먼저 철회하십시오."
        )


def may_reply(officer: Officer, on: datetime.date | None = None) -> bool:
    """The right, and a post in the department that is responsible on that date."""
    department = responsible_department(on)
    return (
        department is not None
        and officer.department_id == department.pk
        and officer.has_perm("cameras.reply_consultation")
    )


def reply(
    consultation: PriorConsultation,
    answer: str,
    *,
    text: str,
    document_number: str,
    on: datetime.date,
    by: Officer,
    conditions: Sequence[Condition] = (),
) -> PriorConsultation:
    """The responsible department's answer, once. PermissionDenied for anybody else's."""
    if not may_reply(by, on):
        raise PermissionDenied("사전협의의 회신은 전담부서의 장(관리책임자)만 할 수 있습니다(조례 제7조).")
    with transaction.atomic():
        locked = _locked(consultation)
        _refuse_reply(locked, answer, text, document_number, on, conditions)
        locked.reply = answer
        locked.reply_text = text.strip()
        locked.reply_document = document_number.strip()
        locked.replied_on = on
        locked.replied_at = timezone.now()
        locked.replied_by = by
        locked.replying_department = responsible_department(on)
        locked.letter = letter_of(locked)
        locked.full_clean()
        locked.save()
        for position, condition in enumerate(conditions, start=1):
            row = ConsultationCondition(
                consultation=locked, position=position, text=condition.text.strip(), due_on=condition.due_on
            )
            row.full_clean()
            row.save()
        _close_due_date(locked)
        _follow(locked.project)
        append.record(
            "cameras.prior_consultation_replied",
            actor=f"officer:{by.pk}",
            subject=f"prior_consultation:{locked.number}",
            payload={
                "reply": answer,
                "on": on.isoformat(),
                "document": locked.reply_document,
                "conditions": len(conditions),
            },
        )
    return locked


def letter_of(consultation: PriorConsultation) -> dict[str, Any]:
    """What the letter says of project, departments and cameras: frozen with the reply, however they change later."""
    project, replying = consultation.project, consultation.replying_department
    cameras = Camera.objects.not_removed().filter(project=project).select_related("site").in_order()
    return {
        "project": {"number": project.number, "title": project.title},
        "requesting_department": consultation.requesting_department.name,
        "replying_department": {
            "name": replying.name if replying else "",
            "full_name": str(replying or ""),
            "phone": replying.phone if replying else "",
        },
        "position": consultation.replied_by.position if consultation.replied_by else "",
        "cameras": [
            {
                "number": camera.number,
                "purpose": camera.get_install_purpose_display(),
                "address": camera.site.address,
            }
            for camera in cameras
        ],
    }


def _refuse_reply(
    consultation: PriorConsultation,
    answer: str,
    text: str,
    document_number: str,
    on: datetime.date,
    conditions: Sequence[Condition],
) -> None:
    errors: dict[str, str] = {}
    if consultation.reply:
        raise ValidationError("이미 회신한 협의입니다. 회신은 고치지 않습니다.")
    if answer not in ConsultationReply.values:
        errors["reply"] = "동의, 조건부 동의, 부동의 가운데 하나여야 합니다."
    if not text.strip():
        errors["reply_text"] = "회신 내용을 적어 주십시오."
    if not document_number.strip():
        errors["reply_document"] = "문서번호를 적어 주십시오."
    if on > timezone.localdate():
        errors["replied_on"] = "회신일은 오늘보다 뒤일 수 없습니다."
    elif on < consultation.asked_on:
        errors["replied_on"] = f"회신일은 요청일({consultation.asked_on})보다 앞설 수 없습니다."
    if answer == ConsultationReply.CONDITIONS and not conditions:
        errors["conditions"] = "조건부 동의이면 조건을 하나 이상 적어 주십시오."
    if answer != ConsultationReply.CONDITIONS and conditions:
        errors["conditions"] = "조건은 ‘조건부 동의’일 때만 적습니다."
    if len(conditions) > MOST_CONDITIONS:
        errors["conditions"] = f"조건은 {MOST_CONDITIONS}개까지 적을 수 있습니다."
    if any(condition.due_on is not None and condition.due_on < on for condition in conditions):
        errors["conditions"] = "이행 기한은 회신일보다 앞설 수 없습니다."
    if errors:
        raise ValidationError(errors)


def fulfil(
    condition: ConsultationCondition,
    *,
    on: datetime.date,
    note: str,
    by: Officer,
    attachments: Iterable[Attachment] = (),
) -> ConsultationCondition:
    """A condition of the reply has been met, with what was done."""
    with transaction.atomic():
        locked = (
            ConsultationCondition.objects.select_for_update(of=("self",))
            .select_related("consultation__project")
            .get(pk=condition.pk)
        )
        if locked.consultation.withdrawn_at is not None:
            raise ValidationError("철회한 협의의 조건입니다.")
        if locked.fulfilled_on is not None:
            raise ValidationError("이미 이행한 조건입니다.")
        if not note.strip():
            raise ValidationError({"note": "무엇을 했는지 적어 주십시오."})
        if on > timezone.localdate():
            raise ValidationError({"on": "이행일은 오늘보다 뒤일 수 없습니다."})
        replied_on = locked.consultation.replied_on
        if replied_on is not None and on < replied_on:
            raise ValidationError({"on": "이행일은 회신일보다 앞설 수 없습니다."})
        locked.fulfilled_on = on
        locked.fulfilled_note = note.strip()
        locked.fulfilled_by = by
        locked.full_clean()
        locked.save()
        files = list(attachments)
        locked.attachments.set(files)
        _follow(locked.consultation.project)
        append.record(
            "cameras.prior_consultation_condition_fulfilled",
            actor=f"officer:{by.pk}",
            subject=f"prior_consultation:{locked.consultation.number}",
            payload={
                "condition": locked.position,
                "on": on.isoformat(),
                "files": [attachment.sha256 for attachment in files],
            },
        )
    return locked


def withdraw(consultation: PriorConsultation, *, reason: str, by: Officer) -> PriorConsultation:
    """The installing department takes its request back: it counts no longer, answered or not.

    Refused once a camera of the project has moved on because of it: return those to planned first.
    """
    if not reason.strip():
        raise ValidationError({"reason": "철회 사유를 적어야 합니다."})
    with transaction.atomic():
        locked = _locked(consultation)
        beyond = Camera.objects.not_removed().filter(project=locked.project).exclude(state="planned")
        if numbers := list(beyond.in_order().values_list("number", flat=True)[:3]):
            raise ValidationError(
                f"이 협의로 이미 다음 단계로 간 카메라가 있습니다: {', '.join(numbers)}. 먼저 ‘계획으로 되돌림’을 하십시오."
            )
        locked.withdrawn_at = timezone.now()
        locked.withdrawn_reason = reason.strip()
        locked.full_clean()
        locked.save()
        _close_due_date(locked)
        _follow(locked.project)
        append.record(
            "cameras.prior_consultation_withdrawn",
            actor=f"officer:{by.pk}",
            subject=f"prior_consultation:{locked.number}",
            payload={"project": locked.project.number},
        )
    return locked


def due_date(consultation: PriorConsultation) -> DueDate | None:
    """When the reply is due, with every date that it had before."""
    return DueDate.objects.filter(
        subject_kind=SUBJECT, subject_number=consultation.number, purpose=REPLY
    ).first()


def _locked(consultation: PriorConsultation) -> PriorConsultation:
    locked: PriorConsultation = (
        PriorConsultation.objects.select_for_update(of=("self",))
        .select_related("project")
        .get(pk=consultation.pk)
    )
    if locked.withdrawn_at is not None:
        raise ValidationError("철회한 협의입니다.")
    return locked


def _close_due_date(consultation: PriorConsultation) -> None:
    due = due_date(consultation)
    if due is not None:
        duedates.close(due)


def _follow(project: InstallationProject) -> None:
    cameras = list(Camera.objects.not_removed().filter(project=project).values_list("pk", flat=True))
    findings.follow(cameras, codes=["prior_consultation"])
