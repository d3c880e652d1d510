"""The states of a request and the steps between them.

The state says where the answer stands. Against what was told, or was not, a remedy may be pending beside it in any
state (`records.viewing.objections`, `remedies`); its steps stand here too and change no state, except where it is upheld.
Who it is and what there is may become known in either order, and while the office waits: a step that leads back to its
own work leads to where that stands by then (`records.viewing.standing`).
"""

from casework.moves import STAYS, AllowedMove, StateTable
from records.enums import TOLD, UNANSWERED, UNDECIDED, UNDER_WAY
from records.enums import RequestEvent as Event
from records.enums import RequestState as State

# The word of due dates for a request.
SUBJECT_KIND = "viewing_request"

ANY = tuple(State.values)
# The office's own work, up to the answer.
WORK = (State.RECEIVED, State.IDENTIFIED, State.SEARCHED, State.REVIEWED)
GRANTED = (State.NOTIFIED, State.APPOINTED, State.DONE)
IDENTIFYING = "시행령 제46조"
ANSWERING = "법 제35조·제36조, 조례 제22조"
OBJECTING = "행정기본법 제36조"
REMEDIES = "법 제38조제5항, 행정절차법 제26조"
SHOWING = "시행령 제41조제5항"
MASKING = "표준 개인정보 보호지침 제46조"
ROUTING = "조례 제22조"
# What is not this office's goes at once to whose it is, and the sender is told.
ELSEWHERE = "행정절차법 제6조제1항"
SUPPLEMENTING = "행정절차법 제17조제5항"
LAPSING = "행정절차법 제17조제6항"


def _aside(
    event: Event,
    from_states: tuple[str, ...],
    article: str,
    to_state: str = STAYS,
    or_to: tuple[str, ...] = (),
) -> AllowedMove:
    return AllowedMove(event, from_states, to_state, article, is_forward=False, or_to=or_to)


def _but(states: tuple[str, ...], *left_out: str) -> tuple[str, ...]:
    return tuple(state for state in states if state not in left_out)


TABLE = StateTable(
    (
        AllowedMove(Event.RECEIVE, ("",), State.RECEIVED, "조례 제22조제1항"),
        AllowedMove(
            Event.IDENTIFY, (State.RECEIVED,), State.IDENTIFIED, IDENTIFYING, or_to=(State.SEARCHED,)
        ),
        # Only some of the cameras: it is still to be searched.
        AllowedMove(
            Event.SEARCH,
            (State.IDENTIFIED,),
            State.SEARCHED,
            "표준 개인정보 보호지침 제44조",
            or_to=(State.IDENTIFIED,),
        ),
        AllowedMove(Event.DECIDE, WORK, State.DECIDED, ANSWERING),
        AllowedMove(
            Event.NOTIFY, (State.DECIDED,), State.NOTIFIED, SHOWING, or_to=(State.APPOINTED, State.DONE)
        ),
        AllowedMove(
            Event.SHOW, (State.APPOINTED, State.NOTIFIED), State.DONE, SHOWING, or_to=(State.NOTIFIED,)
        ),
        # Beside the way: prepared by one for another one's decision, covered, waited for.
        _aside(Event.PREPARE, _but(WORK, State.REVIEWED), ANSWERING, State.REVIEWED),
        _aside(Event.SEND_BACK, (State.REVIEWED,), ANSWERING, State.RECEIVED, WORK),
        # A decision is one once it is notified: before, whoever sees that it is wrong takes it back.
        _aside(Event.UNDECIDE, (State.DECIDED,), SHOWING, State.RECEIVED, WORK),
        _aside(Event.MASK, WORK, MASKING, State.MASKING),
        _aside(Event.MASKED, (State.MASKING,), MASKING, State.SEARCHED, WORK),
        _aside(Event.ASK_SUPPLEMENT, WORK, SUPPLEMENTING, State.SUPPLEMENT),
        _aside(Event.SUPPLEMENTED, (State.SUPPLEMENT,), SUPPLEMENTING, State.RECEIVED, WORK),
        _aside(Event.POSTPONE, UNDER_WAY, "법 제35조제3항, 시행령 제42조제2항", State.POSTPONED),
        _aside(Event.RESUME, (State.POSTPONED,), "표준 개인정보 보호지침 제31조제1항", State.RECEIVED, WORK),
        # Ended without an answer to what was asked.
        _aside(Event.DISMISS, (State.RECEIVED,), "표준 개인정보 보호지침 제44조", State.DISMISSED),
        _aside(Event.LAPSE, (State.SUPPLEMENT,), LAPSING, State.LAPSED),
        _aside(Event.WITHDRAW, UNANSWERED, "행정절차법 제17조제8항", State.WITHDRAWN),
        _aside(Event.TRANSFER, (*WORK, State.SUPPLEMENT, State.TRANSFERRED), ROUTING, State.TRANSFERRED),
        # On the way on which it went on: told there, or back here.
        _aside(Event.EXTEND_ROUTE, (State.TRANSFERRED,), "공공기관의 정보공개에 관한 법률 제11조제2항"),
        _aside(Event.ANSWER_ROUTE, (State.TRANSFERRED,), ROUTING),
        _aside(Event.TAKE_BACK, (State.TRANSFERRED,), ROUTING, State.RECEIVED, WORK),
        # A remedy was upheld, or the office itself sees that it was wrong: it decides anew.
        _aside(Event.REOPEN, TOLD, OBJECTING, State.RECEIVED, WORK),
        # Whoever objects to a closing shows who he is; whoever waits can do so, too.
        _aside(Event.CONFIRM, (*UNDECIDED, State.DISMISSED, State.LAPSED), IDENTIFYING),
        _aside(Event.IDENTIFY, _but(ANY, State.RECEIVED), IDENTIFYING),
        _aside(Event.NEW_CODE, ANY, IDENTIFYING),
        _aside(Event.SEARCH, _but(UNDECIDED, State.IDENTIFIED), "표준 개인정보 보호지침 제44조"),
        _aside(Event.NOT_FREEZE, UNDECIDED, "조례 제24조"),
        # Remedies: against a decision, a postponement, a closing, or that nothing came.
        _aside(Event.OBJECT, ANY, f"{OBJECTING}제1항"),
        _aside(Event.EXTEND_OBJECTION, ANY, f"{OBJECTING}제2항"),
        _aside(Event.ANSWER_OBJECTION, ANY, f"{OBJECTING}제2항"),
        _aside(Event.APPEAL, ANY, REMEDIES),
        _aside(Event.END_APPEAL, ANY, REMEDIES),
        _aside(Event.WAIVE, TOLD, "조례 제24조제1항제3호"),
        _aside(Event.ARRIVE, ANY, "행정절차법 제15조"),
        # What was granted is done, or not yet; while it is decided anew nothing is done by that.
        _aside(Event.SHOW, _but(ANY, State.APPOINTED, State.NOTIFIED), SHOWING),
        _aside(Event.MISS, (State.APPOINTED,), SHOWING, State.NOTIFIED),
        _aside(Event.MISS, _but(ANY, State.APPOINTED), SHOWING),
        _aside(Event.RESCHEDULE, GRANTED, SHOWING, State.APPOINTED),
        _aside(Event.RESCHEDULE, _but(ANY, *GRANTED), SHOWING),
        _aside(
            Event.CORRECT,
            GRANTED,
            "법 제36조제2항, 조례 제22조",
            State.DONE,
            (State.NOTIFIED, State.APPOINTED),
        ),
        # Granted and told while the viewing is postponed or decided anew: it is not waited for (PIPA art. 36(2)).
        _aside(Event.CORRECT, _but(ANY, *GRANTED), "법 제36조제2항, 조례 제22조"),
        _aside(Event.FINISH, (State.NOTIFIED,), "조례 제24조제1항제3호", State.DONE),
        _aside(Event.FINISH, _but(ANY, State.NOTIFIED), "조례 제24조제1항제3호"),
    ),
    states=State,
    events=Event,
)
