"""Who acts next in the matters of this app (`casework.next_steps`), one by one and as items of the first page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from cameras import lifecycle, policy
from cameras.consultation import answers, experts, publishing
from cameras.consultation.period import end_text, last_day
from cameras.consultation.phase import Phase, ended_at, in_phase, phase_of
from cameras.enums import CameraState, LifecycleEvent, PriorConsultationState, ReentrustmentState
from cameras.models import (
    Camera,
    EntrustmentContract,
    InstallationProject,
    OperationPolicy,
    PriorConsultation,
    PublicConsultation,
    SignReport,
)
from cameras.prior_consultation import repliers, responsible_department
from casework import next_steps
from casework.next_steps import NextStep, each, register
from ordinance import due, problems
from ordinance.due import DueItem
from ordinance.rules import Rule

REPLY, ASK = "cameras.reply_consultation", "cameras.add_priorconsultation"
PUBLISH, DRAFT = "cameras.publish_consultation", "cameras.change_publicconsultation"
MOVE = "cameras.move_camera"
PROJECT_KIND = "설치 사업"
# The next step of cameras that stand in a state, and what is done to them once it lacks nothing.
_FORWARD = {
    CameraState.PLANNED: (LifecycleEvent.CONSULT, "협의 완료 처리하기"),
    CameraState.CONSULTED: (LifecycleEvent.DELIBERATE, "심의 완료 처리하기"),
    CameraState.DELIBERATED: (LifecycleEvent.APPROVE, "승인 처리하기"),
    CameraState.APPROVED: (LifecycleEvent.INSTALL, "설치 처리하기"),
    CameraState.INSTALLED: (LifecycleEvent.OPERATE, "운영 시작하기"),
}


def listen() -> None:
    register(PriorConsultation, each(of_prior_consultation))
    register(PublicConsultation, each(of_consultation))
    register(EntrustmentContract, each(of_contract))
    register(SignReport, each(of_sign_report))
    register(InstallationProject, of_projects)
    register(OperationPolicy, each(of_policy))
    due.register("cameras.drafts", drafts)
    due.register("cameras.projects", projects)
    for code, verb, *needs in (
        ("cameras.prior_consultation", "회신하기", REPLY),
        ("cameras.prior_consultation_condition", "이행 기록하기", "cameras.change_priorconsultation"),
        ("cameras.sign_report", "처리하기", "cameras.close_signreport"),
        ("cameras.contract_expires", "계약 보기", "cameras.change_entrustmentcontract"),
        ("cameras.contract_over", "계약 보기", "cameras.change_entrustmentcontract"),
        ("cameras.reentrustment_waits", "답하기", "cameras.change_reentrustment"),
        ("cameras.contractor_fault", "시정 기록하기", "cameras.change_entrustmentcontract"),
        ("cameras.signs_lapsing", "사진으로 확인하기", "cameras.check_sign"),
    ):
        due.declare(code, verb, *needs)


def work_on(project: int) -> str:
    """In the address of a screen: it stands beside the steps of this project and returns there (`portal.workplace`)."""
    return f"work={project}"


def of_prior_consultation(
    consultation: PriorConsultation, now: datetime, able: frozenset[int] | None = None
) -> NextStep | None:
    """`able`: who may reply today, where the caller has asked that for many."""
    if consultation.state == PriorConsultationState.REPLIED:
        return _of_conditions(consultation)
    if consultation.state != PriorConsultationState.ASKED:
        return None
    return NextStep(
        "cameras.prior_consultation",
        "회신하기",
        f"사전협의 {consultation.number}",
        REPLY,
        "prior_consultation:reply",
        (consultation.pk,),
        query=work_on(consultation.project_id),
        since=consultation.asked_at,
        asker_id=consultation.asked_by_id,
        only=repliers() if able is None else able,
        page_name="prior_consultation:page",
        page_args=(consultation.pk,),
    )


def _of_conditions(consultation: PriorConsultation) -> NextStep | None:
    """The first condition that nobody has written down as fulfilled."""
    first = (
        consultation.conditions.filter(fulfilled_on=None)
        .order_by(F("due_on").asc(nulls_last=True), "position")
        .first()
    )
    if first is None:
        return None
    return NextStep(
        "cameras.prior_consultation_condition",
        f"조건 {first.position} 이행 기록하기",
        f"사전협의 {consultation.number}",
        "cameras.change_priorconsultation",
        "prior_consultation:fulfil",
        (first.pk,),
        query=work_on(consultation.project_id),
        due_on=first.due_on,
        since=consultation.replied_at or consultation.asked_at,
    )


def of_consultation(consultation: PublicConsultation, now: datetime) -> NextStep | None:
    phase = phase_of(consultation, now)
    matter, key = f"의견수렴 {consultation.number}", (consultation.pk,)
    query = work_on(consultation.project_id)
    if phase == Phase.DRAFT and not Camera.objects.filter(project=consultation.project_id).exists():
        return NextStep(
            "cameras.consultation_draft",
            "카메라와 장소 적기",
            f"{matter} 초안",
            "cameras.add_site",
            "projects:place",
            (consultation.project_id,),
            query=query,
            since=consultation.made_at,
            asker_id=consultation.made_by_id,
            page_name="consultation:page",
            page_args=key,
        )
    if phase == Phase.DRAFT and (lacking := publishing.problems(consultation, now)):
        return NextStep(
            "cameras.consultation_draft",
            "초안 고치기",
            f"{matter} 초안",
            DRAFT,
            "consultation:edit",
            key,
            query=query,
            since=consultation.made_at,
            asker_id=consultation.made_by_id,
            note=lacking[0],
        )
    if phase == Phase.DRAFT:
        return NextStep(
            "cameras.consultation_draft",
            "공고하기",
            f"{matter} 공고",
            PUBLISH,
            "consultation:publish",
            key,
            query=query,
            since=consultation.made_at,
            asker_id=consultation.made_by_id,
            waits=(DRAFT,),
            page_name="consultation:page",
            page_args=key,
        )
    if phase in (Phase.ANNOUNCED, Phase.OPEN):
        until = end_text(consultation.closes_at)
        note = f"주민이 의견을 냅니다. {until}에 끝나고, 그 뒤에 의견을 처리합니다."
        return NextStep(
            "cameras.consultation_open",
            "기다림",
            matter,
            note=note,
            due_on=last_day(ended_at(consultation)),
            url_name="consultation:page",
            url_args=key,
        )
    waiting = (
        answers.unanswered(consultation).values_list("pk", flat=True)[:2] if phase == Phase.CLOSED else ()
    )
    if waiting:
        # Several are answered together, a single one on its own page.
        is_one = len(waiting) == 1
        return NextStep(
            "cameras.consultation_result",
            "의견 처리하기",
            matter,
            "cameras.change_opinion",
            "consultation:opinion" if is_one else "consultation:opinions",
            tuple(waiting) if is_one else key,
            query=query,
        )
    if phase == Phase.CLOSED and experts.problems(consultation):
        return NextStep(
            "cameras.consultation_result",
            "전문가 의견 기록하기",
            f"{matter}의 관계 전문가 의견",
            DRAFT,
            "consultation:expert_add",
            key,
            query=query,
        )
    if phase == Phase.CLOSED:
        return NextStep(
            "cameras.consultation_result",
            "결과 공고하기",
            f"{matter} 결과",
            PUBLISH,
            "consultation:result",
            key,
            query=query,
            asker_id=consultation.made_by_id,
        )
    return None


def of_contract(contract: EntrustmentContract, now: datetime) -> NextStep | None:
    waiting = contract.reentrustments.filter(state=ReentrustmentState.ASKED).order_by("pk").first()
    if waiting is None:
        return None
    return NextStep(
        "cameras.reentrustment_waits",
        "재위탁 요청에 답하기",
        f"위탁 계약 {contract.number}",
        "cameras.change_reentrustment",
        "contracts:reentrustment_answer",
        (waiting.pk,),
    )


def of_sign_report(report: SignReport, now: datetime) -> NextStep | None:
    if report.closed_at is not None:
        return None
    return NextStep(
        "cameras.sign_report",
        "처리하기",
        f"안내판 신고 {report.receipt_number}",
        "cameras.close_signreport",
        "sign_reports:close",
        (report.pk,),
        since=report.received_at,
    )


def of_policy(row: OperationPolicy, now: datetime) -> NextStep | None:
    """The draft of the next version."""
    if row.is_published:
        return None
    code, matter = "cameras.policy_draft", "운영·관리 방침 초안"
    if lacking := policy.lacking(row):
        return NextStep(
            code, "본문 고치기", matter, "cameras.change_operationpolicy", "policy:edit", note=lacking[0]
        )
    return NextStep(
        code,
        "새 판 공고하기",
        matter,
        "cameras.publish_policy",
        "policy:publish",
        page_name="policy:overview",
        may_wait=policy.published().exists(),
        note="본문과 대장을 맞춘 뒤 공고합니다. 공고하기 전에는 누리집에 나오지 않습니다.",
    )


def drafts(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Drafts wait for whoever publishes them."""
    for consultation in in_phase(Phase.DRAFT, now).filter(published_at=None).order_by("made_at"):
        step = of_consultation(consultation, now)
        if step is not None:
            yield step.as_due("의견수렴", detail=consultation.title)


def projects(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Every open project with the step that its cameras wait for."""
    rows = list(InstallationProject.objects.filter(closed_on=None).order_by("opened_at"))
    steps = next_steps.of_many(rows, now)
    for project in rows:
        step = steps.get(project.pk)
        # What waits for a reply, a publication or the citizens is told by that matter itself.
        if step is not None and step.matter.startswith(PROJECT_KIND):
            yield step.as_due(PROJECT_KIND, detail=project.title)


def of_projects(rows: Sequence[InstallationProject], now: datetime) -> dict[int, NextStep]:
    keys = [project.pk for project in rows]
    standing = _standing(keys)
    asked = _latest(
        PriorConsultation.objects.filter(project__in=keys).exclude(state=PriorConsultationState.WITHDRAWN)
    )
    opened = _latest(PublicConsultation.objects.filter(project__in=keys))
    office = responsible_department()
    responsible = office.pk if office else None
    waits = any(each.state == PriorConsultationState.ASKED for each in asked.values())
    able = repliers() if waits else frozenset[int]()
    found, forward = {}, []
    for project in rows:
        key = project.pk
        step = _of_project(
            project, standing.get(key), asked.get(key), opened.get(key), responsible, able, now
        )
        if step is not None:
            found[project.pk] = step
        elif standing.get(key) in _FORWARD:
            forward.append(project)
    lacking = _lacking({project.pk: standing[project.pk] for project in forward})
    return found | {
        project.pk: _forward(project, standing[project.pk], lacking.get(project.pk)) for project in forward
    }


def _lacking(standing: Mapping[int, CameraState]) -> dict[int, Rule]:
    """What the step of each project still waits for, first the rule that is best met first; a few queries for all."""
    found: dict[int, Rule] = {}
    for state, (event, _) in _FORWARD.items():
        keys = [project for project, at in standing.items() if at == state]
        cameras = Camera.objects.not_removed().filter(project__in=keys)
        asked = lifecycle.gates(event) if keys else ()
        for problem in problems.among(asked, cameras, most=lifecycle.MOST_AT_ONCE):
            those = cameras.filter(number__in=problem.numbers).order_by().values_list("project").distinct()
            for (project,) in those:
                found.setdefault(project, problem.rule)
    return found


def _forward(project: InstallationProject, state: CameraState, lacking: Rule | None) -> NextStep:
    """The act, or first what it lacks, with whoever mends that. The project's page leads to the form of it."""
    if lacking is not None:
        return _own(project, f"‘{lacking.title}’ 갖추기", lacking.mended_by, "projects:page", "", project.pk)
    return _own(project, _FORWARD[state][1], MOVE, "projects:page", "", project.pk)


def _own(
    project: InstallationProject, verb: str, needs: str, url_name: str, query: str = "", *args: Any
) -> NextStep:
    return NextStep(
        "cameras.project",
        verb,
        f"설치 사업 {project.number}",
        needs,
        url_name,
        args,
        query="&".join(part for part in (query, work_on(project.pk)) if part),
        since=project.opened_at,
        asker_id=project.opened_by_id,
        page_name="projects:page",
        page_args=(project.pk,),
    )


def _latest(matters: Any) -> dict[int, Any]:
    return {matter.project_id: matter for matter in matters.order_by("pk")}


def _standing(keys: list[int]) -> dict[int, CameraState]:
    """The state of the cameras that are furthest behind, of each project."""
    counted: defaultdict[int, set[str]] = defaultdict(set)
    cameras = Camera.objects.not_removed().filter(project__in=keys).order_by()
    for project, state in cameras.values_list("project", "state").distinct():
        counted[project].add(state)
    return {
        project: next(state for state in CameraState if state in states)
        for project, states in counted.items()
    }


def _of_project(
    project: InstallationProject,
    state: CameraState | None,
    asked: PriorConsultation | None,
    opened: PublicConsultation | None,
    responsible: int | None,
    able: frozenset[int],
    now: datetime,
) -> NextStep | None:
    """What is before the next act itself: cameras, the consultations."""
    if state is None:
        return _own(project, "카메라와 장소 적기", "cameras.add_site", "projects:place", "", project.pk)
    if state == CameraState.PLANNED and asked is None and project.installing_department_id != responsible:
        return _own(project, "사전협의 요청하기", ASK, "prior_consultation:ask", "", project.pk)
    if state == CameraState.PLANNED and asked is not None and asked.state == PriorConsultationState.ASKED:
        return of_prior_consultation(asked, now, able)
    if state == CameraState.CONSULTED and opened is None:
        return _own(project, "의견수렴 열기", DRAFT, "consultation:add", f"project={project.pk}")
    if state == CameraState.CONSULTED and opened is not None and (step := of_consultation(opened, now)):
        return step
    return None
