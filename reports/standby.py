"""A typesetter that stays: for a document that somebody waits for.

Starting a process and loading its libraries takes longer than setting a sheet. So each process of ours (a web server,
a worker) keeps one typesetter, started with the first sheet. It is given up when nobody has asked for a while, after
so many jobs, when it has grown, and after any failure: what a document leaves behind in it stays small. Whoever comes
while it is busy gets a process of their own.
"""

import atexit
import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from reports import pdf

IDLE_SECONDS = 120
MOST_JOBS = 100
# Beyond what the first sheet took; what a child reports begins with what its parent had.
MOST_GROWTH_KIB = 200_000

_lock = threading.Lock()


class _Kept:
    process: "subprocess.Popen[str] | None" = None
    # A fork inherits the variable, not the right to the pipes.
    owner: int = 0
    jobs: int = 0
    first_kib: int = 0
    timer: threading.Timer | None = None


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    style_sheets: Sequence[str] = (),
    created: datetime | None = None,
    enclosures: Sequence[pdf.Enclosure] = (),
) -> bytes:
    """One document as PDF/A-3a. The same context and `created` give the same bytes."""
    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        html = pdf.compose(template, context, style_sheets)
        target = Path(folder) / "out.pdf"
        return print_one(pdf.Job(html, target, created or timezone.now(), enclosures)).path.read_bytes()


def print_one(job: pdf.Job) -> pdf.Printed:
    """Make one PDF. The same job gives the same bytes as in a process of its own."""
    if not _lock.acquire(blocking=False):
        with pdf.Pressroom(1) as pressroom:
            (printed,) = pressroom.print_all([job])
            return printed
    try:
        return _print(job)
    finally:
        _lock.release()


def give_up() -> None:
    """End the typesetter that is kept; the next sheet starts another."""
    with _lock:
        _end()


def _print(job: pdf.Job) -> pdf.Printed:
    process = _at_hand()
    try:
        printed = pdf.print_with(process, job)
    except BaseException:
        _end()
        raise
    _Kept.jobs += 1
    _Kept.first_kib = _Kept.first_kib or printed.peak_kib
    if _Kept.jobs >= MOST_JOBS or printed.peak_kib > _Kept.first_kib + MOST_GROWTH_KIB:
        _end()
    else:
        _wait_for_the_next()
    return printed


def _at_hand() -> "subprocess.Popen[str]":
    if _Kept.timer is not None:
        _Kept.timer.cancel()
    if _Kept.owner != os.getpid():
        _Kept.process = None
    if _Kept.process is not None and _Kept.process.poll() is not None:
        _end()
    if _Kept.process is None:
        _Kept.process, _Kept.owner = pdf.start(), os.getpid()
        _Kept.jobs = _Kept.first_kib = 0
    return _Kept.process


def _wait_for_the_next() -> None:
    _Kept.timer = threading.Timer(IDLE_SECONDS, give_up)
    _Kept.timer.daemon = True
    _Kept.timer.start()


def _end() -> None:
    if _Kept.timer is not None:
        _Kept.timer.cancel()
    if _Kept.process is not None and _Kept.owner == os.getpid():
        _Kept.process.kill()
        pdf.dispose(_Kept.process)
    _Kept.process = _Kept.timer = None


atexit.register(give_up)
