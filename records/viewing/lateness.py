"""The clocks of a request: of the office's answer, of its answer to an objection, and of the route on which it went on.
Each says what is true of it.

Late is late for ever: what came after its day says so wherever the request stands. After a postponement ten days run
anew from the end that was told (Guideline art. 31(1)), so that day is no due date itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from ordinance import duedates
from ordinance.models import DueDate
from records.enums import DecisionOutcome, RemedyKind, RequestState, TransferTo
from records.models import (
    ViewingDecision,
    ViewingRemedy,
    ViewingRequest,
    ViewingSupplement,
    ViewingTransfer,
)
from records.viewing.states import SUBJECT_KIND

# How the purposes of due dates begin that are for objections, or for the answer on another route (`ViewingTransfer`);
# all others are for the answer to the request for footage itself.
OBJECTION = str(RemedyKind.OBJECTION)
ROUTE = "route-"


@dataclass(frozen=True, slots=True)
class Clock:
    """One due date and the day on which it was met, if it was."""

    due: DueDate
    today: date

    @property
    def is_open(self) -> bool:
        return self.due.is_open

    @property
    def due_on(self) -> date:
        return self.due.due_on

    @property
    def late_days(self) -> int:
        """After the day; 0 when in time (or not due yet)."""
        ended = timezone.localdate(self.due.closed_at) if self.due.closed_at else self.today
        return max(0, (ended - self.due.due_on).days)

    @property
    def days_left(self) -> int | None:
        return (self.due.due_on - self.today).days if self.is_open and not self.late_days else None


@dataclass(slots=True)
class Clocks:
    """Where a request stands in time. `answers`, `objections` and `routes` in the order in which they were opened."""

    answers: list[Clock] = field(default_factory=list)
    objections: list[Clock] = field(default_factory=list)
    routes: list[Clock] = field(default_factory=list)
    # The end of a postponement that runs.
    waits_until: date | None = None
    # What the person was asked to supply, and has not yet.
    supplement: ViewingSupplement | None = None
    # Nobody was answered, since the request was withdrawn.
    is_withdrawn: bool = False
    today: date = date.min

    @property
    def answer(self) -> Clock | None:
        return _current(self.answers)

    @property
    def objection(self) -> Clock | None:
        return _current(self.objections)

    @property
    def route(self) -> Clock | None:
        """Of the route on which it is, while it is owed there."""
        return next((clock for clock in self.routes if clock.is_open), None)

    @property
    def route_name(self) -> str:
        return _route_name(self.route) if self.route else ""

    @property
    def due(self) -> DueDate | None:
        """Of the answer."""
        return self.answer.due if self.answer else None

    @property
    def next(self) -> Clock | None:
        """What the office owes first, of whichever kind."""
        owed = [clock for clock in (*self.answers, *self.objections, *self.routes) if clock.is_open]
        return min(owed, key=lambda clock: clock.due_on, default=None)

    @property
    def late_days(self) -> int:
        """Of the answer that was the latest; 0 when none was late."""
        return max((clock.late_days for clock in self.answers), default=0)

    @property
    def is_overdue(self) -> bool:
        """Something is late and still missing."""
        clocks = (*self.answers, *self.objections, *self.routes)
        return any(clock.is_open and clock.late_days for clock in clocks)

    @property
    def sentences(self) -> list[str]:
        """Whatever was late, or is: each with its own due date."""
        said = _withdrawn_sentence if self.is_withdrawn else _answer_sentence
        answers = [said(clock) for clock in self.answers if clock.late_days]
        objections = [_objection_sentence(clock) for clock in self.objections if clock.late_days]
        routes = [_route_sentence(clock) for clock in self.routes if clock.late_days]
        return [*answers, *objections, *routes]

    @property
    def supplement_until(self) -> date | None:
        return self.supplement.until_on if self.supplement else None

    @property
    def waits_for_person(self) -> bool:
        """The day until which the person was asked is not over yet."""
        return self.supplement is not None and self.today <= self.supplement.until_on

    @property
    def stands_still(self) -> bool:
        """… and the answer's days stand still until it comes, or is over."""
        return self.supplement is not None and self.waits_for_person and self.supplement.days_left is not None

    @property
    def supplement_sentence(self) -> str:
        """What a supplement that is waited for means for the days; empty when none is."""
        if self.supplement is None or self.answer is None:
            return ""
        words = {"until": self.supplement.until_on.isoformat(), "due": self.answer.due_on.isoformat()}
        if not self.waits_for_person:
            return gettext("보완 기한(%(until)s)이 지났습니다. 답을 알려 드릴 기한은 %(due)s입니다.") % words
        if not self.stands_still:
            return gettext("%(until)s까지 보완해 주십시오. 답할 기한은 그대로입니다.") % words
        return (
            gettext(
                "%(until)s까지 보완해 주십시오. 보완하시면 그날부터 남은 기한을 이어 셉니다. 보완하지 않으셔도 늦어도 %(due)s까지 답을 알려 드립니다."
            )
            % words
        )

    @property
    def is_postponed_too_long(self) -> bool:
        """The day on which a postponement was to end is over."""
        return self.waits_until is not None and self.today > self.waits_until

    @property
    def postponed_sentence(self) -> str:
        """What a postponement means today; empty when none runs."""
        if self.waits_until is None or self.answer is None or not self.answer.is_open:
            return ""
        words = {"until": self.waits_until.isoformat(), "due": self.answer.due_on.isoformat()}
        if not self.is_postponed_too_long:
            return (
                gettext("열람을 %(until)s까지 연기했습니다. 늦어도 %(due)s까지 답을 알려 드립니다.") % words
            )
        return gettext("연기한 날(%(until)s)이 지났습니다. 답을 알려 드릴 기한은 %(due)s입니다.") % words


def _current(clocks: list[Clock]) -> Clock | None:
    return next((clock for clock in clocks if clock.is_open), clocks[-1] if clocks else None)


def _answer_sentence(clock: Clock) -> str:
    words = {"due": clock.due_on.isoformat(), "days": clock.late_days}
    if clock.is_open:
        return gettext("답할 기한(%(due)s)이 %(days)s일 지났습니다.") % words
    return gettext("기한(%(due)s)보다 %(days)s일 늦게 답을 알려 드렸습니다.") % words


def _withdrawn_sentence(clock: Clock) -> str:
    words = {"due": clock.due_on.isoformat(), "days": clock.late_days}
    return gettext("답할 기한(%(due)s)이 %(days)s일 지난 뒤에 취하하셨습니다.") % words


def _objection_sentence(clock: Clock) -> str:
    words = {"due": clock.due_on.isoformat(), "days": clock.late_days}
    if clock.is_open:
        return gettext("이의신청에 답할 기한(%(due)s)이 %(days)s일 지났습니다.") % words
    return gettext("이의신청의 답을 기한(%(due)s)보다 %(days)s일 늦게 알려 드렸습니다.") % words


def _route_name(clock: Clock) -> str:
    """The purpose names it (`ViewingTransfer.due_purpose`)."""
    return gettext(str(TransferTo(clock.due.purpose.split("-")[1]).label))


def _route_sentence(clock: Clock) -> str:
    words = {"route": _route_name(clock), "due": clock.due_on.isoformat(), "days": clock.late_days}
    if clock.is_open:
        return gettext("이송한 경로(%(route)s)에서 답할 기한(%(due)s)이 %(days)s일 지났습니다.") % words
    return gettext("이송한 경로(%(route)s)의 기한(%(due)s)이 %(days)s일 지난 뒤에 끝났습니다.") % words


def clocks(requests: Iterable[ViewingRequest], on: date | None = None) -> dict[str, Clocks]:
    """By receipt number; a few queries for a page."""
    rows = list(requests)
    dues: dict[str, list[DueDate]] = {row.receipt_number: [] for row in rows}
    for due in DueDate.objects.filter(subject_kind=SUBJECT_KIND, subject_number__in=dues).order_by(
        "opened_at", "pk"
    ):
        dues[due.subject_number].append(due)
    ends = _ends([row for row in rows if row.state == RequestState.POSTPONED])
    asked = _asked([row for row in rows if row.state == RequestState.SUPPLEMENT])
    today = on or timezone.localdate()
    found = {}
    for row in rows:
        clocks = _clocks(dues[row.receipt_number], ends.get(row.pk), today)
        clocks.supplement = asked.get(row.pk)
        clocks.is_withdrawn = row.state == RequestState.WITHDRAWN
        found[row.receipt_number] = clocks
    return found


def of(request: ViewingRequest) -> Clocks:
    return clocks([request])[request.receipt_number]


def _clocks(dues: list[DueDate], waits_until: date | None, today: date) -> Clocks:
    found = Clocks(waits_until=waits_until, today=today)
    for due in dues:
        _of_its_kind(found, due).append(Clock(due, today))
    return found


def _of_its_kind(found: Clocks, due: DueDate) -> list[Clock]:
    if due.purpose.startswith(ROUTE):
        return found.routes
    return found.objections if due.purpose.startswith(OBJECTION) else found.answers


def _ends(postponed: list[ViewingRequest]) -> dict[int, date | None]:
    decisions = ViewingDecision.objects.filter(
        request__in=postponed, outcome=DecisionOutcome.POSTPONED
    ).order_by("decided_at")
    return dict(decisions.values_list("request_id", "expected_end_on"))


def _asked(waiting: list[ViewingRequest]) -> dict[int, ViewingSupplement]:
    asked = ViewingSupplement.objects.filter(request__in=waiting, ended_at__isnull=True)
    return {each.request_id: each for each in asked}


def answers(dues: "QuerySet[DueDate]") -> "QuerySet[DueDate]":
    """Only due dates of answers to requests for footage."""
    return on_any_route(dues).exclude(purpose__startswith=ROUTE)


def on_any_route(dues: "QuerySet[DueDate]") -> "QuerySet[DueDate]":
    """… or of the answer that the person is owed on another route."""
    return dues.filter(subject_kind=SUBJECT_KIND).exclude(purpose__startswith=OBJECTION)


def of_routes(dues: "QuerySet[DueDate]") -> "QuerySet[DueDate]":
    """Only those of the answer on another route."""
    return dues.filter(subject_kind=SUBJECT_KIND, purpose__startswith=ROUTE)


def close_answer(request: ViewingRequest, at: datetime) -> None:
    """The answer was given at that moment; objections have their own clocks."""
    for due in answers(DueDate.objects.open()).filter(subject_number=request.receipt_number):
        duedates.close(due, now=at)


def close_objection(remedy: ViewingRemedy, at: datetime) -> None:
    for due in open_of(remedy):
        duedates.close(due, now=at)


def open_of(remedy: ViewingRemedy) -> "QuerySet[DueDate]":
    """The due date of its answer, or the extended one."""
    return _open_of(remedy)


def open_of_route(transfer: ViewingTransfer) -> "QuerySet[DueDate]":
    """The due date on that route, or the extended one."""
    return _open_of(transfer)


def _open_of(beside: ViewingRemedy | ViewingTransfer) -> "QuerySet[DueDate]":
    mine = [beside.due_purpose, f"{beside.due_purpose}-extended"]
    return DueDate.objects.open().filter(
        subject_kind=SUBJECT_KIND, subject_number=beside.request.receipt_number, purpose__in=mine
    )
