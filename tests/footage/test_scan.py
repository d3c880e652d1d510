"""Scans, unclaimed folders, proofs, confirmation, disk forecast, the home page's items."""

import os
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.longrun import RunState
from footage import (
    capacity,
    confirmations,
    destruction,
    folders,
    proofs,
    providers,
    second_words,
    shortenings,
    storages,
    tasks,
)
from footage.errors import Refused, UnusableInput
from footage.models import (
    CameraClaim,
    CapacityReading,
    DailyProof,
    FootageDay,
    Scan,
    Shortening,
    Storage,
    Sweep,
    UnclaimedFolder,
)
from footage.scan import scan
from ledger.models import Entry
from ordinance import due
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory, Recorder, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def officer():
    return OfficerFactory()


def test_days_in_seoul_with_gaps(recorder):
    """Seoul's day starts at 15:00 UTC; overlapping files count once, missing ones are a gap."""
    camera = CameraFactory()
    noon = days_ago(3).replace(hour=14, minute=0)
    for minutes in (0, 10, 30, 35, 60):
        recorder.write(camera.recording_key, noon + timedelta(minutes=minutes), size=100)
    result = scan()
    assert (result.cameras, result.days, result.segments, result.bytes) == (1, 2, 5, 500)
    before, after = FootageDay.objects.order_by("on")
    assert (before.segments, before.recorded_seconds, before.gaps) == (4, 20 * 60 + 15 * 60, 1)
    assert (before.first_at, before.last_at) == (noon, noon + timedelta(minutes=35))
    assert (after.segments, after.on) == (1, before.on + timedelta(days=1))


def test_a_second_scan_forgets_what_is_gone_but_not_what_was_destroyed(recorder):
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(31))
    path = recorder.write(camera.recording_key, days_ago(2))
    scan()
    destruction.sweep(timezone.now(), actor="system:test")
    path.unlink()
    scan()
    days = {day.on: day for day in FootageDay.objects.all()}
    assert days[timezone.localdate(days_ago(31))].destroyed == 1
    assert all(day.segments == 0 for day in days.values())


def test_absent_storage_keeps_what_is_on_record(recorder, tmp_path):
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(2))
    scan()
    os.rename(recorder.root, tmp_path / "away")
    recorder.root.mkdir()
    result = scan()
    assert (result.errors, result.is_ok) == (1, False)
    assert FootageDay.objects.get().segments == 1
    assert storages.has_footage_on_record(recorder.storage)


def test_confirming_a_loss_makes_an_empty_root_empty(recorder, tmp_path, officer):
    recorder.write(CameraFactory().recording_key, days_ago(2))
    scan()
    os.rename(recorder.root, tmp_path / "away")
    recorder.root.mkdir()
    recorder.storage.refresh_from_db()
    with pytest.raises(UnusableInput):
        storages.confirm_empty(recorder.storage, by=officer, reason=" ")
    storages.confirm_empty(recorder.storage, by=officer, reason="디스크 고장")
    assert scan().is_ok
    told = Entry.objects.order_by("-sequence").first()
    assert (told.kind, told.content["reason"]) == ("footage.loss_confirmed", "디스크 고장")


def test_a_disk_that_is_there_is_not_written_off(recorder, officer):
    recorder.write(CameraFactory().recording_key, days_ago(2))
    scan()
    with pytest.raises(Refused):
        storages.confirm_empty(recorder.storage, by=officer, reason="디스크 고장")
    assert FootageDay.objects.get().segments == 1


def test_scan_counts_strange_and_unclaimed_and_held(recorder):
    camera = CameraFactory()
    HoldFactory(camera=camera)
    recorder.write(camera.recording_key, days_ago(2))
    recorder.write("nobody", days_ago(2), size=7)
    recorder.put(recorder.root / "recordings" / "x.txt")
    result = scan()
    assert (result.unrecognised, result.unclaimed) == (1, 1)
    assert FootageDay.objects.get().held == 1
    assert UnclaimedFolder.objects.get().bytes == 7


def test_a_sweep_measures_no_folder_and_a_scan_does_whatever_the_sweep_saw(recorder):
    recorder.write("nobody", days_ago(2), size=7)
    destruction.sweep(actor="system:test")
    assert UnclaimedFolder.objects.get().bytes is None
    scan()
    assert UnclaimedFolder.objects.get().bytes == 7
    destruction.sweep(actor="system:test")
    assert UnclaimedFolder.objects.get().bytes == 7


def test_scan_as_a_long_run(recorder):
    recorder.write(CameraFactory().recording_key, days_ago(2))
    run = Scan.objects.create(storage=recorder.storage)
    tasks.scan(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result["segments"]) == (RunState.SUCCEEDED, 1)
    tasks.scan(run.pk)


def test_examples_before_registering(tmp_path):
    recorder = Recorder(tmp_path / "nvr")
    recorder.write("gate", days_ago(2))
    recorder.put(recorder.root / "x")
    recorder.storage.delete()
    found = storages.examples(str(recorder.root), "frigate")
    assert [example.camera for example in found] == ["gate", None]


def test_a_folder_is_a_cameras_at_the_word_of_two(recorder, officer):
    camera = CameraFactory(retention_days=5)
    path = recorder.write("nobody", days_ago(6))
    destruction.sweep(timezone.now(), actor="system:test")
    folder = UnclaimedFolder.objects.get()
    with pytest.raises(UnusableInput):
        folders.decide_assignment(folder, camera, by=officer, reason="")
    folders.decide_assignment(folder, camera, by=officer, reason="녹화기 설정 오류")
    with pytest.raises(Refused):
        folders.decide_destruction(folder, by=officer, reason="중복")
    with pytest.raises(Refused, match="다른 사람"):
        folders.confirm(folder, by=officer)
    assert destruction.sweep(timezone.now(), actor="system:test").destroyed == 0
    assert path.exists()
    folder.refresh_from_db()
    folders.confirm(folder, by=OfficerFactory())
    assert not [each for each in second_words.check_all() if each]
    assert destruction.sweep(timezone.now(), actor="system:test").destroyed == 1
    folders.reopen(folder, by=officer, reason="취소")
    assert not CameraClaim.objects.exists()


def test_a_recording_key_does_not_shorten_what_lies_in_an_unclaimed_folder(recorder):
    old, path = recorder.write("nobody", days_ago(31)), recorder.write("nobody", days_ago(6))
    destruction.sweep(timezone.now(), actor="system:test")
    CameraFactory(recording_key="nobody", retention_days=5)
    for _ in range(2):
        destruction.sweep(timezone.now(), actor="system:test")
    assert (old.exists(), path.exists()) == (False, True)
    (made,) = Shortening.objects.all()
    shortenings.confirm(made, by=OfficerFactory())
    assert destruction.sweep(timezone.now(), actor="system:test").destroyed == 1


def test_a_folder_that_two_decided_to_destroy_shortens_a_cameras_period_once(recorder, officer):
    recorder.write("nobody", days_ago(6))
    destruction.sweep(timezone.now(), actor="system:test")
    folder = UnclaimedFolder.objects.get()
    folders.decide_destruction(folder, by=officer, reason="철거된 카메라로 추정")
    folders.confirm(folder, by=OfficerFactory())
    CameraFactory(recording_key="nobody", retention_days=5)
    destruction.sweep(timezone.now(), actor="system:test")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        destruction.sweep(timezone.now(), actor="system:test")
    assert Shortening.objects.count() == 1


def test_a_folder_is_open_again_when_its_camera_is_removed_and_the_recorder_writes_on(recorder, officer):
    camera, second = CameraFactory(), OfficerFactory()
    recorder.write("nobody", days_ago(1))
    destruction.sweep(timezone.now(), actor="system:test")
    folder = UnclaimedFolder.objects.get()
    folders.decide_assignment(folder, camera, by=officer, reason="녹화기 설정 오류")
    folders.confirm(folder, by=second)
    CameraClaim.objects.update(until_at=days_ago(0.5))
    recorder.write("nobody", days_ago(0.2))
    scan()
    folder.refresh_from_db()
    assert folder.decision == UnclaimedFolder.Decision.OPEN
    assert not [each for each in second_words.check_all() if each], "the ended claim was given by two"
    folders.decide_assignment(folder, CameraFactory(), by=officer, reason="새 카메라")
    folders.confirm(folder, by=second)
    assert not [each for each in second_words.check_all() if each]
    CameraClaim.objects.create(
        camera=CameraFactory(), storage=recorder.storage, key="nobody", until_at=days_ago(0.5)
    )
    assert len([each for each in second_words.check_all() if each]) == 1


def test_a_folder_that_was_assigned_twice_by_one_word_is_no_false_alarm(recorder, officer):
    """Before a second person was asked there was one line each time, and none when a folder was open again."""
    recorder.write("nobody", days_ago(6))
    destruction.sweep(timezone.now(), actor="system:test")
    folder, camera, later = UnclaimedFolder.objects.get(), CameraFactory(), OfficerFactory()
    for by in (officer, later):
        folders._record(second_words.ASSIGNED, folder, by, camera=camera.number)
    UnclaimedFolder.objects.update(
        decision="assigned",
        camera=camera,
        decided_by=later,
        decided_at=timezone.now(),
        confirmed_at=timezone.now(),
    )
    CameraClaim.objects.create(camera=camera, storage=recorder.storage, key="nobody")
    assert not [each for each in second_words.check_all() if each]


def test_what_is_confirmed_in_the_database_alone_destroys_nothing_and_shows(recorder, officer):
    path = recorder.write("nobody", days_ago(31))
    destruction.sweep(timezone.now(), actor="system:test")
    assert not [each for each in second_words.check_all() if each]
    UnclaimedFolder.objects.update(
        decision="destroy",
        decided_by=officer,
        decided_at=timezone.now(),
        confirmed_by=OfficerFactory(),
        confirmed_at=timezone.now(),
    )
    assert destruction.sweep(timezone.now(), actor="system:test").destroyed == 0
    assert path.exists()
    assert len([each for each in second_words.check_all() if each]) == 1
    UnclaimedFolder.objects.update(decision="open")
    CameraClaim.objects.create(camera=CameraFactory(), storage=recorder.storage, key="nobody")
    assert len([each for each in second_words.check_all() if each]) == 1


@pytest.mark.parametrize(
    "change", [{"root": "/elsewhere"}, {"timezone": "Asia/Tokyo"}, {"layout": "shinobi"}]
)
def test_a_storage_that_is_turned_elsewhere_shows(recorder, change):
    assert not [each for each in second_words.check_all() if each]
    Storage.objects.update(**change)
    assert len([each for each in second_words.check_all() if each]) == 1


def test_a_storage_confirmed_without_the_ledger_shows_and_is_confirmed_on_record(tmp_path, officer):
    made = storages.add("새", str(tmp_path), "frigate", by=officer)
    Storage.objects.update(confirmed_at=timezone.now(), confirmed_by=OfficerFactory())
    assert len([each for each in second_words.check_all() if each]) == 1
    storages.confirm(made, by=OfficerFactory())
    assert not [each for each in second_words.check_all() if each]
    with pytest.raises(Refused, match="이미"):
        storages.confirm(made, by=OfficerFactory())


def test_confirmed_destruction_of_a_folder_uses_the_longest_period(recorder, officer):
    from footage import manifests

    recorder.write("nobody", days_ago(31))
    stays = recorder.write("nobody", days_ago(29))
    destruction.sweep(days_ago(0), actor="system:test")
    folder = UnclaimedFolder.objects.get()
    folders.decide_destruction(folder, by=officer, reason="철거된 카메라로 추정")
    assert destruction.sweep(days_ago(0), actor="system:test").destroyed == 0
    with pytest.raises(Refused, match="다른 사람"):
        folders.confirm(folder, by=officer)
    folders.confirm(folder, by=OfficerFactory())
    with pytest.raises(Refused):
        folders.confirm(folder, by=OfficerFactory())
    assert destruction.sweep(days_ago(0), actor="system:test").destroyed == 1
    assert stays.exists()
    (line,) = manifests.destroyed()
    assert line.camera is None
    assert Entry.objects.filter(kind="footage.folder_destruction_confirmed").count() == 1


def prove(recorder, on=None):
    scan()
    return proofs.prove(on)


def test_proof_of_a_good_day(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=31))
    recorder.write(camera.recording_key, now - timedelta(days=29))
    destruction.sweep(actor="system:test")
    assert prove(recorder) == {"in_order": 1}
    proof = DailyProof.objects.get()
    assert (proof.is_in_order, proof.oldest_found_at, proof.destroyed_count) == (
        True,
        now - timedelta(days=29),
        1,
    )
    assert proof.destroyed_from_at == now - timedelta(days=31)
    assert proof.destroyed_until_at == now - timedelta(days=31) + recorder.segment


def test_proof_fails_when_old_footage_is_found(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=31))
    assert prove(recorder) == {"not_in_order": 1}
    assert "오래된" in DailyProof.objects.get().reason


def test_proof_names_the_holds_that_are_the_exception(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=31))
    hold = HoldFactory(
        camera=camera, from_at=now - timedelta(days=32), until_at=now, placed_at=now - timedelta(days=3)
    )
    assert prove(recorder) == {"in_order": 1}
    assert DailyProof.objects.get().hold_ids == [hold.pk]


def test_a_held_file_hides_no_overdue_one_behind_it(recorder, now):
    """Held footage of long ago, and unheld footage that is a day too old, in one day's folder and in another."""
    camera = CameraFactory()
    for days in (60, 31):
        recorder.write(camera.recording_key, now - timedelta(days=days))
    hold = HoldFactory(
        camera=camera,
        from_at=now - timedelta(days=61),
        until_at=now - timedelta(days=59),
        placed_at=now - timedelta(days=40),
    )
    assert prove(recorder) == {"not_in_order": 1}
    assert DailyProof.objects.get().oldest_found_at == now - timedelta(days=60)
    hold.until_at = now - timedelta(days=30)
    hold.save()
    DailyProof.objects.all().delete()
    # Held all day, though the scan did not know of it.
    assert proofs.prove() == {"in_order": 1}
    DailyProof.objects.all().delete()
    hold.until_at = now - timedelta(days=31, minutes=-2)
    hold.save()
    recorder.write(camera.recording_key, now - timedelta(days=31) + recorder.segment)
    assert prove(recorder) == {"not_in_order": 1}
    assert FootageDay.objects.order_by("on").last().held == 1


def test_without_footage_there_is_nothing_that_could_be_seen(recorder, now):
    seen = CameraFactory()
    CameraFactory()
    recorder.write(seen.recording_key, now - timedelta(days=2))
    assert prove(recorder) == {"in_order": 1, "not_seen": 1}


def test_nothing_is_seen_where_a_storage_was_not_read_or_is_absent(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=2))
    assert proofs.prove() == {"not_seen": 1}
    # A sweep looks into some folders: it is no scan.
    destruction.sweep(actor="system:test")
    assert proofs.prove() == {"not_seen": 1}
    scan()
    assert proofs.prove() == {"in_order": 1}
    os.rename(recorder.root, f"{recorder.root}-away")
    scan()
    assert proofs.prove() == {"not_seen": 1}
    assert DailyProof.objects.count() == 1


def test_a_proof_is_judged_as_of_the_scan(recorder, now):
    """What became due between the scan and the proof was destroyed meanwhile; it was never too old."""
    camera = CameraFactory()
    recorder.write(camera.recording_key, timezone.now() - timedelta(days=30) - recorder.segment)
    scan()
    assert proofs.prove(now=timezone.now() + timedelta(minutes=10)) == {"in_order": 1}


def test_a_day_that_is_over_is_proved_once_and_not_later(recorder, now):
    camera = CameraFactory()
    yesterday = timezone.localdate() - timedelta(days=1)
    recorder.write(camera.recording_key, now - timedelta(days=2))
    assert prove(recorder, yesterday) == {"in_order": 1}
    recorder.write(camera.recording_key, now - timedelta(days=40))
    prove(recorder, yesterday)
    assert DailyProof.objects.get().is_in_order
    for day in (yesterday - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(UnusableInput):
            proofs.prove(day)


def test_a_camera_without_a_proof_counts_as_failed(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=2))
    scan()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert list(proofs.unproved(yesterday)) == [camera]
    proofs.prove(yesterday)
    assert list(proofs.unproved(yesterday)) == []


def test_confirmation_of_automatic_deletion(recorder, officer):
    today = timezone.localdate()
    made = confirmations.confirm(
        by=officer, period_from=today - timedelta(days=30), period_until=today, is_working=True
    )
    entry = Entry.objects.get(sequence=made.ledger_sequence)
    assert (entry.kind, entry.actor) == ("footage.deletion_confirmed", f"officer:{officer.pk}")
    for start, end, works, note in (
        (today, today - timedelta(days=1), True, ""),
        (today, today + timedelta(days=1), True, ""),
        (today, today, False, " "),
    ):
        with pytest.raises(UnusableInput):
            confirmations.confirm(
                by=officer, period_from=start, period_until=end, is_working=works, note=note
            )


def test_forecast_of_a_filling_disk(recorder, now):
    """frigate#2790, viseron#110: recording stopped, noticed a day later."""
    gib = 2**30
    for hours in range(48, -1, -4):
        CapacityReading.objects.create(
            storage=recorder.storage,
            at=now - timedelta(hours=hours),
            total_bytes=1000 * gib,
            free_bytes=(100 + 5 * hours) * gib,
        )
    found = capacity.forecast(recorder.storage, now)
    assert found.is_alarm
    assert found.bytes_per_day == pytest.approx(120 * gib)
    assert found.full_at == now + timedelta(hours=20)
    assert [item.code for item in providers.filling_disks(now)] == ["footage.capacity"]


def test_no_forecast_from_a_disk_that_does_not_fill(recorder, now):
    for hours in range(48, -1, -4):
        CapacityReading.objects.create(
            storage=recorder.storage,
            at=now - timedelta(hours=hours),
            total_bytes=1000,
            free_bytes=500 - hours,
        )
    found = capacity.forecast(recorder.storage, now)
    assert (found.full_at, found.is_alarm) == (None, False)
    assert capacity.read(recorder.storage, now).free_bytes == 500
    assert capacity.read(recorder.storage, now + timedelta(hours=1)).total_bytes > 1000


def test_what_the_home_page_says(recorder, now, tmp_path):
    camera = CameraFactory()
    recorder.write("nobody", now - timedelta(days=2))
    recorder.write(camera.recording_key, now - timedelta(days=2))
    recorder.storage.created_at = now - timedelta(days=40)
    recorder.storage.save()
    scan()
    codes = {item.code for item in due.collect() if item.code.startswith("footage.")}
    assert codes == {"footage.sweep_silent", "footage.folders", "footage.proofs", "footage.confirmation"}
    destruction.sweep(actor="system:test")
    os.rename(recorder.root, tmp_path / "away")
    destruction.sweep(actor="system:test")
    codes = {item.code for item in due.collect() if item.code.startswith("footage.")}
    assert {"footage.sweep_failed", "footage.storage_absent"} <= codes
    Sweep.objects.create(
        at=now, is_refused=True, finished_at=timezone.now(), error="시계", state=RunState.FAILED
    )
    assert "footage.clock" in {item.code for item in due.collect()}


def test_what_beat_starts(recorder, now):
    camera = CameraFactory()
    recorder.write(camera.recording_key, now - timedelta(days=31))
    recorder.write(camera.recording_key, now - timedelta(days=1))
    tasks.sweep_due()
    assert len(recorder.files()) == 1
    tasks.scan_all()
    assert Scan.objects.get().state == RunState.SUCCEEDED
    tasks.prove()
    assert DailyProof.objects.filter(camera=camera, result="not_seen").count() == 0
    assert date.fromisoformat(str(DailyProof.objects.get().on)) == timezone.localdate()


def test_a_sweep_that_a_person_asked_for(recorder, now, officer):
    recorder.write(CameraFactory().recording_key, now - timedelta(days=31))
    run = Sweep.objects.create(at=now, requested_by=officer)
    tasks.sweep(run.pk)
    run.refresh_from_db()
    assert (run.state, run.destroyed) == (RunState.SUCCEEDED, 1)
    assert Entry.objects.get(sequence=run.ledger_sequence).actor == f"officer:{officer.pk}"
    tasks.sweep(run.pk)
    assert Sweep.objects.count() == 1
