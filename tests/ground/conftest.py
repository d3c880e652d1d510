"""An installation as set-up leaves it, for tests that start the real processes."""

import fcntl
import shutil

import pytest

from tests.ground.processes import manage


@pytest.fixture(scope="session")
def installation_made(tmp_path_factory, worker_id):
    """A folder as `make run` leaves it before it starts the three: migrated, static files collected.

    Made once for all test processes; nobody starts anything over it.
    """
    alone = worker_id == "master"
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    made = shared / "installation-made"
    with (shared / "installation.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = tmp_path_factory.mktemp("installation-draft")
            manage(draft, "migrate", "-v", "0")
            manage(draft, "collectstatic", "--noinput", "-v", "0")
            draft.rename(made)
    return made


@pytest.fixture(scope="module")
def installation(installation_made, tmp_path_factory):
    """A copy of its own for each module."""
    return shutil.copytree(installation_made, tmp_path_factory.mktemp("installation") / "data")
