import pytest

from config.keys import KeyStore


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.VAULT_DIR = tmp_path / "vault"
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    return settings.VAULT_DIR
