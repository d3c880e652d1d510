"""A storage whose zone is not its recorder's: told with the hours and the zone that fits, changed by two persons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from footage import clock_offsets, destruction, scan, storages
from footage.errors import Refused, UnusableInput
from ledger.models import Entry
from ordinance import due
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, Recorder

pytestmark = pytest.mark.django_db
LAYOUT = "{camera}/%Y%m%d_%H%M%S.mp4"


def recorded(tmp_path, hours, *, layout=LAYOUT, zone="Asia/Seoul", files=12, segment=600, ends=1.0):
    """Files of a day, an hour apart, each written `hours` later than its name says."""
    recorder = Recorder(tmp_path / "nvr", layout, zone, segment)
    key = CameraFactory().recording_key
    for n in range(1, files + 1):
        start = timezone.now() - timedelta(hours=40 + n)
        recorder.write(key, start, mtime=start + ends * recorder.segment + timedelta(hours=hours))
    found = scan.scan()
    recorder.storage.refresh_from_db()
    return recorder.storage, found


def items():
    return [item for item in due.collect() if item.code == "footage.hours_apart"]


@pytest.mark.parametrize(
    ("hours", "zone", "fits"),
    [
        (9, "Asia/Seoul", "UTC"),
        (-9, "UTC", "Asia/Seoul"),
        (1, "Asia/Seoul", "Etc/GMT-8"),
        (-1, "Asia/Seoul", "Etc/GMT-10"),
    ],
)
def test_the_hours_and_the_zone_that_fits(tmp_path, hours, zone, fits):
    storage, found = recorded(tmp_path, hours, zone=zone)
    assert (storage.offset_hours, storage.offset_files) == (hours, 12)
    assert clock_offsets.zone_that_fits(storage, timezone.now()) == fits
    assert f"{abs(hours)}시간 {'이릅' if hours > 0 else '늦습'}" in clock_offsets.in_words(storage)
    assert found.report["reasons"]["notes"]["hours_apart"] == 12
    [item] = items()
    assert item.url_args == (storage.pk,)


@pytest.mark.parametrize("ends", [1.0, 0.3, 1.4])
@pytest.mark.parametrize("segment", [10, 600, 3600])
def test_files_that_end_early_or_a_little_late_are_in_order(tmp_path, segment, ends):
    storage, _ = recorded(tmp_path, 0, segment=segment, ends=min(ends, 1 + 240 / segment))
    assert storage.offset_hours is None
    assert not items()


def test_a_disk_that_was_copied_has_nothing_in_common(tmp_path):
    recorder = Recorder(tmp_path / "nvr", LAYOUT)
    key = CameraFactory().recording_key
    copied_at = timezone.now() - timedelta(hours=1)
    for n in range(20):
        recorder.write(key, copied_at - timedelta(hours=3 + n), mtime=copied_at)
    scan.scan()
    recorder.storage.refresh_from_db()
    assert recorder.storage.offset_hours is None


def test_few_files_and_a_part_of_them_are_no_zone(tmp_path):
    storage, _ = recorded(tmp_path, 9, files=4)
    assert storage.offset_hours is None


def test_it_is_over_when_the_zone_is_right(tmp_path):
    storage, _ = recorded(tmp_path, 9)
    by, other = OfficerFactory(role=Role.CCTV_MANAGER), OfficerFactory(role=Role.OFFICIAL)
    storages.change_timezone(storage, "UTC", by=by, reason="녹화기가 UTC로 적음")
    entry = Entry.objects.get(kind="footage.storage_timezone_changed")
    assert (entry.actor, entry.subject) == (f"officer:{by.pk}", f"storage:{storage.pk}")
    assert not items()
    scan.scan()
    storage.refresh_from_db()
    assert (storage.offset_hours, storage.timezone) == (None, "UTC")
    assert not storage.confirmed_at
    with pytest.raises(Refused, match="다른 사람"):
        storages.confirm(storage, by=by)
    storages.confirm(storage, by=other)


def test_nothing_is_destroyed_until_somebody_else_looked(tmp_path):
    recorder = Recorder(tmp_path / "nvr", LAYOUT)
    now = timezone.now()
    path = recorder.write(CameraFactory().recording_key, now - timedelta(days=40))
    storages.change_timezone(
        recorder.storage, "UTC", by=OfficerFactory(role=Role.CCTV_MANAGER), reason="시험"
    )
    assert destruction.sweep(now, actor="system:test").destroyed == 0
    assert path.exists()
    storages.confirm(recorder.storage, by=OfficerFactory(role=Role.OFFICIAL))
    assert destruction.sweep(now, actor="system:test").destroyed == 1


@pytest.mark.parametrize(
    ("layout", "zone", "reason", "error"),
    [
        (LAYOUT, "Asia/Seoul", "x", Refused),
        (LAYOUT, "Nowhere/Else", "x", UnusableInput),
        (LAYOUT, "UTC", " ", UnusableInput),
        ("frigate", "Asia/Seoul", "x", Refused),
    ],
)
def test_what_is_no_change_is_refused(tmp_path, layout, zone, reason, error):
    recorder = Recorder(tmp_path / "nvr", layout)
    with pytest.raises(error):
        storages.change_timezone(recorder.storage, zone, by=OfficerFactory(), reason=reason)
    recorder.storage.refresh_from_db()
    assert recorder.storage.confirmed_at is not None
