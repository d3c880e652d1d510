"""영상을 보관하는 기한: until when the footage of a request stays, and why; asked by every screen and every release.

It stays until the last remedy is over that any of its letters names: the appeal, `appeal_days` from the day on which the
person knows of the decision, and as long as nobody knows that day `appeal_longest_days` from the decision; after an
objection or an appeal was decided, or another route answered, again. While a remedy is pending, or a viewing is still to be held, nobody can say a
day. It may go earlier only by what the person did: saw all that was asked for, or gave up objecting, in writing, after
the last thing that happened. That the office does nothing never ends it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from ordinance import deadlines, holidays, parameters
from ordinance.working_time import WorkingTime
from records.enums import (
    NOT_THERE,
    UNANSWERED,
    AppointmentResult,
    DecisionOutcome,
    NoticeWay,
    RemedyKind,
    RequestKind,
    RequestState,
    SearchOutcome,
    TransferEnd,
)
from records.enums import RequestEvent as Event
from records.models import (
    PERSONAL,
    RangeDecision,
    RequestedCamera,
    SearchResult,
    ViewingAppointment,
    ViewingDecision,
    ViewingMove,
    ViewingNotice,
    ViewingRequest,
)

YEARS_OF_HOLIDAYS = 10
# A waiver of before says nothing about what came after.
ENDS_A_WAIVER = (
    Event.NOTIFY,
    Event.DISMISS,
    Event.REOPEN,
    Event.OBJECT,
    Event.ANSWER_OBJECTION,
    Event.CORRECT,
    Event.APPEAL,
    Event.END_APPEAL,
    Event.TRANSFER,
    Event.ANSWER_ROUTE,
    Event.TAKE_BACK,
)


class Why(StrEnum):
    UNDECIDED = "undecided"
    ELSEWHERE = "elsewhere"
    REMEDY = "remedy"
    TO_SHOW = "to_show"
    WAY_OPEN = "way_open"
    # From here on it may go.
    WAY_OVER = "way_over"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"
    SHOWN = "shown"
    TO_DELETE = "to_delete"


MAY_GO = frozenset({Why.WAY_OVER, Why.WAIVED, Why.WITHDRAWN, Why.SHOWN, Why.TO_DELETE})


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why it stays, or may go. `until`: the day that the sentence names; `remedies`: which are pending."""

    why: Why
    until: dt.date | None = None
    remedies: tuple[str, ...] = ()

    @property
    def may_go(self) -> bool:
        return self.why in MAY_GO

    @property
    def sentence(self) -> str:
        """What is promised today, for the citizen and the officer alike."""
        words = {
            "until": self.until.isoformat() if self.until else "",
            "remedy": ", ".join(gettext(each) for each in self.remedies),
        }
        return _sentences()[self.why] % words


def _sentences() -> dict[Why, str]:
    return {
        Why.UNDECIDED: gettext(
            "결정하여 알려 드리고, 그 결정에 불복할 수 있는 기간이 끝날 때까지 파기하지 않습니다."
        ),
        Why.ELSEWHERE: gettext(
            "이송한 경로에서 답하고, 그 답에 불복할 수 있는 기간이 끝날 때까지 파기하지 않습니다."
        ),
        Why.REMEDY: gettext("‘%(remedy)s’ 절차가 끝날 때까지 파기하지 않습니다."),
        Why.TO_SHOW: gettext("열람하실 때까지, 그리고 적어도 %(until)s까지 파기하지 않습니다."),
        Why.WAY_OPEN: gettext("불복할 수 있는 기간이 끝나는 %(until)s까지 파기하지 않습니다."),
        Why.WAY_OVER: gettext(
            "불복할 수 있는 기간이 %(until)s에 끝났습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.WAIVED: gettext(
            "%(until)s에 불복하지 않겠다고 문서로 밝히셨습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.WITHDRAWN: gettext(
            "%(until)s에 청구를 취하하셨습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.SHOWN: gettext(
            "%(until)s에 열람을 마쳤습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.TO_DELETE: gettext("삭제를 허용했으므로 담당자가 유예를 풀고 지웁니다."),
    }


class Periods:
    """How long remedies are open, read once for however many letters."""

    CODES = ("objection_days", "appeal_days", "appeal_longest_days")

    def __init__(self, on: dt.date) -> None:
        self._figures = parameters.Timeline(*self.CODES)
        # Of a letter that is older the periods are over, whichever day was a holiday.
        self._calendar = holidays.calendar(
            dt.date(on.year - YEARS_OF_HOLIDAYS, 1, 1), dt.date(on.year + YEARS_OF_HOLIDAYS, 12, 31)
        )

    def end(self, code: str, on: dt.date) -> dt.date:
        days = int(self._figures.value(code, on).value)
        return deadlines.civil(on, days, calendar=self._calendar, working=WorkingTime()).due_on


def with_rows(requests: "QuerySet[ViewingRequest]") -> "QuerySet[ViewingRequest]":
    """Requests with all that `of` asks of them, in the same few queries for one and for many; no word of a person."""
    return requests.defer(*PERSONAL).prefetch_related(
        "remedies",
        "transfers",
        Prefetch("moves", ViewingMove.objects.defer("reason")),
        Prefetch("notices", ViewingNotice.objects.defer("reply")),
        Prefetch("decisions", ViewingDecision.objects.defer("reason")),
        Prefetch("appointments", ViewingAppointment.objects.defer("note")),
    )


def of(request: ViewingRequest, on: dt.date, periods: Periods | None = None) -> Keeping:
    """As things stand on that day. Whoever asks of many gives the periods, and rows that have theirs (`with_rows`)."""
    pending = [each.kind for each in request.remedies.all() if each.ended_on is None]
    if kinds := list(dict.fromkeys(pending)):
        return Keeping(Why.REMEDY, remedies=tuple(str(RemedyKind(kind).label) for kind in kinds))
    if request.state in UNANSWERED:
        return Keeping(Why.UNDECIDED)
    if any(each.is_waited_for for each in request.transfers.all()):
        return Keeping(Why.ELSEWHERE)
    if request.state == RequestState.WITHDRAWN:
        return Keeping(Why.WITHDRAWN, _last_day(request, Event.WITHDRAW))
    ends = way_ends(request, periods or Periods(on))
    # Who gives up objecting still comes to see what was granted.
    if any(each.is_awaited for each in request.appointments.all()):
        return Keeping(Why.TO_SHOW, ends)
    if waiver := waived(request):
        return Keeping(Why.WAIVED, waiver.on)
    if done := _done(request):
        return done
    if ends is None or on <= ends:
        return Keeping(Why.WAY_OPEN, ends)
    return Keeping(Why.WAY_OVER, ends)


def _done(request: ViewingRequest) -> Keeping | None:
    """Everything that was asked for was granted, and nothing is left for which the footage would be needed."""
    found = in_force(request)
    if not found or any(each.outcome != DecisionOutcome.GRANTED for each in found.values()):
        return None
    if viewing := found.get(RequestKind.VIEWING):
        shown = [
            each.shown_at
            for each in request.appointments.all()
            if each.notice_id == viewing.notice_id
            and each.result == AppointmentResult.SHOWN
            and each.shown_at
        ]
        return Keeping(Why.SHOWN, timezone.localdate(shown[-1])) if shown else None
    return Keeping(Why.TO_DELETE) if RequestKind.CORRECTION in found else None


def in_force(request: ViewingRequest) -> dict[str, ViewingDecision]:
    """The last decision of each kind that was notified; a postponement is none."""
    decided = request.decisions.all()
    told = [each for each in decided if each.notice_id and each.outcome != DecisionOutcome.POSTPONED]
    return {each.kind: each for each in told}


def _last_day(request: ViewingRequest, event: str) -> dt.date | None:
    return max((move.on for move in request.moves.all() if move.event == event), default=None)


def waived(request: ViewingRequest) -> ViewingMove | None:
    """The waiver, where nothing came after it."""
    moves = [each for each in request.moves.all() if each.event in (*ENDS_A_WAIVER, Event.WAIVE)]
    last = max(moves, key=lambda move: (move.at, move.pk), default=None)
    return last if last is not None and last.event == Event.WAIVE else None


# By the last of which step, that an officer alone wrote down, it may go early.
_SAID_BY = {
    Why.WAIVED: Event.WAIVE,
    Why.WITHDRAWN: Event.WITHDRAW,
    Why.SHOWN: Event.SHOW,
    Why.TO_DELETE: Event.DECIDE,
}


def said_by(request: ViewingRequest, kept: Keeping) -> list[ViewingMove]:
    """The steps by which it may go now: whoever took one of them is not the one who lets it go.

    Each end of a remedy is one, and each answer on another route; and where it is the days that are over, each day on which a letter came.
    What was withdrawn on the website with a code that an officer had read is that officer's word, too.
    """
    taken = request.moves.filter(by__isnull=False).order_by("at", "pk")
    found = list(taken.filter(event__in=(Event.END_APPEAL, Event.ANSWER_ROUTE)))
    if kept.why == Why.WAY_OVER:
        return [*found, *taken.filter(event=Event.ARRIVE)]
    if kept.why == Why.WITHDRAWN:
        by_web = request.moves.filter(event=Event.WITHDRAW, by__isnull=True).last()
        found += taken.filter(event=Event.NEW_CODE, at__lte=by_web.at) if by_web else ()
    return [*found, *filter(None, [taken.filter(event=_SAID_BY[kept.why]).last()])]


def way_ends(request: ViewingRequest, periods: Periods) -> dt.date | None:
    """The last day of the last remedy that can still be taken, against an answer on another route, too; None before
    anything was told."""
    told = [_way_of(notice, periods) for notice in request.notices.all() if notice.how_to_object]
    # Of what was decided elsewhere, a suit being still open, or answered on another route nobody here knows when the person
    # got it; the answer to an objection is a notice itself.
    elsewhere = [
        *(each.ended_on for each in request.remedies.all() if each.kind == RemedyKind.APPEAL),
        *(each.ended_on for each in request.transfers.all() if each.outcome == TransferEnd.ANSWERED),
    ]
    again = [periods.end("appeal_longest_days", ended_on) for ended_on in elsewhere if ended_on]
    return max([*told, *again], default=None)


def _way_of(notice: ViewingNotice, periods: Periods) -> dt.date:
    known = known_on(notice)
    if known is None:
        return periods.end("appeal_longest_days", notice.on)
    return max(periods.end("objection_days", known), periods.end("appeal_days", known))


def known_on(notice: ViewingNotice) -> dt.date | None:
    """The day on which the person knows of it; None while nobody knows (`records.viewing.arrivals`)."""
    return notice.on if notice.way == NoticeWay.HAND else notice.arrived_on


class Known(StrEnum):
    """What the person was told of one camera and range: nothing is promised of footage that nobody has found."""

    UNTOLD = "untold"
    THERE = "there"
    PARTLY = "partly"
    GONE = "gone"


def told_of(request: ViewingRequest, lines: Sequence[RequestedCamera]) -> dict[int, Known]:
    """By the key of the row, in the same few queries for one and for many; what no letter told is untold."""
    decisions = list(in_force(request).values()) if lines else []
    if not decisions:
        return {}
    telling = {one.notice_id for one in decisions}
    told_at = max(each.at for each in request.notices.all() if each.pk in telling)
    apart: dict[int, dict[int, str]] = {}
    for key, decision, outcome in RangeDecision.objects.filter(
        decision__in=decisions, line__in=lines
    ).values_list("line", "decision", "outcome"):
        apart.setdefault(key, {})[decision] = outcome
    searches = SearchResult.objects.filter(line__in=lines, found_at__lte=told_at).order_by("found_at", "pk")
    found = dict(searches.values_list("line", "outcome"))
    return {line.pk: _known(decisions, apart.get(line.pk, {}), found.get(line.pk)) for line in lines}


def _known(decisions: Sequence[ViewingDecision], apart: Mapping[int, str], found: str | None) -> Known:
    outcomes = {each.kind: apart.get(each.pk, each.outcome) for each in decisions}
    if DecisionOutcome.NOT_EXISTING in outcomes.values() or found in NOT_THERE:
        return Known.GONE
    # That it exists was not to be told.
    if outcomes.get(RequestKind.EXISTENCE) == DecisionOutcome.REFUSED:
        return Known.UNTOLD
    if found == SearchOutcome.PARTLY:
        return Known.PARTLY
    is_given = not {DecisionOutcome.GRANTED, DecisionOutcome.PARTLY}.isdisjoint(outcomes.values())
    return Known.THERE if is_given or found == SearchOutcome.FOUND else Known.UNTOLD


def of_camera(line: RequestedCamera, kept: Keeping) -> str:
    return of_cameras(line.request, [line], kept)[0]


def of_cameras(request: ViewingRequest, lines: Sequence[RequestedCamera], kept: Keeping) -> list[str]:
    """What happens to the footage of each: what is held, until when, and whether anything is known to be there."""
    told = told_of(request, lines)
    return [_of_camera(line, kept, told.get(line.pk, Known.UNTOLD)) for line in lines]


def _of_camera(line: RequestedCamera, kept: Keeping, known: Known) -> str:
    hold = line.hold
    if line.dropped_at is not None:
        return _of_dropped(line)
    if hold is None:
        return gettext("유예하지 않았습니다.")
    if hold.released_at is not None:
        words = {"at": _moment(hold.released_at)}
        if known == Known.GONE:
            return gettext("영상이 없다고 알려 드렸고, %(at)s에 유예를 풀었습니다.") % words
        return gettext("%(at)s에 유예를 풀었습니다. 보관기간이 지난 영상은 파기됩니다.") % words
    request = line.request
    if request.holds_lapse_at is not None and line.fits_until_at is not None:
        words = {"at": _moment(request.holds_lapse_at), "end": _moment(line.fits_until_at)}
        return (
            gettext("누리집의 한도를 넘는 청구입니다.")
            + " "
            + _as_far_as_known(
                line,
                gettext(
                    "담당자가 정할 수 있게 %(at)s까지 모두 파기하지 않습니다. "
                    "그때까지 정하지 않으면 %(end)s 앞의 영상만 계속 유예합니다."
                )
                % words,
                known,
            )
        )
    promise = (
        kept.sentence if kept.may_go and known != Known.GONE else _as_far_as_known(line, kept.sentence, known)
    )
    if is_part(line):
        words = {"from": _moment(hold.from_at), "end": _moment(hold.until_at)}
        return gettext("이 가운데 %(from)s ~ %(end)s만 유예했습니다.") % words + " " + promise
    return promise


def _as_far_as_known(line: RequestedCamera, promise: str, known: Known) -> str:
    """The hold binds this system: it keeps what there is, and what only a recorder has once somebody secured it there."""
    words = {"promise": promise}
    if known == Known.GONE:
        return gettext("영상이 없다고 알려 드렸으므로 보관하는 영상이 없습니다.")
    if known == Known.PARTLY:
        return gettext("남아 있는 부분은 이렇게 보관합니다: %(promise)s") % words
    if line.is_unseen:
        return gettext("영상을 확보하면 이렇게 보관합니다: %(promise)s") % words
    if known == Known.UNTOLD:
        return gettext("영상이 있으면 이렇게 보관합니다: %(promise)s") % words
    return promise


def _of_dropped(line: RequestedCamera) -> str:
    """A camera within a radius that has nothing to do with the request."""
    said = gettext("담당자가 이 청구와 관계없는 카메라로 보아 뺐습니다.")
    if line.hold is None or line.hold.released_at is not None:
        return f"{said} " + gettext("유예하지 않으며, 보관기간이 지난 영상은 파기됩니다.")
    return f"{said} " + gettext("다른 담당자가 확인하여 유예를 풀 때까지 파기하지 않습니다.")


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def is_part(line: RequestedCamera) -> bool:
    """Less is held than was asked for."""
    hold = line.hold
    return hold is not None and (hold.from_at > line.from_at or hold.until_at < line.until_at)
