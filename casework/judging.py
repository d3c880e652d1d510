"""Files of strangers are decoded one at a time, in a process of their own with limits of memory and time.

Whatever a file does to its decoder, the worst that comes of it is a refusal: the web process neither grows nor waits
longer than `PATIENCE_SECONDS`, and however many send at once, one picture is decoded on this machine at a time and few
requests wait for their turn. Public forms ask `website.floods` before they come here.
"""

import fcntl
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

PATIENCE_SECONDS = 15.0
TURN_WITHIN_SECONDS = 10.0
# Of the threads of one web process; the others go on serving pages.
MOST_WAITING = 3
LOCK_FILE = "judging.lock"
_waiting = threading.BoundedSemaphore(MOST_WAITING)


class Busy(Exception):
    """Too many files are being looked at; the sender may try again in a minute."""


class Broken(Exception):
    """The process did not survive the file: out of memory, out of time, or its decoder crashed."""


def judge(program: Path, wanted: dict[str, Any], content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What `program` says of the content: its answer and the bytes that come with it."""
    request = json.dumps({**wanted, "bytes": len(content)}).encode() + b"\n" + content
    with _turn():
        try:
            # -I: nothing of the environment or the folder decides what is loaded; no key stands in the environment.
            done = subprocess.run(  # noqa: S603 - a program of ours
                [sys.executable, "-I", str(program)],
                input=request,
                capture_output=True,
                timeout=PATIENCE_SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Broken("out of time") from error
    head, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise Broken(f"status {done.returncode}")
    answer: dict[str, Any] = json.loads(head)
    parts, start = [], 0
    for size in answer.pop("parts"):
        parts.append(rest[start : start + size])
        start += size
    return answer, parts


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        path = Path(settings.DATA_DIR) / LOCK_FILE
        with path.open("a") as lock:
            _lock_within(lock.fileno(), TURN_WITHIN_SECONDS)
            yield
    finally:
        _waiting.release()


def _lock_within(descriptor: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(0.02)
        else:
            return
