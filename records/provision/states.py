"""The states of a provision and the steps between them.

What is owed beside the way out (the mayor's approval afterwards, the recipient's answer, publication, notice) changes no
state: each has a row of its own, and the case cannot be ended while one is open (`records.provision.ending`).
"""

from casework.moves import STAYS, AllowedMove, StateTable
from records.provision_enums import ProvisionEvent as Event
from records.provision_enums import ProvisionState as State

# The word of due dates and findings for a provision.
SUBJECT_KIND = "provision"
RELEASING = "조례 제21조제1항"
AFTERWARDS = "조례 제21조제3항"
ENDING = "조례 제24조제3항"
RESTRICTING = "법 제18조제5항"


def _aside(event: Event, from_states: tuple[str, ...], article: str, to_state: str = STAYS) -> AllowedMove:
    return AllowedMove(event, from_states, to_state, article, is_forward=False)


OUTSIDE = (State.HANDED_OVER, State.RECALLING)
GONE_OUT = (*OUTSIDE, State.RECALLED, State.ENDED)

TABLE = StateTable(
    (
        AllowedMove(Event.RECEIVE, ("",), State.RECEIVED, RELEASING),
        AllowedMove(Event.REVIEW, (State.RECEIVED,), State.UNDER_APPROVAL, "조례 제21조제1항·제2항"),
        AllowedMove(Event.APPROVE, (State.UNDER_APPROVAL,), State.APPROVED, RELEASING),
        AllowedMove(Event.HAND_OVER, (State.APPROVED, State.HANDED_OVER), State.HANDED_OVER, RELEASING),
        AllowedMove(Event.END, (State.HANDED_OVER,), State.ENDED, ENDING),
        AllowedMove(Event.RECALL_DONE, (State.RECALLING,), State.RECALLED, AFTERWARDS),
        _aside(Event.ADD_CAMERA, (State.RECEIVED,), RELEASING),
        _aside(Event.DROP_CAMERA, (State.RECEIVED, State.UNDER_APPROVAL), RELEASING),
        _aside(Event.APPROVE_STEP, (State.UNDER_APPROVAL,), RELEASING),
        _aside(Event.SEND_BACK, (State.UNDER_APPROVAL,), RELEASING, State.RECEIVED),
        _aside(
            Event.REFUSE, (State.RECEIVED, State.UNDER_APPROVAL, State.APPROVED), RELEASING, State.REFUSED
        ),
        _aside(
            Event.WITHDRAW, (State.RECEIVED, State.UNDER_APPROVAL, State.APPROVED), RELEASING, State.WITHDRAWN
        ),
        _aside(Event.CONFIRM_PHONE, (State.APPROVED, *OUTSIDE, State.RECALLED), AFTERWARDS),
        _aside(Event.DENY_PHONE, (State.APPROVED, *OUTSIDE, State.RECALLED), AFTERWARDS),
        _aside(Event.MAYOR_APPROVE, (State.APPROVED, State.HANDED_OVER), AFTERWARDS),
        _aside(Event.MAYOR_REFUSE, (State.APPROVED, State.HANDED_OVER), AFTERWARDS),
        _aside(Event.RECALL, (State.HANDED_OVER,), AFTERWARDS, State.RECALLING),
        _aside(Event.RESTRICT, (State.UNDER_APPROVAL, State.APPROVED, State.HANDED_OVER), RESTRICTING),
        _aside(Event.ANSWER_RESTRICTION, (State.APPROVED, *OUTSIDE), RESTRICTING),
        *(
            _aside(event, (State.HANDED_OVER,), ENDING)
            for event in (Event.ASK_EXTENSION, Event.EXTEND, Event.REFUSE_EXTENSION)
        ),
        _aside(Event.CHASE, (State.APPROVED, *OUTSIDE), ENDING),
        _aside(Event.END_COPY, OUTSIDE, ENDING),
        _aside(Event.PUBLISH, GONE_OUT, "법 제18조제4항"),
        _aside(Event.TAKE_DOWN, GONE_OUT, "법 제18조제4항"),
        _aside(Event.TELL_SUBJECT, GONE_OUT, "조례 제24조제2항"),
        _aside(
            Event.WITHDRAW_CONSENT,
            (State.RECEIVED, State.UNDER_APPROVAL, State.APPROVED, State.HANDED_OVER),
            "조례 제20조·제21조제1항제1호",
        ),
    ),
    states=State,
    events=Event,
)
