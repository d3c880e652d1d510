"""Footage screens: storages, days, sweeps, holds, folders, proofs, confirmation, clock; on real files."""

import csv
import io
import json
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.longrun import RunState
from accounts.roles import Role
from footage import clock, destruction, next_steps, tasks
from footage import scan as scanning
from footage.models import (
    ClockConfirmation,
    DailyProof,
    DeletionConfirmation,
    FootageDay,
    Hold,
    Scan,
    Storage,
    Sweep,
    UnclaimedFolder,
    VaultIntake,
)
from ledger.models import Entry
from ordinance import due
from portal.second_factor import PROVED_AT
from portal.templatetags.portal_tags import lateness
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory, Recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client, db):
    officer = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(officer)
    return officer


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def recorder(db, tmp_path) -> Recorder:
    return Recorder(tmp_path / "nvr")


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Nothing is queued in the tests: the screens' own "run it here" does the work."""
    sent: list[tuple] = []
    for task in (tasks.scan, tasks.sweep):
        monkeypatch.setattr(task, "apply_async", lambda *args, **kwargs: sent.append((args, kwargs)))
    return sent


def get(client, view, /, *args, **query):
    return client.get(reverse(f"footage:{view}", args=args), query)


def post(client, view, /, *args, **data):
    return client.post(reverse(f"footage:{view}", args=args), data)


def confirm(client, view, /, *args):
    """After looking at the page: it says what is confirmed."""
    page = get(client, view, *args)
    seen = page.context["form"].digest if page.status_code == 200 else ""
    return post(client, view, *args, seen=seen)


def text(answer) -> str:
    return answer.content.decode()


def queries(client, name, /, *args, **query) -> int:
    get(client, name, *args, **query)
    with CaptureQueriesContext(connection) as taken:
        assert get(client, name, *args, **query).status_code == 200
    return len(taken)


# Empty screens say what comes next


@pytest.mark.parametrize(
    "name",
    [
        "storages",
        "days",
        "sweeps",
        "sweep_now",
        "destroyed",
        "holds",
        "hold_place",
        "folders",
        "proofs",
        "confirmations",
        "confirm",
        "clock",
        "unrecognised",
        "storage_add",
    ],
)
def test_every_screen_works_with_nothing_on_record(client, manager, name):
    assert get(client, name).status_code == 200


@pytest.mark.parametrize("name", ["days", "destroyed", "holds", "folders", "proofs", "sweeps"])
@pytest.mark.parametrize(
    "query",
    [
        {"camera": "없는 번호"},
        {"since": "어제", "until": "2026-13-01"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"page": "abc"},
        {"page": "999999999999"},
        {"storage": "x"},
        {"until": "0001-01-01"},
        {"since": "9999-12-31"},
        {"until": "9999-12-31"},
        {"state": "?", "q": "\x00%"},
    ],
)
def test_nonsense_in_a_filter_is_no_server_error(client, manager, name, query):
    assert get(client, name, **query).status_code == 200


# Storages


def storage_data(root, /, **changes) -> dict:
    return {
        "name": "본관",
        "root": str(root),
        "layout": "frigate",
        "template": "",
        "timezone": "UTC",
        "segment_seconds": "600",
        "queue": "",
        **changes,
    }


def test_a_storage_is_shown_before_it_is_registered(client, manager, tmp_path):
    path = tmp_path / "nvr" / "recordings" / "2026-11-18" / "01" / "gate"
    path.mkdir(parents=True)
    (path / "27.00.mp4").write_bytes(b"v")
    (path / "사본.mp4").write_bytes(b"v")
    shown = post(client, "storage_add", **storage_data(tmp_path / "nvr"), step="look")
    examples = {example.path.rpartition("/")[2]: example.camera for example in shown.context["examples"]}
    assert examples == {"27.00.mp4": "gate", "사본.mp4": None}
    assert "2026-11-18 10:27:00" in text(shown)
    assert not Storage.objects.exists()
    made = post(client, "storage_add", **storage_data(tmp_path / "nvr"), step="add")
    storage = Storage.objects.get()
    assert made.url == reverse("footage:storage", args=[storage.pk])
    assert "두 번째 사람의 확인을 기다립니다" in text(get(client, "storage", storage.pk))
    assert Entry.objects.filter(kind="footage.storage_added").exists()


def test_a_storage_of_the_portal_is_swept_after_a_second_person_confirmed_it(client, manager, tmp_path, now):
    recorder = Recorder(tmp_path / "nvr")
    recorder.storage.delete()
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=40))
    post(client, "storage_add", **storage_data(tmp_path / "nvr"), step="add")
    storage = Storage.objects.get()
    assert destruction.sweep(now, actor="system:test").destroyed == 0
    confirm(client, "storage_confirm", storage.pk)
    storage.refresh_from_db()
    assert storage.confirmed_at is None, "not by who registered it"
    assert "확인을 기다리는 저장소" in " ".join(item.title for item in due.collect())
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    confirm(client, "storage_confirm", storage.pk)
    told = Entry.objects.get(kind="footage.storage_confirmed")
    assert told.subject == f"storage:{storage.pk}"
    assert told.content["timezone"] == storage.timezone
    assert destruction.sweep(now, actor="system:test").destroyed == 1


def test_a_storage_from_before_two_were_asked_is_confirmed_where_it_is_looked_for(client, manager, tmp_path):
    Recorder(tmp_path / "nvr").storage.delete()
    post(client, "storage_add", **storage_data(tmp_path / "nvr"), step="add")
    Storage.objects.update(confirmed_at=timezone.now())
    storage = Storage.objects.get()
    client.force_login(OfficerFactory(role=Role.OFFICIAL))

    def told():
        shown = [text(get(client, "storage", storage.pk)), text(get(client, "storages"))]
        items = " ".join(f"{item.title} {item.detail}" for item in due.collect())
        step = next_steps.of_storage(storage, timezone.now())
        return [
            "이미 파기하고 있으나" in shown[0],
            reverse("footage:storage_confirm", args=[storage.pk]) in shown[0],
            "확인 대기" in shown[1],
            "확인이 원장에 없습니다" in items,
            step is not None,
        ]

    assert all(told())
    confirm(client, "storage_confirm", storage.pk)
    storage.refresh_from_db()
    assert not any(told())


def test_a_confirmation_is_about_what_was_shown(client, manager, tmp_path):
    recorder = Recorder(tmp_path / "nvr")
    Storage.objects.update(confirmed_at=None, added_by=OfficerFactory())
    seen = get(client, "storage_confirm", recorder.storage.pk).context["form"].digest
    Storage.objects.update(timezone="Asia/Tokyo")
    answer = post(client, "storage_confirm", recorder.storage.pk, seen=seen)
    assert "내용이 바뀌었습니다" in text(answer)
    assert "Asia/Tokyo" in text(answer)
    recorder.storage.refresh_from_db()
    assert recorder.storage.confirmed_at is None
    post(client, "storage_confirm", recorder.storage.pk, seen=answer.context["form"].digest)
    recorder.storage.refresh_from_db()
    assert recorder.storage.confirmed_at is not None


def test_each_look_at_a_folder_is_on_record_also_a_refused_one(client, manager, tmp_path):
    Recorder(tmp_path / "nvr").storage.delete()
    for root, refusal in (
        (tmp_path / "nvr", ""),
        (Path("/etc"), "운영체제"),
        (settings.KEY_STORE.folder, "자료"),
    ):
        answer = post(client, "storage_add", **storage_data(root), step="look")
        entry = Entry.objects.filter(kind="footage.folder_looked_at").last()
        assert entry.actor == f"officer:{manager.pk}"
        assert entry.content["root"] == str(root)
        assert refusal in entry.content["refusal"]
        assert bool(refusal) == bool(answer.context["form"].errors)
        assert not (refusal and answer.context["examples"])
    assert Entry.objects.filter(kind="footage.folder_looked_at").count() == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"root": "relative/path"},
        {"root": "/"},
        {"root": "/no/such/folder"},
        {"root": "/etc/passwd"},
        {"root": "/etc"},
        {"root": "/root"},
        {"root": "/var"},
        {"root": "/proc/self/cwd"},
        {"layout": "free", "template": "{camera}-%Y-%m-%d.sql"},
        {"layout": "free", "template": ""},
        {"layout": "free", "template": "no-fields.mp4"},
        {"timezone": "Mars/Olympus"},
        {"segment_seconds": "0"},
        {"layout": "unheard-of"},
        {"root": "/tmp\x00"},
    ],
)
def test_a_storage_that_could_destroy_the_wrong_thing_is_refused(client, manager, tmp_path, changes):
    answer = post(client, "storage_add", **storage_data(tmp_path, **changes), step="add")
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Storage.objects.exists()


def test_an_absent_storage_is_shown_as_absent(client, manager, recorder):
    recorder.root.rmdir()
    assert "연결 끊김" in text(get(client, "storages"))
    assert "연결이 끊겼습니다" in text(get(client, "storage", recorder.storage.pk))


def test_the_loss_of_a_disk_is_confirmed_with_a_reason(client, manager, recorder, now):
    recorder.write(CameraFactory().recording_key, now - timedelta(days=1))
    call_command("scan_footage")
    storage = recorder.storage
    assert "영상 소실 확인" not in text(get(client, "storage", storage.pk))
    post(client, "storage_lost", storage.pk, reason="디스크 고장")
    assert not Entry.objects.filter(kind="footage.loss_confirmed").exists(), "it is there"
    shutil.rmtree(recorder.root)
    recorder.root.mkdir()
    assert "영상 소실 확인" in text(get(client, "storage", storage.pk))
    asked = text(get(client, "storage_lost", storage.pk))
    assert "기록된 파일 1개를 ‘사라진 영상’으로" in asked
    post(client, "storage_lost", storage.pk, reason="")
    assert not Entry.objects.filter(kind="footage.loss_confirmed").exists(), "without a reason"
    for _ in range(2):
        post(client, "storage_lost", storage.pk, reason="디스크 고장")
    told = Entry.objects.get(kind="footage.loss_confirmed")
    assert (told.actor, told.content["reason"]) == (f"officer:{manager.pk}", "디스크 고장")
    assert "연결이 끊겼습니다" not in text(get(client, "storage", storage.pk))


@pytest.mark.django_db(transaction=True)
def test_a_scan_asked_for_runs_here_when_no_worker_does(client, manager, recorder, now, no_worker):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=1))
    recorder.put(recorder.root / "recordings" / "이상한 파일.txt", mtime=now - timedelta(days=1))
    answer = post(client, "scan_now", storage=recorder.storage.pk)
    run = Scan.objects.get()
    assert answer.url == reverse("footage:scan", args=[run.pk])
    assert (run.state, run.requested_by, len(no_worker)) == (RunState.WAITING, manager, 1)
    assert "기다리지 않고 지금 시작" in text(get(client, "scan", run.pk))
    post(client, "scan_run_here", run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert "이상한 파일.txt" in text(get(client, "scan", run.pk))
    assert "이상한 파일.txt" in text(get(client, "unrecognised"))
    assert camera.number in text(get(client, "days"))
    assert json.loads(get(client, "scan_progress", run.pk).content)["is_finished"]


def test_days_take_the_same_queries_for_one_and_for_many(client, manager, recorder, now):
    def day(n):
        FootageDay.objects.create(
            storage=recorder.storage, camera=CameraFactory(), on=(now - timedelta(days=n)).date(), segments=3
        )

    day(0)
    few = queries(client, "days")
    for n in range(30):
        day(n)
    assert queries(client, "days") == few


@pytest.mark.once
def test_lateness_is_told_in_units_that_people_count_in():
    told = {2_245_799.2: "25일 23시간", 3_600: "1시간", 61: "1분 1초", 0.4: "1초 미만", 0: "0초"}
    assert {seconds: lateness(seconds) for seconds in told} == told


def test_what_nobody_has_looked_at_is_unknown_and_not_zero(client, manager, recorder, now):
    hold = HoldFactory(from_at=now - timedelta(days=2), until_at=now - timedelta(days=1))
    screens = {
        "hold": partial(get, client, "hold", hold.pk),
        "days": partial(get, client, "days"),
        "hold_release": partial(get, client, "hold_release", hold.pk),
        "camera": partial(client.get, reverse("cameras:page", args=[hold.camera_id])),
    }
    for name, screen in screens.items():
        assert "모름" in text(screen()), name
    assert "모름" in text(get(client, "storage", recorder.storage.pk))
    assert "한 번도 전체를 읽지 않아" in text(get(client, "storage_lost", recorder.storage.pk))
    assert "첫 결과는" in text(get(client, "proofs"))
    assert "확인 없음" not in text(get(client, "proofs"))
    Storage.objects.update(scanned_at=now)
    for name, screen in screens.items():
        assert "모름" not in text(screen()), name
    assert "0개" in text(screens["hold"]())
    # A second one that nobody read yet: nothing is known as a whole again.
    Storage.objects.create(name="둘째", root="/elsewhere", layout=recorder.storage.layout)
    assert "저장소 2곳 가운데 1곳" in text(screens["hold"]())


# Sweeps


def test_a_rehearsal_counts_and_destroys_nothing_then_the_sweep_is_confirmed(client, manager, recorder, now):
    camera = CameraFactory()
    due = recorder.write(camera.recording_key, now - timedelta(days=40))
    kept = recorder.write(camera.recording_key, now - timedelta(days=2))
    # A rehearsal changes nothing: whoever logged in long ago is not asked again.
    session = client.session
    proved_at = session.pop(PROVED_AT)
    session.save()
    post(client, "sweep_now", step="rehearse")
    rehearsal = Sweep.objects.get()
    post(client, "sweep_run_here", rehearsal.pk)
    session = client.session
    session[PROVED_AT] = proved_at
    session.save()
    rehearsal.refresh_from_db()
    assert (rehearsal.is_dry_run, rehearsal.state, rehearsal.destroyed) == (True, RunState.SUCCEEDED, 1)
    assert due.exists()
    assert not Entry.objects.filter(kind__startswith="footage.swe").exists()
    assert "파기될 파일" in text(get(client, "sweep", rehearsal.pk))
    # Without the tick nothing is started.
    post(client, "sweep_now", step="sweep")
    assert Sweep.objects.count() == 1
    post(client, "sweep_now", step="sweep", confirmed="yes")
    sweep = Sweep.objects.order_by("-pk").first()
    post(client, "sweep_run_here", sweep.pk)
    sweep.refresh_from_db()
    assert (sweep.state, sweep.destroyed, sweep.requested_by) == (RunState.SUCCEEDED, 1, manager)
    assert not due.exists()
    assert kept.exists()
    shown = text(get(client, "sweep", sweep.pk))
    assert due.name in shown
    assert f"{sweep.ledger_sequence}번" in shown
    assert due.name in text(get(client, "destroyed"))
    assert due.name in text(get(client, "destroyed", camera=camera.number))
    assert due.name not in text(get(client, "destroyed", camera=CameraFactory().number))


def test_destroyed_files_are_handed_out_for_a_purpose(client, manager, recorder, now):
    camera = CameraFactory()
    due = recorder.write(camera.recording_key, now - timedelta(days=40))
    destruction.sweep(now, actor="system:test")
    refused = post(client, "destroyed_export", purpose="", format="csv")
    assert refused.context["form"].errors
    answer = post(client, "destroyed_export", purpose="inspection", detail="", format="csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["카메라 번호"] for row in rows] == [camera.number]
    assert rows[0]["경로"].endswith(due.name)


def test_a_page_of_a_sweeps_files_is_cut_out(client, manager, recorder, now, monkeypatch):
    from portal.views import footage_sweeps

    monkeypatch.setattr(footage_sweeps, "FILES_PER_PAGE", 2)
    camera = CameraFactory()
    for minute in range(5):
        recorder.write(camera.recording_key, now - timedelta(days=40, minutes=10 * minute))
    sweep = destruction.sweep(now, actor="system:test").sweep
    found = [
        file.path
        for number in (1, 2, 3)
        for file in get(client, "sweep", sweep.pk, page=number).context["links"].page.object_list
    ]
    assert len(found) == len(set(found)) == 5


def test_sweeps_that_found_nothing_are_hidden_until_asked_for(client, manager, now):
    idle = Sweep.objects.create(at=now, state=RunState.SUCCEEDED)
    failed = Sweep.objects.create(at=now, state=RunState.FAILED, error="저장소 없음")
    assert [sweep.pk for sweep in get(client, "sweeps").context["links"].page.object_list] == [failed.pk]
    every = get(client, "sweeps", shown="all").context["links"].page.object_list
    assert {sweep.pk for sweep in every} == {idle.pk, failed.pk}


# Holds


def hold_data(camera, now, /, **changes) -> dict:
    def local(at):
        return f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}"

    return {
        "camera": camera.number,
        "from_at": local(now - timedelta(days=41)),
        "until_at": local(now - timedelta(days=39)),
        "reason": "수사 협조",
        "article": "조례 제24조제1항제2호",
        "case_reference": "2026-77",
        **changes,
    }


def test_a_hold_is_placed_says_what_is_gone_and_keeps_the_rest(client, manager, recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=40, hours=1))
    destruction.sweep(now, actor="system:test")
    kept = recorder.write(camera.recording_key, now - timedelta(days=40))
    answer = post(client, "hold_place", **hold_data(camera, now))
    hold = Hold.objects.get()
    assert (hold.camera, hold.placed_by, hold.case_reference) == (camera, manager, "2026-77")
    assert "파일 1개는" in text(client.get(answer.url))
    destruction.sweep(now, actor="system:test")
    assert kept.exists()
    confirmation = text(get(client, "hold_release", hold.pk))
    assert "파기되고 되살릴 수 없습니다" in confirmation
    assert post(client, "hold_release", hold.pk, reason=" ").context["form"].errors
    assert "해제를 요청해야" in text(post(client, "hold_release", hold.pk, reason="사건 종결"))
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    post(client, "hold_release_ask", hold.pk, reason="사건 종결")
    client.force_login(manager)
    assert "해제 요청" in text(get(client, "hold", hold.pk))
    post(client, "hold_release", hold.pk, reason="사건 종결")
    hold.refresh_from_db()
    assert (hold.released_by, hold.release_reason) == (manager, "사건 종결")
    assert "사건 종결" in text(get(client, "hold", hold.pk))
    destruction.sweep(now, actor="system:test")
    assert not kept.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"camera": ""},
        {"camera": "없음"},
        {"reason": ""},
        {"reason": "가" * 501},
        {"from_at": "지난주"},
        {"until_at": "2001-01-01T00:00:00"},
        {"until_at": ""},
    ],
)
def test_an_incomplete_hold_is_not_placed(client, manager, now, changes):
    answer = post(client, "hold_place", **hold_data(CameraFactory(), now, **changes))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Hold.objects.exists()


def test_what_the_vault_lacks_stands_at_the_top_of_the_case(client, manager, recorder, now):
    hold = HoldFactory(case_reference="")
    intake = VaultIntake.objects.create(hold=hold, storage=recorder.storage, waiting=3)
    shown = text(get(client, "hold", hold.pk))
    assert "3개를 더 복사하는 중" in shown
    assert "사라진 영상" not in shown
    VaultIntake.objects.filter(pk=intake.pk).update(vanished=2, unreadable=1, problem="자리가 없습니다.")
    shown = text(get(client, "hold", hold.pk))
    for words in (
        "사라진 영상이 있습니다: 파일 2개",
        "복사하지 못한 영상이 있습니다: 파일 1개",
        "자리가 없습니다.",
    ):
        assert shown.index(words) < shown.index("구간")
    Hold.objects.update(released_at=now)
    assert "사라진 영상" not in text(get(client, "hold", hold.pk))


def test_holds_are_listed_by_state_camera_and_words(client, manager, now):
    old = HoldFactory(from_at=now - timedelta(days=90), until_at=now - timedelta(days=80), reason="화재 조사")
    fresh = HoldFactory(from_at=now - timedelta(days=2), until_at=now)
    released = HoldFactory(released_at=now)

    def shown(**query):
        return {hold.pk for hold in get(client, "holds", **query).context["links"].page.object_list}

    assert shown() == {old.pk, fresh.pk, released.pk}
    assert shown(state="in_force") == {old.pk, fresh.pk}
    assert shown(state="expired") == {old.pk}
    assert shown(state="released") == {released.pk}
    assert shown(q="화재") == {old.pk}
    assert shown(camera=fresh.camera.number) == {fresh.pk}


def test_lists_take_the_same_queries_for_one_and_for_many(client, manager, recorder, now):
    def fill():
        camera = CameraFactory()
        HoldFactory(camera=camera, placed_by=OfficerFactory())
        Sweep.objects.create(at=now, state=RunState.SUCCEEDED, destroyed=1, requested_by=OfficerFactory())
        UnclaimedFolder.objects.create(
            storage=recorder.storage, key=camera.number, first_seen_at=now, last_seen_at=now
        )
        DailyProof.objects.create(
            camera=camera,
            on=now.date() - timedelta(days=1),
            proved_at=now,
            oldest_allowed_at=now,
            result="not_in_order",
        )
        DeletionConfirmation.objects.create(
            confirmed_at=now,
            confirmed_by=OfficerFactory(),
            period_from=now,
            period_until=now,
            cycle="1분",
            is_working=True,
        )

    fill()
    names = ("holds", "sweeps", "folders", "proofs", "confirmations")
    few = {name: queries(client, name) for name in names}
    for _ in range(8):
        fill()
    assert {name: queries(client, name) for name in names} == few


# Folders


def unclaimed(recorder, now) -> UnclaimedFolder:
    recorder.write("old-gate", now - timedelta(days=40))
    scanning.scan(recorder.storage)
    return UnclaimedFolder.objects.get()


def test_a_folder_is_assigned_to_a_camera(client, manager, recorder, now):
    folder, camera = unclaimed(recorder, now), CameraFactory()
    assert "old-gate" in text(get(client, "folders"))
    wrong = post(client, "folder", folder.pk, decision="assign", camera="", reason="이전 이름")
    assert "camera" in wrong.context["form"].errors
    post(client, "folder", folder.pk, decision="assign", camera=camera.number, reason="이전 이름")
    folder.refresh_from_db()
    assert (folder.decision, folder.camera, folder.decided_by) == ("assigned", camera, manager)
    confirm(client, "folder_confirm", folder.pk)
    destruction.sweep(now, actor="system:test")
    assert len(recorder.files()) == 1
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert "배정 확인…" in text(get(client, "folder", folder.pk))
    confirm(client, "folder_confirm", folder.pk)
    destruction.sweep(now, actor="system:test")
    assert recorder.files() == set()


def test_destruction_of_a_folder_is_confirmed_and_only_once(client, manager, recorder, now):
    folder = unclaimed(recorder, now)
    destruction.sweep(now, actor="system:test")
    assert len(recorder.files()) == 1
    assert post(client, "folder", folder.pk, decision="destroy", reason="").context["form"].errors
    post(client, "folder", folder.pk, decision="destroy", reason="철거된 장비")
    confirm(client, "folder_confirm", folder.pk)
    assert "두 번째 사람의 확인을 기다립니다" in text(get(client, "folder", folder.pk))
    destruction.sweep(now, actor="system:test")
    assert len(recorder.files()) == 1
    client.force_login(OfficerFactory(role=Role.OFFICIAL))
    assert "파기 확인…" in text(get(client, "folder", folder.pk))
    confirm(client, "folder_confirm", folder.pk)
    client.force_login(manager)
    destruction.sweep(now, actor="system:test")
    assert recorder.files() == set()
    entries = Entry.objects.filter(kind="footage.folder_destruction_confirmed").count()
    post(client, "folder", folder.pk, decision="destroy", reason="다시")
    assert Entry.objects.filter(kind="footage.folder_destruction_confirmed").count() == entries == 1


# Proofs, confirmation, clock


def test_each_class_of_a_proof_is_shown_apart(client, manager, recorder, now):
    Storage.objects.update(created_at=now - timedelta(days=5))
    yesterday = timezone.localdate() - timedelta(days=1)
    cameras = [CameraFactory() for _ in range(4)]
    for camera in cameras:
        camera.history.update(history_date=now - timedelta(days=3))
    facts = {"on": yesterday, "proved_at": now, "oldest_allowed_at": now}
    DailyProof.objects.create(camera=cameras[0], result="in_order", **facts)
    DailyProof.objects.create(camera=cameras[1], result="not_in_order", reason="오래된 영상", **facts)
    DailyProof.objects.create(camera=cameras[3], result="not_seen", reason="찾지 못함", **facts)
    answer = get(client, "proofs")
    cells = {camera.pk: row for camera, row in answer.context["rows"]}
    assert [cells[camera.pk][0].look for camera in cameras] == [
        "is-ok",
        "is-failed",
        "is-missing",
        "is-unseen",
    ]
    # Before the camera was known nothing is missing.
    assert cells[cameras[2].pk][-1].look == "is-none"
    assert answer.context["counts"] == {
        "cameras": 4,
        "fine": 1,
        "failed": 1,
        "unseen": 1,
        "missing": 1,
    }
    assert "오래된 영상" in text(answer)
    failed = get(client, "proofs", result="failed").context["rows"]
    assert [camera.pk for camera, _ in failed] == [camera.pk for camera in cameras[1:]]


def test_the_periodic_confirmation_is_a_record_with_the_person(client, manager):
    today = timezone.localdate()
    data = {
        "period_from": str(today - timedelta(days=30)),
        "period_until": str(today),
        "cycle": "1분마다",
        "is_working": "yes",
        "note": "",
    }
    post(client, "confirm", **data)
    record = DeletionConfirmation.objects.get()
    assert (record.confirmed_by, record.is_working) == (manager, True)
    assert str(manager) in text(get(client, "confirmations"))
    for wrong in (
        {"is_working": "no"},
        {"period_until": str(today + timedelta(days=1))},
        {"period_from": str(today), "period_until": str(today - timedelta(days=1))},
        {"cycle": ""},
        {"is_working": ""},
    ):
        assert post(client, "confirm", **data | wrong).context["form"].errors, wrong
    assert DeletionConfirmation.objects.count() == 1


def test_a_refused_clock_waits_for_a_person(client, manager, now):
    Sweep.objects.create(at=now + timedelta(days=3), state=RunState.SUCCEEDED)
    assert not clock.check()
    assert "파기를 멈췄습니다" in text(get(client, "clock"))
    assert "멈춰 있습니다" in text(get(client, "sweeps"))
    post(client, "sweep_now", step="sweep", confirmed="yes")
    assert Sweep.objects.count() == 1
    post(client, "clock")
    assert not ClockConfirmation.objects.exists()
    post(client, "clock", confirmed="yes")
    assert ClockConfirmation.objects.get().confirmed_by == manager
    assert clock.check()
    assert "이상이 없습니다" in text(get(client, "clock"))


def test_who_only_looks_can_do_nothing(client, recorder, now):
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    folder, hold = unclaimed(recorder, now), HoldFactory()
    for name, args in {
        "scan_now": (),
        "sweep_now": (),
        "hold_place": (),
        "hold_release": (hold.pk,),
        "folder": (folder.pk,),
        "confirm": (),
        "clock": (),
        "storage_add": (),
    }.items():
        assert (
            post(client, name, *args, confirmed="yes", reason="x", decision="destroy").status_code == 403
        ), name
    for name in (
        "storages",
        "days",
        "sweeps",
        "destroyed",
        "holds",
        "folders",
        "proofs",
        "confirmations",
        "clock",
    ):
        assert get(client, name).status_code == 200
