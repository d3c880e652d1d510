import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.footage.factories import Recorder
from tests.footage.ready import Ready, Started


@pytest.fixture
def recorder(db, tmp_path) -> Recorder:
    return Recorder(tmp_path / "nvr")


class Shell:
    """manage.py as a process of its own, on the database of this test."""

    @property
    def environment(self) -> dict[str, str]:
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            url = f"sqlite:///{name}"
        else:
            given = connection.settings_dict
            url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
        return os.environ | {
            "DATABASE_URL": url,
            "DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONFAULTHANDLER": "1",
        }

    def start(self, *arguments: str, **kwargs) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **kwargs,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        process = self.start(*arguments)
        out, err = self.end(process)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def end(self, process: subprocess.Popen) -> tuple[str, str]:
        """Wait for a process; one that hangs tells where."""
        try:
            return process.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)
            _, err = process.communicate()
            pytest.fail(f"{process.args} hung:\n{err}")

    def json(self, *arguments: str) -> dict:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def shell(transactional_db) -> Shell:
    return Shell()


class ReadyShell(Shell):
    """The same commands, forked from a process that has loaded them in the environment of the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ready: Ready | None = None

    def start(self, *arguments: str, **kwargs) -> Started:
        self.ready = self.ready or Ready(settings.BASE_DIR, self.environment, self.folder)
        return self.ready.start(*arguments)


@pytest.fixture
def ready_shell(transactional_db, tmp_path_factory) -> Iterator[ReadyShell]:
    """For tests that start one command very often."""
    shell = ReadyShell(tmp_path_factory.mktemp("ready"))
    yield shell
    if shell.ready:
        shell.ready.end()


@pytest.fixture
def real_recorder(transactional_db, tmp_path) -> Recorder:
    """A recorder on record in the committed database, for tests with several processes."""
    return Recorder(tmp_path / "nvr")


@pytest.fixture
def memory_folder(tmp_path) -> Path:
    return tmp_path
