"""Beat sends, the broker carries, the worker does: with real processes, over every broker that answers."""

import os
import shutil
import socket
import sys
import time
import uuid
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from tests.ground.processes import free_port, started, wait_for

BROKERS = {
    "filesystem": "filesystem://",
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15"),
    "rabbitmq": os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
}
APP = "tests.ground.quick_beat:app"


@pytest.fixture(params=BROKERS)
def broker(request):
    """The broker's address; the test is left out, visibly, where the machine has none."""
    url = BROKERS[request.param]
    parts = urlsplit(url)
    if parts.hostname:
        port = parts.port or (6379 if parts.scheme.startswith("redis") else 5672)
        try:
            socket.create_connection((parts.hostname, port), timeout=2).close()
        except OSError:
            pytest.skip(f"{request.param} is not reachable at {parts.hostname}:{port}")
    return url


@pytest.fixture
def queue(broker):
    """A queue of this test alone, taken away from a shared broker afterwards."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    if not broker.startswith("filesystem"):
        with Connection(broker) as connection:
            connection.channel().queue_delete(name)


def test_beat_and_worker_over(broker, queue, tmp_path):
    data_dir = tmp_path / "data"
    settings = {
        "BROKER_URL": broker,
        "DEFAULT_QUEUE": queue,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", APP]
    worker = [
        *celery,
        "worker",
        "--concurrency=1",
        "--queues",
        queue,
        "--loglevel=WARNING",
        "--without-mingle",
    ]
    beat = [*celery, "beat", "--loglevel=WARNING", "--pidfile="]
    alive = data_dir / "alive"
    with (
        started(*worker, data_dir=data_dir, log=tmp_path / "worker.log", **settings) as working,
        started(*beat, data_dir=data_dir, log=tmp_path / "beat.log", **settings) as beating,
    ):
        try:
            wait_for(alive.exists, 60, "the first task")
            first = datetime.fromisoformat(alive.read_text())
            wait_for(lambda: datetime.fromisoformat(alive.read_text()) > first, 30, "the second task")
        except AssertionError as error:
            logs = [(tmp_path / f"{name}.log").read_text()[-2000:] for name in ("worker", "beat")]
            raise AssertionError("\n".join(logs)) from error
        assert working.poll() is None
        assert beating.poll() is None
    assert first.utcoffset() is not None


def test_a_message_is_never_seen_half_written(tmp_path):
    """What the filesystem transport of the package does not promise: the file appears with its content in it."""
    import config.celery  # noqa: F401 - puts our transport in place

    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    for folder in ("messages", "control"):
        (tmp_path / folder).mkdir()
    with Connection("filesystem://", transport_options=options) as connection:
        channel = connection.channel()
        assert type(channel).__name__ == "WholeMessageChannel"
        message = {"body": "내용", "properties": {"delivery_tag": "1"}}
        seen = []
        real_replace = os.replace

        def replace_and_look(draft, target):
            seen.append((os.path.getsize(draft), os.listdir(tmp_path / "messages")))
            real_replace(draft, target)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("config.broker.os.replace", replace_and_look)
            channel._put("q", message)
        assert len(seen) == 1
        size, names_before = seen[0]
        assert size > 0
        assert names_before == []
        assert channel._get("q") == message


@pytest.mark.soak
def test_a_broker_that_is_flushed_and_gone_and_back(tmp_path):
    """Worker and beat outlast it, and go on by themselves."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    redis = ("redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1")
    data_dir = tmp_path / "data"
    settings = {
        "BROKER_URL": f"redis://127.0.0.1:{port}/0",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", APP]
    worker = [*celery, "worker", "--concurrency=1", "--queues", "celery", "--loglevel=WARNING"]
    beat = [*celery, "beat", "--loglevel=WARNING", "--pidfile="]
    alive = data_dir / "alive"

    def a_new_sign(seconds):
        last = alive.read_text() if alive.exists() else ""
        wait_for(lambda: alive.exists() and alive.read_text() > last, seconds, "a sign of the worker")

    with (
        started(*worker, data_dir=data_dir, log=tmp_path / "worker.log", **settings) as working,
        started(*beat, data_dir=data_dir, log=tmp_path / "beat.log", **settings) as beating,
    ):
        with started(*redis, data_dir=tmp_path, log=tmp_path / "redis.log"):
            a_new_sign(120)
            with Connection(settings["BROKER_URL"]) as connection:
                connection.channel().client.flushall()
            a_new_sign(120)
        time.sleep(10)
        assert (working.poll(), beating.poll()) == (None, None)
        with started(*redis, data_dir=tmp_path, log=tmp_path / "redis-again.log"):
            a_new_sign(180)
            assert (working.poll(), beating.poll()) == (None, None)
