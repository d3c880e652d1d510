"""`make run` after its set-up: three processes that start, serve and stop together."""

import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from config import growth
from tests.ground.processes import descendants, free_port, started, still_alive, wait_for

RUN = (sys.executable, "-m", "config.run")


@pytest.fixture
def running(installation, tmp_path):
    """The supervisor with its address and its family, ready to answer."""
    port = free_port()
    log = tmp_path / "run.log"
    with started(*RUN, data_dir=installation, log=log, PORT=str(port)) as process:
        wait_for(
            lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, 90, "the address to be printed"
        )
        assert process.poll() is None, log.read_text()
        # web, worker with its pool of two, beat
        family = wait_for(lambda: len(found := descendants(process.pid)) >= 5 and found, 30, "all processes")
        yield process, port, family, log


def fetch(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        return response.status, response.read().decode("utf-8", "replace")


def assert_all_gone(pids):
    wait_for(lambda: not still_alive(pids), 30, f"the end of {still_alive(pids)}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_the_portal_and_stops_whole(running, installation, number):
    process, port, family, log = running
    status, page = fetch(port, "/portal/login/")
    assert status == 200
    assert "비밀번호" in page
    style = next(part for part in page.split('"') if part.startswith("/static/") and ".css" in part)
    assert fetch(port, style)[0] == 200
    assert f"http://localhost:{port}/portal/" in log.read_text()
    process.send_signal(number)
    assert process.wait(40) == 0
    assert_all_gone(family)
    assert growth.unknown_in(installation) == set(), "config/growth.py says what ends each file and folder"


@pytest.mark.parametrize("part", ["config.serve", "worker", "beat"])
def test_when_one_dies_all_stop(running, part):
    process, _, family, log = running
    # The part itself, not one of its own children: numbers of processes start again from below.
    victim = next(pid for pid in children_of(process.pid) if part in command_of(pid).split("\0"))
    os.kill(victim, signal.SIGKILL)
    assert process.wait(60) == 1
    assert_all_gone(family)
    assert "모두 멈춥니다" in log.read_text()


def test_a_second_one_is_refused_and_nobody_is_left_when_the_supervisor_itself_is_killed(
    running, installation, tmp_path
):
    process, _, family, _ = running
    log = tmp_path / "second.log"
    with started(*RUN, data_dir=installation, log=log, PORT=str(free_port())) as second:
        assert second.wait(60) == 2
    assert "이미 실행 중" in log.read_text()
    assert process.poll() is None
    process.kill()
    assert_all_gone(family)


def children_of(pid):
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()


def test_a_taken_port_is_said_in_one_line(installation, tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        log = tmp_path / "run.log"
        with started(*RUN, data_dir=installation, log=log, PORT=str(port)) as process:
            assert process.wait(60) == 2
    assert f"{port}번 포트를 쓸 수 없습니다" in log.read_text()
    assert len(log.read_text().splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    log = tmp_path / "run.log"
    with started(*RUN, data_dir=tmp_path / "data", log=log, PORT=port) as process:
        assert process.wait(60) == 2
    assert "PORT는" in log.read_text()


def test_without_migrate_it_says_what_to_do(tmp_path):
    log = tmp_path / "run.log"
    with started(*RUN, data_dir=tmp_path / "data", log=log, PORT=str(free_port())) as process:
        assert process.wait(60) == 2
    assert "manage.py migrate" in log.read_text()


def test_static_files_of_packages_are_served_under_stable_names(installation):
    """The packages leave out files that they name; the collection survives it, ours are still checked."""
    names = {path.name.split(".")[0] for path in (installation / "static" / "vendor").rglob("*.css")}
    assert {"leaflet", "MarkerCluster", "component"} <= names
    manifest = (installation / "static" / "staticfiles.json").read_text()
    assert "vendor/leaflet/leaflet.js" in manifest
    assert "vendor/krds/img/img/" in manifest
