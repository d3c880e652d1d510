"""A table of states: what is allowed, what is refused, and what the refused person is told to do first."""

from django.db import models

from casework.moves import AllowedMove, StateTable


class State(models.TextChoices):
    ASKED = "asked", "접수"
    DECIDED = "decided", "결정"
    TOLD = "told", "통지"
    DROPPED = "dropped", "종결"


class Event(models.TextChoices):
    DECIDE = "decide", "결정"
    TELL = "tell", "통지"
    DROP = "drop", "종결"


TABLE = StateTable(
    (
        AllowedMove(Event.DECIDE, (State.ASKED,), State.DECIDED, "법 제1조"),
        AllowedMove(Event.TELL, (State.DECIDED,), State.TOLD, "법 제2조"),
        AllowedMove(Event.DROP, (State.ASKED, State.DECIDED), State.DROPPED, "법 제3조", is_forward=False),
    ),
    states=State,
    events=Event,
)


def test_what_is_allowed_of_several_states_is_what_each_of_them_allows() -> None:
    assert [line.event for line in TABLE.allowed(State.ASKED)] == [Event.DECIDE, Event.DROP]
    assert [line.event for line in TABLE.allowed(State.ASKED, State.DECIDED)] == [Event.DROP]
    assert TABLE.allowed() == []
    assert TABLE.next_event(State.ASKED) == Event.DECIDE
    assert TABLE.next_event(State.TOLD) is None


def test_a_skipped_step_is_refused_with_what_comes_first() -> None:
    (refusal,) = TABLE.refuse(Event.TELL, {State.ASKED: ["V1"], State.DECIDED: ["V2"]})
    assert refusal.article == "법 제2조"
    assert refusal.numbers == ("V1",)
    assert "먼저 ‘결정’" in refusal.remedy


def test_a_step_taken_already_is_refused_and_says_so() -> None:
    (refusal,) = TABLE.refuse(Event.DECIDE, {State.TOLD: ["V1"]})
    assert refusal.remedy == "이미 지난 단계입니다."
    (refusal,) = TABLE.refuse(Event.TELL, {State.DROPPED: ["V1"]})
    assert refusal.remedy == "이미 지난 단계입니다."
