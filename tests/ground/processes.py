"""Starting the system's own processes from a test, and finding every one of them again."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def environment(data_dir, **more):
    """As a person's shell has it: nothing of the test run's own."""
    dropped = {
        "DJANGO_SETTINGS_MODULE",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
        "DATABASE_URL",
        "DATA_DIR",
        "TEST_RUN_ID",
        "BROKER_URL",
    }
    kept = {
        key: value for key, value in os.environ.items() if key not in dropped and not key.startswith("PYTEST")
    }
    return {**kept, "DATA_DIR": str(data_dir), **more}


def manage(data_dir, *arguments, check=True, **more):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data_dir, **more), capture_output=True, text=True, check=check
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def parents():
    """Every process of the machine and its parent."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    found[int(folder.name)] = int(parent)
    return found


def descendants(pid):
    table = parents()
    found, todo = set(), [pid]
    while todo:
        parent = todo.pop()
        children = {child for child, its_parent in table.items() if its_parent == parent}
        found |= children
        todo += children
    return found


def still_alive(pids):
    return set(pids) & set(parents())


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


@contextmanager
def started(*command, data_dir, log, **more):
    """A process of ours with its log in a file; gone with its whole family at the end, whatever happens."""
    with Path(log).open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment(data_dir, **more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        family = {process.pid, *descendants(process.pid)}
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        for pid in still_alive(family):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if process.poll() is None:
            process.wait(10)
