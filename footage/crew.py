"""Several unlinking processes for one storage's sweep, seen from the sweep's side.

Part of the design that `footage.destruction` opens with. The processes plan and unlink; approving a block, and with
it the database, stays on this side.
"""

import errno
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError

from footage import locks
from footage.blocks import Outcome
from footage.errors import DatabaseLost
from footage.models import ManifestBlock
from footage.retention import as_data
from footage.tree import Folder
from footage.unlinking_process import Pipe

if TYPE_CHECKING:
    from footage.storage_sweep import StorageSweep

CHUNK_FOLDERS = 24


@dataclass
class Hand:
    """One unlinking process, as the sweep sees it."""

    process: subprocess.Popen[bytes]
    source: Pipe
    target: Pipe
    chunks: int = 0
    is_flushed: bool = False


class Crew:
    """Several unlinking processes. This side approves their blocks and never waits for one thing only."""

    def __init__(self, work: "StorageSweep", size: int) -> None:
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
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "footage.unlinking_process", str(os.getpid())],
            stdin=theirs_in,
            stdout=theirs_out,
            cwd=settings.BASE_DIR,
            env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
            pass_fds=(self.work.held_locks.files.descriptor, self.work.camera_locks.files.descriptor),
        )
        os.close(theirs_in)
        os.close(theirs_out)
        hand = Hand(process, Pipe(ours_in), Pipe(ours_out))
        self._send(hand, plan)
        self.selector.register(hand.source, selectors.EVENT_READ, hand)
        return hand

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
                self._send(hand, {"folders": chunk, "chunk": self.next_chunk})
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
                self._send(hand, {"flush": True})

    def _send(self, hand: Hand, header: dict[str, Any]) -> None:
        try:
            hand.target.send(header)
        except BrokenPipeError as error:
            raise OSError(errno.EPIPE, "파기 프로세스가 멈추었습니다.") from error

    def _hear(self) -> None:
        patience = locks.POLL_SECONDS if self.asking or self.done else 5.0
        if not self.work_left():
            return
        for key, _ in self.selector.select(patience):
            hand: Hand = key.data
            message = hand.source.receive()
            if message is None:
                raise OSError(errno.EPIPE, "파기 프로세스가 멈추었습니다.")
            self._take(hand, *message)

    def _take(self, hand: Hand, header: dict[str, Any], body: bytes) -> None:
        if "block" in header:
            self.asking.append((hand, header, body))
        elif "done" in header:
            block, description = self.blocks.pop((hand.process.pid, header["done"]))
            outcome = Outcome(**header["outcome"])
            # At once: somebody may hold the database and wait for this camera.
            self.work.camera_locks.release(description["cameras"])
            self.done.append((block, outcome, description["cameras"]))
        elif "rechecked" in header:
            self.rechecks[hand.process.pid, header["rechecked"]] = {
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
            self.blocks[hand.process.pid, header["block"]] = (block, header)
            self._send(hand, {"go": header["block"], "skip": skip})

    def _recheck(
        self, hand: Hand, header: dict[str, Any], skip: dict[int, str]
    ) -> Callable[[dict[int, list[tuple[int, int]]]], None]:
        """Ask the process that planned a block which lines new holds cover. Rare, so the wait does not matter."""

        def recheck(holds: dict[int, list[tuple[int, int]]]) -> None:
            key = hand.process.pid, header["block"]
            spans = {str(camera): [list(span) for span in found] for camera, found in holds.items()}
            self._send(hand, {"recheck": header["block"], "holds": spans})
            while key not in self.rechecks:
                message = hand.source.receive()
                if message is None:
                    raise OSError(errno.EPIPE, "파기 프로세스가 멈추었습니다.")
                self._take(hand, *message)
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
            hand.process.wait()
            hand.source.close()
        self.selector.close()
