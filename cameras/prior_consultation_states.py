"""The states of a prior consultation and the steps between them."""

from cameras.enums import PriorConsultationEvent as Event
from cameras.enums import PriorConsultationState as State
from casework.moves import AllowedMove, StateTable

ARTICLE = "조례 제7조"
# Asked for and not taken back: what it says, or has still to say, counts.
STANDING = (State.ASKED, State.REPLIED)

TABLE = StateTable(
    (
        AllowedMove(Event.ASK, ("",), State.ASKED, ARTICLE),
        AllowedMove(Event.REPLY, (State.ASKED,), State.REPLIED, ARTICLE),
        AllowedMove(Event.WITHDRAW, STANDING, State.WITHDRAWN, ARTICLE, is_forward=False),
    ),
    states=State,
    events=Event,
)
