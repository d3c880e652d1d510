"""사전협의 (art. 7): who asks, who alone replies, what counts, what is due."""

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts import designations
from accounts.models import Department
from accounts.roles import Role
from cameras import lifecycle, prior_consultation, prior_consultation_due, projects
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, PriorConsultation, Site
from cameras.prior_consultation import Condition
from ledger.models import Entry
from ordinance.due import Severity
from reports import official
from reports.documents import prior_consultation_reply
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.cameras.life import ProjectFactory, fleet, join

pytestmark = pytest.mark.django_db

ASKED_ON = date(2026, 3, 2)
REPLIED_ON = date(2026, 3, 6)


@pytest.fixture
def responsible():
    department = DepartmentFactory(name="안전관리과")
    designations.designate(department, from_on=date(2025, 1, 1))
    return department


@pytest.fixture
def manager(responsible):
    return OfficerFactory(role=Role.CCTV_MANAGER, department=responsible)


@pytest.fixture
def project(responsible):
    made = ProjectFactory()
    join(made, CameraFactory(planned=True))
    return made


def asked(project, **more) -> PriorConsultation:
    given = {"plan": "산책로에 한 대", "request_document": "공원녹지과-11", "on": ASKED_ON} | more
    return prior_consultation.ask(project, by=project.opened_by, **given)


def replied(consultation, manager, answer="agree", **more):
    given = {"text": "동의합니다.", "document_number": "안전관리과-55", "on": REPLIED_ON} | more
    return prior_consultation.reply(consultation, answer, by=manager, **given)


def test_asked_and_agreed_to_opens_the_way(project, manager):
    cameras = fleet(project.cameras.get())
    assert [refusal.code for refusal in lifecycle.check(LifecycleEvent.CONSULT, cameras)] == [
        "rule:prior_consultation"
    ]
    consultation = asked(project)
    assert consultation.number == "협의-2026-001"
    assert lifecycle.check(LifecycleEvent.CONSULT, cameras)
    replied(consultation, manager)
    assert not lifecycle.check(LifecycleEvent.CONSULT, cameras)
    # Before the reply there was nothing to go by.
    assert lifecycle.check(LifecycleEvent.CONSULT, cameras, on=REPLIED_ON - timedelta(days=1))
    assert list(
        Entry.objects.filter(kind__startswith="cameras.prior")
        .order_by("sequence")
        .values_list("kind", flat=True)
    ) == ["cameras.prior_consultation_asked", "cameras.prior_consultation_replied"]


def test_the_letter_says_what_was_replied_to_whatever_happens_to_it_later(project, manager):
    camera = project.cameras.get()
    consultation = replied(asked(project), manager)
    before = prior_consultation_reply.document_of(consultation)
    Camera.objects.filter(pk=camera.pk).update(project=None, install_purpose="parking_management")
    Site.objects.update(road_address="다른 곳 1")
    project.title = "다른 이름"
    project.save()
    Department.objects.filter(pk=manager.department_id).update(name="다른 과", phone="02-9")
    again = prior_consultation_reply.document_of(PriorConsultation.objects.get())
    assert again == before
    assert [row[0] for row in again.annexes[0].rows] == [camera.number]
    assert "다른" not in official.words(again)


def test_letters_of_earlier_replies_are_frozen_as_the_register_was_then(project, manager):
    camera = project.cameras.get()
    consultation = replied(asked(project), manager)
    wanted = consultation.letter
    PriorConsultation.objects.update(letter={})
    camera.refresh_from_db()
    camera.project, camera.install_purpose = None, "parking_management"
    camera.save()
    project.refresh_from_db()
    project.title = "다른 이름"
    project.save()
    migration = importlib.import_module("cameras.migrations.0022_letters_of_replies")
    migration.freeze_letters(apps, None)
    for later in ("postal_address", "email"):
        wanted["replying_department"].pop(later)
    assert PriorConsultation.objects.get().letter == wanted


def test_a_decline_does_not_and_may_be_asked_again(project, manager):
    replied(asked(project), manager, "decline", text="장소가 겹칩니다.")
    cameras = fleet(project.cameras.get())
    assert lifecycle.check(LifecycleEvent.CONSULT, cameras)
    replied(asked(project, on=date(2026, 4, 1)), manager, on=date(2026, 4, 2))
    assert not lifecycle.check(LifecycleEvent.CONSULT, cameras)


def test_only_the_responsible_department_replies(project, manager, responsible):
    consultation = asked(project)
    outsider = OfficerFactory(role=Role.CCTV_MANAGER, department=project.installing_department)
    clerk = OfficerFactory(role=Role.OFFICIAL, department=responsible)
    homeless = OfficerFactory(role=Role.CCTV_MANAGER)
    for officer in (outsider, clerk, homeless):
        with pytest.raises(PermissionDenied):
            replied(consultation, officer)
    designations.designate(project.installing_department, from_on=timezone.localdate())
    consultation.refresh_from_db()
    assert not consultation.reply
    # On the day of the reply it was still responsible.
    replied(consultation, manager)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": ASKED_ON - timedelta(days=1)}, "replied_on"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "replied_on"),
        ({"text": " "}, "reply_text"),
        ({"document_number": ""}, "reply_document"),
        ({"answer": "maybe"}, "reply"),
        ({"answer": "conditions"}, "conditions"),
        ({"conditions": [Condition("가림막")]}, "conditions"),
        ({"answer": "conditions", "conditions": [Condition("가림막", ASKED_ON)]}, "conditions"),
    ],
)
def test_replies_that_make_no_sense_are_refused(project, manager, change, field):
    consultation = asked(project)
    with pytest.raises(ValidationError) as caught:
        replied(consultation, manager, **change)
    assert field in caught.value.message_dict
    consultation.refresh_from_db()
    assert not consultation.reply
    assert not consultation.conditions.exists()


def test_a_reply_is_given_once(project, manager):
    consultation = asked(project)
    replied(consultation, manager)
    with pytest.raises(ValidationError, match="‘회신 완료’ 상태에서는"):
        replied(consultation, manager, "decline")


def test_conditions_are_followed_until_they_are_fulfilled(project, manager):
    today = timezone.localdate()
    late, later = Condition("가림막 설치", REPLIED_ON), Condition("야간 조도 조정", today + timedelta(days=7))
    consultation = asked(project)
    replied(consultation, manager, "conditions", conditions=[late, later, Condition("주민 안내")])
    cameras = fleet(project.cameras.get())
    assert lifecycle.check(LifecycleEvent.CONSULT, cameras)
    items = list(prior_consultation_due.conditions(timezone.now()))
    assert [item.severity for item in items] == [Severity.OVERDUE, Severity.DUE]
    first = consultation.conditions.get(position=1)
    with pytest.raises(ValidationError, match=r"회신일.*보다"):
        prior_consultation.fulfil(first, on=ASKED_ON, note="설치함", by=manager)
    with pytest.raises(ValidationError, match="무엇을"):
        prior_consultation.fulfil(first, on=today, note=" ", by=manager)
    prior_consultation.fulfil(first, on=today, note="설치함", by=manager)
    with pytest.raises(ValidationError, match="이미 이행"):
        prior_consultation.fulfil(first, on=today, note="설치함", by=manager)
    assert not lifecycle.check(LifecycleEvent.CONSULT, cameras)
    assert len(list(prior_consultation_due.conditions(timezone.now()))) == 1


def test_the_reply_is_due_by_a_date_of_the_settings(project, manager):
    consultation = asked(project)
    due = prior_consultation.due_date(consultation)
    assert due.due_on == date(2026, 3, 12)
    [item] = prior_consultation_due.replies(timezone.now())
    assert (item.severity, item.due_on) == (Severity.OVERDUE, due.due_on)
    replied(consultation, manager)
    due.refresh_from_db()
    assert not due.is_open
    assert not list(prior_consultation_due.replies(timezone.now()))


def test_a_withdrawn_request_counts_no_longer(project, manager):
    consultation = asked(project)
    replied(consultation, manager)
    cameras = fleet(project.cameras.get())
    Camera.objects.filter(project=project).update(state=CameraState.CONSULTED)
    with pytest.raises(ValidationError, match="되돌림"):
        prior_consultation.withdraw(consultation, reason="계획 변경", by=manager)
    Camera.objects.filter(project=project).update(state=CameraState.PLANNED)
    prior_consultation.withdraw(consultation, reason="계획 변경", by=manager)
    steps = consultation.moves.values_list("event", "to_state", "by", "reason")
    assert list(steps) == [
        ("ask", "asked", project.opened_by_id, ""),
        ("reply", "replied", manager.pk, ""),
        ("withdraw", "withdrawn", manager.pk, "계획 변경"),
    ]
    assert lifecycle.check(LifecycleEvent.CONSULT, cameras)
    with pytest.raises(ValidationError, match="철회"):
        replied(consultation, manager)
    # The way is free again for other cameras.
    projects.add_cameras(project, fleet(CameraFactory(planned=True)), by=manager)


def test_it_is_not_needed_by_the_responsible_department(responsible, manager):
    own = ProjectFactory(installing_department=responsible)
    join(own, CameraFactory(planned=True))
    assert not prior_consultation.is_needed(own)
    with pytest.raises(ValidationError, match="필요하지 않습니다"):
        asked(own)
    assert not lifecycle.check(LifecycleEvent.CONSULT, fleet(own.cameras.get()))


def test_nothing_is_asked_twice_about_nothing_or_of_nobody(project, manager):
    asked(project)
    with pytest.raises(ValidationError, match="이미 요청"):
        asked(project)
    with pytest.raises(ValidationError, match="카메라가 없습니다"):
        asked(ProjectFactory())
    with pytest.raises(ValidationError, match="뒤일 수 없습니다"):
        asked(ProjectFactory(), on=timezone.localdate() + timedelta(days=1))
    other = ProjectFactory()
    join(other, CameraFactory(planned=True))
    with pytest.raises(ValidationError, match="전담부서가 없어"):
        asked(other, on=date(2020, 1, 1))


def test_consultations_of_before_get_a_state_and_a_row_for_each_step(project, manager):
    """The migration, on a row as an upgraded office has it: with its withdrawal beside it."""
    consultation = replied(asked(project), manager)
    consultation.moves.all().delete()
    consultation.withdrawn_at, consultation.withdrawn_reason = timezone.now(), "계획 변경"
    migration = importlib.import_module("cameras.migrations.0028_moves_of_prior_consultation")
    steps = list(migration._steps(consultation))
    consultation.state = ""
    for step in steps:
        migration._write_step(apps, consultation, **step)
    assert consultation.state == "withdrawn"
    assert list(consultation.moves.values_list("event", "from_state", "on", "by", "document_number")) == [
        ("ask", "", ASKED_ON, project.opened_by_id, "공원녹지과-11"),
        ("reply", "asked", REPLIED_ON, manager.pk, "안전관리과-55"),
        ("withdraw", "replied", timezone.localdate(consultation.withdrawn_at), None, ""),
    ]
