"""Nobody's change is wiped, and nothing that was typed or chosen is lost: the same for every form of the portal."""

import datetime as dt
import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras.models import Camera
from casework.models import Attachment
from committee.models import Resolution
from portal import drafts, opened_forms
from portal.models import FormDraft
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.cameras.life import upload
from tests.committee.factories import MeetingFactory

pytestmark = pytest.mark.django_db
OPENED, KEPT = opened_forms.NAME, "_kept:uploads"


def browser(officer=None, role=Role.CCTV_MANAGER) -> Client:
    client = Client()
    client.force_login(officer or OfficerFactory(role=role))
    return client


def hidden(answer, name=OPENED) -> str:
    return re.search(f'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def fields(answer) -> dict[str, str]:
    """What the form would send as it stands."""
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)} | {
        OPENED: hidden(answer)
    }


class TestTwoPeople:
    @pytest.fixture
    def camera(self) -> Camera:
        return CameraFactory(filming_range="", filming_direction="")

    @pytest.fixture
    def url(self, camera) -> str:
        return reverse("cameras:edit", args=[camera.pk])

    def saved_by_another(self, url, **changes) -> None:
        other = browser()
        assert other.post(url, fields(other.get(url)) | changes | {"reason": "먼저"}).status_code == 302

    def test_what_they_did_not_touch_is_kept_of_the_other(self, camera, url):
        mine = browser()
        page = fields(mine.get(url))
        self.saved_by_another(url, filming_range="정문 앞 20m")

        answer = mine.post(url, page | {"filming_direction": "북쪽", "reason": "나중"})

        told = answer.context["form"].meanwhile
        assert [(change.theirs, change.is_contested) for change in told.changes] == [("정문 앞 20m", False)]
        camera.refresh_from_db()
        assert camera.filming_direction == "", "nothing was stored yet"
        assert mine.post(url, fields(answer)).status_code == 302
        camera.refresh_from_db()
        assert (camera.filming_range, camera.filming_direction) == ("정문 앞 20m", "북쪽")

    def test_what_both_changed_is_theirs_to_choose(self, camera, url):
        mine = browser()
        page = fields(mine.get(url))
        self.saved_by_another(url, filming_range="후문")

        answer = mine.post(url, page | {"filming_range": "정문", "reason": "나중"})

        (change,) = answer.context["form"].meanwhile.changes
        assert (change.theirs, change.mine, change.is_contested) == ("후문", "정문", True)
        assert answer.context["form"]["filming_range"].value() == "정문"

    def test_errors_meanwhile_do_not_hide_the_change(self, camera, url):
        mine = browser()
        page = fields(mine.get(url))
        self.saved_by_another(url, filming_range="후문")
        wrong = mine.post(url, page | {"filming_direction": "북쪽", "reason": ""})
        assert wrong.context["form"].errors
        again = mine.post(url, fields(wrong) | {"reason": "나중"})
        assert again.context["form"].meanwhile

    def test_the_same_change_twice_is_no_conflict(self, camera, url):
        mine = browser()
        page = fields(mine.get(url))
        self.saved_by_another(url, filming_range="후문")
        assert (
            mine.post(
                url, page | {"filming_range": "후문", "filming_direction": "북쪽", "reason": "r"}
            ).status_code
            == 302
        )

    @pytest.mark.parametrize("token", ["", "made up", "other"])
    def test_a_token_of_another_stores_nothing(self, camera, url, token):
        mine, other = browser(), browser()
        page = fields(mine.get(url)) | {"filming_range": "후문", "reason": "r"}
        page[OPENED] = hidden(other.get(url)) if token == "other" else token
        assert (mine.post(url, page).status_code == 302) is (token == "")


class TestFiles:
    @pytest.fixture
    def url(self) -> str:
        meeting = MeetingFactory()
        return reverse("committee:resolution_add", args=[meeting.pk])

    @pytest.fixture
    def secretary(self):
        return browser(role=Role.COMMITTEE_SECRETARY)

    def resolution(self, page, **changes):
        return (
            fields(page)
            | {
                "function_no": "1",
                "title": "안건",
                "text": "주문",
                "votes_for": "0",
                "votes_against": "0",
                "abstained": "0",
            }
            | changes
        )

    def test_a_file_survives_errors_and_the_confirming_page(self, secretary, url):
        wrong = secretary.post(
            url, self.resolution(secretary.get(url), title="", uploads=upload("의결서.pdf"))
        )
        assert "의결서.pdf" in wrong.content.decode()
        again = secretary.post(url, fields(wrong) | {"title": "", KEPT: hidden(wrong, KEPT)})
        assert "의결서.pdf" in again.content.decode()
        assert Attachment.objects.count() == 1, "the same file is kept once"

    def test_what_was_dropped_is_gone_and_anothers_file_is_not_taken(self, secretary, url):
        wrong = secretary.post(
            url, self.resolution(secretary.get(url), title="", uploads=upload("의결서.pdf"))
        )
        kept = {KEPT: hidden(wrong, KEPT)}
        number = str(Attachment.objects.get().pk)
        dropped = secretary.post(url, fields(wrong) | kept | {"_dropped:uploads": number})
        assert "의결서.pdf" not in dropped.content.decode()
        thief = browser(role=Role.COMMITTEE_SECRETARY)
        page = self.resolution(thief.get(url), title="")
        assert "의결서.pdf" not in thief.post(url, page | kept).content.decode()

    def test_a_file_that_may_not_be_attached_is_not_kept(self, secretary, url):
        bad = SimpleUploadedFile("프로그램.exe", b"MZ")
        secretary.post(url, self.resolution(secretary.get(url), title="", uploads=bad))
        assert not Attachment.objects.exists()
        assert not Resolution.objects.exists()


class TestDrafts:
    URL = "committee:meeting_add"

    @pytest.fixture
    def kim(self):
        return OfficerFactory(role=Role.COMMITTEE_SECRETARY)

    def test_what_is_sent_after_the_session_comes_back_after_the_login(self, kim):
        client, url = browser(kim), reverse(self.URL)
        page = fields(client.get(url)) | {"place": "대회의실", "password": "비밀"}
        client.logout()

        answer = client.post(url, page)

        assert answer.status_code == 302
        assert "/login" in answer.url
        client.force_login(kim)
        draft = client.get(url).context["page_draft"]
        assert draft.is_unsent
        assert ("place", ["대회의실"]) in [tuple(each) for each in draft.values]

    def test_it_is_the_officers_own_and_goes_when_the_form_is_done(self, kim):
        client, url = browser(kim), reverse(self.URL)
        page = fields(client.get(url)) | {"place": "대회의실"}
        assert client.post(reverse("draft"), page).status_code == 204
        assert browser(role=Role.COMMITTEE_SECRETARY).get(url).context["page_draft"] is None
        assert client.post(url, page | {"kind": "meeting", "on": "2026-12-10"}).status_code == 302
        assert not FormDraft.objects.exists()

    @pytest.mark.parametrize("token", ["", "made up"])
    def test_a_visitor_without_a_form_of_ours_stores_nothing(self, token):
        Client().post(reverse(self.URL), {OPENED: token, "place": "x"})
        assert not FormDraft.objects.exists()

    def test_too_much_is_not_kept_and_an_ended_account_keeps_nothing(self, kim):
        client, url = browser(kim), reverse(self.URL)
        page = fields(client.get(url))
        assert client.post(reverse("draft"), page | {"place": "가" * 300_000}).status_code == 409
        kim.is_active = False
        kim.save()
        Client().post(url, page | {"place": "x"})
        assert not FormDraft.objects.exists()

    def test_after_a_working_day_it_is_gone(self, kim):
        client, url = browser(kim), reverse(self.URL)
        client.post(reverse("draft"), fields(client.get(url)))
        FormDraft.objects.update(saved_at=timezone.now() - drafts.KEPT - dt.timedelta(minutes=1))
        assert client.get(url).context["page_draft"] is None
        assert drafts.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_keeps_one_draft_and_fails_nowhere():
    opening = opened_forms.Opening(OfficerFactory().pk, "/portal/footage/holds/1/", {}, frozenset())
    at_once, kept = threading.Barrier(4), []

    def save(number):
        try:
            at_once.wait()
            kept.append(drafts.save(opening, QueryDict(f"reason={number}")))
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept == [True] * 4
    assert "reason" in FormDraft.objects.get().content
