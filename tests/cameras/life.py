"""Situations of a camera's life: projects, papers, and rules made up for a test."""

from contextlib import contextmanager
from datetime import date

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from factory.django import DjangoModelFactory

from accounts import designations
from accounts.models import Officer
from accounts.roles import Role
from cameras import prior_consultation, projects
from cameras.enums import PaperKind
from cameras.models import Camera, InstallationProject, PriorConsultation
from cameras.prior_consultation import Condition
from ordinance import rules
from ordinance.rules import Rule, Subject
from tests.accounts.factories import DepartmentFactory, OfficerFactory

PDF_BYTES = b"%PDF-1.7\n%fake but a PDF by its beginning\n"
CHECKLIST = {"standardised": "yes", "multi_purpose": "yes", "integrated": "yes"}
BUILDER = {
    "registered_builder": "yes",
    "builder_name": "(주)한빛통신기술",
    "builder_registration": "제2020-0123호",
    "builder_checked_on": "2026-03-02",
}
CONSULTATION = {
    "method": "administrative_notice",
    "from_on": "2026-02-01",
    "until_on": "2026-02-23",
    "announced": "강서구보, 누리집",
    "experts": "영상보안 전문가 자문(서면): 이견 없음",
    "opinions": "0",
    "result": "의견 없음",
}
# Contents that prove something, by kind.
CONTENTS = {
    PaperKind.INSTALLATION_CHECKLIST: CHECKLIST,
    PaperKind.BUILDER_REGISTRATION: BUILDER,
    PaperKind.PRIOR_CONSULTATION: {"requesting_department": "공원녹지과", "reply": "agree"},
    PaperKind.PUBLIC_CONSULTATION: CONSULTATION,
    PaperKind.CONSULTATION_EXEMPTION: {
        "near": "화곡로 1, 40m",
        "same_purpose": "방범",
        "reason": "같은 골목에 한 대 추가",
        "approver": "안전관리과장",
    },
    PaperKind.RESOLUTION: {"meeting": "2026년 제1차", "outcome": "passed"},
    PaperKind.AUDIO_CHECK: {"method": "설정 화면 확인", "checked_by_name": "안전관리과 주무관"},
    PaperKind.MONITORING_SCOPE: {"scope": "live"},
    PaperKind.LINK_EXEMPTION: {"reason": "inefficient", "explanation": "산 위", "approver": "과장"},
    PaperKind.NECESSITY_REVIEW: {"result": "keep", "opinion": "범죄가 잦은 곳"},
}
FILED_ON = date(2026, 3, 2)


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = InstallationProject

    number = factory.Sequence(lambda n: f"2026-{n + 1:03d}")
    title = "화곡동 방범 카메라 설치"
    installing_department = factory.SubFactory(DepartmentFactory)
    opened_by = factory.SubFactory(OfficerFactory)


def upload(name: str = "계획서.pdf", content: bytes = PDF_BYTES) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def fleet(*cameras: Camera) -> QuerySet[Camera]:
    return Camera.objects.filter(pk__in=[camera.pk for camera in cameras])


def join(project: InstallationProject, *cameras: Camera) -> None:
    projects.add_cameras(project, fleet(*cameras), by=project.opened_by)


def responsible_manager() -> Officer:
    """The head of the responsible department, designated if nobody is."""
    department = designations.responsible_on(date(2026, 1, 1)) or DepartmentFactory(name="안전관리과")
    if designations.responsible_on(date(2026, 1, 1)) is None:
        designations.designate(department, from_on=date(2025, 1, 1))
    return OfficerFactory(role=Role.CCTV_MANAGER, department=department)


def asked_and_answered(project: InstallationProject, answer: str = "conditions") -> PriorConsultation:
    """The responsible department agreed, with one condition that is not due."""
    answering = responsible_manager()
    consultation = prior_consultation.ask(
        project,
        plan="공원 산책로에 방범 카메라를 설치한다.",
        request_document="공원녹지과-1123",
        on=FILED_ON,
        by=project.opened_by,
    )
    return prior_consultation.reply(
        consultation,
        answer,
        text="장소와 방향이 적정합니다.",
        document_number="안전관리과-2201",
        on=FILED_ON,
        by=answering,
        conditions=[Condition("야간 조도를 낮출 것")] if answer == "conditions" else [],
    )


@contextmanager
def only_rules(*made: Rule):
    """Instead of the district's rules, these: what a gate does is tested here, what a rule judges is not."""
    before = dict(rules._rules)
    rules._rules.clear()
    rules._rules.update({rule.code: rule for rule in made})
    try:
        yield
    finally:
        rules._rules.clear()
        rules._rules.update(before)


def rule(code: str, *gates: str, unmet, title: str = "안내판의 설치", article: int = 9) -> Rule:
    """A rule about every camera; `unmet(rows, context)` says which do not meet it."""
    return Rule(
        code=code,
        title=title,
        article=article,
        subject=Subject.CAMERA,
        subjects=lambda context: Camera.objects.not_removed(),
        unmet=unmet,
        message="안내판이 없습니다.",
        remedy="안내판을 붙이고 확인하십시오.",
        gates=frozenset(gates),
    )
