"""Forms in a real browser: two people on one form, a file through an error, the session's end while writing."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.roles import Role
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in
from tests.committee.factories import MeetingFactory
from tests.footage.factories import CameraFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save(page) -> None:
    page.locator(".p-body form[method=post] button.p-button--primary").first.click()
    page.wait_for_load_state()


def test_two_people_on_one_form(strict_visitor):
    camera = CameraFactory(filming_range="", filming_direction="")
    log_in(strict_visitor, OfficerFactory(role=Role.CCTV_MANAGER))
    url = reverse("cameras:edit", args=[camera.pk])
    strict_visitor.open(url)
    mine, other = strict_visitor.page, strict_visitor.page.context.new_page()
    other.goto(strict_visitor.address + url)
    other.fill("#id_filming_range", "정문 앞 20m")
    other.fill("#id_reason", "먼저")
    save(other)

    mine.fill("#id_filming_range", "후문")
    mine.fill("#id_filming_direction", "북쪽")
    mine.fill("#id_reason", "나중")
    save(mine)

    assert mine.get_by_text("다른 사람이 고쳤습니다").is_visible()
    mine.get_by_role("button", name="저장된 값으로").click()
    assert mine.input_value("#id_filming_range") == "정문 앞 20m"
    save(mine)
    camera.refresh_from_db()
    assert (camera.filming_range, camera.filming_direction) == ("정문 앞 20m", "북쪽")
    assert strict_visitor.errors == []


def test_a_file_through_an_error(strict_visitor, tmp_path):
    document = tmp_path / "의결서.txt"
    document.write_text("의결한 내용", encoding="utf-8")
    meeting = MeetingFactory()
    log_in(strict_visitor, OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    strict_visitor.open(reverse("committee:resolution_add", args=[meeting.pk]))
    page = strict_visitor.page
    page.set_input_files("#id_uploads", str(document))
    save(page)
    assert page.get_by_text("올린 파일입니다").is_visible()
    save(page)
    assert page.get_by_text("의결서.txt").is_visible()


def test_the_session_ends_while_somebody_writes(strict_visitor):
    officer, page = OfficerFactory(role=Role.COMMITTEE_SECRETARY), strict_visitor.page
    log_in(strict_visitor, officer)
    strict_visitor.open(reverse("committee:meeting_add"))
    page.fill("#id_place", "대회의실")
    Session.objects.all().delete()
    save(page)
    assert "/login" in page.url
    log_in(strict_visitor, officer)
    strict_visitor.open(reverse("committee:meeting_add"))
    assert page.input_value("#id_place") == "대회의실"
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.evaluate("window.location.href = '/portal/'")
    page.wait_for_timeout(500)
    assert page.url.endswith(reverse("committee:meeting_add")), "a changed form asks before it is left"
