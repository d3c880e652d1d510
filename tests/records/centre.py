"""Staff, roster, handover and incidents for tests: through the domain's own functions."""

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from cameras.models import Camera
from ordinance.periods import SEOUL
from records.duty_enums import DutyPattern, StaffKind, VisitKind
from records.models import (
    CameraTurn,
    DutyRota,
    DutyShift,
    DutySwap,
    Incident,
    ShiftHandover,
    StaffMember,
    Visit,
)
from records.people import handover, incident_log, roster, staffing, turns, visits
from tests.accounts.factories import OfficerFactory

_numbers = count(1)


def at(text: str) -> dt.datetime:
    """A moment in Seoul: "2026-11-30 22:00"."""
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)


def person(**values: Any) -> StaffMember:
    number = f"T{next(_numbers)}"
    return StaffMember.objects.create(
        **{
            "number": number,
            "name": f"사람{number}",
            "kind": StaffKind.MONITORING_STAFF,
            "order_document": "총무과-1",
            **values,
        }
    )


def shift(staff: StaffMember, start: str, end: str) -> DutyShift:
    return DutyShift.objects.create(staff=staff, starts_at=at(start), ends_at=at(end))


def rota(**values: Any) -> DutyRota:
    return DutyRota.objects.create(
        **{
            "name": f"관제 {next(_numbers)}조",
            "pattern": DutyPattern.FOUR_IN_THREE,
            "first_shift_at": dt.time(6),
            "anchor_on": dt.date(2026, 11, 1),
            **values,
        }
    )


@dataclass
class Centre:
    rota: DutyRota
    agent: StaffMember
    shift: DutyShift
    swap: DutySwap
    handover: ShiftHandover
    incident: Incident
    turn: CameraTurn


def _member(officer: Officer, own: DutyRota, official: Officer) -> StaffMember:
    """The person of this account: as the list has them already, or new."""
    values = {
        "name": "이도현",
        "kind": StaffKind.MONITORING_STAFF,
        "rota": own,
        "team": 1,
        "order_document": "총무과-1",
    }
    known = StaffMember.objects.filter(officer=officer).first()
    if known is not None:
        return staffing.change(known, values, by=official)
    return staffing.enter({**values, "number": f"G{next(_numbers)}", "officer": officer}, by=official)


def a_centre(camera: Camera, agent: Officer, official: Officer) -> Centre:
    """Two agents; one stood yesterday and stands tomorrow, and asks the other to take that."""
    own = rota()
    colleague = OfficerFactory(role=Role.MONITORING_AGENT)
    first, second = (_member(officer, own, official) for officer in (agent, colleague))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    day = dt.timedelta(days=1)
    before = roster.add_shift(first, now - day, now - day / 2, label="주간", by=official)
    ahead = roster.add_shift(first, now + day, now + day * 1.5, label="주간", by=official)
    return Centre(
        own,
        first,
        ahead,
        roster.ask_swap(ahead, second, by=agent),
        handover.give(
            before.ends_at, happened="특이사항 없음", equipment="정상", ticked=handover.questions(), by=agent
        ),
        incident_log.enter(
            {"noticed_at": now, "camera": camera, "kind": "절도 의심", "body_told": "112", "told_at": now},
            by=agent,
        ),
        turns.enter({"camera": camera, "turned_at": now, "reason": "범죄 의심"}, by=agent),
    )


def a_visit(*, by: Officer | None = None, **values: Any) -> Visit:
    """Somebody applies to come tomorrow for two hours."""
    start = timezone.now() + dt.timedelta(days=1)
    given = {
        "kind": VisitKind.VISIT,
        "organisation": "강서구의회",
        "name": "김방문",
        "phone": "02-000-0000",
        "purpose": "현황 청취",
        "planned_from": start,
        "planned_until": start + dt.timedelta(hours=2),
    }
    return visits.apply({**given, **values}, by=by)
