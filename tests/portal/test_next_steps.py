"""Who acts next: on the page of a matter, on the first page, and told by a mail that says nothing of the matter."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras import next_steps as of_cameras
from cameras import policy
from casework import next_steps
from footage import holds
from portal import home, telling
from portal.models import StepNotice
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_draft
from tests.cameras.factories import CameraFactory
from tests.cameras.life import ProjectFactory, asked_and_answered, join
from tests.committee.factories import MeetingFactory, demand_resolutions

pytestmark = pytest.mark.django_db


def browser(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def official():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, email="manager@example.kr")


@pytest.fixture
def project(official):
    made = ProjectFactory(opened_by=official)
    join(made, CameraFactory(planned=True))
    return made


def step_of(matter):
    return next_steps.of(matter, timezone.now())


def test_an_empty_project_asks_for_cameras_and_then_for_the_consultation(official):
    empty = ProjectFactory(opened_by=official)
    assert step_of(empty).verb == "카메라와 장소 적기"
    join(empty, CameraFactory(planned=True))
    assert step_of(empty).verb in ("사전협의 요청하기", "협의 완료 처리하기")


def test_what_waits_for_another_stands_with_both(official, manager, project):
    consultation = asked_and_answered(project)
    assert step_of(consultation).verb == "조건 1 이행 기록하기"
    assert step_of(project).needs == of_cameras.MOVE
    mine = home.desk(official, timezone.now()).mine
    assert f"설치 사업 {project.number}" in [item.title for item in mine]


@pytest.mark.parametrize("many", [1, 6])
def test_any_number_of_projects_costs_the_same(official, many):
    for _ in range(many):
        join(ProjectFactory(opened_by=official), CameraFactory(planned=True))
    list(of_cameras.projects(timezone.now()))
    with CaptureQueriesContext(connection) as queries:
        found = list(of_cameras.projects(timezone.now()))
    assert len(found) == many
    assert len(queries) <= 9


class TestTelling:
    @pytest.fixture
    def consultation(self, official):
        draft = make_draft()
        draft.closes_at = timezone.now() + timedelta(days=60)
        draft.made_by = official
        draft.save()
        return draft

    def test_the_mail_names_number_step_and_address_alone(self, official, manager, consultation):
        client = browser(official)
        page = client.get(reverse("consultation:page", args=[consultation.pk])).content.decode()
        assert "메일로 알리기" in page
        url = reverse("tell", args=["cameras.publicconsultation", consultation.pk])
        assert client.post(url, {"back": "https://elsewhere.example/"}).url == reverse("agenda:list")
        telling.send(StepNotice.objects.get().pk)
        (sent,) = mail.outbox
        assert sent.to == ["manager@example.kr"]
        assert consultation.number in sent.subject
        assert consultation.title not in sent.body + sent.subject
        assert consultation.text not in sent.body

    def test_once_a_day_and_by_nobody_who_may_not_see_it(self, official, manager, consultation):
        url = reverse("tell", args=["cameras.publicconsultation", consultation.pk])
        assert browser(OfficerFactory(role=Role.MONITORING_AGENT)).post(url).status_code == 403
        client = browser(official)
        client.post(url)
        client.post(url)
        assert StepNotice.objects.count() == 1

    @pytest.mark.parametrize("label", ["accounts.officer", "nothing", "cameras.camera"])
    def test_other_rows_are_no_matters(self, official, label):
        assert browser(official).post(reverse("tell", args=[label, 1])).status_code == 404

    def test_whose_turn_it_is_gets_the_button(self, manager, consultation):
        page = browser(manager).get(reverse("consultation:page", args=[consultation.pk])).content.decode()
        assert "내 차례" in page


def test_a_draft_that_cannot_be_published_goes_back_to_its_form(official, manager):
    draft = make_draft()
    draft.closes_at = timezone.now() + timedelta(days=60)
    draft.places = ""
    draft.save()
    step = step_of(draft)
    assert (step.verb, step.url_name) == ("초안 고치기", "consultation:edit")
    assert "게재" in step.note
    edit = reverse("consultation:edit", args=[draft.pk])
    page = browser(manager).get(reverse("consultation:publish", args=[draft.pk])).content.decode()
    assert edit in page
    form = browser(official).get(edit).context["form"]
    assert form.fields["places"].required
    draft.places = "강서구보"
    draft.save()
    assert step_of(draft).verb == "공고하기"
    draft.project.cameras.update(filming_direction="", filming_range="")
    page = browser(manager).get(reverse("consultation:publish", args=[draft.pk])).content.decode()
    assert "촬영 방향·범위가 비어 있어" in page
    assert reverse("cameras:edit", args=[draft.project.cameras.in_order().first().pk]) in page


def test_why_a_consultation_that_ended_too_early_does_not_count_stands_above_the_next_one(official):
    draft = make_draft()
    now = timezone.now()
    add = f"{reverse('consultation:add')}?project={draft.project_id}"
    assert "인정되지 않습니다" not in browser(official).get(add).content.decode()
    type(draft).objects.filter(pk=draft.pk).update(
        published_at=now,
        notice={"title": "x"},
        closed_early_at=now,
        shortest_until=now + timedelta(days=1),
    )
    page = browser(official).get(add).content.decode()
    assert f"의견수렴 {draft.number}" in page
    assert "인정되지 않습니다" in page


def test_a_hold_a_policy_and_a_meeting_say_who_acts_next(official, manager):
    """Each on its page for somebody who cannot do it, with who can; and the steps of a meeting in their order."""
    secretary = OfficerFactory(role=Role.COMMITTEE_SECRETARY)
    hold = holds.place(
        CameraFactory(),
        timezone.now() - timedelta(hours=2),
        timezone.now() - timedelta(hours=1),
        reason="사고",
        by=official,
    )
    draft = policy.draft()
    meeting = MeetingFactory(on=timezone.localdate() + timedelta(days=20), enrolled=None, present=None)
    for matter, url, verb, who in (
        (hold, reverse("footage:hold", args=[hold.pk]), "까닭이 끝나면 유예 해제 요청", official),
        (draft, reverse("policy:overview"), step_of(draft).verb, manager),
        (meeting, reverse("committee:meeting", args=[meeting.pk]), "안건 올리기", secretary),
    ):
        assert step_of(matter).verb == verb
        page = browser(official).get(url).content.decode()
        assert f"다음: {verb}" in page
        assert str(who) in page
    holds.ask_release(hold, reason="끝남", by=official)
    assert (step_of(hold).verb, step_of(hold).needs) == ("까닭이 끝나면 유예 해제", "footage.release_hold")
    mine = browser(manager).get(reverse("footage:hold", args=[hold.pk])).content.decode()
    assert reverse("footage:hold_release", args=[hold.pk]) in mine
    assert "내 차례" not in mine
    with mock.patch.object(holds, "_objections", [lambda hold, by: "청구가 끝나지 않았습니다."]):
        shown = browser(official).get(reverse("footage:hold", args=[hold.pk])).content.decode()
    assert "청구가 끝나지 않았습니다." in shown
    assert str(manager) in shown
    assert "메일로 알리기" not in shown
    holds.release(hold, reason="끝남", by=manager)
    assert step_of(hold) is None
    meeting.on = timezone.localdate() - timedelta(days=1)
    assert step_of(meeting).verb == "출석 기록하기"
    meeting.enrolled = meeting.present = 5
    meeting.save()
    assert step_of(meeting).verb == "의결 기록하기"
    meeting.cancelled_on = meeting.on
    assert step_of(meeting) is None


@pytest.mark.parametrize("state", ["planned", "consulted", "approved", "installed"])
def test_the_first_page_the_workplace_and_a_reader_are_told_the_same_step(official, manager, state):
    auditor = OfficerFactory(role=Role.AUDITOR)
    project = ProjectFactory(opened_by=official)
    join(project, CameraFactory(planned=True))
    asked_and_answered(project)
    project.cameras.update(state=state)
    step = step_of(project)
    page = reverse("projects:page", args=[project.pk])
    read = browser(auditor).get(page)
    waiting = [task.title for task in read.context["waiting"]]
    assert f"다음: {step.verb}" in read.content.decode()
    able = next(each for each in (official, manager) if step.is_for(each))
    task = browser(able).get(page, follow=True).context["workplace"].task
    assert task.title in waiting
    assert step.verb in (f"‘{task.title}’ 갖추기", "의견수렴 열기") or step.needs == of_cameras.MOVE
    if step.needs == of_cameras.MOVE:
        assert task.url.startswith(reverse("lifecycle:act"))
    items = home.desk(able, timezone.now()).mine
    assert step.verb in [item.verb for item in items if item.title == f"설치 사업 {project.number}"]


def test_a_project_that_waits_for_the_committee_says_what_the_secretary_does_first(official):
    demand_resolutions()
    project = ProjectFactory(opened_by=official)
    join(project, CameraFactory(planned=True))
    project.cameras.update(state="deliberated")
    step = step_of(project)
    assert (step.verb, step.needs) == ("회의 등록하기", "committee.add_meeting")
    assert step.url_name == "projects:page"
