"""A storage that is read-only, full or pulled out in the middle of a sweep, and a database that takes nothing."""

import subprocess

import pytest
from django.db import DatabaseError

from accounts.longrun import RunState
from footage import destruction, manifests, scan, tasks, unlinker
from footage.models import ManifestBlock, Scan, Storage, Sweep
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import NOW, CameraFactory, Recorder, days_ago
from tests.footage.test_crash import check_books
from tests.ground.disks import small_disk
from tests.ground.test_faults import refuse_writing


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "nvr", kilobytes=1024) as mounted:
        yield mounted


@pytest.fixture
def due(db, disk):
    """A recorder on a disk of its own, with five files that are due."""
    recorder = Recorder(disk.folder)
    camera = CameraFactory()
    for minute in range(5):
        recorder.write(camera.recording_key, days_ago(40).replace(minute=minute))
    return recorder


def sweep():
    return destruction.sweep(NOW, actor="system:test", workers=0)


def test_a_read_only_storage_is_told_and_is_swept_when_it_can_be_written(due, disk):
    disk.make_read_only()
    result = sweep()
    assert (result.destroyed, result.is_ok, len(due.files())) == (0, False, 5)
    assert "읽기 전용 디스크 5건" in Sweep.objects.get().error
    assert list(manifests.destroyed()) == []
    disk.make_writable()
    paths = due.files()
    assert sweep().destroyed == 5
    check_books(paths)


def test_a_full_storage_is_swept_all_the_same(due, disk):
    disk.fill()
    assert sweep().destroyed == 5


@pytest.mark.django_db
def test_a_storage_that_is_pulled_out_in_the_middle_is_absent_and_nothing_is_taken_for_gone(
    due, disk, tmp_path, monkeypatch
):
    """The disk is bound to a second folder, which the storage names: pulled out there, it can be put back whole."""
    root = tmp_path / "mounted"
    root.mkdir()
    bind = ["mount", "--bind", str(disk.folder), str(root)]
    subprocess.run(bind, check=True, capture_output=True)
    Storage.objects.update(root=str(root))
    scan.scan(due.storage)
    before, real_unlink, seen = due.files(), unlinker.os.unlink, []

    def unlink(name, **kwargs):
        seen.append(name)
        if len(seen) == 3:
            subprocess.run(["umount", "--lazy", str(root)], check=True)
            raise OSError(5, "Input/output error")
        real_unlink(name, **kwargs)

    try:
        with monkeypatch.context() as patch:
            patch.setattr(unlinker.os, "unlink", unlink)
            broken = sweep()
        assert not broken.is_ok
        absent = sweep()
        assert (absent.destroyed, absent.is_ok) == (0, False)
        assert Storage.objects.get().absent_since is not None
        assert "저장소 연결 끊김" in Sweep.objects.first().error
        subprocess.run(bind, check=True)
        after = sweep()
        assert after.is_ok, after.report
        assert due.files() == set()
        assert broken.destroyed + after.destroyed == 5
        assert Storage.objects.get().absent_since is None
        check_books(before)
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=False, capture_output=True)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_destroyed_while_the_database_takes_nothing(tmp_path):
    recorder = Recorder(tmp_path / "nvr")
    path = recorder.write(CameraFactory().recording_key, days_ago(40))
    refuse_writing(on=True)
    try:
        with pytest.raises(DatabaseError):
            sweep()
        assert path.exists()
    finally:
        refuse_writing(on=False)
    assert sweep().destroyed == 1


@pytest.mark.django_db
def test_the_row_of_a_sweep_that_was_killed_is_closed_by_the_next_one(recorder):
    dead = Sweep.objects.create(at=NOW, state=RunState.RUNNING, storage=recorder.storage)
    whole = Sweep.objects.create(at=NOW, state=RunState.RUNNING)
    destruction.sweep(NOW, actor="system:test", storage=recorder.storage, workers=0)
    for row in (dead, whole):
        row.refresh_from_db()
        assert (row.state, row.error) == (RunState.FAILED, destruction.KILLED)
    assert not ManifestBlock.objects.exists()


@pytest.mark.django_db
def test_what_a_person_asked_for_and_the_queue_lost_is_queued_again(
    recorder, monkeypatch, django_capture_on_commit_callbacks
):
    by = OfficerFactory()
    lost = Sweep.objects.create(at=NOW, requested_by=by)
    died = Sweep.objects.create(at=NOW, requested_by=by, is_dry_run=True, state=RunState.RUNNING)
    reading = Scan.objects.create(storage=recorder.storage, requested_by=by, state=RunState.RUNNING)
    Scan.objects.create(storage=recorder.storage, state=RunState.RUNNING)
    Sweep.objects.create(at=NOW, requested_by=by, state=RunState.RUNNING)
    for model in (Sweep, Scan):
        model.objects.update(requested_at=days_ago(1))
    Sweep.objects.create(at=NOW, requested_by=by)
    queued = []
    for task in (tasks.sweep, tasks.scan):
        monkeypatch.setattr(task, "apply_async", lambda args, task=task: queued.append((task.name, *args)))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume()
    assert sorted(queued) == [
        ("footage.scan", reading.pk),
        ("footage.sweep", lost.pk),
        ("footage.sweep", died.pk),
    ]
    tasks.sweep(died.pk)
    died.refresh_from_db()
    assert died.state == RunState.SUCCEEDED
