"""Screens of training, pledges and permissions: what a person reads and does there, and the public check of a number."""

import re
import unicodedata
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from records.access_log import monthly, timing
from records.competence import gates, personal_data, sessions
from records.models import AccessReview, CameraPermission, GateLift, Pledge, Training
from records.permissions import granting
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.people import competent, course, person, taught
from tests.records.situations import confirmed
from tests.records.test_permissions import wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera(db):
    return CameraFactory()


NO_FIGURES = {"rows": 0, "explained": 0, "own": 0, "accounts": 0, "acts": [], "days": [], "not_known": []}


def of(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def manager(db):
    return OfficerFactory(role=Role.CCTV_MANAGER)


def test_a_list_is_previewed_with_every_bad_line_and_then_stored(manager):
    person(number="A1")
    now = timezone.now()
    session = sessions.announce(
        course(),
        starts_at=now - timedelta(hours=3),
        ends_at=now - timedelta(hours=2),
        place="가",
        trainer="나",
        by=manager,
    )
    client, address = of(manager), reverse("training:session_list", args=[session.pk])

    def sent(text: str):
        file = SimpleUploadedFile("명단.csv", text.encode("cp949"))
        return client.post(address, {"file": file})

    body = sent("사번\nX1\nX2\n").content.decode()
    assert "X1" in body
    assert "X2" in body
    assert 'value="apply"' not in body
    assert "고치십시오" in body, "all or nothing: no bad line may be left out"
    body = sent("사번\nA1\n").content.decode()
    assert not Training.objects.exists()
    kept = dict(re.findall(r'name="(_kept:file)" value="([^"]+)"', body))
    assert client.post(address, {**kept, "step": "apply"}).status_code == 302
    assert Training.objects.get().staff.number == "A1"


def test_signing_takes_the_text_that_was_shown(manager):
    person(manager)
    client = of(manager)
    page = client.get(reverse("training:own_sign"))
    shown = page.context["form"].initial["text"]
    assert client.post(reverse("training:own_sign"), {"text": shown}).status_code == 200, (
        "it has to be ticked"
    )
    client.post(reverse("training:own_sign"), {"text": shown, "has_read": "on"})
    assert Pledge.objects.get().text_id == shown


def test_anybody_checks_a_number_and_learns_no_name(manager, client):
    row = taught(person(name="김하나"), manager)
    address = reverse("website_certificate")

    def told(**sent) -> str:
        return client.post(address, sent).content.decode()

    body = told(number=row.certificate_number.lower())
    assert "이 이수번호로 발급한 이수증이 있습니다." in body
    assert course().title in body
    assert "김하나" not in body
    for name in ("김 하나", unicodedata.normalize("NFD", "김하나")):
        assert "맞습니다" in told(number=row.certificate_number, name=name)
    wrong = told(number=row.certificate_number, name="이두리")
    assert "입력한 성명의 것이 아닙니다" in wrong
    assert "김하나" not in wrong
    assert "이 이수번호는 없습니다" in told(number="T261129-AAAAAA")
    sessions.withdraw(row, reason="잘못", by=manager)
    assert "취소된 이수번호입니다" in told(number=row.certificate_number)


def test_the_wall_shows_the_code_until_the_training_ends_and_opens_nothing_else(manager, time_machine):
    now = timezone.now()
    session = sessions.announce(
        course(), starts_at=now, ends_at=now + timedelta(hours=3), place="가", trainer="나", by=manager
    )
    client = of(manager)
    answer = client.get(reverse("training:wall_open", args=[session.pk]))
    assert answer.url == reverse("training_wall", args=[session.pk])
    cookie = client.cookies[f"wall_{session.pk}"]
    assert cookie["httponly"]
    assert cookie["path"] == answer.url
    # Long after the login was idle: the page on the wall goes on, the portal asks for the login.
    time_machine.move_to(now + timedelta(hours=2))
    wall = Client()
    wall.cookies[f"wall_{session.pk}"] = cookie.value
    page = wall.get(answer.url).content.decode()
    assert "출석 QR 코드" in page
    assert "사번" not in page
    code = wall.get(reverse("training_wall_code", args=[session.pk])).json()
    assert f"/{session.code}/" in code["address"]
    assert reverse("wagtailadmin_login") in wall.get(reverse("training:session", args=[session.pk])).url
    # The address alone, another browser, another training: nothing.
    assert Client().get(answer.url).status_code == 404
    other = sessions.announce(
        course(), starts_at=now, ends_at=now + timedelta(hours=3), place="다", trainer="나", by=manager
    )
    wall.cookies[f"wall_{other.pk}"] = cookie.value
    assert wall.get(reverse("training_wall", args=[other.pk])).status_code == 404
    time_machine.move_to(now + timedelta(hours=4))
    assert "교육이 끝났습니다" in wall.get(answer.url).content.decode()
    assert wall.get(reverse("training_wall_code", args=[session.pk])).status_code == 409


def test_a_number_or_name_in_the_address_is_not_read(manager, client):
    """Addresses stay in histories and logs."""
    row = taught(person(name="김하나"), manager)
    body = client.get(reverse("website_certificate"), {"number": row.certificate_number}).content.decode()
    assert "이수증이 있습니다" not in body
    assert f'value="{row.certificate_number}"' not in body
    assert 'method="post"' in body


def test_a_certificate_is_for_the_person_and_who_keeps_the_list(manager):
    official, agent = OfficerFactory(role=Role.OFFICIAL), OfficerFactory(role=Role.MONITORING_AGENT)
    row = taught(person(agent, kind="monitoring_staff"), manager)
    address = reverse("training:certificate", args=[row.pk])
    for officer in (agent, official):
        answer = of(officer).get(address)
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    other = OfficerFactory(role=Role.MONITORING_AGENT)
    assert of(other).get(address).status_code == 404


def test_permission_is_asked_for_on_one_screen_and_granted_on_another(manager):
    official = OfficerFactory(role=Role.OFFICIAL)
    staff = person(official)
    today = timezone.localdate()
    sent = {
        "staff": staff.pk,
        "scope": "area",
        "area": "화곡로",
        "abilities": ["stored"],
        "from_on": today,
        "until_on": today + timedelta(days=30),
        "reason": "청구 처리",
    }
    answer = of(official).post(reverse("permissions:ask"), {**sent, "area": ""})
    assert "동이나 길의 이름" in answer.content.decode()
    of(official).post(reverse("permissions:ask"), sent)
    row = CameraPermission.objects.get()
    of(manager).post(reverse("permissions:grant", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "granted"


def test_the_manager_lifts_the_gates_from_the_page_of_the_matter(manager, camera):
    official, request = OfficerFactory(role=Role.OFFICIAL), confirmed(camera, manager)
    client = of(manager)
    assert (
        reverse("permissions:lift", args=["viewing", request.pk])
        in client.get(reverse("looks:ask", args=["viewing", request.pk])).content.decode()
    )
    sent = {"officer": official.pk, "gates": ["training"], "reason": "야간 사건"}
    client.post(reverse("permissions:lift", args=["viewing", request.pk]), sent)
    assert GateLift.objects.get().officer == official
    assert "야간 사건" in client.get(reverse("permissions:lifts")).content.decode()


def test_who_is_not_taught_reads_no_person_and_is_told_what_to_do(manager, camera):
    official, request = OfficerFactory(role=Role.OFFICIAL), confirmed(camera, manager)
    desk, page = of(official), reverse("viewing:person", args=[request.pk])
    told = desk.post(page, {"purpose": "contact"}).content.decode()
    assert "인력 명부에 없어" in told
    assert request.requester_name not in told
    thread = desk.get(reverse("viewing:thread", args=[request.pk]), follow=True)
    assert thread.redirect_chain[-1][0] == reverse("viewing:request", args=[request.pk])
    assert "인력 명부에 없어" in thread.content.decode()
    lift = reverse("permissions:lift", args=["viewing", request.pk])
    assert lift not in told
    assert lift in of(manager).get(page).content.decode()
    sent = {"officer": official.pk, "gates": ["training", "pledge"], "reason": "밤에 온 긴급 청구"}
    of(manager).post(lift, sent)
    assert request.requester_name in desk.post(page, {"purpose": "contact"}).content.decode()


def test_the_monthly_review_has_a_line_for_each_thing_that_was_lifted(manager, camera):
    official, request = OfficerFactory(role=Role.OFFICIAL), confirmed(camera, manager)
    matter = personal_data.find("viewing", request.pk)
    gates.lift(official, matter, ["training"], reason="밤에 온 긴급 청구", by=manager)
    month = timezone.localdate().replace(day=1)
    review = AccessReview.objects.create(month=month, figures=NO_FIGURES, made_at=timezone.now())
    page = of(manager).get(reverse("access_log:review", args=[review.pk])).content.decode()
    assert "밤에 온 긴급 청구" in page
    (line,) = monthly.contents(review)["lifts"]
    assert (line["account"], line["case"], line["gates"]) == (
        official.username,
        request.receipt_number,
        "교육",
    )
    assert monthly.lifts_of(timing.following(month)) == []


@pytest.mark.parametrize("name", ["training:people", "permissions:list", "training:sessions", "pledges:list"])
def test_lists_ask_as_often_for_many_as_for_one(manager, name):
    client = of(manager)

    def fill(count: int) -> None:
        for _ in range(count):
            officer = competent(OfficerFactory(role=Role.OFFICIAL))
            granting.ask(person(), wanted(), by=officer)
            now = timezone.now()
            sessions.announce(
                course(),
                starts_at=now,
                ends_at=now + timedelta(hours=1),
                place="가",
                trainer="나",
                by=manager,
            )

    fill(1)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    fill(4)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) == len(few)
