"""사전협의 (ordinance art. 7): the installing department asks, the head of the responsible department replies.

A request belongs to a project and is about the cameras that the project has then, which is why none joins or leaves
afterwards. The reply is the responsible department's alone. Its conditions are followed one by one until they are
fulfilled: an overdue one makes the consultation unmet again (`cameras.rules`).
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.designations import responsible_on
from accounts.models import Department, Officer
from cameras import findings
from cameras.enums import CameraState, ConsultationReply
from cameras.enums import PriorConsultationEvent as Event
from cameras.models import (
    Camera,
    ConsultationCondition,
    InstallationProject,
    PriorConsultation,
    PriorConsultationMove,
)
from cameras.prior_consultation_states import ARTICLE
from casework import acts, moves, refusals
from casework.acts import Act, File
from casework.numbers_of_year import next_number
from casework.refusals import Refusal
from ordinance import deadlines, parameters
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

    def __str__(self) -> str:
        return f"{self.text} ({self.due_on}까지)" if self.due_on else self.text


def responsible_department(on: datetime.date | None = None) -> Department | None:
    """Who replies on that date (art. 4); None when nobody was designated."""
    return responsible_on(on or timezone.localdate())


def is_needed(project: InstallationProject, on: datetime.date | None = None) -> bool:
    """Art. 7 covers departments other than the responsible one; the responsible one need not ask itself."""
    return project.installing_department != responsible_department(on)


def current(project: InstallationProject) -> PriorConsultation | None:
    """The consultation that stands for the project now."""
    return (
        project.prior_consultations.standing()
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
    files: Iterable[File] = (),
) -> PriorConsultation:
    """Ask for the project's cameras. `Refused`: not needed, nothing to ask about, asked already, a day to come."""
    row = PriorConsultation(
        project=project, state="", asked_on=on, asked_by=by, plan=plan, request_document=request_document
    )
    with acts.begin("cameras.prior_consultation_asked", row, by=by) as act:
        locked = act.hold(project)
        act.refuse(_against_asking(locked, on))
        act.write(
            number=next_number(PriorConsultation, PREFIX, on),
            requesting_department=locked.installing_department,
            plan=plan,
            request_document=request_document,
        )
        act.move(PriorConsultationMove, Event.ASK, on=on, document_number=request_document)
        due = deadlines.civil(on, int(parameters.value(DAYS, on).value))
        act.open_due(SUBJECT, row.number, due, purpose=REPLY)
        act.payload |= {
            "project": locked.number,
            "on": on.isoformat(),
            "document": row.request_document,
            "cameras": Camera.objects.not_removed().filter(project=locked).count(),
            "due": due.due_on.isoformat(),
        }
        act.attach(files)
    return row


def _against_asking(project: InstallationProject, on: datetime.date) -> Iterator[Refusal]:
    if not project.is_open:
        yield Refusal("closed", "종료한 사업입니다.")
    yield from refusals.outside(on, "asked_on", "요청일", until=timezone.localdate())
    if responsible_department(on) is None:
        yield Refusal(
            "department",
            "그날 지정된 전담부서가 없어 협의할 상대가 없습니다.",
            "조례 제4조",
            "먼저 전담부서를 지정하십시오.",
        )
    elif not is_needed(project, on):
        yield Refusal("needless", "설치부서가 전담부서이므로 사전협의가 필요하지 않습니다.", ARTICLE)
    if not Camera.objects.not_removed().filter(project=project).exists():
        yield Refusal("empty", "사업에 카메라가 없습니다.", remedy="협의할 카메라를 먼저 넣으십시오.")
    standing = current(project)
    if standing is not None and standing.reply != ConsultationReply.DECLINE:
        yield Refusal(
            "asked",
            f"이미 요청한 협의가 있습니다: {standing.number}.",
            remedy="다시 요청하려면 먼저 철회하십시오.",
        )


def may_reply(officer: Officer, on: datetime.date | None = None) -> bool:
    """The right, and a post in the department that is responsible on that date."""
    department = responsible_department(on)
    return (
        department is not None
        and officer.department_id == department.pk
        and officer.has_perm("cameras.reply_consultation")
    )


def repliers(on: datetime.date | None = None) -> frozenset[int]:
    """Accounts that may reply on that date (`may_reply`)."""
    department = responsible_department(on)
    if department is None:
        return frozenset()
    people = Officer.objects.active().filter(department=department)
    return frozenset(person.pk for person in people if person.has_perm("cameras.reply_consultation"))


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
    with acts.begin("cameras.prior_consultation_replied", consultation, by=by) as act:
        act.refuse(moves.refuse(PriorConsultationMove, act.row, Event.REPLY))
        act.refuse(_against_words(answer, text, document_number))
        act.refuse(against_reply(act.row, answer, on, conditions))
        act.row.replied_by, act.row.replying_department = by, responsible_department(on)
        act.write(
            reply=answer,
            reply_text=text,
            reply_document=document_number,
            replied_on=on,
            replied_at=act.at,
            letter=letter_of(act.row),
        )
        act.move(PriorConsultationMove, Event.REPLY, on=on, document_number=document_number)
        for position, condition in enumerate(conditions, start=1):
            act.add(
                ConsultationCondition(
                    consultation=act.row,
                    position=position,
                    text=condition.text.strip(),
                    due_on=condition.due_on,
                )
            )
        act.close_dues(SUBJECT, act.row.number)
        act.payload |= {
            "reply": answer,
            "on": on.isoformat(),
            "document": act.row.reply_document,
            "conditions": len(conditions),
        }
        _follow(act, act.row.project)
    return act.row


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
            "postal_address": replying.institution.postal_address if replying else "",
            "email": replying.institution.email if replying else "",
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


def _against_words(answer: str, text: str, document_number: str) -> Iterator[Refusal]:
    if answer not in ConsultationReply.values:
        yield Refusal("reply", "동의, 조건부 동의, 부동의 가운데 하나여야 합니다.", field="reply")
    yield from refusals.unwritten(text, "reply_text", "회신 내용을 적어 주십시오.")
    yield from refusals.unwritten(document_number, "reply_document", "문서번호를 적어 주십시오.")


def against_reply(
    consultation: PriorConsultation, answer: str, on: datetime.date, conditions: Sequence[Condition]
) -> list[Refusal]:
    """What is wrong with days and conditions; asked before an officer confirms, and again by the act."""
    return [*_against_days(consultation, on, conditions), *_against_conditions(answer, conditions)]


def _against_days(
    consultation: PriorConsultation, on: datetime.date, conditions: Sequence[Condition]
) -> Iterator[Refusal]:
    yield from refusals.outside(
        on,
        "replied_on",
        "회신일",
        until=timezone.localdate(),
        since=consultation.asked_on,
        since_name="요청일",
    )
    if any(condition.due_on is not None and condition.due_on < on for condition in conditions):
        yield Refusal("due", "이행 기한은 회신일보다 앞설 수 없습니다.", field="conditions")


def _against_conditions(answer: str, conditions: Sequence[Condition]) -> Iterator[Refusal]:
    if answer == ConsultationReply.CONDITIONS and not conditions:
        yield Refusal("none", "조건부 동의이면 조건을 하나 이상 적어 주십시오.", field="conditions")
    if answer != ConsultationReply.CONDITIONS and conditions:
        yield Refusal("some", "조건은 ‘조건부 동의’일 때만 적습니다.", field="conditions")
    if len(conditions) > MOST_CONDITIONS:
        yield Refusal("many", f"조건은 {MOST_CONDITIONS}개까지 적을 수 있습니다.", field="conditions")


def fulfil(
    condition: ConsultationCondition,
    *,
    on: datetime.date,
    note: str,
    by: Officer,
    files: Iterable[File] = (),
) -> ConsultationCondition:
    """A condition of the reply has been met, with what was done."""
    with acts.begin("cameras.prior_consultation_condition_fulfilled", condition, by=by) as act:
        act.refuse(_against_fulfilling(act.row, on, note))
        act.write(fulfilled_on=on, fulfilled_note=note, fulfilled_by=by)
        act.payload |= {"condition": act.row.position, "on": on.isoformat()}
        act.attach(files)
        _follow(act, act.row.consultation.project)
    return act.row


def _against_fulfilling(condition: ConsultationCondition, on: datetime.date, note: str) -> Iterator[Refusal]:
    if condition.consultation.is_withdrawn:
        yield Refusal("withdrawn", "철회한 협의의 조건입니다.")
    if condition.fulfilled_on is not None:
        yield Refusal("fulfilled", "이미 이행한 조건입니다.")
    yield from refusals.unwritten(note, "note", "무엇을 했는지 적어 주십시오.")
    since = condition.consultation.replied_on
    today = timezone.localdate()
    yield from refusals.outside(on, "on", "이행일", until=today, since=since, since_name="회신일")


def withdraw(consultation: PriorConsultation, *, reason: str, by: Officer) -> PriorConsultation:
    """The installing department takes its request back: it counts no longer, answered or not.

    Refused once a camera of the project has moved on because of it: return those to planned first.
    """
    with acts.begin("cameras.prior_consultation_withdrawn", consultation, by=by) as act:
        act.refuse(refusals.unwritten(reason, "reason", "철회 사유를 적어야 합니다."))
        act.refuse(_against_moved_on(act.row.project))
        act.move(PriorConsultationMove, Event.WITHDRAW, reason=reason)
        act.close_dues(SUBJECT, act.row.number)
        act.payload["project"] = act.row.project.number
        _follow(act, act.row.project)
    return act.row


def _against_moved_on(project: InstallationProject) -> Iterator[Refusal]:
    beyond = Camera.objects.not_removed().filter(project=project).exclude(state=CameraState.PLANNED)
    if numbers := list(beyond.in_order().values_list("number", flat=True)):
        yield Refusal(
            "moved",
            "이 협의로 이미 다음 단계로 간 카메라가 있습니다.",
            remedy="먼저 ‘계획으로 되돌림’을 하십시오.",
            numbers=tuple(numbers),
        )


def due_date(consultation: PriorConsultation) -> DueDate | None:
    """When the reply is due, with every date that it had before."""
    return DueDate.objects.filter(
        subject_kind=SUBJECT, subject_number=consultation.number, purpose=REPLY
    ).first()


def _follow(act: Act[Any], project: InstallationProject) -> None:
    cameras = list(Camera.objects.not_removed().filter(project=project).values_list("pk", flat=True))
    act.afterwards(lambda: findings.follow(cameras, codes=["prior_consultation", "consultation_conditions"]))
