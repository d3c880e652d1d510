"""Disks that are full or read-only, a database that takes nothing, keys that are lost: what is told, what goes on.

Each is a line of the table in docs/running.md. Faults in the middle of long work: tests/accounts/test_longrun_faults.py,
tests/footage/test_crash.py, and the `soak` cases.
"""

import logging
import re
import sys
from queue import Empty

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu import Connection

import config.celery
from accounts import encryption
from accounts.roles import Role
from config import logs, readiness, scheduler
from config.keys import KeyLost, KeyStore
from ledger.models import Entry
from records.models import ViewingRequest
from tests.accounts.factories import OfficerFactory
from tests.ground.disks import small_disk
from tests.records.people import competent
from tests.website.asking import drafted, form
from tests.website.situations import make_place

MESSAGE = {"body": "내용", "properties": {"delivery_tag": "1", "delivery_info": {}}}


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


@pytest.fixture
def channel(disk):
    options = {
        "data_folder_in": str(disk.folder / "messages"),
        "data_folder_out": str(disk.folder / "messages"),
        "control_folder": str(disk.folder / "control"),
    }
    for folder in ("messages", "control"):
        (disk.folder / folder).mkdir()
    with Connection("filesystem://", transport_options=options) as made:
        yield made.channel()


def test_a_full_disk_takes_no_message_keeps_no_draft_and_goes_on_when_there_is_room(channel, disk):
    ballast = disk.fill()
    with pytest.raises(OSError, match="No space left"):
        channel._put("q", MESSAGE)
    assert list((disk.folder / "control").iterdir()) == []
    ballast.unlink()
    channel._put("q", MESSAGE)
    assert channel._get("q") == MESSAGE


def test_a_worker_waits_while_its_queue_is_read_only_or_gone(channel, disk, caplog):
    channel._put("q", MESSAGE)
    disk.make_read_only()
    for _ in range(2):
        with pytest.raises(Empty):
            channel._get("q")
    assert caplog.text.count("대기열을 읽지 못합니다") <= 1
    disk.make_writable()
    assert channel._get("q") == MESSAGE
    disk.take_away()
    with pytest.raises(Empty):
        channel._get("q")


def test_beat_goes_on_while_nothing_can_be_sent_or_written(disk, caplog, monkeypatch):
    made = scheduler.JsonScheduler(config.celery.app, schedule_filename=str(disk.folder / "beat.json"))
    made.lock.close()
    before = (disk.folder / "beat.json").read_text()
    disk.fill()

    def full(*args, **kwargs):
        (disk.folder / "message").write_bytes(b"x" * 8192)

    monkeypatch.setattr(config.celery.app.tasks["cameras.resume_imports"], "apply_async", full)
    made.apply_entry(made.data["cameras.resume_imports"])
    made.sync()
    assert (disk.folder / "beat.json").read_text() == before
    assert "예약된 일을 맡기지 못했습니다" in caplog.text
    assert "기억을 쓰지 못했습니다" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_log_that_cannot_be_written_keeps_no_request_from_being_answered(disk, capsys):
    handler = logs.LastingFile(disk.folder / "access.jsonl", delay=True)
    handler.setFormatter(logs.JsonLines())
    disk.make_read_only()
    handler.emit(logging.LogRecord("access", logging.INFO, "", 0, "request", (), None))
    told = capsys.readouterr().err
    assert "기록을 쓸 수 없습니다" in told
    assert '"event": "request"' in told
    assert "Traceback" not in told


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["fill", "make_read_only", "take_away"])
def test_ready_says_that_the_disk_takes_nothing(disk, settings, fault):
    settings.DATA_DIR = disk.folder
    data = disk.folder / "data"
    data.mkdir()
    settings.DATA_DIR = data
    getattr(disk, fault)()
    assert "자료 폴더" in readiness.problems()["disk"]


def refuse_writing(*, on):
    """The database itself takes nothing, as on a full or read-only disk, or on a standby."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA query_only = {'ON' if on else 'OFF'}")
        else:
            cursor.execute(f"SET default_transaction_read_only = {'on' if on else 'off'}")


@pytest.fixture
def nothing_is_stored(transactional_db):
    make_place("A", "화곡로 1", cameras=2)
    OfficerFactory(username="kim", role=Role.OFFICIAL)
    sent = f"{drafted(form())}check/"
    refuse_writing(on=True)
    try:
        yield sent
    finally:
        refuse_writing(on=False)


def test_who_sends_something_to_a_database_that_takes_nothing_is_told_so_and_sends_it_again(
    nothing_is_stored,
):
    citizen = Client(raise_request_exception=False)
    refused = citizen.post(nothing_is_stored)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert "접수되지 않은 것입니다" in refused.content.decode()
    english = citizen.post(f"/en{nothing_is_stored}").content.decode()
    assert "has not been received" in english
    refuse_writing(on=False)
    assert not ViewingRequest.objects.exists()
    assert "접수번호" in citizen.post(nothing_is_stored, follow=True).content.decode()
    citizen.post(nothing_is_stored)
    assert ViewingRequest.objects.count() == 1


def test_an_official_is_told_that_nothing_can_be_stored(nothing_is_stored):
    officer = Client(raise_request_exception=False)
    answer = officer.post(reverse("wagtailadmin_login"), {"username": "kim", "password": "x"})
    assert (answer.status_code, "지금은 처리할 수 없습니다" in answer.content.decode()) == (503, True)


@pytest.fixture
def keys(tmp_path, settings):
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    return settings.KEY_STORE.folder


@pytest.mark.parametrize("name", [encryption.KEY_NAME, encryption.DIGEST_KEY_NAME])
def test_a_lost_key_is_not_made_anew(keys, name):
    use = {
        encryption.KEY_NAME: lambda: encryption.seal("김", purpose="p", place="1"),
        encryption.DIGEST_KEY_NAME: lambda: encryption.keyed_digest("p", "김"),
    }[name]
    use()
    whole = (keys / name).read_bytes()
    (keys / name).unlink()
    with pytest.raises(KeyLost, match=name):
        use()
    assert not (keys / name).exists()
    (keys / name).write_bytes(whole)
    use()
    assert (keys / "known").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_cell_that_somebody_moved_is_told_as_what_it_is(keys):
    """Not as a lost key: the page says so, and the ledger once."""
    make_place("A", "화곡로 1", cameras=1)
    citizen = Client(raise_request_exception=False)
    for _ in range(2):
        citizen.post(f"{drafted(form())}check/")
    first, second = ViewingRequest.objects.order_by("pk").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT requester_name FROM records_viewingrequest WHERE id = %s", [first])
        cell = cursor.fetchone()[0]
        cursor.execute("UPDATE records_viewingrequest SET requester_name = %s WHERE id = %s", [cell, second])
    portal = Client(raise_request_exception=False)
    portal.force_login(competent(OfficerFactory(role=Role.CCTV_MANAGER)))
    url = reverse("viewing:person", args=[second])
    for _ in range(2):
        answer = portal.post(url, {"purpose": "contact"})
        assert (answer.status_code, "저장된 값이 바뀌었거나" in answer.content.decode()) == (500, True)
    (line,) = Entry.objects.filter(kind="system.cell_altered")
    assert str(second) in line.subject


@pytest.mark.django_db
def test_with_a_lost_key_nothing_is_received_and_everybody_is_told(keys):
    make_place("A", "화곡로 1", cameras=1)
    citizen = Client(raise_request_exception=False)
    citizen.post(f"{drafted(form())}check/")
    assert "keys" not in readiness.problems()
    second = drafted(form())
    (keys / encryption.KEY_NAME).unlink()
    refused = citizen.post(f"{second}check/")
    assert (refused.status_code, "열쇠를 쓸 수 없습니다" in refused.content.decode()) == (503, True)
    assert ViewingRequest.objects.count() == 1
    assert encryption.KEY_NAME in readiness.problems()["keys"]
    # The whole folder is gone, with what knew of the key: the values themselves tell.
    (keys / "known").unlink()
    encryption.seal("김", purpose="p", place="1")
    assert "풀리지 않는 개인정보" in readiness.problems()["keys"]


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_key_that_a_full_disk_cut_leaves_nothing_behind(disk):
    disk.fill()
    with pytest.raises(OSError, match="No space left"):
        KeyStore(disk.folder).read("k", lambda: b"x" * 8192)
    assert [path.name for path in disk.folder.iterdir()] == ["ballast"]


def test_every_line_of_the_table_of_faults_names_a_test_that_exists(project_folder):
    """docs/running.md: a line without a test does not stand there."""
    page = (project_folder / "docs" / "running.md").read_text(encoding="utf-8")
    table = page.partition("## 고장이 났을 때")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(lines) > 20
    for line in lines:
        named = re.findall(r"`(tests/\S+?\.py)::(\w+)", line.rsplit("|", 2)[1])
        assert named, line
        for file, test in named:
            assert f"def {test}(" in (project_folder / file).read_text(encoding="utf-8"), f"{file}::{test}"
