"""운영·관리 방침 on screen: the draft, its text, publishing once and for all."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras import policy
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    from accounts.models import ResponsibleDesignation

    department = DepartmentFactory()
    ResponsibleDesignation.objects.create(
        department=department, manager_post="안전관리과장", from_on=timezone.localdate()
    )
    officer = OfficerFactory(role=Role.CCTV_MANAGER, department=department)
    client.force_login(officer)
    CameraFactory()
    return officer


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_overview_shows_what_publishing_would_change(client, manager):
    answer = text(client.get(reverse("policy:overview")))
    assert "아직 공고한 판이 없습니다" in answer
    assert "처음 공고하는 방침입니다." in answer
    assert "카메라 1대" in answer


def test_edited_text_is_in_the_draft_and_not_on_the_site(client, manager):
    texts = {section.code: f"{section.title} 본문" for section in policy.sections()}
    client.post(reverse("policy:edit"), texts)
    assert policy.draft().texts == texts
    assert policy.current() is None


def test_an_emptied_text_is_named(client, manager):
    texts = {section.code: "본문" for section in policy.sections()} | {"viewing": ""}
    answer = client.post(reverse("policy:edit"), texts)
    assert answer.status_code == 200
    assert "viewing" in answer.context["form"].errors


def test_publishing_asks_first_and_then_stands(client, manager):
    assert "고치거나 거둘 수 없습니다" in text(client.get(reverse("policy:publish")))
    assert policy.current() is None
    client.post(reverse("policy:publish"), {"effective_on": timezone.localdate().isoformat()})
    assert policy.current().version == 1
    assert policy.current().published_by == manager
    assert client.get(reverse("policy:version", args=[1])).status_code == 200
    assert client.get(reverse("policy:version", args=[2])).status_code == 404


def test_a_past_day_is_refused_in_words(client, manager):
    answer = client.post(reverse("policy:publish"), {"effective_on": "2020-01-01"})
    assert "오늘보다 앞설 수 없습니다" in text(answer)
    assert policy.current() is None


def test_an_official_edits_and_does_not_publish(client, manager):
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert client.get(reverse("policy:edit")).status_code == 200
    assert client.get(reverse("policy:publish")).status_code == 403
    client.post(reverse("policy:publish"), {"effective_on": timezone.localdate().isoformat()})
    assert policy.current() is None
