"""Digests of what stands outside the ledger and may have to be erased.

A line of the ledger holds no text about a person, and cannot be erased. What a row says is proved by a digest in the
line all the same: over the row's facts and a random salt that stands in the row. When the text is erased the salt goes
with it, and then nobody can find out by trying what the text was, however short it was.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ledger.canonical import payload_text

SALT_LENGTH = 32


def new_salt() -> str:
    return secrets.token_hex(SALT_LENGTH // 2)


def of_text(salt: str, text: str) -> str:
    if len(salt) != SALT_LENGTH:
        raise ValueError("a digest without its salt could be guessed")
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def of_facts(salt: str, facts: Mapping[str, Any]) -> str:
    """Of a whole row, under `content_digest`; `facts` in the ledger's canonical form."""
    return of_text(salt, payload_text(facts))
