"""SIGKILL at random instants: at the end exactly the due files are gone, each named once."""

import json
import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from footage import destruction, manifests, syncing, unlinker
from footage.blocks import Batch, Bundle, as_64_bits, decode
from footage.models import FootageDay, Hold, ManifestBlock, Sweep
from ledger.models import Entry
from tests.cameras.factories import LONGER
from tests.footage.factories import NOW, CameraFactory, HoldFactory, days_ago

FILES_PER_FOLDER = 60


def plant(recorder, cameras, day):
    """Due, held and young files; returns those that must be gone and those that must stay."""
    due, stay = set(), set()
    for index, camera in enumerate(cameras):
        for minute in range(FILES_PER_FOLDER):
            start = days_ago(day).replace(minute=minute)
            path = recorder.write(camera.recording_key, start)
            (stay if index == 0 else due).add(str(path.relative_to(recorder.root)))
    stay.add(str(recorder.write(cameras[1].recording_key, days_ago(2)).relative_to(recorder.root)))
    return due, stay


def kill_and_restart(shell, recorder, is_enough, seed, list_every=1):
    """Each round: fresh due files, a sweep killed after a random while, more kills, then one that may finish.

    Goes on until `is_enough(rounds, kills)`. What is on disk is compared after each round, the growing list of
    everything that was ever destroyed after each `list_every`th and at the end.
    """
    chance = random.Random(seed)
    cameras = CameraFactory.create_batch(6)
    HoldFactory(camera=cameras[0], from_at=NOW - timedelta(days=4000), until_at=NOW)
    expected, stay = [], set()
    killed = number = 0
    took = 2.0
    while not is_enough(number, killed):
        due, young = plant(recorder, cameras, 40 + number % 200)
        expected.extend(due)
        stay |= young
        for _ in range(chance.randint(1, 2)):
            process = shell.start("enforce_retention", "--json")
            time.sleep(chance.uniform(0.3, 1.05) * took)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.communicate()
        began = time.monotonic()
        shell.json("enforce_retention")
        took = 0.5 * took + 0.5 * (time.monotonic() - began)
        assert recorder.files() == stay, f"round {number}"
        assert not ManifestBlock.objects.filter(done_at=None).exists()
        number += 1
        if number % list_every == 0:
            check_list(expected, number)
    check_list(expected, number)
    return killed, expected


def check_list(expected, number):
    assert sorted(found.path for found in manifests.destroyed()) == sorted(expected), f"round {number}"


def check_books(expected):
    """Ledger, day figures and list agree with each other."""
    entries = Entry.objects.filter(kind="footage.destroyed")
    assert sum(json.loads(entry.payload)["destroyed"] for entry in entries) == len(expected)
    assert all(manifests.verify(entry) == "" for entry in entries)
    assert {found.ledger_entry for found in manifests.destroyed()} == {entry.sequence for entry in entries}
    assert sum(FootageDay.objects.values_list("destroyed", flat=True)) == len(expected)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_workers", [False, True])
def test_killed_at_random_instants(ready_shell, real_recorder, with_workers):
    """Fifteen rounds each with and without processes of their own, up to two kills per round."""
    os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"] = "1" if with_workers else "1000000"
    try:
        killed, expected = kill_and_restart(
            ready_shell, real_recorder, lambda rounds, _: rounds >= 15, seed=with_workers
        )
    finally:
        del os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"]
    assert killed >= 5, "the kills came too late to prove anything"
    check_books(expected)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_instants_for_long(ready_shell, real_recorder):
    os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"] = "3"
    try:
        killed, expected = kill_and_restart(
            ready_shell, real_recorder, lambda _, kills: kills >= 500, seed=time.time_ns(), list_every=25
        )
    finally:
        del os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"]
    assert killed >= 500
    check_books(expected)


class Died(BaseException):
    """Stands for SIGKILL at one exact instant: nothing below it in the sweep may catch it."""


STEPS = ["approve", "unlink_first", "unlink_middle", "sync", "rmdir", "mark_done", "finish", "enter"]


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_cut_off_at_each_step(recorder, monkeypatch, step):
    """The crash story of every step of the procedure, at exactly that step."""
    cameras = CameraFactory.create_batch(2)
    due, stay = plant(recorder, cameras, 40)
    HoldFactory(camera=cameras[0], from_at=days_ago(50), until_at=NOW)
    unlinked = []
    real_unlink = os.unlink

    def die(*args, **kwargs):
        raise Died

    def unlink(name, **kwargs):
        if len(unlinked) == (0 if step == "unlink_first" else 30):
            raise Died
        unlinked.append(name)
        real_unlink(name, **kwargs)

    with monkeypatch.context() as patch:
        if step.startswith("unlink"):
            patch.setattr(unlinker.os, "unlink", unlink)
        elif step == "sync":
            patch.setattr(syncing.os, "fsync", die)
        elif step == "rmdir":
            patch.setattr(unlinker.Sweeper, "remove_folder", die)
        elif step in ("approve", "mark_done"):
            patch.setattr(destruction.StorageSweep, step, die)
        elif step == "finish":
            patch.setattr(destruction, "_finish", die)
        else:
            patch.setattr(destruction, "_enter", die)
        # A dead process writes nothing more into its row.
        patch.setattr(destruction, "_note_failure", lambda *args: None)
        with pytest.raises(Died):
            destruction.sweep(NOW, actor="system:test", workers=0)
    result = destruction.sweep(NOW, actor="system:test", workers=0)
    assert recorder.files() == stay
    assert sorted(found.path for found in manifests.destroyed()) == sorted(due)
    assert result.destroyed == len(due)
    check_books(due)
    assert not (
        recorder.root
        / "recordings"
        / f"{days_ago(40):%Y-%m-%d}"
        / f"{days_ago(40):%H}"
        / cameras[1].recording_key
    ).exists()


@pytest.mark.django_db
def test_open_lines_are_asked_again(recorder, monkeypatch):
    """After a crash: held, no longer due, changed and replaced files are struck or not counted."""
    camera = CameraFactory()
    paths = [recorder.write(camera.recording_key, days_ago(40).replace(minute=minute)) for minute in range(5)]

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(unlinker.os, "unlink", die)
        patch.setattr(destruction, "_note_failure", lambda *args: None)
        with pytest.raises(Died):
            destruction.sweep(NOW, actor="system:test")
    start = days_ago(40).replace(minute=0)
    HoldFactory(camera=camera, from_at=start, until_at=start + timedelta(seconds=1))
    os.utime(paths[3], (time.time(), time.time()))
    paths[4].unlink()
    result = destruction.sweep(NOW, actor="system:test")
    # 0 held; 1 and 2 still due; 3 is being written now; 4 was gone.
    assert [path.exists() for path in paths] == [True, False, False, True, False]
    block = ManifestBlock.objects.order_by("pk").first()
    assert {why for _, why in block.outcome["struck"]} == {"held", "changed"}
    assert result.destroyed == 3
    assert {found.path for found in manifests.destroyed()} == {
        str(paths[index].relative_to(recorder.root)) for index in (1, 2, 4)
    }
    gone = next(found for found in manifests.destroyed() if found.path.endswith(paths[4].name))
    assert gone.destroyed_at == block.approved_at


@pytest.mark.django_db
def test_open_lines_of_a_longer_period_are_struck(recorder, monkeypatch):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(40))

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(unlinker.os, "unlink", die)
        patch.setattr(destruction, "_note_failure", lambda *args: None)
        with pytest.raises(Died):
            destruction.sweep(NOW, actor="system:test")
    type(camera).objects.filter(pk=camera.pk).update(retention_days=60, **LONGER)
    result = destruction.sweep(NOW, actor="system:test")
    assert path.exists()
    assert (result.destroyed, result.ledger_entry) == (0, None)
    assert ManifestBlock.objects.get().outcome["struck"] == [[0, "not_due"]]
    assert list(manifests.destroyed()) == []


@pytest.mark.django_db(transaction=True)
def test_no_unlink_after_the_sweep_was_killed(shell, real_recorder):
    """Its processes die with it: as soon as the locks are free nobody unlinks any more."""
    cameras = CameraFactory.create_batch(3)
    for day in range(40, 60):
        plant(real_recorder, cameras, day)
    os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"] = "1"
    try:
        process = shell.start("enforce_retention")
    finally:
        del os.environ["FOOTAGE_FOLDERS_FOR_WORKERS"]
    total = len(real_recorder.files())
    while len(real_recorder.files()) == total and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    locked = destruction.locks.StorageLocks()
    assert locked.lock([real_recorder.storage.pk])
    before = real_recorder.files()
    time.sleep(0.5)
    assert real_recorder.files() == before
    locked.release()
    shell.json("enforce_retention")
    listed = [found.path for found in manifests.destroyed()]
    assert len(listed) == len(set(listed)) == 20 * 3 * FILES_PER_FOLDER
    assert Hold.objects.count() == 0
    assert Sweep.objects.filter(at__lte=timezone.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("dies", [False, True])
def test_times_beyond_2262_are_no_reason_to_stop(recorder, monkeypatch, dies):
    """A recorder with a broken clock: the time in the path rules, and a sweep that died is finished all the same."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(40))
    far = 2**63 + 7_000_000_000
    os.utime(path, ns=(far, far))
    if path.stat().st_mtime_ns != far:
        pytest.skip("this disk keeps no such time")

    def die(*args, **kwargs):
        raise Died

    if dies:
        with monkeypatch.context() as patch:
            patch.setattr(unlinker.os, "unlink", die)
            patch.setattr(destruction, "_note_failure", lambda *args: None)
            with pytest.raises(Died):
                destruction.sweep(NOW, actor="system:test")
        assert path.exists()
    assert destruction.sweep(NOW, actor="system:test").destroyed == 1
    assert not path.exists()
    assert len(list(manifests.destroyed())) == 1


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1, -1, 2**65 + 3])
def test_a_line_keeps_64_bits_of_any_number(number):
    """Network and union file systems use all 64 bits of an inode."""
    batch = Batch([Bundle("a", 1, 0, ["x.mp4"], [1], [2], [3], [number])], 1)
    (kept,) = decode(batch.encode())
    assert kept.inodes == [as_64_bits(number)]
    assert -(2**63) <= kept.inodes[0] < 2**63
    assert (kept.inodes[0] - number) % 2**64 == 0
