"""Several unlinking processes for one storage's sweep, seen from the sweep's side.

Part of the design that `footage.destruction` opens with. The processes plan and unlink; approving a block, and with
it the database, stays on this side.
"""

import errno
import os
import select
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import OperationalError

from footage import locks, unlinking_process
from footage.blocks import Outcome
from footage.errors import DatabaseLost
from footage.models import ManifestBlock
from footage.retention import as_data
from footage.storage_sweep import StorageSweep
from footage.tree import Folder
from footage.unlinking_process import Pipe, packed

CHUNK_FOLDERS = 24


def share(work: StorageSweep, folders: Iterator[Folder], *, size: int) -> None:
    """Go through these folders with so many processes, and see every one of them end."""
    crew = Crew(work, size)
    try:
        crew.work_through(folders)
    finally:
        crew.close()


@dataclass
class Hand:
    """One unlinking process, as the sweep sees it."""

    pid: int
    wait: Callable[[], object]
    source: Pipe
    target: Pipe
    chunks: int = 0
    is_flushed: bool = False
    # What it said while we were speaking.
    inbox: deque[tuple[dict[str, Any], bytes]] = field(default_factory=deque)

    def send(self, header: dict[str, Any]) -> None:
        """Listens meanwhile: a process that is busy sending reads nothing, and each would wait for the other."""
        left = memoryview(packed(header))
        both = select.poll()
        both.register(self.source, select.POLLIN)
        both.register(self.target, select.POLLOUT)
        while left:
            ready = dict(both.poll())
            if self.target.fileno() in ready:
                # A pipe that is ready takes this much at once.
                left = left[self._write(left[: select.PIPE_BUF]) :]
            else:
                self.inbox.append(self._read())

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """The next message; waits for it."""
        return self.inbox.popleft() if self.inbox else self._read()

    def _read(self) -> tuple[dict[str, Any], bytes]:
        message = self.source.receive()
        if message is None:
            raise OSError(errno.EPIPE, "파기 프로세스가 멈추었습니다.")
        return message

    def _write(self, data: memoryview) -> int:
        try:
            return os.write(self.target.fileno(), data)
        except BrokenPipeError as error:
            raise OSError(errno.EPIPE, "파기 프로세스가 멈추었습니다.") from error


class Crew:
    """Several unlinking processes. This side approves their blocks and never waits for one thing only."""

    def __init__(self, work: StorageSweep, size: int) -> None:
        self.work = work
        self.selector = selectors.DefaultSelector()
        self.blocks: dict[tuple[int, int], tuple[ManifestBlock, dict[str, Any]]] = {}
        self.asking: deque[tuple[Hand, dict[str, Any], bytes]] = deque()
        self.done: deque[tuple[ManifestBlock, Outcome, list[int]]] = deque()
        self.rechecks: dict[tuple[int, int], dict[int, str]] = {}
        self.stuck_since: float | None = None
        self.extra: deque[Folder] = deque()
        self.next_chunk = 0
        plan = {
            "root": work.storage.root,
            "layout": work.storage.layout,
            "timezone": work.storage.timezone,
            "now_us": work.sweeper.now_us,
            "policy": as_data(work.policy, None if self._needs_all_claims() else ()),
        }
        self.hands = [self._hire(plan) for _ in range(size)]

    def _needs_all_claims(self) -> bool:
        """Where the file name says the camera; else each folder brings its claims along."""
        return any(
            not any(name in {"camera", "path"} for part in variant.folders for _, name in part.tokens)
            for variant in self.work.layout.variants
        )

    def _hire(self, plan: dict[str, Any]) -> Hand:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        pid, wait = self._start(theirs_in, theirs_out)
        os.close(theirs_in)
        os.close(theirs_out)
        hand = Hand(pid, wait, Pipe(ours_in), Pipe(ours_out))
        hand.send(plan)
        self.selector.register(hand.source, selectors.EVENT_READ, hand)
        return hand

    def _start(self, source: int, target: int) -> tuple[int, Callable[[], object]]:
        """A forked process works at once; where threads forbid that, one is started from scratch."""
        kept = (self.work.held_locks.files.descriptor, self.work.camera_locks.files.descriptor)
        if unlinking_process.has_one_thread():
            pid = unlinking_process.fork(source, target, kept)
            return pid, lambda: os.waitpid(pid, 0)
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "footage.unlinking_process", str(os.getpid())],
            stdin=source,
            stdout=target,
            cwd=settings.BASE_DIR,
            env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
            pass_fds=kept,
        )
        return process.pid, process.wait

    def work_left(self) -> bool:
        return bool(self.asking or self.done or self.blocks or self.extra) or any(
            hand.chunks or not hand.is_flushed for hand in self.hands
        )

    def work_through(self, folders: Iterator[Folder]) -> None:
        is_exhausted = False
        while not is_exhausted or self.work_left():
            if not is_exhausted:
                is_exhausted = not self._feed(folders)
            elif self.extra:
                self._feed(iter(()))
            elif all(not hand.chunks for hand in self.hands):
                self._ask_to_flush()
            self._hear()
            self._approve_waiting()
            self._mark_done()

    def _feed(self, folders: Iterator[Folder]) -> bool:
        """Keep every hand supplied; False when there is nothing more to hand out."""
        for hand in self.hands:
            while hand.chunks < 2:
                chunk = self._next_chunk(folders)
                if not chunk:
                    return False
                self.next_chunk += 1
                hand.chunks += 1
                hand.is_flushed = False
                hand.send({"folders": chunk, "chunk": self.next_chunk})
        return True

    def _next_chunk(self, folders: Iterator[Folder]) -> list[Any]:
        chunk: list[Any] = []
        while len(chunk) < CHUNK_FOLDERS:
            folder = self.extra.popleft() if self.extra else next(folders, None)
            if folder is None:
                break
            claims = None if folder.claims is None else [list(claim) for claim in folder.claims]
            chunk.append([folder.path, claims])
        return chunk

    def _ask_to_flush(self) -> None:
        for hand in self.hands:
            if not hand.is_flushed and hand.chunks == 0:
                hand.chunks += 1
                hand.send({"flush": True})

    def _hear(self) -> None:
        patience = locks.POLL_SECONDS if self.asking or self.done else 5.0
        if not self.work_left():
            return
        heard = [hand for hand in self.hands if hand.inbox]
        for hand in heard or [key.data for key, _ in self.selector.select(patience)]:
            self._take(hand, *hand.receive())

    def _take(self, hand: Hand, header: dict[str, Any], body: bytes) -> None:
        if "block" in header:
            self.asking.append((hand, header, body))
        elif "unlinked" in header:
            # At once: somebody may hold the database and wait for this camera.
            self.work.camera_locks.release(self.blocks[hand.pid, header["unlinked"]][1]["cameras"])
        elif "done" in header:
            block, description = self.blocks.pop((hand.pid, header["done"]))
            self.done.append((block, Outcome(**header["outcome"]), description["cameras"]))
        elif "rechecked" in header:
            self.rechecks[hand.pid, header["rechecked"]] = {
                int(number): why for number, why in header["skip"].items()
            }
        elif "flushed" in header:
            hand.chunks -= 1
            hand.is_flushed = True
        else:
            hand.chunks -= 1
            self.work.findings.merge(header["findings"])
            for path, strange in header["subfolders"]:
                self._take_subfolder(path, strange)

    def _take_subfolder(self, path: str, strange: str) -> None:
        cursors = self.work.layout.top()
        for step in path.split("/"):
            cursors = self.work.layout.enter(cursors, step)
        folder = Folder(path, () if strange else cursors, strange=strange)
        if self.work.may_hold_due(folder):
            self.extra.append(folder)
        else:
            self.work.set_aside(folder)

    def _approve_waiting(self) -> None:
        for _ in range(len(self.asking)):
            hand, header, body = self.asking.popleft()
            skip: dict[int, str] = {}
            try:
                block = self.work.approve(header, body, self._recheck(hand, header, skip))
            except locks.Busy:
                self.asking.appendleft((hand, header, body))
                self._check_patience()
                return
            except OperationalError as error:
                raise DatabaseLost(str(error)) from error
            self.stuck_since = None
            self.blocks[hand.pid, header["block"]] = (block, header)
            hand.send({"go": header["block"], "skip": skip})

    def _recheck(
        self, hand: Hand, header: dict[str, Any], skip: dict[int, str]
    ) -> Callable[[dict[int, list[tuple[int, int]]]], None]:
        """Ask the process that planned a block which lines new holds cover. Rare, so the wait does not matter."""

        def recheck(holds: dict[int, list[tuple[int, int]]]) -> None:
            key = hand.pid, header["block"]
            spans = {str(camera): [list(span) for span in found] for camera, found in holds.items()}
            hand.send({"recheck": header["block"], "holds": spans})
            while key not in self.rechecks:
                self._take(hand, *hand.receive())
            skip.update(self.rechecks.pop(key))

        return recheck

    def _mark_done(self) -> None:
        while self.done:
            block, outcome, cameras = self.done[0]
            try:
                self.work.mark_done(block, outcome)
            except locks.Busy:
                self._check_patience()
                return
            self.done.popleft()
            self.stuck_since = None
            self.work.take_outcome(outcome, set(cameras))

    def _check_patience(self) -> None:
        now = time.monotonic()
        self.stuck_since = self.stuck_since or now
        if now - self.stuck_since > locks.DATABASE_PATIENCE_SECONDS and not self.blocks:
            raise DatabaseLost("데이터베이스가 계속 잠겨 있습니다.")

    def close(self) -> None:
        """End the processes and wait for them: the locks may only go when no one can unlink any more."""
        for hand in self.hands:
            hand.target.close()
        for hand in self.hands:
            hand.wait()
            hand.source.close()
        self.selector.close()
