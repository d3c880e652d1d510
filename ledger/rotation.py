"""Replacing the signing key: after people with access have left, or after an incident."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ledger import append, keys
from ledger.seal import seal
from ledger.verify_bundle import ROTATED

NEXT_KEY_NAME = "ledger-signing.next.pem"


def rotate(*, by: str, dry_run: bool = True) -> tuple[str, str]:
    """Seal with the key in use, retire it and sign with a new one from now on. Returns both key ids.

    The old private key is overwritten. The entry names both keys, so that the change itself is sealed.
    """
    old = keys.signing_key()
    new = keys.load(settings.KEY_STORE.read(NEXT_KEY_NAME, keys.new_private_pem))
    if dry_run:
        return old.id, new.id
    with transaction.atomic():
        # Nobody appends from here on, so that the old key's last head stands right before the entry.
        append.wait_for_turn()
        last = seal()
        keys.retire(old.public, (last.size, last.root))
        payload = {"old_key": old.id, "new_key": new.id, "last_size": last.size}
        append.record(ROTATED, actor=by, subject=f"key:{new.id}", payload=payload)
        # Last, inside the transaction: when the commit fails, the new key is in use without its entry, and
        # the old one is trusted as far as it signed. The other order could leave an entry about nothing.
        folder = Path(settings.KEY_STORE.folder)
        os.replace(folder / NEXT_KEY_NAME, folder / keys.KEY_NAME)
    keys.publish(new)
    return old.id, new.id
