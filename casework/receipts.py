"""접수번호 of what citizens send: short enough to read out on the telephone, and not to be guessed from another one."""

import datetime
import secrets
import unicodedata

# No 0/O, 1/I/L, U: nobody mistakes one for another when reading aloud.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6


def new_number(prefix: str, on: datetime.date) -> str:
    """`<prefix>261121-7KQ2MX`; some 700 million a day, the column's uniqueness catches the rest."""
    return f"{prefix}{on:%y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def typed(text: str) -> str:
    """A number or a code as it was given: without gaps, in capitals; full width and letters taken apart are the same."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\x00", "").upper()
