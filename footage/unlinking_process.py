"""An unlinking process (`python -m footage.unlinking_process`): a `Sweeper` at the end of a pipe.

It knows neither Django nor the database. It holds the descriptors of the sweep's locks, so that the locks last as
long as it lives; and it asks the kernel to be killed with the sweep. So no unlink happens after the locks are gone.
The sweep's side is `footage.crew`. Messages are a JSON header and a body, each behind its length.
"""

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import struct
import sys
import traceback
from collections import deque
from collections.abc import Collection
from typing import Any

from footage.blocks import Batch, describe
from footage.layouts import Layout
from footage.retention import Claim, from_data
from footage.tree import Folder
from footage.unlinker import Sweeper

WAITING_BATCHES = 2
PR_SET_PDEATHSIG = 1


def packed(header: dict[str, Any], body: bytes = b"") -> bytes:
    """A message as it travels."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<II", len(text), len(body)) + text + body


class Pipe:
    """One end of a pipe, unbuffered: what `select` says of it is the whole truth."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def fileno(self) -> int:
        return self.descriptor

    def send(self, header: dict[str, Any], body: bytes = b"") -> None:
        left = memoryview(packed(header, body))
        while left:
            left = left[os.write(self.descriptor, left) :]

    def receive(self) -> tuple[dict[str, Any], bytes] | None:
        """The next message; None when the other side is gone."""
        lengths = self._read(8)
        if len(lengths) < 8:
            return None
        size, body_size = struct.unpack("<II", lengths)
        text, body = self._read(size), self._read(body_size)
        if len(text) < size or len(body) < body_size:
            return None
        return json.loads(text), body

    def _read(self, size: int) -> bytes:
        parts = []
        while size:
            part = os.read(self.descriptor, size)
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Worker:
    """The process: visits the folders that it is given, sends batches, unlinks those that come back."""

    def __init__(self, source: Pipe, target: Pipe, plan: dict[str, Any]) -> None:
        self.source, self.target = source, target
        self.layout = Layout(plan["layout"], plan["timezone"])
        self.sweeper = Sweeper(plan["root"], self.layout, from_data(plan["policy"]), now_us=plan["now_us"])
        self.waiting: dict[int, Batch] = {}
        self.folders: deque[tuple[int, list[Any]]] = deque()
        self.next_id = 0
        self.is_ended = False

    def run(self) -> None:
        while not self.is_ended:
            if self.folders and not self._has_message():
                self._visit(*self.folders.popleft())
            else:
                self._take_message()

    def _has_message(self) -> bool:
        return bool(select.select([self.source], [], [], 0)[0])

    def _take_message(self) -> None:
        message = self.source.receive()
        if message is None:
            self.is_ended = True
            return
        header, _ = message
        if "folders" in header:
            self.folders.append((header["chunk"], header["folders"]))
        elif "go" in header:
            self._unlink(header["go"], {int(number): why for number, why in header.get("skip", {}).items()})
        elif "recheck" in header:
            holds = {int(camera): [(a, b) for a, b in spans] for camera, spans in header["holds"].items()}
            covered = self.sweeper.recheck(self.waiting[header["recheck"]], holds)
            self.target.send({"rechecked": header["recheck"], "skip": covered})
        elif "flush" in header:
            while self.folders:
                self._visit(*self.folders.popleft())
            self.sweeper.flush()
            self._send_ready()
            self.target.send({"flushed": header["flush"]})
        else:
            self.is_ended = True

    def _visit(self, chunk: int, folders: list[Any]) -> None:
        subfolders = []
        for path, claims in folders:
            cursors = self.layout.top()
            for step in path.split("/") if path else []:
                cursors = self.layout.enter(cursors, step)
            found = tuple(Claim(*claim) for claim in claims) if claims is not None else None
            for folder in self.sweeper.visit(Folder(path, cursors, is_probe=True, claims=found)):
                subfolders.append([folder.path, folder.strange])
            self._send_ready()
        findings, self.sweeper.findings = self.sweeper.findings, type(self.sweeper.findings)()
        self.target.send({"visited": chunk, "findings": findings.as_data(), "subfolders": subfolders})

    def _send_ready(self) -> None:
        while self.sweeper.ready:
            batch = self.sweeper.ready.popleft()
            header, body = describe(batch, self.sweeper.policy.segment_us)
            self.next_id += 1
            self.waiting[self.next_id] = batch
            self.target.send({"block": self.next_id} | header, body)
            # Some batches may wait for their commit while the next is planned; not more, they hold descriptors.
            while len(self.waiting) > WAITING_BATCHES and not self.is_ended:
                self._take_message()

    def _unlink(self, block: int, skip: dict[int, str]) -> None:
        batch = self.waiting.pop(block)
        outcome = self.sweeper.unlink(batch, skip)
        # Whoever waits to place a hold need not wait for the disk.
        self.target.send({"unlinked": block})
        self.sweeper.settle(batch, outcome)
        self.target.send({"done": block, "outcome": outcome.as_data()})


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the sweep dies, however it dies."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def fork(source: int, target: int, kept: Collection[int]) -> int:
    """The same process as a child of this one, at once instead of after the imports; returns its number.

    Only where nobody else's thread may hold a lock of the interpreter at that moment (`has_one_thread`). The child
    keeps stderr and the descriptors of its pipes and of `kept`, and never returns.
    """
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _leave_everything_behind({2, source, target, *kept})
        serve(parent, source, target)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # Without Python's clean-up: connections and files of the parent are not this process's to close.
        os._exit(status)


def has_one_thread() -> bool:
    return len(os.listdir("/proc/self/task")) == 1


def _leave_everything_behind(kept: Collection[int]) -> None:
    """No descriptor and no signal handler of the parent may act in the child."""
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))
    # Folders that are opened later must not come to stand where input and output are expected.
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1} - {nothing, *kept}:
        os.dup2(nothing, standard)
    if nothing > 2:
        os.close(nothing)


def serve(parent: int, source: int, target: int) -> None:
    """Work for the sweep at the other end of the pipes until it hangs up."""
    die_with_parent(parent)
    # Ctrl-C reaches the whole group; the sweep decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Millions of short-lived objects, none in cycles: looking for those would cost a tenth of the time.
    gc.disable()
    orders = Pipe(source)
    message = orders.receive()
    if message is not None:
        Worker(orders, Pipe(target), message[0]).run()


def main() -> None:
    serve(int(sys.argv[1]), 0, 1)


if __name__ == "__main__":
    main()
