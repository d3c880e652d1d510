"""Rendering a PDF: template, styles and fonts become an HTML file, a process of its own makes the PDF of it.

Every document of the product goes through here. `Pressroom` renders several side by side, one process per core, and
answers a cancel between two looks at them. A single document, which somebody waits for, is set by a process that stays
(`reports.standby.render`).
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.template.loader import render_to_string

from reports import fonts, styles

# A volume takes seconds; a process that is silent for this long hangs.
LONGEST_JOB_SECONDS = 600
_LOOK_SECONDS = 0.2


class TypesettingFailed(RuntimeError):
    """A PDF could not be made; the message says why."""


@dataclass(frozen=True)
class Enclosure:
    """A file that travels inside the PDF (PDF/A-3)."""

    name: str
    description: str
    content: bytes
    # Data: what figures were made from. Source: what the document was made from. See ISO 32000-2, 7.11.3.
    relationship: str = "Data"


@dataclass
class Job:
    """One PDF to be made."""

    html: str
    target: Path
    created: datetime
    enclosures: Sequence[Enclosure] = ()


@dataclass
class Printed:
    """What came of a job."""

    path: Path
    pages: int
    size: int
    peak_kib: int
    seconds: float
    messages: list[str] = field(default_factory=list)


def compose(template: str, context: Mapping[str, Any], style_sheets: Sequence[str] = ()) -> str:
    """The HTML of a document with its fonts named; what stands in it as text is set after parsing (typography)."""
    html = render_to_string(template, {"styles": styles.sheet(*style_sheets), **context})
    return fonts.readable(html)


class Pressroom:
    """Processes that typeset, as many as there are cores; each makes one PDF and gives its memory back.

    The first ones are started at once, so that they load their libraries while the caller still counts.
    """

    def __init__(self, size: int | None = None) -> None:
        self.size = size or os.cpu_count() or 1
        self._processes: set[subprocess.Popen[str]] = set()
        self._ready: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> Self:
        for _ in range(self.size):
            self._ready.put(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_closed = True
            # The threads still take theirs off the list while they end.
            left = list(self._processes)
            for process in left:
                process.kill()
        for process in left:
            dispose(process)

    def print_all(self, jobs: Sequence[Job], progress: Callable[[int], None] | None = None) -> list[Printed]:
        """Make every PDF, in the order of the jobs; `progress` is called often and may raise to stop."""
        waiting: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
        answers: queue.SimpleQueue[tuple[int, Printed | Exception]] = queue.SimpleQueue()
        for numbered in enumerate(jobs):
            waiting.put(numbered)
        for _ in range(min(self.size, len(jobs))):
            threading.Thread(target=self._work, args=(waiting, answers), daemon=True).start()
        printed: dict[int, Printed] = {}
        while len(printed) < len(jobs):
            if progress is not None:
                progress(len(printed))
            try:
                number, answer = answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if isinstance(answer, Exception):
                raise answer
            printed[number] = answer
        return [printed[number] for number in range(len(jobs))]

    def _work(
        self,
        waiting: "queue.SimpleQueue[tuple[int, Job]]",
        answers: "queue.SimpleQueue[tuple[int, Printed | Exception]]",
    ) -> None:
        while not self._is_closed:
            try:
                number, job = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answers.put((number, self._print(job)))
            except Exception as error:
                answers.put((number, error))
                return

    def _print(self, job: Job) -> Printed:
        process = self._take()
        try:
            return print_with(process, job)
        finally:
            with self._lock:
                self._processes.discard(process)
            dispose(process)

    def _take(self) -> "subprocess.Popen[str]":
        try:
            return self._ready.get_nowait()
        except queue.Empty:
            return self._start()

    def _start(self) -> "subprocess.Popen[str]":
        with self._lock:
            if self._is_closed:
                raise TypesettingFailed("조판이 중단되었습니다.")
            process = start()
            self._processes.add(process)
            return process


def start() -> "subprocess.Popen[str]":
    """A process that typesets jobs until its pipe is closed."""
    return subprocess.Popen(
        [sys.executable, "-m", "reports.typesetter"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def print_with(process: "subprocess.Popen[str]", job: Job) -> Printed:
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        answer = _ask(process, _order(job, Path(folder)))
    if "error" in answer:
        raise TypesettingFailed(f"{job.target.name}: {answer['error']}")
    return Printed(
        path=job.target,
        pages=answer["pages"],
        size=answer["bytes"],
        peak_kib=answer["peak_kib"],
        seconds=answer["seconds"],
        messages=answer["messages"],
    )


def _order(job: Job, folder: Path) -> dict[str, Any]:
    html = folder / "document.html"
    html.write_text(job.html, "utf-8")
    attachments = []
    for number, enclosure in enumerate(job.enclosures):
        path = folder / f"enclosure-{number}"
        path.write_bytes(enclosure.content)
        attachments.append(
            {
                "path": str(path),
                "name": enclosure.name,
                "description": enclosure.description,
                "relationship": enclosure.relationship,
            }
        )
    return {
        "html": str(html),
        "pdf": str(job.target),
        "created": job.created.isoformat(),
        "attachments": attachments,
    }


def _ask(process: "subprocess.Popen[str]", order: Mapping[str, Any]) -> dict[str, Any]:
    """Hand a job over and wait for the answer; a process that dies or hangs is an error, never a wait without end."""
    watchdog = threading.Timer(LONGEST_JOB_SECONDS, process.kill)
    watchdog.start()
    try:
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except OSError as error:
        return {"error": f"조판 프로세스에 연결할 수 없습니다: {error}"}
    finally:
        watchdog.cancel()
    if not line:
        return {"error": "조판 프로세스가 응답 없이 종료되었습니다 (메모리 부족 또는 중단)."}
    answer: dict[str, Any] = json.loads(line)
    return answer


def dispose(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()
