"""The test run is stricter than production: warnings are errors, our templates name nothing that is not there."""

from pathlib import Path

import pytest
from django.conf import settings

from tests import seed_rows, strict_templates
from tests.ledger.flush import ledger_tables_can_be_flushed  # noqa: F401 - a fixture for all tests

strict_templates.install()
_blocker = pytest.StashKey()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig):
    """The database of this process; what is in it now is what every test starts with."""
    with django_db_blocker.unblock():
        seed_rows.remember()
    pytestconfig.stash[_blocker] = django_db_blocker


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


@pytest.fixture
def project_folder() -> Path:
    return Path(settings.BASE_DIR)
