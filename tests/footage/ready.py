"""`manage.py` that has loaded everything: each command is a process of its own, forked from it.

For tests that start one command a hundred times, where loading it takes longer than what it does. What runs is killed and
waited for like any other process; its environment is the one in which this was started.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


class Ready:
    """The loaded process, as the test has it."""

    def __init__(self, root: Path, environment: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self.started = 0
        # manage.py starts the commands of the domain so.
        environment = environment | {"DOMAIN_ONLY": "1"}
        command = [sys.executable, "-m", "tests.footage.ready"]
        pipe = subprocess.PIPE
        self.loaded = subprocess.Popen(
            command, cwd=root, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1
        )

    def start(self, *arguments: str) -> "Started":
        self.started += 1
        files = [os.devnull, *(str(self.folder / f"{self.started}-{name}") for name in ("out", "err"))]
        return Started(self, self.ask({"arguments": arguments, "files": files}), arguments, files)

    def ask(self, order: dict[str, Any]) -> Any:
        self.loaded.stdin.write(json.dumps(order) + "\n")
        return json.loads(self.loaded.stdout.readline())

    def end(self) -> None:
        self.loaded.communicate()


class Started:
    """One command: as much of `subprocess.Popen` as tests use."""

    def __init__(self, ready: Ready, pid: int, arguments: tuple[str, ...], files: list[str]) -> None:
        self.ready, self.pid, self.args, self.files = ready, pid, arguments, files
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.ready.ask({"waits_for": self.pid})
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float = 90) -> tuple[str, str]:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(0.005)
        out, err = (Path(name).read_text() for name in self.files[1:])
        return out, err


# ---------------------------------------------------------------- the loaded process itself


def serve() -> None:
    import django

    django.setup()
    from django.core.management import load_command_class

    from config.command_line import run

    load_command_class("footage", "enforce_retention")
    for line in sys.stdin:
        order = json.loads(line)
        if "waits_for" in order:
            ended, status = os.waitpid(order["waits_for"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        elif not (answer := os.fork()):
            _become(order["files"])
            run(["manage.py", *order["arguments"]])
            sys.exit()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _become(files: list[str]) -> None:
    for number, name in enumerate(files):
        opened = os.open(name, os.O_RDWR | (os.O_CREAT if number else 0), 0o600)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    serve()
