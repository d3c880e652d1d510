"""The commands as the architecture's table has them: exit status, JSON on the last line, no traceback."""

import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from footage.models import Hold, Storage
from tests.footage.factories import CameraFactory, HoldFactory

pytestmark = pytest.mark.django_db


def run(*arguments):
    """(status, standard output, standard error) of a command."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as leaving:
        status = leaving.code
    except CommandError as error:
        status = error.returncode if error.returncode != 1 else 2
        err.write(str(error))
    return status, out.getvalue(), err.getvalue()


def last_line(text):
    return json.loads(text.strip().splitlines()[-1])


def test_add_storage(tmp_path):
    status, out, _ = run(
        "add_storage", "n1", str(tmp_path), "--layout", "frigate", "--segment-seconds", "10", "--json"
    )
    assert (status, last_line(out)["timezone"]) == (0, "UTC")
    assert Storage.objects.get().segment_seconds == 10


@pytest.mark.parametrize(
    "arguments",
    [
        ("--layout", "no-such-layout"),
        ("--layout", "{camera}/%Y.mp4"),
        ("--layout", "mediamtx", "--timezone", "Mars/Base"),
        ("--layout", "frigate", "--segment-seconds", "0"),
        ("--layout", "frigate", "--segment-seconds", "-5"),
        ("--layout", "{camera}/{camera}/%Y%m%d.mp4"),
    ],
)
def test_add_storage_refuses(tmp_path, arguments):
    status, out, err = run("add_storage", "n1", str(tmp_path), *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("오류: ")
    assert not Storage.objects.exists()


@pytest.mark.parametrize("place", [".", ".."])
def test_add_storage_refuses_the_folder_of_the_system_itself(tmp_path, settings, place):
    """A layout that anything fits must not reach database and keys."""
    settings.DATA_DIR = tmp_path / "system" / "var"
    settings.DATA_DIR.mkdir(parents=True)
    beside = settings.DATA_DIR / "recorder"
    beside.mkdir()
    status, _, err = run("add_storage", "n1", str(settings.DATA_DIR / place), "--layout", "frigate")
    assert status == 2
    assert "데이터베이스" in err
    assert run("add_storage", "n1", str(beside), "--layout", "frigate")[0] == 2
    sample = settings.DATA_DIR / "sample" / "recorder"
    sample.mkdir(parents=True)
    assert run("add_storage", "n1", str(sample), "--layout", "frigate")[0] == 0


def test_add_storage_twice(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert run("add_storage", "n1", str(tmp_path / "a"), "--layout", "frigate")[0] == 0
    assert run("add_storage", "n1", str(tmp_path / "b"), "--layout", "frigate")[0] == 2
    assert run("add_storage", "n2", str(tmp_path / "a"), "--layout", "frigate")[0] == 2


def test_enforce_retention_json(recorder):
    camera = CameraFactory()
    now = timezone.now()
    recorder.write(camera.recording_key, now - timedelta(days=31), size=5)
    recorder.write(camera.recording_key, now - timedelta(days=29))
    recorder.write("nobody", now - timedelta(days=31))
    recorder.put(recorder.root / "x")
    status, out, _ = run("enforce_retention", "--dry-run", "--json")
    rehearsal = last_line(out)
    assert (status, rehearsal["ledger_entry"]) == (0, None)
    status, out, _ = run("enforce_retention", "--json")
    found = last_line(out)
    assert status == 0
    assert {
        name: found[name]
        for name in ("destroyed", "bytes", "held", "kept", "unrecognised", "unclaimed", "cameras")
    } == {
        "destroyed": 1,
        "bytes": 5,
        "held": 0,
        "kept": 1,
        "unrecognised": 1,
        "unclaimed": 1,
        "cameras": 1,
    }
    assert isinstance(found["ledger_entry"], int)
    assert 86_400 - 600 < found["max_lateness_seconds"] < 86_400 - 500
    assert set(found) == set(rehearsal)
    assert {name: found[name] for name in ("destroyed", "kept", "unclaimed", "bytes")} == {
        name: rehearsal[name] for name in ("destroyed", "kept", "unclaimed", "bytes")
    }


@pytest.mark.parametrize("at", ["", "garbage", "2026-13-01", "9999-12-31T23:59:59Z", "0001-01-01"])
def test_unusable_instants(recorder, at):
    status, _, err = run("enforce_retention", "--at", at)
    assert (status, err.count("\n")) == (2, 1)


def test_an_instant_in_the_future(recorder):
    at = (timezone.now() + timedelta(minutes=5)).isoformat()
    assert run("enforce_retention", "--at", at)[0] == 2
    assert run("enforce_retention", "--at", at, "--dry-run")[0] == 0


def test_absent_storage_is_exit_1(recorder):
    recorder.root.rmdir()
    status, out, err = run("enforce_retention", "--json")
    assert (status, last_line(out)["destroyed"]) == (1, 0)
    assert "연결 끊김" in err
    assert run("scan_footage", "--json")[0] == 1


def test_unknown_storage(db):
    assert run("scan_footage", "--storage", "none")[0] == 2
    assert run("enforce_retention", "--storage", "none")[0] == 2


def test_no_storage_at_all_is_fine(db):
    status, out, _ = run("enforce_retention", "--json")
    assert (status, last_line(out)["destroyed"]) == (0, 0)
    assert run("scan_footage", "--json")[0] == 0


def test_place_and_release(recorder):
    camera = CameraFactory()
    status, out, _ = run(
        "place_hold", "--camera", camera.number, "--from", "2026-01-01", "--until", "2026-01-01T01:00:00+09:00",
        "--reason", "수사", "--json",
    )  # fmt: skip
    hold = Hold.objects.get(pk=last_line(out)["id"])
    assert status == 0
    # Without an offset it is Seoul time.
    assert hold.from_at == datetime.fromisoformat("2025-12-31T15:00:00+00:00")
    assert hold.until_at - hold.from_at == timedelta(hours=1)
    assert run("release_hold", str(hold.pk), "--reason", "종결", "--json")[0] == 0
    status, _, err = run("release_hold", str(hold.pk), "--reason", "종결")
    assert status == 1
    assert "이미" in err


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"--camera": "none"}, "카메라"),
        ({"--from": "x"}, "시각"),
        ({"--until": "2026-01-01"}, "뒤여야"),
        ({"--until": "2025-01-01"}, "뒤여야"),
        ({"--reason": "  "}, "사유"),
        ({"--reason": "가" * 501}, "500"),
    ],
)
def test_place_hold_refuses(recorder, changes, says):
    camera = CameraFactory()
    options = {
        "--camera": camera.number,
        "--from": "2026-01-01",
        "--until": "2026-01-02",
        "--reason": "수사",
    } | changes
    status, out, err = run("place_hold", *[text for pair in options.items() for text in pair], "--json")
    assert status == 2
    assert says in err
    assert says in last_line(out)["error"]
    assert not Hold.objects.exists()


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999"])
def test_release_of_what_is_not_there(recorder, number):
    assert run("release_hold", number, "--reason", "종결")[0] == 2


def test_a_hold_in_the_future_is_allowed(recorder):
    camera = CameraFactory()
    assert (
        run(
            "place_hold",
            "--camera",
            camera.number,
            "--from",
            "2040-01-01",
            "--until",
            "2041-01-01",
            "--reason",
            "예고",
        )[0]
        == 0
    )


def test_list_destroyed(recorder):
    cameras = CameraFactory.create_batch(2)
    now = timezone.now().replace(microsecond=0)
    for camera in cameras:
        for day in (31, 32):
            recorder.write(camera.recording_key, now - timedelta(days=day))
    assert run("list_destroyed", "--json") == (0, "", "")
    HoldFactory(camera=cameras[1], from_at=now - timedelta(days=31.5), until_at=now)
    entry = last_line(run("enforce_retention", "--json")[1])["ledger_entry"]
    lines = [json.loads(line) for line in run("list_destroyed", "--json")[1].splitlines()]
    assert len(lines) == 3
    assert set(lines[0]) == {"storage", "camera", "path", "bytes", "start", "destroyed_at", "ledger_entry"}
    assert {line["ledger_entry"] for line in lines} == {entry}
    assert all(not line["path"].startswith("/") for line in lines)
    assert len(run("list_destroyed", "--camera", cameras[1].number)[1].splitlines()) == 1
    start = now - timedelta(days=32)
    for since, until, expected in (
        (start, start + timedelta(seconds=1), 2),
        (start + recorder.segment, start + timedelta(days=9), 1),
        (start - timedelta(days=1), start, 0),
    ):
        out = run("list_destroyed", "--from", since.isoformat(), "--until", until.isoformat())[1]
        assert len(out.splitlines()) == expected


@pytest.mark.parametrize(
    "arguments", [("--camera", "none"), ("--from", "x"), ("--from", "2026-01-02", "--until", "2026-01-02")]
)
def test_list_destroyed_refuses(db, arguments):
    assert run("list_destroyed", *arguments)[0] == 2


@pytest.mark.django_db(transaction=True)
def test_as_processes_of_their_own(shell, real_recorder):
    """manage.py loads the domain alone for these commands: the same results as in the whole project."""
    camera = CameraFactory()
    now = timezone.now()
    real_recorder.write(camera.recording_key, now - timedelta(days=31))
    real_recorder.write(camera.recording_key, now - timedelta(days=33))
    since, until = (now - timedelta(days=34)).isoformat(), (now - timedelta(days=32)).isoformat()
    hold = shell.json(
        "place_hold", "--camera", camera.number, "--from", since, "--until", until, "--reason", "수사"
    )
    assert shell.json("scan_footage")["segments"] == 2
    assert shell.json("enforce_retention")["held"] == 1
    done = shell.run("release_hold", str(hold["id"]), "--reason", "종결")
    assert done.returncode == 0, done.stderr
    assert shell.json("enforce_retention")["destroyed"] == 1
    lines = shell.run("list_destroyed", "--json").stdout.splitlines()
    assert len({json.loads(line)["path"] for line in lines}) == 2
    unusable = shell.run("enforce_retention", "--at", "x", "--json")
    assert unusable.returncode == 2
    assert set(last_line(unusable.stdout)) == {"error"}
    assert "Traceback" not in unusable.stderr


def test_arguments_that_are_no_text_are_refused(shell):
    """A terminal that writes CP949: the bytes reached the database, which takes text alone."""
    typed = "가".encode("cp949").decode(errors="surrogateescape")
    days = ("--from", "2026-01-01", "--until", "2026-01-02")
    for camera, reason in ((typed, "요청"), ("1-1", typed)):
        done = shell.run("place_hold", "--camera", camera, *days, "--reason", reason, "--json")
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    assert "UTF-8" in json.loads(shell.run("scan_footage", "--storage", typed, "--json").stdout)["error"]
