"""One command that starts web server, worker and scheduler, and stops them together.

    PORT=8000 .venv/bin/python -m config.run

The three are children of this process, each with a process group of its own. They end together: on Ctrl-C, on
SIGTERM, when one of them dies, and when this process is killed (the kernel then signals them). Whoever does not
leave within the time given is killed with everything that it started, so no process is ever left over. Killing
a sweep is safe by design: the next one finishes its open manifest (docs/footage.md).
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.db import DatabaseError

from accounts.korean import josa
from config.errors import Unusable
from config.serve import address, say
from config.state_files import close_to_others

WORKER_PROCESSES = 2
READY_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 15.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
DEMO_ACCOUNTS_FILE = "demo-accounts.txt"


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]

    def is_group_alive(self) -> bool:
        """Whether anything that it started still runs, even when it is gone itself."""
        self.process.poll()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 0)
            return True
        return False

    def signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"{host}의 {port}번 포트를 쓸 수 없습니다 ({error.strerror}). "
                f"이미 실행 중이 아니라면 다른 포트로 시작하세요: PORT={min(port + 1, 65535)} make run"
            ) from error


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[IO[str]]:
    """Two schedulers over one folder would send every task twice."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unusable(f"이 자료 폴더로 이미 실행 중입니다: {data_dir}") from error
        yield lock


def queues() -> str:
    """The default queue, and those of the storages registered so far: this machine owns all the disks."""
    from footage.models import Storage  # after django.setup()

    try:
        named = set(Storage.objects.exclude(queue="").values_list("queue", flat=True))
    except DatabaseError as error:
        raise Unusable(
            f"데이터베이스를 쓸 수 없습니다. 먼저 manage.py migrate 를 실행하세요. ({error})"
        ) from error
    return ",".join(sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *named}))


def commands() -> dict[str, list[str]]:
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config"]
    worker = ["worker", f"--concurrency={WORKER_PROCESSES}", "--queues", queues(), "--loglevel=WARNING"]
    worker += ["--hostname=worker@localhost", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [sys.executable, "-m", "config.serve"],  # HOST and PORT come from the same environment
        "worker": [*celery, *worker],
        "beat": [*celery, "beat", "--loglevel=WARNING", "--pidfile="],
    }


def _die_with_parent() -> None:
    """Runs in the child before its program: SIGTERM when this process is gone, however it went."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(name: str, command: list[str]) -> Child:
    process = subprocess.Popen(  # noqa: S603 - the commands are ours
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this process, which stops the others in order
        preexec_fn=_die_with_parent,
    )
    return Child(name, process)


def stop(children: list[Child]) -> None:
    """Ask, wait, and kill what is left, children of children included."""
    for child in children:
        if child.process.poll() is None:
            child.ask_to_stop()
        else:
            child.signal_group(signal.SIGKILL)  # nobody is left to tell its pool to stop
    _wait_until_gone(children, STOP_WITHIN_SECONDS)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for child in children:
            child.signal_group(number)
        _wait_until_gone(children, 3.0)


def _wait_until_gone(children: list[Child], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(child.is_group_alive() for child in children):
        time.sleep(0.05)


def is_ready(host: str, port: int) -> bool:
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    request = urllib.request.Request(f"http://{local}:{port}/portal/login/", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        # It answers, if with an error: that is in its log, and stopping would hide it.
        return True
    except (OSError, ValueError):
        return False


def announce(host: str, port: int) -> None:
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - as above
    say(f"\n  누리집        http://{shown}:{port}/")
    say(f"  업무 포털     http://{shown}:{port}/portal/")
    accounts = settings.DATA_DIR / DEMO_ACCOUNTS_FILE
    if accounts.exists():
        say("\n" + accounts.read_text(encoding="utf-8", errors="replace").rstrip())
    say("\n  멈추려면 Ctrl-C\n")


def supervise(host: str, port: int, stopped: list[int]) -> int:
    """Run the three until a signal comes or one of them ends; the exit status of the whole."""
    children: list[Child] = []
    try:
        for name, command in commands().items():
            children.append(start(name, command))
        announced = False
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not stopped:
            dead = next((child for child in children if child.process.poll() is not None), None)
            if dead is not None:
                say(
                    f"{dead.name}{josa(dead.name, '이/가')} 끝났습니다 (상태 {dead.process.returncode}). 모두 멈춥니다."
                )
                return 1
            if not announced and is_ready(host, port):
                announce(host, port)
                announced = True
            if not announced and time.monotonic() > deadline:
                say("웹 서버가 응답하지 않습니다. 모두 멈춥니다.")
                return 1
            time.sleep(0.2)
        say("멈추는 중입니다…")
        return 0
    finally:
        stop(children)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    stopped: list[int] = []
    for number in STOP_SIGNALS:
        signal.signal(number, lambda received, frame: stopped.append(received))
    try:
        host, port = address()
        refuse_taken_port(host, port)
        os.environ.setdefault("PUBLIC_URL", f"http://localhost:{port}")
        django.setup()
        from config import maintenance  # after django.setup()

        with only_one(settings.DATA_DIR), maintenance.hold(settings.DATA_DIR):
            close_to_others(settings.DATA_DIR)
            return supervise(host, port, stopped)
    except Unusable as reason:
        say(str(reason))
        return 2


if __name__ == "__main__":
    sys.exit(main())
