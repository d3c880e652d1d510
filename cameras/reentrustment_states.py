"""The states of a request for re-entrustment and the steps between them."""

from cameras.enums import ReentrustmentEvent as Event
from cameras.enums import ReentrustmentState as State
from casework.moves import AllowedMove, StateTable

UNFINISHED = (State.ASKED, State.CONSENTED)
ARTICLE = "개인정보 보호법 제26조제6항"


class ReentrustmentTable(StateTable):
    def what_first(self, line: AllowedMove, state: str) -> str:
        if state in (State.REFUSED, State.ENDED):
            return "다시 하려면 새로 요청을 받아 기록하십시오."
        return super().what_first(line, state)


TABLE = ReentrustmentTable(
    (
        AllowedMove(Event.ASK, ("",), State.ASKED, ARTICLE),
        AllowedMove(Event.CONSENT, (State.ASKED,), State.CONSENTED, ARTICLE),
        AllowedMove(Event.REFUSE, (State.ASKED,), State.REFUSED, ARTICLE, is_forward=False),
        AllowedMove(Event.END, (State.CONSENTED,), State.ENDED, ARTICLE),
        AllowedMove(Event.LAPSE, UNFINISHED, State.ENDED, "조례 제11조", is_forward=False),
    ),
    states=State,
    events=Event,
)
