"""The signing key: made at first use, kept outside the database, replaced by an act of its own (`ledger.rotation`).

Private keys stand in the key store (`DATA_DIR/keys`), the public one also in `DATA_DIR/ledger`, to be given
away. Public keys of earlier private keys stay in the key store as `ledger-retired-<key id>.pem`, each with the last
head that it signed: up to there it stays valid, beyond nothing of it is accepted. Nothing in the database can make a
key trusted or move its limit.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from ledger import files
from ledger.errors import LedgerError
from ledger.models import SignedHead
from ledger.verify_bundle import KEY_LIMIT, head_message, key_id, read_key_limit, read_public_key

KEY_NAME = "ledger-signing.pem"
RETIRED = "ledger-retired-"


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
    key = load(settings.KEY_STORE.read(KEY_NAME, new_private_pem))
    publish(key)
    return key


def trusted_keys() -> dict[str, bytes]:
    """Public keys whose heads we accept, by key id. Never makes a key: checking must not change anything."""
    keys = {}
    folder = Path(settings.KEY_STORE.folder)
    with contextlib.suppress(FileNotFoundError):
        public = load((folder / KEY_NAME).read_bytes()).public
        keys[key_id(public)] = public
    for path in _retired_files():
        try:
            public = read_public_key(str(path))
        except (OSError, ValueError) as error:
            raise LedgerError(f"보관된 공개키를 읽을 수 없습니다: {path.name} ({error})") from error
        keys[key_id(public)] = public
    return keys


def misfit() -> str:
    """Why the keys of this machine are not those of the ledger, in words; "" where they are or nothing is sealed."""
    last = SignedHead.objects.order_by("-size").values_list("size", "key_id").first()
    if last is None or last[1] in trusted_keys():
        return ""
    return (
        f"원장의 마지막 봉인(크기 {last[0]:,})에 서명한 열쇠가 이 기계의 열쇠 폴더({settings.KEY_STORE.folder})에 없습니다. "
        "한 데이터베이스를 쓰는 기계는 모두 같은 열쇠를 두어야 합니다."
    )


def limits() -> dict[str, tuple[int, str]]:
    """Of each retired key the last head that it may have signed, as (size, root).

    They stand in the files of the retired keys, so that whoever has stolen a key and may write the database gains
    nothing by signing with it after its end, nor by telling another story of the time before.
    """
    found = {}
    for path in _retired_files():
        if limit := read_key_limit(str(path)):
            found[key_id(read_public_key(str(path)))] = limit
    return found


def retire(public: bytes, last: tuple[int, str]) -> None:
    """Keep a public key with the last head that it vouches for; nothing beyond is accepted from it any more."""
    text = f"{KEY_LIMIT} {last[0]} {last[1]}\n".encode() + public_pem(public)
    files.write_atomically(Path(settings.KEY_STORE.folder) / f"{RETIRED}{key_id(public)}.pem", text)


def limit_retired(last: tuple[int, str]) -> None:
    """Keys that were retired before limits were kept, or put there by hand: what they signed so far is all."""
    for path in _retired_files():
        if read_key_limit(str(path)) is None:
            public = read_public_key(str(path))
            heads = SignedHead.objects.filter(key_id=key_id(public))
            head = heads.order_by("-size").values_list("size", "root").first()
            retire(public, head or last)


def _retired_files() -> list[Path]:
    return sorted(Path(settings.KEY_STORE.folder).glob(f"{RETIRED}*.pem"))


def public_pem(public: bytes) -> bytes:
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_key_file() -> Path:
    return Path(settings.DATA_DIR) / "ledger" / "public-key.pem"


def new_private_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def load(pem: bytes) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise LedgerError(f"원장 서명 키({KEY_NAME})를 읽을 수 없습니다. 백업에서 되살리십시오.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerError(f"원장 서명 키({KEY_NAME})가 Ed25519 키가 아닙니다.")
    return SigningKey(key)


def publish(key: SigningKey) -> None:
    """Keep the public key where it can be copied from; a full disk must not keep anyone from sealing."""
    path, pem = public_key_file(), public_pem(key.public)
    with contextlib.suppress(OSError):
        if not path.exists() or path.read_bytes() != pem:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomically(path, pem)
