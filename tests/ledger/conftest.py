"""Fixtures of the ledger's tests."""

import pytest

from config.keys import KeyStore


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    """Each test has a deployment of its own: its own signing key and its own copy of the leaves."""
    settings.DATA_DIR = tmp_path / "var"
    settings.KEY_STORE = KeyStore(tmp_path / "var" / "keys")
    return settings.DATA_DIR


@pytest.fixture
def without_leaf_copy(own_data_dir):
    """Call it to lose everything that stands beside the database, except the keys."""

    def remove() -> None:
        for path in (own_data_dir / "ledger").glob("leaves-*"):
            path.unlink()

    return remove
