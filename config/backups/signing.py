"""Who made a backup: its list is signed with the key that signs the ledger's heads.

Digests beside the data prove that nothing was damaged, not that nobody changed it: whoever may write to the disk of the
backups writes a new list with new digests. The key is not on that disk, so it is what tells. Where it is lost, or of a backup
from before there were signatures, the digest that `backup` printed does.
"""

import hmac
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from config.backups.copying import write_file
from config.backups.errors import Damaged, Refused
from config.backups.manifest import SIGNATURE_NAME
from ledger import keys
from ledger.errors import LedgerError

_DOMAIN = b"cctv backup list\n"
_SIGNATURE_LENGTH = 128


def sign(folder: Path, digest: str) -> None:
    """The signature of a list, beside it. OSError."""
    signature = keys.signing_key().private.sign(_DOMAIN + digest.encode())
    write_file(folder / SIGNATURE_NAME, f"{signature.hex()}\n".encode())


def check(folder: Path, digest: str, *, keys_folder: Path | None, told: str = "") -> str:
    """Damaged, Refused: the list is not what the office made, or nothing tells. Returns a key's id, or nothing.

    `told`: the digest as `backup` printed it and a person kept it. `keys_folder`: None takes this installation's keys.
    """
    if told:
        if not hmac.compare_digest(told.strip().lower().encode(), digest.encode()):
            raise Damaged("백업의 목록이 적어 주신 SHA-256과 다릅니다.")
        return ""
    signature = _signature(folder)
    key = _public(keys_folder or Path(settings.KEY_STORE.folder))
    if key is None:
        raise Refused(f"백업을 서명한 원장 열쇠가 없어 누가 만든 백업인지 확인할 수 없습니다. {REMEDY}")
    if signature is None:
        raise Refused(f"서명이 없는 백업입니다. {REMEDY}")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _DOMAIN + digest.encode())
    except InvalidSignature:
        raise Damaged("백업의 목록이 원장 열쇠의 서명과 맞지 않습니다. 누가 고친 백업입니다.") from None
    return keys.key_id(key)


REMEDY = "백업할 때 출력된 목록의 SHA-256을 --manifest-sha256으로 주십시오."


def _public(folder: Path) -> bytes | None:
    try:
        return keys.load((folder / keys.KEY_NAME).read_bytes()).public
    except (OSError, LedgerError):
        return None


def _signature(folder: Path) -> bytes | None:
    try:
        with open(folder / SIGNATURE_NAME, "rb") as handle:
            return bytes.fromhex(handle.read(_SIGNATURE_LENGTH).decode("ascii"))
    except (OSError, ValueError):
        return None
