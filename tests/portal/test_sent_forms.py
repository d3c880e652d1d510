"""One form sent twice is one act; other contents, another rendering or another person are another act."""

import datetime as dt
import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from committee.models import Meeting
from portal import sent_forms
from portal.models import SentForm
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
ADD = "committee:meeting_add"
MEETING = {"kind": "meeting", "on": "2026-12-10", "place": "대회의실"}


def browser(officer=None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer or OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    return client


def opened(client, url) -> str:
    """What this rendering of the page carries."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(url).content.decode())[1]


def test_sent_twice_is_one_meeting_and_leads_to_the_same_page():
    client, url = browser(), reverse(ADD)
    data = {**MEETING, "csrfmiddlewaretoken": opened(client, url)}
    first, second = client.post(url, data), client.post(url, data, follow=True)
    assert Meeting.objects.count() == 1
    assert second.redirect_chain == [(first.url, 302)]
    assert "한 번만 처리했습니다" in second.content.decode()


def test_other_contents_and_another_rendering_are_another_act():
    client, url = browser(), reverse(ADD)
    token = opened(client, url)
    client.post(url, {**MEETING, "csrfmiddlewaretoken": token})
    client.post(url, {**MEETING, "place": "소회의실", "csrfmiddlewaretoken": token})
    client.post(url, {**MEETING, "csrfmiddlewaretoken": opened(client, url)})
    assert Meeting.objects.count() == 3


def test_another_person_with_the_same_form_is_another_act():
    url, digests = reverse(ADD), set()
    for client in (browser(), browser()):
        client.post(url, {**MEETING, "csrfmiddlewaretoken": opened(client, url)})
        digests.add(SentForm.objects.order_by("pk").last().digest)
    assert len(digests) == 2
    assert Meeting.objects.count() == 2


def test_a_form_with_errors_may_be_sent_again():
    client, url = browser(), reverse(ADD)
    data = {**MEETING, "on": "", "csrfmiddlewaretoken": opened(client, url)}
    assert [client.post(url, data).status_code for _ in range(2)] == [200, 200]
    assert not SentForm.objects.exists()


def test_files_are_part_of_what_was_sent(rf):
    officer = OfficerFactory()

    def digest(content: bytes) -> str:
        request = rf.post("/x/", {"csrfmiddlewaretoken": "t", "file": SimpleUploadedFile("a.pdf", content)})
        request.user = officer
        found = sent_forms._digest(request)
        assert request.FILES["file"].read() == content
        return found

    assert digest(b"one") == digest(b"one") != digest(b"two")


def test_who_was_killed_in_the_middle_does_not_block_the_form(monkeypatch):
    client, url = browser(), reverse(ADD)
    data = {**MEETING, "csrfmiddlewaretoken": opened(client, url)}
    client.post(url, data)
    SentForm.objects.update(led_to="", sent_at=timezone.now() - sent_forms.GIVEN_UP - dt.timedelta(seconds=1))
    assert client.post(url, data).status_code == 302
    assert Meeting.objects.count() == 2


def test_while_the_first_is_at_work_the_second_is_told(monkeypatch):
    monkeypatch.setattr(sent_forms, "PATIENCE", dt.timedelta(0))
    client, url = browser(), reverse(ADD)
    data = {**MEETING, "csrfmiddlewaretoken": opened(client, url)}
    client.post(url, data)
    SentForm.objects.update(led_to="")
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert "아직 처리하고 있습니다" in answer.content.decode()
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_four_at_once_are_one():
    officer, url = OfficerFactory(role=Role.COMMITTEE_SECRETARY), reverse(ADD)
    client = browser(officer)
    data = {**MEETING, "csrfmiddlewaretoken": opened(client, url)}
    codes = []

    def send():
        try:
            own = Client(enforce_csrf_checks=True)
            own.cookies = client.cookies
            codes.append(own.post(url, data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Meeting.objects.count() == 1
    assert codes == [302] * 4


def test_yesterdays_are_forgotten():
    SentForm.objects.create(digest="a", led_to="/x/")
    old = SentForm.objects.create(digest="b", led_to="/x/")
    SentForm.objects.filter(pk=old.pk).update(
        sent_at=timezone.now() - sent_forms.KEPT - dt.timedelta(hours=1)
    )
    assert sent_forms.forget_old() == 1
    assert list(SentForm.objects.values_list("digest", flat=True)) == ["a"]


def test_after_back_the_same_contents_are_asked_about_and_done_again_only_if_meant():
    client, url = browser(), reverse(ADD)

    def page() -> dict[str, str]:
        """As "back" renders it: with another token."""
        text = client.get(url).content.decode()
        return {
            name: re.search(rf'name="{name}" value="([^"]+)"', text)[1]
            for name in ("csrfmiddlewaretoken", "_opened")
        }

    first = client.post(url, {**MEETING, **page()})
    asked = client.post(url, {**MEETING, **page()})
    assert (asked.status_code, Meeting.objects.count()) == (200, 1)
    text = asked.content.decode()
    assert "방금 같은 내용을 보냈습니다" in text
    assert first.url in text
    again = dict(asked.context["sent"])
    client.post(url, again | {"csrfmiddlewaretoken": page()["csrfmiddlewaretoken"]})
    assert Meeting.objects.count() == 2
    client.post(url, {**MEETING, "place": "소회의실", **page()})
    assert Meeting.objects.count() == 3, "other contents are another act"
    SentForm.objects.update(sent_at=timezone.now() - sent_forms.ASKED_WITHIN - dt.timedelta(seconds=1))
    client.post(url, {**MEETING, **page()})
    assert Meeting.objects.count() == 4
