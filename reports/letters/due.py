"""Letters that have their number and have not left: one line in the list of what is to do."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Min
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from ordinance.due import DueItem, Severity
from reports.letters.kinds import KINDS
from reports.letters.outgoing import ARTICLE
from reports.letters.waiting import unsent as waiting_letters

CODE = "reports.unsent_letters"
SEND = "reports.send_letter"
# A letter that lies for longer has been forgotten.
LONGEST_DAYS = 3


def unsent(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    waiting = waiting_letters()
    if officer is not None and officer.has_perm(SEND):
        # A letter is sent by those who deal with its matter; the others' letters are the others' task.
        own = [code for code, kind in KINDS.items() if officer.has_perm(kind.permission)]
        waiting = waiting.filter(kind__in=own)
    count = waiting.count()
    if not count:
        return
    since = waiting.aggregate(first=Min("numbered_at"))["first"]
    is_late = since is not None and timezone.localdate(now) - timezone.localdate(since) > dt.timedelta(
        days=LONGEST_DAYS
    )
    yield DueItem(
        CODE,
        f"번호를 받고 발송을 기록하지 않은 공문이 {count:,}건 있습니다",
        "보낸 공문은 발송 방법과 증빙을 기록하고, 보내지 않을 공문은 까닭을 적습니다.",
        Severity.OVERDUE if is_late else Severity.DUE,
        url=f"{_list()}?state=waiting",
        count=count,
        article=ARTICLE,
        since=since,
        key=CODE,
        kind="공문",
    )


def _list() -> str:
    try:
        return reverse("documents:list")
    except NoReverseMatch:
        return ""
