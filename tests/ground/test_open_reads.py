"""Reads that outlive their request: nothing that somebody types may keep a thread from writing (`config.open_reads`)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from footage import destruction, manifests
from footage.models import ManifestBlock
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.ground.test_faults import refuse_writing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's readers keep nobody from writing"),
]


def write_by_somebody_else():
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=20)
    other.execute("UPDATE accounts_officer SET first_name = 'x'")
    other.commit()
    other.close()


def can_write() -> bool:
    try:
        with transaction.atomic():
            return True
    except OperationalError:
        return False


@pytest.fixture
def files_of_two_pages(tmp_path):
    """In more blocks than are read at once, more files than a page shows: the read ends half way."""
    now = timezone.now()
    camera = CameraFactory()
    Recorder(tmp_path / "nvr").write(camera.recording_key, now - timedelta(days=40))
    destruction.sweep(now, actor="system:test")
    block = ManifestBlock.objects.get()
    fields = {name: value for name, value in vars(block).items() if name not in {"id", "_state"}}
    ManifestBlock.objects.bulk_create(ManifestBlock(**fields) for _ in range(110))


@pytest.fixture
def manager(client):
    client.raise_request_exception = False
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    return client


@pytest.mark.parametrize(
    "query",
    [{"camera": "0001-01-01"}, {"since": "9999-12-31"}, {"since": "2026-05-02", "until": "2026-05-01"}],
)
def test_what_cannot_be_understood_shows_no_file_and_keeps_nobody_from_writing(
    manager, files_of_two_pages, query
):
    answer = manager.get(reverse("footage:destroyed"), query)
    assert (answer.status_code, answer.context["files"]) == (200, [])
    assert "조건을 읽을 수 없어" in answer.content.decode()
    write_by_somebody_else()
    assert can_write()


def test_a_read_that_somebody_still_holds_ends_with_the_request(manager, files_of_two_pages):
    with closing(manifests.destroyed()) as held:
        next(held)
        write_by_somebody_else()
        assert not can_write()  # this is what the next request of the thread would meet
        assert manager.get("/healthz").status_code == 200
        assert can_write()


def test_a_page_that_is_read_half_leaves_no_read_behind(manager, files_of_two_pages):
    answer = manager.get(reverse("footage:destroyed"))
    assert len(answer.context["files"]) == 100
    write_by_somebody_else()
    assert can_write()


def test_a_session_that_cannot_be_stored_is_told_as_what_it_is(manager):
    refuse_writing(on=True)
    try:
        answer = manager.get(reverse("footage:destroyed"))
    finally:
        refuse_writing(on=False)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
