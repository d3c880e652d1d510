"""Files that a power cut emptied, cut or garbled keep nothing from starting; a second scheduler says so and ends."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from kombu import Connection

from config import scheduler
from config.celery import app
from config.state_files import close_to_others
from tests.ground.processes import started, wait_for

DAMAGES = {
    "empty": lambda whole: b"",
    "cut": lambda whole: whole[: len(whole) // 2],
    "random": lambda whole: os.urandom(len(whole) + 1),
    "of another kind": lambda whole: b'[1, {"a": "b"}]',
    "words for times": lambda whole: b'{"footage.sweep_due": "yesterday"}',
    "times without a zone": lambda whole: b'{"footage.sweep_due": "2026-11-29T00:00:00"}',
}
BEAT = (sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config", "beat", "--pidfile=")
DEV = {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}


@pytest.fixture
def memory(tmp_path):
    return tmp_path / "beat-schedule.json"


def beat(memory):
    made = scheduler.JsonScheduler(app, schedule_filename=str(memory))
    made.lock.close()
    return made


def test_beat_goes_on_where_it_was(memory):
    first = beat(memory)
    at = datetime.now(UTC) - timedelta(hours=3)
    first.data["ordinance.assess_nightly"].last_run_at = at
    first.sync()
    assert beat(memory).data["ordinance.assess_nightly"].last_run_at == at
    assert set(beat(memory).data) >= set(app.conf.beat_schedule)


def test_a_line_that_is_gone_from_the_schedule_is_forgotten(memory):
    memory.write_text(json.dumps({"old.task": datetime.now(UTC).isoformat()}))
    assert "old.task" not in beat(memory).data
    assert "old.task" not in json.loads(memory.read_text())


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_beat_cannot_read_is_set_aside(memory, damage, caplog):
    beat(memory)
    damaged = DAMAGES[damage](memory.read_bytes())
    memory.write_bytes(damaged)
    assert set(beat(memory).data) >= set(app.conf.beat_schedule)
    assert json.loads(memory.read_text())
    (aside,) = memory.parent.glob("beat-schedule.json.damaged-*")
    assert aside.read_bytes() == damaged
    assert "손상된 상태 파일" in caplog.text


def test_a_second_scheduler_says_so_and_ends(tmp_path):
    log = tmp_path / "first.log"
    with started(*BEAT, data_dir=tmp_path / "data", log=log, **DEV) as first:
        wait_for((tmp_path / "data" / "beat-schedule.json").exists, 60, "the first scheduler")
        with started(*BEAT, data_dir=tmp_path / "data", log=tmp_path / "second.log", **DEV) as second:
            assert second.wait(60) == 2
        assert "이미 실행 중" in (tmp_path / "second.log").read_text()
        assert first.poll() is None


@pytest.mark.django_db
def test_a_second_scheduler_on_another_machine_says_so_and_ends(caplog):
    """Each has a DATA_DIR of its own; what they share is the database."""
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite database lies in one folder, which has one scheduler")
    first, second = scheduler.DatabaseLock(), scheduler.DatabaseLock()
    try:
        first.look()
        with pytest.raises(scheduler.AlreadyRunning) as ended:
            second.look()
        assert (ended.value.code, "다른 일정 관리자" in caplog.text) == (2, True)
        # The database went away and came back: who was first holds it again.
        first.connection.connection.close()
        first.looked_at = float("-inf")
        first.look()
        assert not first.is_held
        first.looked_at = float("-inf")
        first.look()
        assert first.is_held
        # It was away, and the other was quicker: two never go on together.
        first.connection.close()
        second.looked_at = float("-inf")
        second.look()
        first.is_held = False
        first.looked_at = float("-inf")
        with pytest.raises(scheduler.AlreadyRunning):
            first.look()
    finally:
        first.connection.close()
        second.connection.close()


@pytest.fixture
def channel(tmp_path):
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    for folder in ("messages", "control"):
        (tmp_path / folder).mkdir()
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.channel()


MESSAGE = {"body": "내용", "properties": {"delivery_tag": "1", "delivery_info": {}}}


@pytest.mark.parametrize("damage", ["empty", "cut", "random", "of another kind"])
def test_a_damaged_message_is_set_aside_and_the_next_one_comes(channel, tmp_path, damage, caplog):
    channel._put("q", MESSAGE)
    (first,) = (tmp_path / "messages").iterdir()
    first.write_bytes(DAMAGES[damage](first.read_bytes()))
    first.rename(first.with_name("0_first.q.msg"))
    channel._put("q", MESSAGE)
    assert channel._get("q") == MESSAGE
    assert not list((tmp_path / "messages").iterdir())
    assert len(list((tmp_path / "control").glob("*.damaged-*"))) == 1
    assert "손상된 상태 파일" in caplog.text


@pytest.mark.parametrize("damage", ["empty", "cut", "random", "of another kind"])
def test_a_damaged_table_of_queues_is_made_anew(channel, tmp_path, damage):
    channel._queue_bind("celery", "celery", "", "celery")
    (table,) = (tmp_path / "control").glob("*.exchange")
    table.write_bytes(DAMAGES[damage](table.read_bytes()))
    channel._queue_bind("celery", "celery", "", "celery")
    assert [row.queue for row in channel.get_table("celery")] == ["celery"]


def test_what_an_earlier_version_left_open_is_closed(tmp_path):
    for name in ("db.sqlite3", "alive"):
        (tmp_path / name).touch(mode=0o644)
        (tmp_path / name).chmod(0o644)
    (tmp_path / "media").mkdir()
    (tmp_path / "media").chmod(0o755)
    (tmp_path / "of somebody else").touch()
    (tmp_path / "of somebody else").chmod(0o644)
    close_to_others(tmp_path)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"db.sqlite3": 0o600, "alive": 0o600, "media": 0o700, "of somebody else": 0o644}


def test_what_a_process_of_ours_writes_is_its_users_only(tmp_path):
    data = tmp_path / "data"
    log = tmp_path / "beat.log"
    with started(*BEAT, data_dir=data, log=log, **DEV):
        wait_for((data / "beat-schedule.json").exists, 60, "beat")
    open_to_others = [path for path in [data, *data.rglob("*")] if path.stat().st_mode & 0o077]
    assert open_to_others == []
    assert Path(data / "keys").stat().st_mode & 0o777 == 0o700
