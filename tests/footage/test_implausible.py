"""Names that a wrong clock wrote: nothing is destroyed on their word, everything is reported."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from footage import destruction, scan, storages
from footage.errors import UnusableInput
from footage.models import FootageDay
from ledger.models import Entry
from tests.footage.factories import NOW, CameraFactory, HoldFactory, Recorder, days_ago, hours_ago

pytestmark = pytest.mark.django_db


def sweep(at=NOW, **kwargs):
    return destruction.sweep(at, actor="system:test", **kwargs)


def doubted(result):
    return result.report["reasons"].get("unrecognised", {}).get("implausible", 0)


FALLEN_BACK = [datetime.fromisoformat(f"{year}-01-01T00:10:00+00:00") for year in (1970, 1980, 2000, 2018)]


@pytest.mark.parametrize("layout", ["frigate", "kerberos", "{camera}/%Y%m%d_%H%M%S.mp4"])
def test_a_recorder_whose_clock_fell_back(tmp_path, layout):
    """motioneyeos#1662, yi-hack#34: a file of 3 hours ago was destroyed at once."""
    recorder = Recorder(tmp_path / "nvr", layout)
    camera = CameraFactory()
    # Epochs of six digits are no name of kerberos.
    starts = FALLEN_BACK[layout == "kerberos" :]
    wrong = [
        recorder.write(
            camera.recording_key,
            start + number * timedelta(hours=1),
            mtime=timezone.now() - age if number else NOW - age,
        )
        for start in starts
        for number, age in enumerate((timedelta(hours=3), timedelta(days=2), timedelta(days=20)))
    ]
    right = recorder.write(camera.recording_key, days_ago(31))
    result = sweep()
    assert (all(path.exists() for path in wrong), right.exists()) == (True, False)
    assert (result.destroyed, result.unrecognised, result.is_ok) == (1, len(wrong), True)
    assert doubted(result) == len(wrong)
    assert len(result.report["examples"]["unrecognised:implausible"]) == len(wrong)
    found = scan.scan()
    assert (found.segments, doubted(found), found.is_ok) == (0, len(wrong), True)
    assert not FootageDay.objects.filter(segments__gt=0).exists()


def test_it_goes_when_its_modification_time_is_as_old(recorder):
    path = recorder.write(CameraFactory().recording_key, FALLEN_BACK[-1], mtime=days_ago(31))
    assert sweep().destroyed == 1
    assert not path.exists()


@pytest.mark.parametrize("year", [1970, 1980, 2000])
def test_a_clock_that_also_wrote_the_modification_time(recorder, year):
    start = datetime.fromisoformat(f"{year}-01-01T00:10:00+00:00")
    path = recorder.write(CameraFactory().recording_key, start)
    assert doubted(sweep()) == 1
    assert path.exists()


def test_footage_of_before_the_camera_was_installed(recorder):
    camera = CameraFactory(installed_month=date(2024, 5, 1))
    before = recorder.write(camera.recording_key, datetime.fromisoformat("2018-01-01T00:00:00+00:00"))
    after = recorder.write(camera.recording_key, datetime.fromisoformat("2023-12-01T00:00:00+00:00"))
    assert doubted(sweep()) == 1
    assert (before.exists(), after.exists()) == (True, False)


def test_a_start_in_the_future_is_told_by_sweep_and_scan(recorder):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, NOW + timedelta(days=600), mtime=days_ago(31))
    result, found = sweep(), scan.scan()
    assert (result.destroyed, result.kept, doubted(result)) == (0, 0, 1)
    assert (found.segments, doubted(found)) == (0, 1)
    assert path.exists()


@pytest.mark.parametrize(("hours", "stays"), [(5, False), (7, True), (9, True)])
def test_a_zone_that_reads_names_too_early_destroys_nothing_too_early(recorder, hours, stays):
    """yi-hack-MStar#436, mediamtx#5451: names in UTC read as Seoul time were destroyed nine hours early."""
    start = days_ago(30) - recorder.segment - timedelta(minutes=1)
    path = recorder.write(CameraFactory().recording_key, start, mtime=start + timedelta(hours=hours))
    result = sweep()
    assert (path.exists(), doubted(result)) == (stays, int(stays))
    if stays:
        assert sweep(NOW + timedelta(hours=hours)).destroyed == 1


def test_a_held_file_is_held_whatever_its_name(recorder):
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(35), mtime=days_ago(2))
    HoldFactory(camera=camera)
    assert (sweep().held, doubted(sweep())) == (1, 0)


def test_processes_of_their_own_doubt_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("footage.storage_sweep.FOLDERS_FOR_WORKERS", 1)
    recorder = Recorder(tmp_path / "nvr")
    storages.confirm_names(recorder.storage, days_ago(20), reason="복사", actor="system:test")
    for camera in CameraFactory.create_batch(3, installed_month=date(2026, 1, 1)):
        recorder.write(camera.recording_key, days_ago(31), mtime=days_ago(2))
        recorder.write(camera.recording_key, days_ago(32), mtime=days_ago(25))
        recorder.write(camera.recording_key, days_ago(900), mtime=days_ago(19))
    result = sweep()
    assert (result.destroyed, doubted(result)) == (6, 3)


@pytest.mark.parametrize("days", [2, 15, 29])
def test_a_disk_that_was_copied_or_restored_keeps_nothing_longer(recorder, days):
    path = recorder.write(CameraFactory().recording_key, days_ago(31), mtime=days_ago(days))
    assert sweep().destroyed == 1
    assert not path.exists()


def test_a_person_confirms_the_names_of_copied_files(recorder):
    """Copied without their times: reported, and destroyed by their names once somebody has looked."""
    camera = CameraFactory()
    copied = [
        recorder.write(camera.recording_key, days_ago(day), mtime=days_ago(2)) for day in (400, 500, 900)
    ]
    young = recorder.write(camera.recording_key, days_ago(29), mtime=days_ago(2))
    result = sweep()
    assert (result.destroyed, result.kept, doubted(result)) == (0, 1, 3)
    storages.confirm_names(recorder.storage, hours_ago(47), reason="디스크 교체로 복사", actor="system:test")
    entry = Entry.objects.order_by("-sequence").first()
    assert (entry.kind, entry.actor) == ("footage.names_confirmed", "system:test")
    later = recorder.write(camera.recording_key, days_ago(433), mtime=days_ago(1))
    result = sweep()
    assert (result.destroyed, doubted(result)) == (3, 1)
    assert [path.exists() for path in (*copied, young, later)] == [False, False, False, True, True]


@pytest.mark.parametrize(("ahead", "reason"), [(timedelta(minutes=5), "복사"), (timedelta(0), " ")])
def test_names_that_nobody_wrote_yet_and_reasons_that_say_nothing(recorder, ahead, reason):
    with pytest.raises(UnusableInput):
        storages.confirm_names(recorder.storage, timezone.now() + ahead, reason=reason)
