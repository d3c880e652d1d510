"""What the portal itself has to say on the first page."""

import datetime
from collections.abc import Iterator
from typing import Any

from ordinance.due import DueItem, Severity
from portal import reminders


def unsent_reminders(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    """For those who keep the accounts; an address or a mail server may be wrong."""
    count = reminders.failures(now).count()
    if count:
        yield DueItem(
            "portal.reminders",
            "할 일 메일을 보내지 못한 담당자가 있습니다",
            "메일 주소나 메일 서버 설정을 확인하고 다시 보내십시오.",
            Severity.OVERDUE,
            "agenda:delivery",
            count=count,
        )
