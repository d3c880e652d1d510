"""The ledger's witness as a matter of the office: on the first page at once, and as a finding from the next look on."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from casework.rules import LEDGER_WITNESSED
from ledger import witness
from ordinance import assessment
from ordinance.due import DueItem, Severity
from ordinance.models import Finding
from ordinance.parameters import active_profile
from ordinance.rules import Subject


def due_items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    if trouble := witness.trouble(now):
        yield DueItem(
            "casework.witness",
            "원장의 봉인이 증인 폴더에 쓰이지 않습니다",
            trouble[:300],
            Severity.FAILED,
            "ledger:continuity",
            article=LEDGER_WITNESSED.other_law,
        )


def watch() -> bool:
    """Open or close the finding when the witness fails or comes back; whether something changed."""
    is_open = Finding.objects.open().filter(rule__code=LEDGER_WITNESSED.code).exists()
    if is_open == bool(witness.trouble()):
        return False
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=[LEDGER_WITNESSED.code])
    return True
