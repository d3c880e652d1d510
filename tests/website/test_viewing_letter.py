"""The letter of a notice on the person's own page: by a link that is good for a while, and only where it was sent so."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from ledger.models import Entry
from reports import official, official_pdf
from reports.letters import kinds, outgoing, viewing
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import situations
from tests.records.people import competent
from website import letter_links

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(
        official_pdf,
        "render",
        lambda document, *, created, **more: b"%PDF" + official.words(document).encode(),
    )


@pytest.fixture
def manager():
    department = DepartmentFactory(phone="02-2600-0000")
    return competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department))


def sent(manager, way):
    request = situations.told_about(CameraFactory(), manager)
    notice = request.notices.get()
    kind = kinds.get(viewing.kind_of(notice))
    row = outgoing.issue(
        outgoing.draft(kind, kind.get(notice.pk), {}, by=manager), on=timezone.localdate(), by=manager
    )
    assert letter_links.of(notice) == {}
    outgoing.send(row, way=way, on=timezone.localdate(), proof="등기 1", by=manager)
    return request, notice


def test_the_letter_is_taken_as_it_was_sent(client: Client, manager) -> None:
    request, notice = sent(manager, "web")
    links = letter_links.of(notice)
    assert client.get(links["hwpx"]).content.startswith(b"PK")
    answer = client.get(links["pdf"])
    assert request.receipt_number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    lines = Entry.objects.filter(kind=outgoing.OPENED)
    assert {line.actor for line in lines} == {"system:website"}
    assert lines.count() == 2


def test_a_link_is_good_for_a_while_and_for_its_letter_alone(client: Client, manager, monkeypatch) -> None:
    _, notice = sent(manager, "web")
    link = letter_links.of(notice)["pdf"]
    for wrong in (link.replace("/pdf/", "/exe/"), link.replace("letter/", "letter/x")):
        assert client.get(wrong).status_code == 404
    assert client.post(link).status_code == 405
    monkeypatch.setattr(letter_links, "GOOD_FOR", timedelta(seconds=-1))
    assert client.get(link).status_code == 404
    monkeypatch.undo()
    outgoing.OutgoingDocument.objects.update(words="", pdf="", hwpx="", erased_at=timezone.now())
    assert client.get(link).status_code == 404


def test_who_was_told_on_paper_has_no_link(manager) -> None:
    _, notice = sent(manager, "post")
    assert letter_links.of(notice) == {}


def test_the_page_of_the_request_gives_the_link(client: Client, manager, monkeypatch) -> None:
    request, _ = sent(manager, "web")
    monkeypatch.setattr("website.views.viewing.intake.find", lambda *given: request)
    page = client.post(
        reverse("website_viewing_status"),
        {"receipt_number": request.receipt_number, "secret": "x"},
        follow=True,
    ).content.decode()
    assert "공문 받기 (PDF)" in page
    assert "/viewing-request/letter/" in page
