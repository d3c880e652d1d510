"""The gate that keeps agents from footage outside their shifts (ordinance art. 18, 23(1)): the profile switches it."""

from collections.abc import Iterator

from casework.refusals import Refusal
from ordinance import parameters
from records.access.gates import Wish
from records.duty_enums import StaffKind
from records.models import StaffMember
from records.people import roster

GATE = "off_duty"
SWITCH = "duty_gate"


def gate(wish: Wish) -> Iterator[Refusal]:
    """Shut for an agent of the staff list who stands no shift now; nobody else is asked."""
    agents = StaffMember.objects.filter(officer=wish.officer, kind=StaffKind.MONITORING_STAFF)
    if not agents.exists() or not parameters.value(SWITCH).value or roster.on_duty(wish.officer):
        return
    yield Refusal(
        GATE,
        "근무 시간이 아니므로 영상을 재생할 수 없습니다.",
        "조례 제18조·제23조제1항",
        "근무표를 확인하십시오. 대신 선 근무라면 담당자가 근무표에 적어야 합니다.",
    )
