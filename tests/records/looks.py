"""Looks at footage, as officers ask for them."""

from datetime import datetime
from typing import Any

from accounts.models import Officer
from accounts.roles import Role
from records.access import cases, looks
from records.access.gates import Wish
from records.look_enums import LookCase, LookStep
from records.models import FootageLook, ViewingRequest
from tests.accounts.factories import OfficerFactory
from tests.records.people import competent

SESSION = "s" * 32


def official() -> Officer:
    """Taught and sworn in: nobody else is let in."""
    return competent(OfficerFactory(role=Role.OFFICIAL))


def wish(officer: Officer, row: Any, kind: str = LookCase.VIEWING, **changes: Any) -> Wish:
    """The whole of what the matter holds, to look for what is asked."""
    case = cases.find(kind, row.pk)
    assert case is not None
    ranges = tuple((one, one.from_at, one.until_at) for one in case.ranges())
    given = {"step": LookStep.SEARCH, "purpose": "청구한 시간의 영상이 있는지 확인", "ranges": ranges}
    return Wish(officer, case, **{**given, **changes})


def opened(officer: Officer, request: ViewingRequest, **changes: Any) -> FootageLook:
    return looks.open_looks(wish(competent(officer), request, **changes), session_key=SESSION)[0]


def span(look: FootageLook) -> tuple[datetime, datetime]:
    return look.from_at, look.until_at
