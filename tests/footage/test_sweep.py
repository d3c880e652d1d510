"""What a sweep destroys, and what it says about it; what it never touches is in test_untouched."""

import errno
import os
import shutil
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cameras import bulk_change, register_writing
from footage import (
    claims,
    destruction,
    holds,
    manifests,
    policy,
    scan,
    storage_sweep,
    storages,
    syncing,
    unlinker,
)
from footage.errors import UnusableInput
from footage.models import FootageDay, ManifestBlock, Storage, Sweep, UnclaimedFolder
from ledger.models import Entry
from tests.footage.factories import NOW, CameraFactory, HoldFactory, Recorder, days_ago, hours_ago

pytestmark = pytest.mark.django_db


def sweep(at=NOW, **kwargs):
    return destruction.sweep(at, actor="system:test", **kwargs)


def test_the_boundary_is_strict(recorder):
    """Older than the period: at the very instant nothing is due, a microsecond later it is."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(30) - recorder.segment)
    assert sweep().destroyed == 0
    assert path.exists()
    assert sweep(NOW + timedelta(microseconds=1)).destroyed == 1
    assert not path.exists()


def test_period_of_each_camera_counts_both_ways(recorder):
    """mediamtx#3557: the default applied instead of the camera's own limit."""
    short, long = CameraFactory(retention_days=7), CameraFactory(excepted=True)
    gone = recorder.write(short.recording_key, days_ago(8))
    stays = recorder.write(long.recording_key, days_ago(45))
    also_gone = recorder.write(long.recording_key, days_ago(61))
    assert sweep().destroyed == 2
    assert (gone.exists(), stays.exists(), also_gone.exists()) == (False, True, False)


def test_ledger_line_manifest_and_list_agree(recorder):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31), size=123)
    before = timezone.now()
    result = sweep()
    (found,) = manifests.destroyed()
    assert (found.camera, found.bytes, found.start) == (camera.number, 123, days_ago(31))
    assert found.path == str(path.relative_to(recorder.root))
    assert before <= found.destroyed_at <= timezone.now()
    entry = Entry.objects.get(sequence=result.ledger_entry)
    assert found.ledger_entry == entry.sequence
    assert manifests.verify(entry) == ""
    assert result.max_lateness_seconds == (timedelta(days=1) - recorder.segment).total_seconds()
    ManifestBlock.objects.update(outcome={"struck": [], "times": [[1, 0]], "days": []})
    assert manifests.verify(entry) != ""


def test_no_line_in_the_ledger_when_nothing_was_destroyed(recorder):
    recorder.write(CameraFactory().recording_key, days_ago(1))
    before = Entry.objects.count()
    result = sweep()
    assert (result.destroyed, result.kept, result.ledger_entry) == (0, 1, None)
    assert Entry.objects.count() == before


def test_a_path_that_comes_back_is_a_new_line(recorder):
    camera = CameraFactory()
    for _ in range(2):
        recorder.write(camera.recording_key, days_ago(31))
        assert sweep().destroyed == 1
    found = list(manifests.destroyed())
    assert len(found) == 2
    assert found[0].path == found[1].path
    assert found[0].ledger_entry != found[1].ledger_entry


def test_folders_that_became_empty_are_removed_but_not_the_layouts_own(recorder):
    """mediamtx#4227, #4449: empty folders stay."""
    recorder.write(CameraFactory().recording_key, days_ago(31))
    sweep()
    assert os.listdir(recorder.root) == ["recordings"]
    assert os.listdir(recorder.root / "recordings") == []


def test_a_folder_with_something_else_in_it_stays(recorder):
    path = recorder.write(CameraFactory().recording_key, days_ago(31))
    note = recorder.put(path.parent / "note.txt")
    sweep()
    assert note.exists()


def test_an_empty_folder_of_the_past_is_removed_and_a_new_one_is_not(recorder):
    """Left by a crash between unlink and rmdir; the recorder may be about to write into a new one."""
    camera = CameraFactory()
    old = (recorder.root / recorder.layout.path(camera.recording_key, days_ago(40))).parent
    new = (recorder.root / recorder.layout.path(camera.recording_key, hours_ago(0))).parent
    old.mkdir(parents=True)
    new.mkdir(parents=True)
    sweep()
    assert not old.exists()
    assert new.exists()


# recorders.md section 3, line by line.


def test_empty_register_destroys_nothing(recorder):
    """frigate#7838: a new database wiped every recording."""
    path = recorder.write("somebody", days_ago(400))
    result = sweep()
    assert (result.destroyed, result.unclaimed) == (0, 1)
    assert path.exists()


def test_nothing_older_than_the_limit_stays_whatever_was_indexed(recorder):
    """frigate#7299, #2003; mediamtx#2525: files that no index knows stay for months."""
    camera = CameraFactory()
    for day in range(31, 400, 37):
        recorder.write(camera.recording_key, days_ago(day))
    assert not FootageDay.objects.exists()
    sweep()
    assert recorder.files() == set()


def test_removed_camera_claims_its_footage_until_it_is_gone(recorder):
    """frigate#1279: footage of a removed camera is never purged."""
    camera = CameraFactory(removed=True)
    recorder.write(camera.recording_key, days_ago(31))
    young = recorder.write(camera.recording_key, days_ago(29))
    result = sweep()
    assert (result.destroyed, result.unclaimed) == (1, 0)
    assert young.exists()


def test_renamed_key_keeps_the_claim_to_former_footage(recorder):
    """frigate#1279, the other half."""
    camera = CameraFactory(recording_key="old")
    recorder.write("old", days_ago(31))
    recorder.write("new", days_ago(31))
    camera.recording_key = "new"
    camera.save()
    assert sweep().destroyed == 2


def test_keys_that_two_cameras_swapped(recorder):
    """Each file belongs to the camera that had the key when it was recorded."""
    first, second = CameraFactory(recording_key="k1"), CameraFactory(recording_key="k2")
    recorder.write("k1", days_ago(31))
    for camera, key in ((first, "x"), (second, "k1"), (first, "k2")):
        camera.recording_key = key
        camera.save()
    sweep()
    (found,) = manifests.destroyed()
    assert found.camera == first.number


def test_the_segment_being_written_is_not_touched(recorder):
    """mediamtx#4331. By the real clock, whatever instant the sweep is for."""
    camera = CameraFactory(retention_days=1)
    now = timezone.now()
    path = recorder.write(
        camera.recording_key, days_ago(2, now), mtime=now - 2 * recorder.segment + timedelta(seconds=30)
    )
    result = sweep(None)
    assert (result.destroyed, result.kept) == (0, 1)
    assert result.report["reasons"]["notes"]["being_written"] == 1
    os.utime(path, ((now - 3 * recorder.segment).timestamp(),) * 2)
    assert sweep(None).destroyed == 1


@pytest.mark.parametrize("mtime_days", [400, 15, -300])
def test_the_time_in_the_path_rules_and_a_contradiction_is_told(recorder, mtime_days):
    """find -mmin deletes restored files too late and touched ones too early."""
    camera = CameraFactory()
    gone = recorder.write(camera.recording_key, days_ago(31), mtime=days_ago(mtime_days))
    stays = recorder.write(camera.recording_key, days_ago(29), mtime=days_ago(mtime_days))
    result = sweep()
    assert (gone.exists(), stays.exists()) == (False, True)
    assert result.report["reasons"]["notes"]["mtime_contradiction"] == 1


def test_a_file_that_ran_on_is_held_by_a_hold_on_its_later_part(recorder):
    """ZoneMinder#2320: an open-ended segment gets a computed end."""
    camera = CameraFactory()
    start = days_ago(31)
    path = recorder.write(camera.recording_key, start, mtime=start + timedelta(hours=2))
    HoldFactory(
        camera=camera, from_at=start + timedelta(hours=1), until_at=start + timedelta(hours=1, minutes=5)
    )
    assert sweep().held == 1
    assert path.exists()


def test_second_storage_is_covered_too(recorder, tmp_path):
    """ZoneMinder#2320, #3288: the purge saw only one storage. A hold counts in all of them."""
    other = Recorder(tmp_path / "other", "mediamtx")
    camera = CameraFactory()
    for one in (recorder, other):
        one.write(camera.recording_key, days_ago(31))
        one.write(camera.recording_key, days_ago(33))
    HoldFactory(camera=camera, from_at=days_ago(33), until_at=days_ago(32.9))
    result = sweep()
    assert (result.destroyed, result.held, result.cameras) == (2, 2, 1)


def test_disk_pressure_never_overrides(recorder, monkeypatch):
    """frigate storage.py, ZoneMinder#1597: free space decided what was deleted."""
    held = CameraFactory()
    recorder.write(held.recording_key, days_ago(40))
    recorder.write(held.recording_key, days_ago(2))
    HoldFactory(camera=held)
    monkeypatch.setattr(os, "statvfs", lambda path: pytest.fail("a sweep must not ask for free space"))
    assert sweep().destroyed == 0


def test_a_full_disk_does_not_stop_destruction(recorder, monkeypatch):
    """frigate#2790: fsync of a folder may fail with ENOSPC; the block stays open and the next sweep closes it."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(syncing.os, "fsync", full)
        result = sweep()
    assert (result.errors, result.is_ok, path.exists()) == (1, False, False)
    assert ManifestBlock.objects.get().done_at is None
    assert sweep().destroyed == 1
    assert len(list(manifests.destroyed())) == 1


def test_held_files_survive_every_sweep_until_the_last_hold_is_released(recorder):
    """ZoneMinder#2188; holds are per case and stack."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    placed = [
        holds.place(camera, days_ago(32), days_ago(30.99), reason="수사", by=None),
        holds.place(camera, days_ago(31), days_ago(31) + timedelta(seconds=1), reason="열람 청구", by=None),
    ]
    for hold in placed:
        assert sweep().held == 1
        assert path.exists()
        holds.release(hold, reason="종결", by=None)
    assert sweep().destroyed == 1


@pytest.mark.parametrize(
    ("shift", "is_held"), [(-600, False), (-599, True), (0, True), (599, True), (600, False)]
)
def test_a_hold_covers_any_part_half_open(recorder, shift, is_held):
    camera = CameraFactory()
    start = days_ago(31)
    recorder.write(camera.recording_key, start)
    since = start + timedelta(seconds=shift)
    HoldFactory(camera=camera, from_at=since, until_at=since + recorder.segment)
    assert sweep().held == int(is_held)


def test_a_missing_mount_is_not_missing_footage(recorder, tmp_path):
    """moeiscool/Shinobi: rows deleted of files that exist after a restart."""
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(2))
    assert sweep().is_ok
    os.rename(recorder.root, tmp_path / "elsewhere")
    for make in (lambda: None, lambda: recorder.root.mkdir(), lambda: (recorder.root / "recordings").mkdir()):
        make()
        result = sweep()
        assert (result.errors, result.destroyed) == (1, 0)
        recorder.storage.refresh_from_db()
        assert recorder.storage.absent_since is not None
    os.rmdir(recorder.root / "recordings")
    os.rmdir(recorder.root)
    os.rename(tmp_path / "elsewhere", recorder.root)
    assert sweep().is_ok
    recorder.storage.refresh_from_db()
    assert recorder.storage.absent_since is None


def test_an_empty_root_is_fine_when_sweeps_destroyed_what_was_there(recorder):
    recorder.write(CameraFactory().recording_key, days_ago(31))
    assert sweep().destroyed == 1
    os.rmdir(recorder.root / "recordings")
    assert sweep().is_ok


def test_one_absent_storage_does_not_keep_the_others_waiting(recorder, tmp_path):
    other = Recorder(tmp_path / "other")
    camera = CameraFactory()
    path = other.write(camera.recording_key, days_ago(31))
    os.rmdir(recorder.root)
    result = sweep()
    assert (result.destroyed, result.errors) == (1, 1)
    assert not path.exists()


def test_bytes_are_counted_after_unlinking(recorder):
    """frigate#4769: freed bytes are what was unlinked, not what was planned."""
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(31), size=1000)
    recorder.write(camera.recording_key, days_ago(32), size=500)
    assert sweep().bytes == 1500


# Trouble on the disk and in the database.


def test_a_file_that_cannot_be_deleted_is_an_error_and_the_rest_goes_on(recorder, monkeypatch):
    """EROFS and EPERM at the system call: root ignores modes, so a read-only folder cannot be made here."""
    camera = CameraFactory()
    stuck = recorder.write(camera.recording_key, days_ago(31))
    recorder.write(camera.recording_key, days_ago(32))
    real = os.unlink

    def unlink(name, *, dir_fd=None):
        if name == stuck.name and os.fstat(dir_fd).st_ino == stuck.parent.stat().st_ino:
            raise OSError(errno.EROFS, "Read-only file system")
        real(name, dir_fd=dir_fd)

    with monkeypatch.context() as patch:
        patch.setattr(unlinker.os, "unlink", unlink)
        result = sweep()
    assert (result.destroyed, result.errors, result.is_ok) == (1, 1, False)
    assert len(list(manifests.destroyed())) == 1
    assert Sweep.objects.first().error == "읽기 전용 디스크 1건"
    assert sweep().destroyed == 1


def test_a_folder_that_cannot_be_read_is_an_error(recorder, monkeypatch):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    recorder.write(camera.recording_key, days_ago(33))
    real = os.open

    def opening(name, flags, *args, dir_fd=None, **kwargs):
        if name == f"{days_ago(31):%Y-%m-%d}":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(name, flags, *args, dir_fd=dir_fd, **kwargs)

    monkeypatch.setattr("footage.tree.os.open", opening)
    result = sweep()
    assert (result.destroyed, result.errors) == (1, 1)
    assert path.exists()


def test_a_folder_that_vanishes_is_no_error(recorder, monkeypatch):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    real = unlinker.Sweeper.visit

    def visit(self, folder):
        if folder.path.endswith(camera.recording_key) and path.exists():
            path.unlink()
            path.parent.rmdir()
        return real(self, folder)

    monkeypatch.setattr(unlinker.Sweeper, "visit", visit)
    result = sweep()
    assert (result.destroyed, result.is_ok) == (0, True)


def test_when_holds_cannot_be_read_nothing_is_destroyed(recorder, monkeypatch):
    """ConductionNL/openregister#3553: fail closed. Also when they become unreadable half way."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))

    def unreadable(*args):
        raise policy.HoldsUnreadable("relation does not exist")

    with monkeypatch.context() as patch:
        patch.setattr(policy, "holds_in_force", unreadable)
        result = sweep()
        assert (result.destroyed, result.errors) == (0, 1)
        assert result.report["reasons"]["errors"] == {"holds_unreadable": 1}
    real = policy.holds_in_force
    monkeypatch.setattr(policy, "holds_in_force", lambda *args: unreadable() if args else real())
    result = sweep()
    assert (result.destroyed, result.errors) == (0, 1)
    assert path.exists()


@pytest.mark.django_db(transaction=True)
def test_when_the_table_of_holds_is_gone_nothing_is_destroyed(real_recorder):
    camera = CameraFactory()
    path = real_recorder.write(camera.recording_key, days_ago(31))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE footage_hold RENAME TO footage_hold_away")
    try:
        result = sweep()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE footage_hold_away RENAME TO footage_hold")
    assert (result.destroyed, result.errors) == (0, 1)
    assert path.exists()
    assert sweep().destroyed == 1


# Claims, folders, figures.


def test_unclaimed_folder_is_kept_as_an_item_and_leaves_with_its_files(recorder):
    recorder.write("nobody", days_ago(31))
    recorder.write("nobody", days_ago(2))
    sweep()
    item = UnclaimedFolder.objects.get()
    assert (item.key, item.files, item.oldest_at, item.newest_at) == ("nobody", 2, days_ago(31), days_ago(2))
    CameraFactory(recording_key="nobody")
    sweep()
    assert not UnclaimedFolder.objects.exists()


def test_day_figures_of_destroyed_files(recorder):
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(31), size=7)
    recorder.write(camera.recording_key, days_ago(31) + recorder.segment, size=7)
    sweep()
    day = FootageDay.objects.get()
    assert (day.destroyed, day.destroyed_bytes, day.segments) == (2, 14, 0)
    assert day.on == timezone.localdate(days_ago(31))


def test_dry_run_writes_nothing(recorder):
    recorder.write(CameraFactory().recording_key, days_ago(31))
    before = recorder.files()
    result = sweep(dry_run=True)
    assert (result.destroyed, result.ledger_entry) == (1, None)
    assert recorder.files() == before
    assert not Sweep.objects.exists()
    assert not ManifestBlock.objects.exists()


def test_future_instants_are_for_rehearsal_only(recorder):
    recorder.write(CameraFactory().recording_key, timezone.now() - timedelta(days=1))
    later = timezone.now() + timedelta(days=365)
    with pytest.raises(UnusableInput):
        sweep(later)
    assert sweep(later, dry_run=True).destroyed == 1


def test_idle_sweeps_leave_one_row_an_hour(recorder):
    recorder.write(CameraFactory().recording_key, timezone.now() - timedelta(days=1))
    for _ in range(5):
        sweep(None)
    assert Sweep.objects.count() <= 2


def test_a_big_folder_becomes_several_blocks(recorder, monkeypatch):
    monkeypatch.setattr(unlinker, "BLOCK_LINES", 7)
    monkeypatch.setattr(unlinker, "MIN_BLOCK_LINES", 7)
    camera = CameraFactory()
    start = days_ago(40).replace(minute=0)
    for number in range(60):
        recorder.write(camera.recording_key, start + timedelta(minutes=number))
    assert sweep(workers=0).destroyed == 60
    assert ManifestBlock.objects.count() == 9
    assert len({found.path for found in manifests.destroyed()}) == 60


def test_blocks_shrink_on_a_slow_disk(tmp_path, monkeypatch):
    """The next block may already be bigger than blocks may be from now on."""
    recorder = Recorder(tmp_path / "nvr", "{camera}/%Y%m%d/%H%M%S.mp4", segment_seconds=1)
    camera = CameraFactory()
    for day in range(40, 46):
        for second in range(700):
            recorder.write(camera.recording_key, days_ago(day) + timedelta(seconds=second))
    monkeypatch.setattr(unlinker, "BLOCK_LINES", 1_500)
    monkeypatch.setattr(unlinker, "MIN_BLOCK_LINES", 100)
    monkeypatch.setattr(unlinker, "BLOCK_SECONDS", 0.0001)
    result = sweep(workers=0)
    assert (result.destroyed, result.errors) == (6 * 700, 0)
    assert ManifestBlock.objects.count() > 10
    assert recorder.files() == set()


@pytest.mark.parametrize("layout", ["frigate", "mediamtx", "kerberos", "shinobi"])
def test_processes_of_their_own_do_the_same(tmp_path, monkeypatch, layout):
    monkeypatch.setattr(storage_sweep, "FOLDERS_FOR_WORKERS", 1)
    recorder = Recorder(tmp_path / "nvr", layout)
    cameras = CameraFactory.create_batch(4)
    held = cameras[0]
    HoldFactory(camera=held)
    for camera in cameras:
        for day in (1, 31, 32, 33):
            recorder.write(camera.recording_key, days_ago(day))
    recorder.write("nobody", days_ago(31))
    result = sweep()
    assert (result.destroyed, result.held, result.kept, result.unclaimed) == (9, 3, 4, 1)
    assert len(list(manifests.destroyed())) == 9
    assert len(recorder.files()) == 8


def test_no_bulk_change_touches_recording_keys():
    """They send no signal, so a former key would lose its claim; keys change one camera at a time."""
    assert "recording_key" not in (*bulk_change.CHANGEABLE, *register_writing.CHANGED_FIELDS)


def test_keys_in_bulk_changes_can_be_kept(recorder):
    camera = CameraFactory(recording_key="bulk-new")
    claims.keep_former_key(camera, "bulk-old")
    recorder.write("bulk-old", days_ago(31))
    assert sweep().destroyed == 1


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ("", "비어"),
        ("no/such/relative/path", "프로그램이 든 폴더"),
        ("/nowhere/at/all", "없거나"),
        ("/", "등록할 수 없"),
    ],
)
def test_unusable_roots(db, root, message):
    with pytest.raises(UnusableInput, match=message):
        storages.add("s", root, "frigate")


def test_roots_that_overlap_are_refused_also_through_links(recorder, tmp_path):
    inside = recorder.root / "recordings"
    inside.mkdir()
    link = tmp_path / "link"
    os.symlink(inside, link)
    for root in (recorder.root, inside, link, tmp_path):
        with pytest.raises(UnusableInput, match="겹칩니다"):
            storages.add("second", str(root), "frigate")
    assert Storage.objects.count() == 1


@pytest.mark.parametrize("seconds", [0, -1, 10**9])
def test_segment_length_must_make_sense(db, tmp_path, seconds):
    with pytest.raises(UnusableInput):
        storages.add("s", str(tmp_path), "frigate", "UTC", seconds)


def test_folders_left_empty_go_whoever_emptied_them(recorder):
    """A sweep that was killed between unlink and rmdir leaves them; the longest period is no reason to keep them."""
    CameraFactory(recording_key="long", retention_days=30)
    CameraFactory(recording_key="short", retention_days=1)
    recorder.write("long", days_ago(10))
    emptied = recorder.root / "recordings" / f"{days_ago(12):%Y-%m-%d}" / "03" / "short"
    unknown = recorder.root / "recordings" / f"{days_ago(12):%Y-%m-%d}" / "04" / "nobody"
    for folder in (emptied, unknown):
        folder.mkdir(parents=True)
    sweep()
    assert not emptied.parent.exists()
    assert unknown.exists()


def test_a_rehearsal_counts_as_the_sweep_after_it(recorder):
    """Few cameras with a short period among many: their folders are opened by name, and listed besides."""
    for number in range(900):
        CameraFactory(recording_key=f"many-{number}", retention_days=30)
    CameraFactory(recording_key="short", retention_days=1)
    for day in (2, 3, 4):
        recorder.write("short", days_ago(day))
        recorder.write("many-1", days_ago(day))
    figures = ("destroyed", "bytes", "held", "kept", "unrecognised", "unclaimed", "cameras")
    rehearsal, real = sweep(dry_run=True), sweep()
    assert [getattr(rehearsal, name) for name in figures] == [getattr(real, name) for name in figures]
    assert (real.destroyed, real.kept) == (3, 3)


def test_a_mount_point_with_nothing_but_lost_and_found_is_absent(recorder):
    """The disk is away and its bare mount point is left: nothing may be recorded as gone."""
    camera = CameraFactory()
    recorder.write(camera.recording_key, days_ago(5))
    scan.scan()
    shutil.rmtree(recorder.root / "recordings")
    (recorder.root / "lost+found").mkdir()
    assert sweep().errors == 1
    assert scan.scan().errors == 1
    assert FootageDay.objects.get(camera=camera).segments == 1
