"""The signing key: made at first use, kept outside the database, replaced by an act of its own.

Private keys stand in the key store (`DATA_DIR/keys`), the public one also in `DATA_DIR/ledger`, to be given
away. Public keys of earlier private keys stay in the key store as `ledger-retired-<key id>.pem`: what they
signed stays valid, and nothing in the database can make a key trusted.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction

from ledger import files
from ledger.append import record
from ledger.errors import LedgerError
from ledger.verify_bundle import head_message, key_id, read_public_key

KEY_NAME = "ledger-signing.pem"
NEXT_KEY_NAME = "ledger-signing.next.pem"
ROTATED = "ledger.key_rotated"


@dataclass(frozen=True)
class SigningKey:
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, size: int, root: str, at: str) -> str:
        return self.private.sign(head_message(size, root, at)).hex()


def signing_key() -> SigningKey:
    """The key of this deployment, made when there is none yet."""
    key = _load(settings.KEY_STORE.read(KEY_NAME, _new_private_pem))
    _publish(key)
    return key


def trusted_keys() -> dict[str, bytes]:
    """Public keys whose heads we accept, by key id. Never makes a key: checking must not change anything."""
    keys = {}
    folder = Path(settings.KEY_STORE.folder)
    with contextlib.suppress(FileNotFoundError):
        public = _load((folder / KEY_NAME).read_bytes()).public
        keys[key_id(public)] = public
    for path in sorted(folder.glob("ledger-retired-*.pem")):
        try:
            public = read_public_key(str(path))
        except (OSError, ValueError) as error:
            raise LedgerError(f"보관된 공개키를 읽을 수 없습니다: {path.name} ({error})") from error
        keys[key_id(public)] = public
    return keys


def rotate(*, by: str, dry_run: bool = True) -> tuple[str, str]:
    """Seal with the key in use, retire it and sign with a new one from now on. Returns both key ids.

    The old private key is overwritten. The entry names both keys, so that the change itself is sealed.
    """
    from ledger.seal import seal

    old = signing_key()
    new = _load(settings.KEY_STORE.read(NEXT_KEY_NAME, _new_private_pem))
    if dry_run:
        return old.id, new.id
    with transaction.atomic():
        seal()
        folder = Path(settings.KEY_STORE.folder)
        files.write_atomically(folder / f"ledger-retired-{old.id}.pem", public_pem(old.public))
        record(ROTATED, actor=by, subject=f"key:{new.id}", payload={"old_key": old.id, "new_key": new.id})
        # Last, inside the transaction: when the commit fails, the new key is in use without its entry, and
        # the old one is trusted all the same. The other order could leave an entry about nothing.
        os.replace(folder / NEXT_KEY_NAME, folder / KEY_NAME)
    _publish(new)
    return old.id, new.id


def public_pem(public: bytes) -> bytes:
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_key_file() -> Path:
    return Path(settings.DATA_DIR) / "ledger" / "public-key.pem"


def _new_private_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _load(pem: bytes) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise LedgerError(f"원장 서명 키({KEY_NAME})를 읽을 수 없습니다. 백업에서 되살리십시오.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerError(f"원장 서명 키({KEY_NAME})가 Ed25519 키가 아닙니다.")
    return SigningKey(key)


def _publish(key: SigningKey) -> None:
    """Keep the public key where it can be copied from; a full disk must not keep anyone from sealing."""
    path, pem = public_key_file(), public_pem(key.public)
    with contextlib.suppress(OSError):
        if not path.exists() or path.read_bytes() != pem:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomically(path, pem)
