"""What proves that somebody sent a request: the claim code, and the form's own number.

Both are kept as digests under a key that stands outside the database, so that a copy of the database opens nothing.
The code follows from the form's number, which only the sender's browser still has: the same form sent again shows the
receipt again, for ten minutes.
"""

import base64
import uuid
from datetime import timedelta

from accounts.encryption import keyed_digest

CODE_LENGTH = 10
SHOWN_AGAIN_FOR = timedelta(minutes=10)


def digest_of_form(submission: uuid.UUID) -> str:
    return keyed_digest("viewing_form", str(submission))


def code_for(submission: uuid.UUID) -> str:
    """확인번호: what the citizen types beside the receipt number."""
    digest = keyed_digest("viewing_code", str(submission))
    return base64.b32encode(bytes.fromhex(digest)).decode("ascii")[:CODE_LENGTH]


def digest_of_code(receipt_number: str, code: str) -> str:
    """Of one request alone: carried over to another row, the digest fits no code any more.

    In two steps, so that the digests of before could be bound to their requests without the codes (migration 0015).
    """
    return keyed_digest(
        "viewing_claim_of", f"{receipt_number}\n{keyed_digest('viewing_claim', code.strip().upper())}"
    )
