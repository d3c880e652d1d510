"""The states of a request and the steps between them.

The state says where the decision stands. Against what was told, or was not, a remedy may be pending beside it in any
state (`records.viewing.objections`, `remedies`); its steps stand here too and change no state, except where it is upheld.
"""

from casework.moves import STAYS, AllowedMove, StateTable
from records.enums import RequestEvent as Event
from records.enums import RequestState as State

# The word of due dates for a request.
SUBJECT_KIND = "viewing_request"

ANY = tuple(State.values)
TOLD = (State.NOTIFIED, State.DISMISSED)
OBJECTING = "행정기본법 제36조"
REMEDIES = "법 제38조제5항, 행정절차법 제26조"
SHOWING = "시행령 제41조제5항"


def _aside(event: Event, from_states: tuple[str, ...], article: str, to_state: str = STAYS) -> AllowedMove:
    return AllowedMove(event, from_states, to_state, article, is_forward=False)


TABLE = StateTable(
    (
        AllowedMove(Event.RECEIVE, ("",), State.RECEIVED, "조례 제22조제1항"),
        AllowedMove(Event.DECIDE, (State.RECEIVED,), State.DECIDED, "법 제35조·제36조, 조례 제22조"),
        AllowedMove(Event.NOTIFY, (State.DECIDED,), State.NOTIFIED, "시행령 제41조제5항"),
        _aside(Event.POSTPONE, (State.RECEIVED,), "법 제35조제3항, 시행령 제42조제2항", State.POSTPONED),
        _aside(Event.RESUME, (State.POSTPONED,), "표준 개인정보 보호지침 제31조제1항", State.RECEIVED),
        _aside(Event.DISMISS, (State.RECEIVED,), "표준 개인정보 보호지침 제44조", State.DISMISSED),
        # An objection, an appeal or a suit was upheld: the office decides anew.
        _aside(Event.REOPEN, TOLD, OBJECTING, State.RECEIVED),
        # Whoever objects to a closing shows who he is; whoever waits for a postponement can do so, too.
        _aside(Event.CONFIRM, (State.RECEIVED, State.POSTPONED, State.DISMISSED), "시행령 제46조"),
        _aside(Event.SEARCH, (State.RECEIVED, State.POSTPONED), "표준 개인정보 보호지침 제44조"),
        _aside(Event.NOT_FREEZE, (State.RECEIVED, State.POSTPONED), "조례 제24조"),
        # Remedies: against a decision, a postponement, a closing, or that nothing came.
        _aside(Event.OBJECT, ANY, f"{OBJECTING}제1항"),
        _aside(Event.EXTEND_OBJECTION, ANY, f"{OBJECTING}제2항"),
        _aside(Event.ANSWER_OBJECTION, ANY, f"{OBJECTING}제2항"),
        _aside(Event.APPEAL, ANY, REMEDIES),
        _aside(Event.END_APPEAL, ANY, REMEDIES),
        _aside(Event.WAIVE, TOLD, "조례 제24조제1항제3호"),
        _aside(Event.ARRIVE, ANY, "행정절차법 제15조"),
        # What was granted is done.
        _aside(Event.SHOW, ANY, SHOWING),
        _aside(Event.MISS, ANY, SHOWING),
        _aside(Event.RESCHEDULE, ANY, SHOWING),
        _aside(Event.CORRECT, (State.NOTIFIED,), "법 제36조제2항, 조례 제22조"),
        _aside(Event.IDENTIFY, ANY, "시행령 제46조"),
        _aside(Event.NEW_CODE, ANY, "시행령 제46조"),
    ),
    states=State,
    events=Event,
)
