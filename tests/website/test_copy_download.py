"""A citizen's download on the website: nothing without all three numbers, and no more tries than a household needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from ledger.models import Entry
from records.copies import leaving
from records.models import CopyLeaving
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.records import copies as world
from tests.website.test_viewing_acts import opened
from website.models import FloodMark
from website.views.viewing_copies import LIMITS

pytestmark = pytest.mark.django_db
ADDRESS = "/viewing-request/copy/"
WRONG = "AAAAA-BBBBB-CCCCC-DDDDD"


@pytest.fixture
def offered(client, settings, tmp_path):
    """The pass of the request's page, the copy's number, and the second number."""
    office = world.Office(settings, tmp_path)
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    request = office.request(manager)
    copy, _ = world.sealed(request, office.official)
    secret = leaving.open_download(copy, by=office.official)
    return opened(client, request).context["pass"], copy.number, secret


def asked(client, offered, secret="", address="203.0.113.7"):
    given = {"pass": offered[0], "copy": offered[1], "secret": secret or offered[2]}
    return client.post(ADDRESS, given, REMOTE_ADDR=address)


def test_the_package_comes_whole_and_once_for_each_line(client, offered):
    answer = asked(client, offered)
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"], len(content)) == (
        200,
        "application/zip",
        int(answer["Content-Length"]),
    )
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.of_kind("records.copy_downloaded").count() == CopyLeaving.objects.get().used == 1


def test_who_tries_too_often_waits_even_with_the_right_number(client, offered):
    most = LIMITS[0].count
    for _ in range(most):
        assert asked(client, offered, WRONG).status_code == 403
    refused = asked(client, offered)
    assert refused.status_code == 429
    assert "분 뒤" in refused.content.decode()
    # Nothing was counted or given, and waiting tries prolong nothing.
    assert CopyLeaving.objects.get().used == 0
    assert not Entry.objects.of_kind("records.copy_downloaded").exists()
    assert FloodMark.objects.filter(form="viewing_copy").count() == most
    # Another household is not held up; this one is let in when its time is over.
    assert asked(client, offered, address="198.51.100.4").status_code == 200
    FloodMark.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert asked(client, offered).status_code == 200


@pytest.mark.parametrize("number", ["", "사본-2026-999", "x" * 5000])
def test_a_copy_that_is_not_of_the_request_is_not_there(client, offered, number):
    assert asked(client, (offered[0], number, offered[2])).status_code == 410
    assert CopyLeaving.objects.get().used == 0


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_without_the_first_two_numbers_the_third_opens_nothing(client, offered, token):
    assert asked(client, (token, *offered[1:])).status_code == 403
    assert CopyLeaving.objects.get().used == 0
