"""Production settings: nothing is left to chance, and Django's own check finds nothing to say."""

from types import SimpleNamespace

import pytest

from config import checks
from config.checks import check_transport
from tests.ground.processes import manage

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a-long-and-random-key-of-a-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
    "ALLOWED_HOSTS": "cctv.gangseo.example",
    "PUBLIC_URL": "https://cctv.gangseo.example",
    "STORAGE_ROOTS": "/srv/recorders",
}


def test_check_deploy_is_clean(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "DEBUG", check=False, **PRODUCTION)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no issues (0 silenced)" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("url", "word"),
    [("rediss://mq/0", ""), ("amqp://mq//", ""), ("sqs://mq", "botocore"), ("carrier-pigeon://mq", "pigeon")],
)
def test_the_check_loads_what_speaks_to_the_broker(settings, url, word):
    settings.BROKER_URL = url
    told = check_transport()
    assert bool(told) == bool(word)
    assert all(word in message.msg and message.is_serious() for message in told)


def test_the_check_says_which_part_of_a_library_is_missing(settings, monkeypatch):
    """As redis without async-timeout on Debian's Python: it is there, and cannot be loaded."""
    from kombu.transport import redis

    def broken(name):
        raise ModuleNotFoundError(f"No module named 'async_timeout' ({name})")

    monkeypatch.setattr(redis, "redis", None)
    monkeypatch.setattr(checks, "importlib", SimpleNamespace(import_module=broken))
    settings.BROKER_URL = "redis://mq/0"
    assert "async_timeout" in check_transport()[0].msg


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "PUBLIC_URL", "STORAGE_ROOTS"]
)
def test_what_must_be_set_is_asked_for_by_name(tmp_path, name):
    result = manage(tmp_path, "check", check=False, **{**PRODUCTION, name: ""})
    assert result.returncode != 0
    assert f"{name} must be set" in result.stderr


def test_sqlite_waits_for_its_writer_and_survives_power_loss(settings):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own settings")
    options = connection.settings_dict["OPTIONS"]
    assert options["timeout"] >= 20
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "ATOMIC_REQUESTS" not in {key for key, value in connection.settings_dict.items() if value}


@pytest.mark.django_db(transaction=True)
def test_sqlite_runs_as_configured():
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own settings")
    with connection.cursor() as cursor:
        values = {}
        for name in ("journal_mode", "synchronous", "recursive_triggers", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            values[name] = cursor.fetchone()[0]
    assert values["journal_mode"] == "wal"
    assert values["synchronous"] == 2
    assert values["recursive_triggers"] == 1
    assert values["busy_timeout"] >= 20_000
