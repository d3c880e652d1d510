"""Files that others made are opened one at a time, in a process of their own with limits of memory and time.

Whatever a file does to its decoder, the worst that comes of it is a refusal: the asking process neither grows nor waits
longer than its lane allows, and however many send at once, one file of a lane is opened on this machine at a time and
few requests wait for their turn. Public forms ask `website.floods` before they come here.

Pictures (`casework.pictures`), attachments (`casework.attachments`) and spreadsheets (`cameras.dataset_files`) come here.
"""

import fcntl
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

RUNNER = Path(__file__).with_name("confined.py")


@dataclass(frozen=True)
class Lane:
    """Files that wait for each other, and what one of them may use."""

    name: str
    memory_bytes: int
    cpu_seconds: int
    patience_seconds: float
    turn_within_seconds: float
    # Of the threads of one web process; the others go on serving pages.
    most_waiting: int
    # Of what lies packed in a document.
    unpacked_bytes: int = 400 << 20
    # What nobody watches stands back behind what somebody waits for.
    niceness: int = 5

    @property
    def lock_file(self) -> str:
        return f"{self.name}.lock"


# What a page waits for: pictures and attachments. Strangers have a lane of their own, so that what they send can keep
# only each other waiting, and less of everything.
PAGES = Lane("judging", 768 << 20, 10, 15.0, 10.0, 3)
PUBLIC = Lane("judging-public", 768 << 20, 2, 6.0, 10.0, 2, unpacked_bytes=100 << 20)
_waiting: dict[str, threading.BoundedSemaphore] = {}
_guard = threading.Lock()


class Busy(Exception):
    """Too many files are being looked at; the sender may try again in a minute."""


class Broken(Exception):
    """The process did not survive the file: out of memory, out of time, or its decoder crashed."""


def judge(
    program: Path,
    wanted: dict[str, Any],
    content: bytes,
    lane: Lane = PAGES,
    meanwhile: Callable[[], object] | None = None,
) -> tuple[dict[str, Any], list[bytes]]:
    """What `program` says of the content: its answer and the bytes that come with it.

    `meanwhile` is called about every second; what it raises ends the process.
    """
    limits = {
        "memory_bytes": lane.memory_bytes,
        "cpu_seconds": lane.cpu_seconds,
        "niceness": lane.niceness,
    }
    request = json.dumps({**wanted, "bytes": len(content), "limits": limits}).encode() + b"\n" + content
    with _turn(lane, meanwhile):
        status, answered = _run(program, request, lane, meanwhile)
    head, _, rest = answered.partition(b"\n")
    if status or not head:
        raise Broken(f"status {status}")
    answer: dict[str, Any] = json.loads(head)
    parts, start = [], 0
    for size in answer.pop("parts"):
        parts.append(rest[start : start + size])
        start += size
    return answer, parts


def _run(
    program: Path, request: bytes, lane: Lane, meanwhile: Callable[[], object] | None
) -> tuple[int, bytes]:
    # -I: nothing of the environment or the folder decides what is loaded; no key stands in the environment.
    process = subprocess.Popen(  # noqa: S603 - a program of ours
        [sys.executable, "-I", str(RUNNER), str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    given_up = time.monotonic() + lane.patience_seconds
    with process:
        try:
            to_send: bytes | None = request
            while True:
                step = min(1.0, given_up - time.monotonic())
                try:
                    answered, _ = process.communicate(to_send, timeout=max(step, 0))
                    return process.returncode, answered
                except subprocess.TimeoutExpired:
                    if time.monotonic() >= given_up:
                        raise Broken("out of time") from None
                to_send = None
                if meanwhile:
                    meanwhile()
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def one_waiting(lane: Lane) -> Iterator[None]:
    """A place among those of this process that wait for their turn; `Busy` where there is none."""
    with _guard:
        waiting = _waiting.setdefault(lane.name, threading.BoundedSemaphore(lane.most_waiting))
    if not waiting.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        waiting.release()


@contextmanager
def _turn(lane: Lane, meanwhile: Callable[[], object] | None) -> Iterator[None]:
    path = Path(settings.DATA_DIR) / lane.lock_file
    with one_waiting(lane), path.open("a") as lock:
        _lock_within(lock.fileno(), lane.turn_within_seconds, meanwhile)
        yield


def _lock_within(descriptor: int, seconds: float, meanwhile: Callable[[], object] | None) -> None:
    began = told = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            at = time.monotonic()
            if at > began + seconds:
                raise Busy from None
            if meanwhile and at > told + 1:
                told = at
                meanwhile()
            time.sleep(0.02)
        else:
            return
