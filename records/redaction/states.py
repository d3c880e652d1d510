"""The states of a redaction and the steps between them. Maker and checker are two persons (`records.redaction.steps`)."""

from casework.moves import AllowedMove, StateTable
from records.redaction_enums import RedactionEvent as Event
from records.redaction_enums import RedactionState as State

ARTICLE = "표준 개인정보 보호지침 제46조"

TABLE = StateTable(
    (
        AllowedMove(Event.PROPOSE, ("",), State.PROPOSED, ARTICLE),
        AllowedMove(Event.MAKE, (State.PROPOSED,), State.MAKING, ARTICLE),
        AllowedMove(Event.MADE, (State.MAKING,), State.CHECKING, ARTICLE),
        AllowedMove(Event.CHECK, (State.CHECKING,), State.CHECKED, ARTICLE),
        AllowedMove(Event.BROKEN, (State.MAKING,), State.PROPOSED, ARTICLE, is_forward=False),
        AllowedMove(Event.SEND_BACK, (State.CHECKING,), State.PROPOSED, ARTICLE, is_forward=False),
        AllowedMove(Event.DROP, (State.PROPOSED, State.CHECKING), State.DROPPED, ARTICLE, is_forward=False),
    ),
    states=State,
    events=Event,
)
