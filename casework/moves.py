"""States of a matter: one table says which step may follow which state, and every step leaves a row.

A kind of matter declares its table once and, beside its model, a model of its moves:

    class ViewingMove(MoveRow):
        table = TABLE
        subject_field = "request"
        request = models.ForeignKey(ViewingRequest, ...)

    moves.take(ViewingMove, request, Event.NOTIFY, by=officer, on=day)

The table changes the state and nothing else; the procedure that calls it does the rest (`casework.acts`).
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from casework.refusals import Refusal, refuse_if

# To where a step leads that is taken in several states and changes none of them.
STAYS = "="


@dataclass(frozen=True)
class AllowedMove:
    """One line of a table: from these states, by this event, to that state (or `STAYS`)."""

    event: str
    from_states: tuple[str, ...]
    to_state: str
    article: str
    # What must have happened before, for a person whose matter is not there yet.
    before: str = ""
    # Leads on, as against back, aside or out.
    is_forward: bool = True
    # Where it may lead instead: the procedure says which, from what is done already (`reached`).
    or_to: tuple[str, ...] = ()


class StateTable:
    """All lines of one kind of matter. A step that leads elsewhere from another state has a line for each."""

    def __init__(
        self,
        lines: Iterable[AllowedMove],
        *,
        states: type[models.TextChoices],
        events: type[models.TextChoices],
    ) -> None:
        self.lines = tuple(lines)
        self.states, self.events = states, events
        self._by_event: dict[str, list[AllowedMove]] = {}
        for line in self.lines:
            self._by_event.setdefault(str(line.event), []).append(line)

    def __iter__(self) -> Iterator[AllowedMove]:
        return iter(self.lines)

    def __contains__(self, event: object) -> bool:
        return event in self._by_event

    def line(self, event: str, state: str | None = None) -> AllowedMove:
        """The line of a step: the one that is open in this state, else its first."""
        lines = self._by_event[event]
        return next((line for line in lines if state in line.from_states), lines[0])

    def allowed(self, *states: str) -> list[AllowedMove]:
        """The steps open to matters of all these states at once."""
        asked = set(states)
        return [line for line in self.lines if asked and asked <= set(line.from_states)]

    def next_event(self, state: str) -> str | None:
        """The step forward from a state."""
        return next(
            (line.event for line in self.lines if line.is_forward and state in line.from_states), None
        )

    def reached(self, event: str, state: str, to: str = "") -> str:
        """Where the step leads from this state; `to`: which of the states that its line leaves open."""
        line = self.line(event, state)
        if to and to not in (line.to_state, *line.or_to):
            raise ValueError(f"{event} does not lead from {state!r} to {to!r}")
        to_state = to or line.to_state
        return state if to_state == STAYS else to_state

    def refuse(self, event: str, numbers_by_state: Mapping[str, Sequence[str]]) -> list[Refusal]:
        """Skipping a step, or a step that was taken already: one refusal per state."""
        return [
            Refusal(
                f"state:{state}",
                f"‘{self.states(state).label}’ 상태에서는 ‘{self.events(event).label}’{josa(self.events(event).label, '을/를')} 할 수 없습니다.",
                line.article,
                self.what_first(line, state),
                numbers=tuple(numbers),
            )
            for state, numbers in numbers_by_state.items()
            for line in [self.line(event, state)]
            if state not in line.from_states
        ]

    def what_first(self, line: AllowedMove, state: str) -> str:
        """What to do instead, for the person who is refused."""
        following = self.next_event(state)
        if following is not None and self._leads_to(state, line.from_states):
            return f"먼저 ‘{self.events(following).label}’{josa(self.events(following).label, '을/를')} 처리하십시오."
        return "이미 지난 단계입니다."

    def _leads_to(self, state: str, wanted: Sequence[str]) -> bool:
        """Whether steps forward lead from a state to one of those."""
        seen, reached = {state}, [state]
        while reached:
            here = reached.pop()
            if here in wanted:
                return True
            following = {
                to_state
                for line in self.lines
                if line.is_forward and here in line.from_states
                for to_state in (line.to_state, *line.or_to)
            }
            reached += following - seen
            seen |= following
        return False


class MoveRow(models.Model):
    """One step of one matter: who, when, why, on which document. Never changed."""

    table: ClassVar[StateTable]
    # The foreign key to the matter; its model has a column `state`.
    subject_field: ClassVar[str]

    event = models.CharField("처리", max_length=24)
    from_state = models.CharField("이전 상태", max_length=24, blank=True)
    to_state = models.CharField("다음 상태", max_length=24)
    # The day on which it happened, which may lie before the day on which it was entered.
    on = models.DateField("처리일")
    at = models.DateTimeField("기록 시각")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="처리자",
    )
    reason = models.CharField("사유", max_length=500, blank=True)
    document_number = models.CharField("문서번호", max_length=100, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event_label} {self.on}"

    @property
    def event_label(self) -> str:
        return str(self.table.events(self.event).label)

    @classmethod
    def of(cls, subject: models.Model) -> "models.QuerySet[Self]":
        found: models.QuerySet[Self] = cls._default_manager.filter(**{cls.subject_field: subject})
        return found


Row = TypeVar("Row", bound=MoveRow)


def refuse(kind: type[MoveRow], subject: Any, event: str) -> list[Refusal]:
    """Why the table does not allow this step; empty when it does."""
    return kind.table.refuse(event, {subject.state: [str(subject)]})


def take(
    kind: type[Row],
    subject: Any,
    event: str,
    *,
    by: Officer | None,
    at: datetime.datetime,
    on: datetime.date | None = None,
    reason: str = "",
    document_number: str = "",
    to: str = "",
) -> Row:
    """Move a matter whose row the caller holds; `Refused` where the table does not allow it. A new one has state "".

    `to`: where it leads, of a step whose line leaves several states open.
    """
    refuse_if(refuse(kind, subject, event))
    to_state = kind.table.reached(event, subject.state, to)
    row: Row = kind._default_manager.create(
        **{kind.subject_field: subject},
        event=event,
        from_state=subject.state,
        to_state=to_state,
        on=on or timezone.localdate(at),
        at=at,
        by=by,
        reason=reason.strip(),
        document_number=document_number.strip(),
    )
    if subject.state != to_state:
        subject.state = to_state
        subject.save(update_fields=["state"])
    return row
