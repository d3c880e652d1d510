"""Keeps agents from footage and from the data of persons outside their shifts (art. 18, 23(1)): the profile switches it."""

from collections.abc import Iterator
from functools import partial

from accounts.models import Officer
from casework.refusals import Refusal
from ordinance import parameters
from records.access import gates
from records.competence.gates import IN_NEED, liftable
from records.duty_enums import StaffKind
from records.models import StaffMember
from records.people import roster

GATE = "off_duty"
SWITCH = "duty_gate"


def gate(officer: Officer) -> Iterator[Refusal]:
    """Shut for an agent of the staff list who stands no shift now; nobody else is asked."""
    agents = StaffMember.objects.filter(officer=officer, kind=StaffKind.MONITORING_STAFF)
    if not agents.exists() or not parameters.value(SWITCH).value or roster.on_duty(officer):
        return
    yield Refusal(
        GATE,
        "근무 시간이 아니므로 영상과 개인정보를 볼 수 없습니다.",
        "조례 제18조·제23조제1항",
        f"근무표를 확인하십시오. 대신 선 근무라면 담당자가 근무표에 적어야 합니다. {IN_NEED}",
    )


def register() -> None:
    gates.register_personal(GATE, partial(liftable, GATE, gate), is_standing=True)
