"""The states of a public consultation and the steps between them; a draft is in no step yet, and may be thrown away."""

from cameras.enums import PublicConsultationEvent as Event
from cameras.enums import PublicConsultationState as State
from casework.moves import AllowedMove, StateTable

ARTICLE = "조례 제8조"

TABLE = StateTable(
    (
        AllowedMove(Event.PUBLISH, (State.DRAFT,), State.PUBLISHED, "행정절차법 제46조"),
        AllowedMove(Event.EXTEND, (State.PUBLISHED,), State.PUBLISHED, ARTICLE, is_forward=False),
        AllowedMove(Event.CLOSE, (State.PUBLISHED,), State.CLOSED, ARTICLE, is_forward=False),
        AllowedMove(Event.PUBLISH_RESULT, (State.PUBLISHED, State.CLOSED), State.RESULT, ARTICLE),
        AllowedMove(Event.CORRECT, (State.RESULT,), State.RESULT, ARTICLE, is_forward=False),
    ),
    states=State,
    events=Event,
)
