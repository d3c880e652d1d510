"""The test run is stricter than production: warnings are errors, our templates name nothing that is not there."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from tests import second_run, seed_rows, strict_templates, template_database
from tests.ledger.flush import ledger_tables_can_be_flushed  # noqa: F401 - a fixture for all tests

strict_templates.install()
_blocker = pytest.StashKey()
_notes = second_run.Notes()
_skipped = set()


@pytest.fixture(scope="session", autouse=True)
def _flushed_without_migrating():
    """A flush tells all that follows a migration, which loads law, roles and pages: `seed_rows` puts the same rows back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
        yield


def pytest_sessionstart(session):
    if not hasattr(session.config, "workerinput"):
        with session.config.stash[blocking_manager_key].unblock():
            template_database.start(session.config)


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        with session.config.stash[blocking_manager_key].unblock():
            template_database.end(session.config)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, pytestconfig):
    """Where pytest-django asks how the database of this process is made: as a copy of one that is migrated."""
    with pytest.MonkeyPatch.context() as patch:
        template_database.copy_instead_of_migrating(patch, pytestconfig)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig):
    """The database of this process; what is in it now is what every test starts with."""
    with django_db_blocker.unblock():
        seed_rows.remember()
        if second_run.notes_folder() and not second_run.is_on():
            connection.execute_wrappers.append(_notes.hear)
    pytestconfig.stash[_blocker] = django_db_blocker


def pytest_collection_modifyitems(config, items):
    """The second run, on PostgreSQL, is about the database: what does not touch it has been tested by the first."""
    if not second_run.is_on():
        return
    chosen = second_run.choose([item for item in items if touches_the_database(item)])
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def touches_the_database(item) -> bool:
    uses = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or bool(
        uses & set(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """What a test of the first run sends to the database, for the choice of the second."""
    folder, started = second_run.notes_folder(), time.monotonic()
    try:
        return (yield)
    finally:
        if folder and not second_run.is_on():
            _notes.write(folder, item.nodeid, time.monotonic() - started, item in _skipped)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped:
        _skipped.add(item)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """After the fixtures of a transactional test, which empty the tables, the tables are filled again.

    Not after the last test of the process: its teardown has taken the database away.
    """
    try:
        return (yield)
    finally:
        blocker = item.config.stash.get(_blocker, None)
        if nextitem is not None and blocker is not None and seed_rows.is_transactional(item):
            with blocker.unblock():
                seed_rows.put_back()


@pytest.fixture(autouse=True)
def _media_of_this_test(settings, tmp_path):
    """Uploads and issued files of one test are gone with it."""
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture(autouse=True)
def _korean_again():
    """A request for an English page leaves its language to the thread that the next test runs in."""
    yield
    translation.deactivate()


@pytest.fixture
def project_folder() -> Path:
    return Path(settings.BASE_DIR)
