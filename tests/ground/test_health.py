"""What machines ask: alive, ready, figures; and that they learn nothing about people and strangers learn nothing."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.longrun import RunState
from config import readiness, tasks
from config.keys import KeyStore
from footage.models import Hold, Storage, Sweep
from ledger import append, continuity, restores
from ledger.models import Entry
from portal import worker
from portal.models import WorkerSign
from tests.footage.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    worker.leave_sign(timezone.now())


def storage(**given):
    made = Storage.objects.create(name="제1저장소", root="/nowhere", layout="frigate", **given)
    Storage.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=2))
    return made


def swept(**given):
    run = Sweep.objects.create(at=timezone.now(), state=RunState.SUCCEEDED, **given)
    Sweep.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    return run


def problems(client, **request):
    return client.get("/readyz", **request).json()["problems"]


def test_alive_is_told_to_everybody_by_any_name_and_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", headers={"Host": "10.0.0.5:8000"}, REMOTE_ADDR="203.0.113.7")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code in {301, 404}


def test_ready_when_everything_does_its_work(client, alive):
    storage()
    swept()
    call_command("seal_ledger")
    assert client.get("/readyz").json() == {"ready": True, "problems": {}}


def test_each_part_that_does_not_is_named(client, alive, monkeypatch):
    storage(absent_since=timezone.now())
    with_entry = append.record("sample.begun", actor="system:test", subject="x", payload={})
    call_command("seal_ledger")
    assert set(problems(client)) == {"storages", "sweep"}
    WorkerSign.objects.all().delete()
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 1 << 62)
    monkeypatch.setattr(readiness, "LEAST_FREE_SHARE", 2)
    assert set(problems(client)) == {"storages", "sweep", "worker", "disk"}
    assert client.get("/readyz").status_code == 503
    assert with_entry is None or Entry.objects.exists()


def test_an_entry_that_waits_for_its_seal_too_long(client, alive, monkeypatch):
    append.record("sample.begun", actor="system:test", subject="x", payload={})
    assert "seal" not in problems(client)
    monkeypatch.setattr(readiness, "SEALED_WITHIN", timedelta(seconds=-1))
    assert "seal" in problems(client)


def test_a_broker_that_is_gone(client, alive, settings):
    settings.BROKER_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert "브로커" in problems(client)["broker"]


def test_strangers_learn_nothing(client, alive):
    storage(absent_since=timezone.now())
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/readyz", **stranger).content == b"not ready\n"
    assert client.get("/metrics", **stranger).status_code == 403


def test_with_a_token_only_who_has_it(client, alive, settings):
    settings.METRICS_TOKEN = "of-prometheus"
    assert client.get("/metrics").status_code == 403
    for wrong in ("", "Bearer ", "Bearer x", "of-prometheu", "Bearer 글자"):
        assert client.get("/metrics", HTTP_AUTHORIZATION=wrong).status_code == 403
    right = client.get("/metrics", HTTP_AUTHORIZATION="Bearer of-prometheus", REMOTE_ADDR="203.0.113.7")
    assert right.status_code == 200


def figures(client):
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_figures_are_those_of_the_database(client, alive):
    storage()
    now = timezone.now()
    camera = CameraFactory()
    for hours in (3, 4):
        Hold.objects.create(
            camera=camera, from_at=now, until_at=now + timedelta(hours=hours), reason="김철수", placed_at=now
        )
    swept(destroyed=7, max_lateness_seconds=42.5)
    found = figures(client)
    assert found["cctv_held_hours"] == 7
    assert found["cctv_holds_in_force"] == 2
    assert found["cctv_destruction_lateness_seconds"] == 42.5
    assert found["cctv_files_destroyed_day"] == 7
    assert found["cctv_failed_proofs"] == 0
    assert found["cctv_clocks_overdue"] == 0
    assert found['cctv_check_ok{check="sweep"}'] == 1
    assert found["cctv_worker_sign_age_seconds"] < 60
    assert "cctv_queue_age_seconds" in found
    text = client.get("/metrics").content.decode()
    assert "김철수" not in text
    assert camera.number not in text


def test_a_web_process_with_a_folder_of_its_own_sees_the_worker_of_another_machine(
    client, settings, tmp_path
):
    settings.ALIVE_FILE = tmp_path / "alive"
    tasks.mark_alive()
    assert settings.ALIVE_FILE.exists()
    settings.DATA_DIR = tmp_path / "of the other machine"
    settings.DATA_DIR.mkdir()
    settings.ALIVE_FILE = settings.DATA_DIR / "alive"
    assert "worker" not in problems(client)
    # A disk that takes no file keeps no machine from hearing of the worker.
    WorkerSign.objects.all().delete()
    settings.ALIVE_FILE = tmp_path / "nowhere" / "alive"
    with pytest.raises(FileNotFoundError):
        tasks.mark_alive()
    assert "worker" not in problems(client)


def test_what_was_never_measured_is_left_out(client):
    found = figures(client)
    for name in ("cctv_destruction_lateness_seconds", "cctv_last_sweep_age_seconds", "cctv_failed_proofs"):
        assert name not in found
    assert "cctv_worker_sign_age_seconds" not in found


def test_every_figure_says_what_it_is(client, alive):
    names, told = set(), set()
    for line in client.get("/metrics").content.decode().splitlines():
        if line.startswith("# HELP "):
            told.add(line.split()[2])
        elif not line.startswith("#"):
            names.add(line.split("{")[0].split(" ")[0])
    assert names
    assert names == told


def test_without_a_database_only_that_is_said(client, monkeypatch):
    monkeypatch.setattr(readiness, "_database", lambda: "데이터베이스에 연결할 수 없습니다")
    assert list(json.loads(client.get("/readyz").content)["problems"]) == ["database"]
    checks = {name: value for name, value in figures(client).items() if name.startswith("cctv_check_ok")}
    # What could not be asked is left out, not said to be well.
    assert checks == {'cctv_check_ok{check="database"}': 0}


def test_a_restore_that_nobody_has_confirmed_is_named_at_once(client, alive, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    append.record("sample.begun", actor="system:test", subject="x", payload={})
    call_command("seal_ledger")
    assert "restore" not in problems(client)
    restores.enter(restores.begin("2026-11-29", 0, ""), operator="test")
    restores.end()
    assert "되돌린 데이터베이스" in problems(client)["restore"]
    continuity.confirm(by="system:test", reason="시험")
    assert "restore" not in problems(client)


def test_a_signing_key_that_is_not_of_the_last_seal_is_named_at_once(client, alive, settings, tmp_path):
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    append.record("sample.begun", actor="system:test", subject="x", payload={})
    call_command("seal_ledger")
    assert "keys" not in problems(client)
    settings.KEY_STORE = KeyStore(tmp_path / "of another machine")
    assert "마지막 봉인" in problems(client)["keys"]
    (tmp_path / "of another machine").mkdir()
    (tmp_path / "of another machine" / "ledger-signing.pem").write_bytes(b"no key")
    assert "읽을 수 없습니다" in problems(client)["keys"]
