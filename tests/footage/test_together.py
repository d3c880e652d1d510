"""Two sweeps, and holds against sweeps, in real processes."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from footage import destruction, holds, locks, manifests, storage_sweep, unlinker
from footage.models import Hold
from tests.footage.factories import CameraFactory, days_ago

pytestmark = pytest.mark.django_db(transaction=True)


def plant(recorder, cameras, days):
    for camera in cameras:
        for day in days:
            for minute in range(0, 60, 2):
                recorder.write(camera.recording_key, days_ago(day).replace(minute=minute))


def test_two_sweeps_at_the_same_time(shell, real_recorder):
    """Neither fails, neither lists what the other destroyed."""
    plant(real_recorder, CameraFactory.create_batch(4), range(31, 51))
    total = len(real_recorder.files())
    processes = [shell.start("enforce_retention", "--json") for _ in range(3)]
    results = []
    for process in processes:
        out, err = shell.end(process)
        assert process.returncode == 0, err
        results.append(json.loads(out.strip().splitlines()[-1]))
    assert sum(result["destroyed"] for result in results) == total
    listed = [found.path for found in manifests.destroyed()]
    assert len(listed) == len(set(listed)) == total
    assert real_recorder.files() == set()


def test_a_sweep_that_may_not_wait_says_so(real_recorder):
    held = locks.StorageLocks()
    held.lock([real_recorder.storage.pk])
    with pytest.raises(locks.Busy):
        destruction.sweep(actor="system:test", wait=False)
    held.release()
    assert destruction.sweep(actor="system:test", wait=False).is_ok


def test_hold_placed_while_its_block_is_unlinked_waits_and_tells(real_recorder, monkeypatch, shell):
    """Race one: the block is approved. The hold waits for it, then says what was already gone."""
    camera = CameraFactory()
    plant(real_recorder, [camera], [31])
    total = len(real_recorder.files())
    real = unlinker.os.unlink
    started = threading.Event()
    asked = {}

    def slow(name, **kwargs):
        if not started.is_set():
            asked["process"] = shell.start(
                "place_hold",
                *(
                    "--camera",
                    camera.number,
                    "--from",
                    days_ago(32).isoformat(),
                    "--until",
                    days_ago(30).isoformat(),
                ),
                *("--reason", "수사", "--json"),
            )
            started.set()
            time.sleep(4)
            assert asked["process"].poll() is None, "the hold did not wait for the block"
        real(name, **kwargs)

    monkeypatch.setattr(unlinker.os, "unlink", slow)
    result = destruction.sweep(actor="system:test", workers=0)
    out, err = shell.end(asked["process"])
    assert asked["process"].returncode == 0, err
    assert result.destroyed == total
    assert json.loads(out)["already_gone"] == total


def test_hold_placed_between_planning_and_approval_saves_its_files(real_recorder, monkeypatch):
    """Race two: the block is planned, the hold comes first. The lines are struck."""
    saved, other = CameraFactory.create_batch(2)
    plant(real_recorder, [saved, other], [31])
    total = len(real_recorder.files())
    real = destruction.StorageSweep.approve

    def approve(self, *args, **kwargs):
        if not Hold.objects.exists():
            thread = threading.Thread(target=place)
            thread.start()
            thread.join()
        return real(self, *args, **kwargs)

    def place():
        holds.place(saved, days_ago(32), days_ago(30), reason="수사", by=None)
        connection.close()

    monkeypatch.setattr(destruction.StorageSweep, "approve", approve)
    result = destruction.sweep(actor="system:test", workers=0)
    assert (result.destroyed, result.held) == (total // 2, total // 2)
    assert {found.camera for found in manifests.destroyed()} == {other.number}
    assert len(real_recorder.files()) == total // 2


def test_hold_placed_between_planning_and_approval_in_processes_of_their_own(real_recorder, monkeypatch):
    saved, other = CameraFactory.create_batch(2)
    plant(real_recorder, [saved, other], [31])
    total = len(real_recorder.files())
    monkeypatch.setattr(storage_sweep, "FOLDERS_FOR_WORKERS", 1)
    real = destruction.StorageSweep.approve

    def approve(self, *args, **kwargs):
        if not Hold.objects.exists():
            Hold.objects.create(
                camera=saved,
                from_at=days_ago(32),
                until_at=days_ago(30),
                reason="수사",
                placed_at=days_ago(0),
            )
        return real(self, *args, **kwargs)

    monkeypatch.setattr(destruction.StorageSweep, "approve", approve)
    result = destruction.sweep(actor="system:test", workers=2)
    assert (result.destroyed, result.held) == (total // 2, total // 2)


@pytest.mark.parametrize("seed", range(4))
def test_holds_against_sweeps_at_random_instants(shell, real_recorder, seed):
    """Whatever the instant: what was there when place_hold returned is still there after the sweep."""
    cameras = CameraFactory.create_batch(8)
    plant(real_recorder, cameras, range(31, 41))
    total, gone = len(real_recorder.files()), 1 + 100 * seed
    sweep = shell.start("enforce_retention", "--json")
    # However slow the machine is: the sweep is at work when the first hold is asked for.
    until = time.monotonic() + 120
    while len(real_recorder.files()) > total - gone and time.monotonic() < until:
        time.sleep(0.002)
    assert len(real_recorder.files()) <= total - gone
    there = {}
    for camera in cameras[::3]:
        hold = holds.place(camera, days_ago(50), days_ago(30), reason="수사", by=None)
        there[camera] = {path for path in real_recorder.files() if f"/{camera.recording_key}/" in path}
        assert hold.already_gone == 300 - len(there[camera])
    _, err = shell.end(sweep)
    assert sweep.returncode == 0, err
    left = real_recorder.files()
    for files in there.values():
        assert files <= left
    assert left == set().union(*there.values())


def test_a_busy_database_leaves_a_consistent_state(real_recorder, monkeypatch):
    """`database is locked` between blocks: the sweep waits, and gives up with everything in the manifest."""
    monkeypatch.setattr(locks, "DATABASE_PATIENCE_SECONDS", 0.2)
    camera = CameraFactory()
    plant(real_recorder, [camera], [31])
    total = len(real_recorder.files())

    def busy(self, block, outcome):
        raise locks.Busy

    with monkeypatch.context() as patch:
        patch.setattr(destruction.StorageSweep, "mark_done", busy)
        result = destruction.sweep(actor="system:test", workers=0)
    assert (result.errors, result.destroyed) == (1, 0)
    assert real_recorder.files() == set()
    assert destruction.sweep(actor="system:test").destroyed == total
    assert len(list(manifests.destroyed())) == total


def test_a_hold_waits_no_longer_than_its_patience(real_recorder, monkeypatch):
    monkeypatch.setattr(locks, "HOLD_PATIENCE_SECONDS", 0.1)
    camera = CameraFactory()
    busy = locks.RangeLock("cameras")
    assert busy.try_lock(camera.pk, shared=True)
    with pytest.raises(locks.Waited):
        holds.place(camera, days_ago(2), days_ago(1), reason="수사", by=None)
    assert not Hold.objects.exists()
    other = CameraFactory()
    assert holds.place(other, days_ago(2), days_ago(1), reason="수사", by=None).pk
    busy.close()
    assert holds.place(camera, days_ago(2), days_ago(1) + timedelta(hours=1), reason="수사", by=None).pk
