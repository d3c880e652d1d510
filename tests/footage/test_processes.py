"""The sweep's own processes: how they start, how they talk, and that they end with the sweep or without it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings

from footage import crew, destruction, manifests, unlinking_process
from footage.crew import Hand
from footage.models import ManifestBlock
from footage.unlinking_process import Pipe
from tests.footage.factories import NOW, CameraFactory, days_ago

PATIENCE_SECONDS = 60


def plant(recorder, cameras, days):
    due = set()
    for camera in cameras:
        for day in days:
            for minute in range(50):
                path = recorder.write(camera.recording_key, days_ago(day).replace(minute=minute))
                due.add(str(path.relative_to(recorder.root)))
    return due


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_forked", [True, False])
def test_forked_and_started_processes_do_the_same(real_recorder, monkeypatch, is_forked):
    """A process that has threads starts its helpers from scratch."""
    due = plant(real_recorder, CameraFactory.create_batch(4), range(40, 46))
    monkeypatch.setattr(unlinking_process, "has_one_thread", lambda: is_forked)
    forks = []
    real = unlinking_process.fork
    monkeypatch.setattr(unlinking_process, "fork", lambda *args: forks.append(1) or real(*args))
    result = destruction.sweep(NOW, actor="system:test", workers=2)
    assert len(forks) == (2 if is_forked else 0)
    assert (result.destroyed, result.is_ok) == (len(due), True)
    assert {found.path for found in manifests.destroyed()} == due
    assert real_recorder.files() == set()


def test_threads_forbid_the_fork():
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        assert not unlinking_process.has_one_thread()
    finally:
        waiting.set()
        thread.join()


def test_a_forked_process_keeps_nothing_of_its_parent():
    """Open connections, sockets and signal handlers of a web or task server are not the child's."""
    code = """
import os, signal, sys
from footage import unlinking_process
secret = os.open("/dev/null", os.O_RDONLY)
lock = os.open("/dev/null", os.O_RDONLY)
signal.signal(signal.SIGTERM, lambda *args: None)
theirs_in, ours_out = os.pipe(); ours_in, theirs_out = os.pipe()
def serve(parent, source, target):
    assert parent == os.getppid()
    kept = {int(name): os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")
            if os.path.exists(f"/proc/self/fd/{name}")}
    assert {0, 1, 2, source, target, lock} == set(kept), kept
    assert kept[0] == kept[1] == "/dev/null", kept
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
unlinking_process.serve = serve
child = unlinking_process.fork(theirs_in, theirs_out, (lock,))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_both_sides_may_speak_at_length_at_once():
    """More than a pipe holds, in both directions: neither waits for the other."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    hand = Hand(0, lambda: None, Pipe(ours_in), Pipe(ours_out))
    source, target = Pipe(theirs_in), Pipe(theirs_out)
    heard = []

    def busy():
        for number in range(4):
            target.send({"block": number}, b"x" * 300_000)
        heard.append(source.receive())

    peer = threading.Thread(target=busy, daemon=True)
    peer.start()
    sent = {"go": 1, "skip": {str(number): "held" for number in range(50_000)}}
    speaker = threading.Thread(target=hand.send, args=(sent,), daemon=True)
    speaker.start()
    speaker.join(PATIENCE_SECONDS)
    assert not speaker.is_alive()
    assert [hand.receive()[0]["block"] for _ in range(4)] == [0, 1, 2, 3]
    peer.join(PATIENCE_SECONDS)
    assert heard[0][0] == sent
    for pipe in (hand.source, hand.target, source, target):
        pipe.close()


def descendants(pid):
    """Children of a process and theirs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            child = int(path.parent.name)
            found += [child, *descendants(child)]
    return found


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("victim", ["launcher", "sweep"])
def test_who_is_left_alone_ends_by_itself(shell, real_recorder, victim):
    """The shell that started a sweep dies, or the sweep itself: nobody stays behind, and the books are in order."""
    due = plant(real_recorder, CameraFactory.create_batch(6), range(40, 60))
    code = "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'enforce_retention'])"
    launcher = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=shell.environment | {"FOOTAGE_FOLDERS_FOR_WORKERS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: len(real_recorder.files()) < len(due) or launcher.poll() is not None)
    family = descendants(launcher.pid)
    if victim == "launcher":
        launcher.send_signal(signal.SIGKILL)
    elif family:
        os.kill(family[0], signal.SIGKILL)
    launcher.communicate()
    wait_until(lambda: not any(is_running(pid) for pid in family))
    if victim == "launcher":
        # An orphan finishes what it began.
        assert real_recorder.files() == set()
    shell.json("enforce_retention")
    assert real_recorder.files() == set()
    assert not ManifestBlock.objects.filter(done_at=None).exists()
    listed = [found.path for found in manifests.destroyed()]
    assert len(listed) == len(set(listed))
    assert set(listed) == due


def test_a_process_whose_sweep_hung_up_ends():
    """Started from scratch, too: no order ever comes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "footage.unlinking_process", str(os.getpid())],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    # One that was started for another process than its parent does not begin at all.
    done = subprocess.run(
        [sys.executable, "-m", "footage.unlinking_process", "1"], cwd=settings.BASE_DIR, check=False
    )
    assert done.returncode == 1


@pytest.mark.django_db
def test_workers_are_hired_only_for_big_trees(recorder, monkeypatch):
    monkeypatch.setattr(crew, "Crew", None)
    recorder.write(CameraFactory().recording_key, days_ago(40))
    assert destruction.sweep(NOW, actor="system:test", workers=2).destroyed == 1
