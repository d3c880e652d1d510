"""The key of each case, wrapped by a master key that lies outside the database. Without it nothing of a case opens.

`vault_master` of the key store may hold several lines `id:key`: the first wraps, all unwrap. `rotate` puts a new one on top,
wraps the cases' keys again and takes the old ones away; no kept file is touched.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from accounts.encryption import new_key_line
from footage.models import VaultCase
from footage.vault.containers import KEY_BYTES, NONCE_BYTES
from ledger.append import record

MASTER = "vault_master"


class CaseKeyUnavailable(Exception):
    """The key of a case was destroyed, or is not wrapped by any master key of this deployment."""


def new(case: VaultCase) -> None:
    """A fresh key for a case that is not stored yet."""
    name, master = next(iter(_masters().items()))
    case.master_id, case.wrapped_key = name, _wrapped(master, secrets.token_bytes(KEY_BYTES), case)


def of(case: VaultCase) -> bytes:
    """The case's key. `CaseKeyUnavailable` where it was destroyed or the master key is not here."""
    master = _masters().get(case.master_id)
    if not case.wrapped_key:
        raise CaseKeyUnavailable("사건의 열쇠를 파기했습니다. 사본은 다시 열 수 없습니다.")
    if master is None:
        raise CaseKeyUnavailable("보관함 열쇠 파일(vault_master)에 이 사건의 열쇠를 싼 열쇠가 없습니다.")
    sealed = bytes(case.wrapped_key)
    try:
        return AESGCM(master).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(case))
    except InvalidTag as error:
        raise CaseKeyUnavailable("사건의 열쇠가 이 사건의 것이 아니거나 고쳐졌습니다.") from error


def rotate(*, actor: str) -> int:
    """Wrap the keys of all cases with a new master key; how many there were. Safe to run again after a crash."""
    settings.KEY_STORE.write(MASTER, new_key_line() + _stored())
    name, master = next(iter(_masters().items()))
    with transaction.atomic():
        cases = list(VaultCase.objects.select_for_update().filter(destroyed_at=None))
        for case in cases:
            case.wrapped_key, case.master_id = _wrapped(master, of(case), case), name
            case.save(update_fields=["wrapped_key", "master_id"])
        record("footage.vault_rewrapped", actor=actor, subject="footage:vault", payload={"cases": len(cases)})
    settings.KEY_STORE.write(MASTER, _stored().splitlines(keepends=True)[0])
    return len(cases)


def _wrapped(master: bytes, key: bytes, case: VaultCase) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, _place(case))


def _place(case: VaultCase) -> bytes:
    """A wrapped key that is copied to another case opens nothing."""
    return f"footage_vaultcase|{case.folder.hex}|{case.reference}".encode()


def _stored() -> bytes:
    stored: bytes = settings.KEY_STORE.read(MASTER, new_key_line, is_once=True)
    return stored


def _masters() -> dict[str, bytes]:
    found = {}
    for line in _stored().decode().split():
        name, _, key = line.partition(":")
        found[name] = base64.b64decode(key)
    return found
