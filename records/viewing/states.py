"""The states of a request and the steps between them."""

from casework.moves import STAYS, AllowedMove, StateTable
from records.enums import RequestEvent as Event
from records.enums import RequestState as State

# The word of due dates for a request.
SUBJECT_KIND = "viewing_request"

TABLE = StateTable(
    (
        AllowedMove(Event.RECEIVE, ("",), State.RECEIVED, "조례 제22조제1항"),
        AllowedMove(Event.DECIDE, (State.RECEIVED,), State.DECIDED, "법 제35조·제36조, 조례 제22조"),
        AllowedMove(Event.NOTIFY, (State.DECIDED,), State.NOTIFIED, "시행령 제41조제5항"),
        AllowedMove(
            Event.OBJECT, (State.NOTIFIED, State.DISMISSED), State.OBJECTED, "행정기본법 제36조제1항"
        ),
        AllowedMove(
            Event.ANSWER_OBJECTION, (State.OBJECTED,), State.OBJECTION_ANSWERED, "행정기본법 제36조제2항"
        ),
        AllowedMove(
            Event.POSTPONE,
            (State.RECEIVED,),
            State.POSTPONED,
            "법 제35조제3항, 시행령 제42조제2항",
            is_forward=False,
        ),
        AllowedMove(
            Event.RESUME,
            (State.POSTPONED,),
            State.RECEIVED,
            "표준 개인정보 보호지침 제31조제1항",
            is_forward=False,
        ),
        AllowedMove(
            Event.WAIVE, (State.NOTIFIED,), State.NOTIFIED, "조례 제24조제1항제3호", is_forward=False
        ),
        AllowedMove(
            Event.DISMISS,
            (State.RECEIVED,),
            State.DISMISSED,
            "표준 개인정보 보호지침 제44조",
            is_forward=False,
        ),
        # These change no state.
        AllowedMove(Event.NOT_FREEZE, (State.RECEIVED,), State.RECEIVED, "조례 제24조", is_forward=False),
        AllowedMove(Event.CONFIRM, (State.RECEIVED,), State.RECEIVED, "시행령 제46조", is_forward=False),
        AllowedMove(Event.IDENTIFY, tuple(State), STAYS, "시행령 제46조", is_forward=False),
        AllowedMove(Event.NEW_CODE, tuple(State), STAYS, "시행령 제46조", is_forward=False),
    ),
    states=State,
    events=Event,
)
