"""Unlinks last before their block is done: many folders by one call, and no failure passed over."""

import errno
import os

import pytest

from footage import destruction, manifests, syncing
from footage.models import ManifestBlock
from tests.footage.factories import NOW, CameraFactory, days_ago


@pytest.fixture
def calls(monkeypatch):
    """What is synced, by which call; the calls themselves are made."""
    made = []
    real_fsync, real_syncfs = os.fsync, syncing.syncfs
    monkeypatch.setattr(syncing.os, "fsync", lambda fd: (made.append(("fsync", fd)), real_fsync(fd)))
    monkeypatch.setattr(syncing, "syncfs", lambda fd: (made.append(("syncfs", fd)), real_syncfs(fd)))
    return made


@pytest.fixture
def folders(tmp_path):
    opened = []
    for number in range(syncing.FOLDERS_ONE_BY_ONE + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        opened.append(os.open(folder, os.O_RDONLY))
    yield opened
    for descriptor in opened:
        os.close(descriptor)


def fail(number):
    def call(descriptor):
        raise OSError(number, os.strerror(number))

    return call


def test_many_folders_take_one_call(folders, calls):
    assert syncing.sync_folders([*folders, -1]) == set()
    assert calls == [("syncfs", folders[0])]


def test_few_folders_do_not_wait_for_the_whole_disk(folders, calls):
    assert syncing.sync_folders(folders[1:]) == set()
    assert calls == [("fsync", descriptor) for descriptor in folders[1:]]


def test_each_file_system_is_synced(folders, calls):
    elsewhere = os.open("/proc", os.O_RDONLY)
    try:
        # /proc cannot be synced; that is no failure.
        assert syncing.sync_folders([elsewhere, *folders]) == set()
    finally:
        os.close(elsewhere)
    assert calls == [("fsync", elsewhere), ("syncfs", folders[0])]


@pytest.mark.parametrize("release", ["5.7.19", "4.19.0-27-amd64", "unreadable"])
def test_a_kernel_that_hides_errors_is_not_asked(folders, calls, monkeypatch, release):
    uname = os.uname()
    fields = [*uname[:2], release, *uname[3:]]
    monkeypatch.setattr(syncing.os, "uname", lambda: os.uname_result(fields))
    assert syncing.sync_folders(folders) == set()
    assert {name for name, _ in calls} == {"fsync"}


def test_without_syncfs_each_folder_is_synced(folders, calls, monkeypatch):
    monkeypatch.setattr(syncing, "syncfs", fail(errno.ENOSYS))
    assert syncing.sync_folders(folders) == set()
    assert [descriptor for _, descriptor in calls] == folders


def test_a_failure_counts_for_every_folder_of_the_disk(folders, monkeypatch):
    monkeypatch.setattr(syncing, "syncfs", fail(errno.EIO))
    assert syncing.sync_folders(folders) == set(range(len(folders)))


def test_the_folder_that_fails_is_named(folders, monkeypatch):
    real = os.fsync
    monkeypatch.setattr(syncing.os, "fsync", lambda fd: fail(errno.EIO)(fd) if fd == folders[3] else real(fd))
    assert syncing.sync_folders(folders[:5]) == {3}


def test_syncfs_tells_of_errors():
    with pytest.raises(OSError, match="descriptor"):
        syncing.syncfs(-1)


@pytest.mark.django_db
@pytest.mark.parametrize("workers", [0, 2])
def test_a_disk_that_fails_leaves_the_block_open(recorder, monkeypatch, workers):
    """No done mark on what a power loss may bring back; the next sweep finishes it, each file listed once."""
    cameras = CameraFactory.create_batch(syncing.FOLDERS_ONE_BY_ONE * 3)
    for camera in cameras:
        recorder.write(camera.recording_key, days_ago(40))
    with monkeypatch.context() as patch:
        # The forked processes have the failure too.
        patch.setattr("footage.unlinking_process.has_one_thread", lambda: True)
        patch.setattr(syncing, "syncfs", fail(errno.EIO))
        patch.setattr(syncing.os, "fsync", fail(errno.EIO))
        result = destruction.sweep(NOW, actor="system:test", workers=workers)
    assert (result.destroyed, result.ledger_entry, result.is_ok) == (0, None, False)
    assert result.report["reasons"]["errors"] == {"fsync": len(cameras)}
    assert ManifestBlock.objects.filter(done_at=None).exists()
    assert recorder.files() == set()
    assert list(manifests.destroyed()) == []
    result = destruction.sweep(NOW, actor="system:test", workers=workers)
    assert (result.destroyed, result.is_ok) == (len(cameras), True)
    listed = [found.path for found in manifests.destroyed()]
    assert len(listed) == len(set(listed)) == len(cameras)
