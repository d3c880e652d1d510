"""Whether what stands about a request is what the ledger says was done: which steps, by whom, on which day.

Decisions, notices, the days on which they came, and remedies decide how long footage stays (`records.viewing.keeping`).
Whoever may write the database could set a day back, end a remedy or name another officer, and the release would believe
it. Every act leaves its line, and the line cannot be written afterwards; so the rows are compared with the lines, each way:
by `verify_ledger` for all requests, and before footage is let go for that one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from ledger.checks import Fault
from ledger.models import Entry
from records.enums import DecisionOutcome, RemedyKind, TransferEnd
from records.enums import RequestEvent as Event
from records.models import PERSONAL, RequestedCamera, ViewingRequest

TITLE = "열람등 청구의 처리"
AT_ONCE = 200
RECEIVED, ARRIVED, DECIDED = "records.viewing_received", "records.viewing_arrived", "records.viewing_decided"
POSTPONED, RELEASED = "records.viewing_postponed", "records.viewing_released"
DROPPED, TAKEN_BACK = "records.viewing_range_dropped", "records.viewing_range_taken_back"
ANSWERED, ENDED = "records.viewing_objection_answered", "records.viewing_remedy_ended"
TRANSFERRED, ROUTE_ANSWERED = "records.viewing_transferred", "records.viewing_route_answered"
# The line of each step. What follows within another act (a decision that is taken anew, a postponement that an objection
# ends) has that act's.
LINES = {
    Event.RECEIVE: RECEIVED,
    Event.CONFIRM: "records.viewing_confirmed",
    Event.IDENTIFY: "records.viewing_identified",
    Event.NEW_CODE: "records.viewing_code_issued",
    Event.SEARCH: "records.viewing_searched",
    Event.PREPARE: "records.viewing_prepared",
    Event.SEND_BACK: "records.viewing_sent_back",
    Event.MASK: "records.viewing_masking_started",
    Event.MASKED: "records.viewing_masked",
    Event.ASK_SUPPLEMENT: "records.viewing_supplement_asked",
    Event.SUPPLEMENTED: "records.viewing_supplemented",
    Event.LAPSE: "records.viewing_lapsed",
    Event.WITHDRAW: "records.viewing_withdrawn",
    Event.TRANSFER: TRANSFERRED,
    Event.EXTEND_ROUTE: "records.viewing_route_extended",
    Event.ANSWER_ROUTE: ROUTE_ANSWERED,
    Event.TAKE_BACK: "records.viewing_taken_back",
    Event.NOT_FREEZE: "records.viewing_not_frozen",
    Event.POSTPONE: POSTPONED,
    Event.DECIDE: DECIDED,
    Event.UNDECIDE: "records.viewing_undecided",
    Event.NOTIFY: "records.viewing_notified",
    Event.ARRIVE: ARRIVED,
    Event.OBJECT: "records.viewing_objected",
    Event.EXTEND_OBJECTION: "records.viewing_objection_extended",
    Event.ANSWER_OBJECTION: ANSWERED,
    Event.APPEAL: "records.viewing_remedy_filed",
    Event.END_APPEAL: ENDED,
    Event.WAIVE: "records.viewing_waived",
    Event.SHOW: "records.viewing_shown",
    Event.MISS: "records.viewing_missed",
    Event.RESCHEDULE: "records.viewing_rescheduled",
    Event.CORRECT: "records.viewing_corrected",
    Event.DISMISS: "records.viewing_dismissed",
    Event.FINISH: RELEASED,
}
# Of before releases were steps.
_WITHOUT_ROW = frozenset({RELEASED})
FILED = (LINES[Event.OBJECT], LINES[Event.APPEAL])
# Several letters may have arrived with one line.
_TOGETHER = frozenset({ARRIVED})
Fact = tuple[Any, ...]


def fault(request: ViewingRequest) -> str:
    """What is otherwise than the ledger says, in words; empty when nothing is."""
    rows = _with_rows(ViewingRequest.objects.filter(pk=request.pk))
    return next((_fault(row, lines) for row, lines in _with_lines(rows)), "")


def fault_of_dropped(line: RequestedCamera) -> str:
    """Whether the ledger says that this camera was left out of its request, and by whom."""
    lines = Entry.objects.filter(
        subject=line.request.ledger_subject, kind__in=(DROPPED, TAKEN_BACK)
    ).order_by("-sequence")
    last = next((entry for entry in lines if entry.content.get("holds") == [line.hold_id]), None)
    if last is not None and last.kind == DROPPED and last.actor == _who(line.dropped_by_id):
        return ""
    return f"열람등 청구 {line.request.receipt_number}에서 이 카메라를 뺀 기록이 원장과 다릅니다."


def check_all() -> Iterator[Fault | None]:
    requests = _with_rows(ViewingRequest.objects.order_by("pk")).iterator(chunk_size=AT_ONCE)
    while some := list(islice(requests, AT_ONCE)):
        for request, lines in _with_lines(some):
            text = _fault(request, lines)
            yield Fault(text, lines[0].sequence if lines else None) if text else None


def _with_rows(requests: QuerySet[ViewingRequest]) -> QuerySet[ViewingRequest]:
    return requests.defer(*PERSONAL).prefetch_related(
        "moves", "notices", "decisions", "remedies", "transfers"
    )


def _with_lines(requests: Iterable[ViewingRequest]) -> Iterator[tuple[ViewingRequest, list[Entry]]]:
    found: dict[str, tuple[ViewingRequest, list[Entry]]] = {
        request.ledger_subject: (request, []) for request in requests
    }
    for entry in Entry.objects.filter(subject__in=list(found)).order_by("sequence"):
        found[entry.subject][1].append(entry)
    yield from found.values()


def _fault(request: ViewingRequest, lines: list[Entry]) -> str:
    received = next((line for line in lines if line.kind == RECEIVED), None)
    if received is None:
        return f"열람등 청구 {request.receipt_number}에 접수한 원장 기록이 없습니다."
    if "is_held" not in received.content:
        # Of before steps had rows of their own: their lines say less.
        return ""
    wrong = [name for name, (ours, told) in _compared(request, lines).items() if ours != told]
    last = max(request.moves.all(), key=lambda move: (move.at, move.pk), default=None)
    if last is None or last.to_state != request.state:
        wrong.append("상태")
    return (
        f"열람등 청구 {request.receipt_number}의 기록이 원장과 다릅니다: {', '.join(wrong)}." if wrong else ""
    )


def _compared(request: ViewingRequest, lines: list[Entry]) -> dict[str, tuple[Any, Any]]:
    said = [(line.kind, line.actor, line.content) for line in lines]
    return {
        "처리": (_steps_of_rows(request, said), _steps_of_lines(said)),
        "통지": (
            Counter(
                (_day(each.on), each.way, each.document_number, _who(each.by_id))
                for each in request.notices.all()
            ),
            Counter(
                (told["on"], told["way"], told.get("document", ""), actor)
                for kind, actor, told in said
                if "way" in told and kind != ARRIVED
            ),
        ),
        "도달": (
            {(_day(each.arrived_on), each.way) for each in request.notices.all() if each.arrived_on},
            {(told["on"], told["way"]) for kind, _, told in said if kind == ARRIVED},
        ),
        "결정": (
            Counter(
                (each.kind, each.outcome, _who(each.decided_by_id))
                for each in request.decisions.all()
                if each.outcome != DecisionOutcome.POSTPONED
            ),
            Counter(
                (each["kind"], each["outcome"], actor)
                for kind, actor, told in said
                if kind in (DECIDED, POSTPONED)
                for each in told.get("decisions", ())
            ),
        ),
        "불복 절차": (_remedies_of_rows(request), _remedies_of_lines(said)),
        "이송": (_transfers_of_rows(request), _transfers_of_lines(said)),
    }


def _steps_of_rows(request: ViewingRequest, said: list[tuple[str, str, dict[str, Any]]]) -> Counter[Fact]:
    with_day = {kind for kind, _, told in said if "on" in told}
    steps = [
        (LINES[Event(move.event)], _who(move.by_id), _day(move.on))
        for move in request.moves.all()
        if move.event in LINES
    ]
    return _counted((kind, actor, on if kind in with_day else "") for kind, actor, on in steps)


def _steps_of_lines(said: list[tuple[str, str, dict[str, Any]]]) -> Counter[Fact]:
    steps = set(LINES.values())
    return _counted((kind, actor, told.get("on", "")) for kind, actor, told in said if kind in steps)


def _counted(facts: Iterable[Fact]) -> Counter[Fact]:
    counted = Counter(facts)
    return Counter({fact: 1 if fact[0] in _TOGETHER else number for fact, number in counted.items()})


def _remedies_of_rows(request: ViewingRequest) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for each in request.remedies.all():
        found[each.kind, each.against, _day(each.filed_on), _who(each.recorded_by_id)] += 1
        if each.ended_on:
            found[each.kind, _day(each.ended_on), each.outcome] += 1
    return found


def _remedies_of_lines(said: list[tuple[str, str, dict[str, Any]]]) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for kind, actor, told in said:
        if kind in FILED:
            found[told.get("remedy"), told.get("against"), told.get("on"), actor] += 1
        elif kind in (ENDED, ANSWERED):
            remedy = told.get("remedy") or RemedyKind.OBJECTION.value
            found[remedy, told.get("on"), told.get("remedy_outcome")] += 1
    return found


def _transfers_of_rows(request: ViewingRequest) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for each in request.transfers.all():
        found[each.to, each.number, _day(each.on), _who(each.by_id)] += 1
        if each.outcome == TransferEnd.ANSWERED:
            found[_day(each.ended_on),] += 1
    return found


def _transfers_of_lines(said: list[tuple[str, str, dict[str, Any]]]) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for kind, actor, told in said:
        if kind == TRANSFERRED:
            found[told.get("transfer_to"), told.get("new_number"), told.get("on"), actor] += 1
        elif kind == ROUTE_ANSWERED:
            found[told.get("on"),] += 1
    return found


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else ""


def _who(officer: int | None) -> str:
    return f"officer:{officer}" if officer is not None else "system:website"
