"""벽의 출석 코드: it changes every minute, so that a photograph of it passed on to somebody elsewhere is soon worth nothing.

What is shown is made of the session's own secret code and the minute; nothing is stored. A code counts for three minutes:
the time to take out the telephone and to log in.
"""

import datetime as dt

from django.utils.crypto import constant_time_compare, salted_hmac

from casework.receipts import ALPHABET
from records.models import TrainingSession

CHANGES_EVERY = dt.timedelta(minutes=1)
COUNTED = 3
LENGTH = 8
_SALT = "records.competence.wall_codes"


def shown(session: TrainingSession, at: dt.datetime) -> str:
    """What hangs on the wall at that moment."""
    return _code(session, _minute(at))


def is_current(session: TrainingSession, code: str, at: dt.datetime) -> bool:
    return any(constant_time_compare(code, _code(session, _minute(at) - ago)) for ago in range(COUNTED))


def _minute(at: dt.datetime) -> int:
    return int(at.timestamp() // CHANGES_EVERY.total_seconds())


def _code(session: TrainingSession, minute: int) -> str:
    digest = salted_hmac(_SALT, f"{session.pk}:{session.code}:{minute}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])
