"""Consultations in each of their phases, through the domain's own functions."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Officer
from cameras.consultation import drafting, experts, opinions, publishing, result
from cameras.consultation.opinions import Given
from cameras.consultation.period import end_of
from cameras.enums import CameraState, ConsultationMethod
from cameras.models import HeardExpert, InstallationProject, Opinion, PublicConsultation
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.factories import CameraFactory

SEOUL = timezone.get_default_timezone()
# A Monday; with twenty days counted from the day after, the period ends on Sunday 22 November and rolls to Monday.
PUBLISHED_AT = dt.datetime(2026, 11, 2, 10, 0, tzinfo=SEOUL)
LAST_ON = dt.date(2026, 11, 23)
PDF = b"%PDF-1.7 a plan"


def seoul(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def make_project(cameras: int = 2, by: Officer | None = None) -> InstallationProject:
    number = f"P-{InstallationProject.objects.count() + 1}"
    project = InstallationProject.objects.create(
        number=number,
        title="화곡동 방범 카메라 설치",
        installing_department=DepartmentFactory(name="안전관리과", phone="02-2600-6114"),
        opened_by=by or OfficerFactory(),
    )
    for _ in range(cameras):
        CameraFactory(state=CameraState.PLANNED, project=project)
    return project


def make_draft(project: InstallationProject | None = None, **changes: Any) -> PublicConsultation:
    fields: dict[str, Any] = {
        "method": ConsultationMethod.ADMINISTRATIVE_NOTICE,
        "title": "화곡동 방범 카메라 설치 행정예고",
        "text": "밤길 안전을 위하여 카메라를 설치하려고 합니다.",
        "places": "강서구보\n화곡1동 주민센터 게시판",
        "opens_at": PUBLISHED_AT,
        "closes_at": end_of(LAST_ON),
        **changes,
    }
    project = project or make_project()
    return drafting.open_draft(project, by=project.opened_by, **fields)


def make_published(now: dt.datetime = PUBLISHED_AT, **changes: Any) -> PublicConsultation:
    draft = make_draft(**changes)
    return publishing.publish(draft, by=draft.made_by, now=now)


def make_survey() -> PublicConsultation:
    draft = make_draft(method=ConsultationMethod.SURVEY)
    drafting.add_question(draft, "찬성하십니까?", choices=["찬성", "반대", "모름"], is_required=True)
    drafting.add_question(draft, "어디가 좋습니까?", choices=["골목", "공원"], is_multiple=True)
    drafting.add_question(draft, "까닭은?")
    return publishing.publish(draft, by=draft.made_by, now=PUBLISHED_AT)


def make_opinion(consultation: PublicConsultation, text: str = "찬성합니다.", **given: Any) -> Opinion:
    at = given.pop("at", PUBLISHED_AT + dt.timedelta(hours=1))
    key = given.pop("key", f"key-{consultation.pk}-{consultation.opinions.count()}")
    return opinions.submit(consultation, Given(text=text, **given), submission_key=key, now=at).opinion


def upload(name: str = "의견서.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def hear_expert(consultation: PublicConsultation, **changes: Any) -> HeardExpert:
    facts = {
        "who": "가상대학교 교수, 도시방범",
        "heard_on": timezone.localdate(),
        "said": "두 방향을 함께 비추는 것이 좋겠습니다.",
        "document_number": "안전관리과-55",
    }
    return experts.hear(consultation, by=consultation.made_by, **{**facts, **changes})


def publish_result(consultation: PublicConsultation, at: dt.datetime | None = None) -> PublicConsultation:
    hear_expert(consultation)
    return result.publish(
        consultation,
        result.suggested_text(consultation),
        by=consultation.made_by,
        now=at or consultation.closes_at + dt.timedelta(days=1),
    )


def running_period(days_open: int = 5) -> dict[str, Any]:
    """Of a consultation that is open by the real clock."""
    start = timezone.now() - dt.timedelta(days=days_open)
    return {"opens_at": start, "closes_at": end_of(timezone.localdate() + dt.timedelta(days=40))}


def make_running(**changes: Any) -> PublicConsultation:
    """Open by the real clock."""
    period = {**running_period(), **changes}
    return make_published(now=period["opens_at"], **period)
