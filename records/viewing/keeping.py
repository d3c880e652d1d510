"""영상을 보관하는 기한: until when the footage of a request stays, and why; asked by every screen and every release.

It stays until the last remedy is over that any of its letters names: the appeal, `appeal_days` from the day on which the
person knows of the decision, and as long as nobody knows that day `appeal_longest_days` from the decision; after an
objection or an appeal was decided, again. While a remedy is pending, or a viewing is still to be held, nobody can say a
day. It may go earlier only by what the person did: saw all that was asked for, or gave up objecting, in writing, after
the last thing that happened. That the office does nothing never ends it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext

from ordinance import deadlines, parameters
from records.enums import UNANSWERED, AppointmentResult, DecisionOutcome, NoticeWay, RemedyKind, RequestKind
from records.enums import RequestEvent as Event
from records.models import RequestedCamera, ViewingDecision, ViewingMove, ViewingNotice, ViewingRequest

# After which of them a suit is still open: its period starts with their decision.
FOLLOWED_BY_SUIT = (RemedyKind.OBJECTION, RemedyKind.APPEAL)
# A waiver of before says nothing about what came after.
ENDS_A_WAIVER = (
    Event.NOTIFY,
    Event.DISMISS,
    Event.REOPEN,
    Event.OBJECT,
    Event.ANSWER_OBJECTION,
    Event.APPEAL,
    Event.END_APPEAL,
)


class Why(StrEnum):
    UNDECIDED = "undecided"
    REMEDY = "remedy"
    TO_SHOW = "to_show"
    WAY_OPEN = "way_open"
    # From here on it may go.
    WAY_OVER = "way_over"
    WAIVED = "waived"
    SHOWN = "shown"
    TO_DELETE = "to_delete"


MAY_GO = frozenset({Why.WAY_OVER, Why.WAIVED, Why.SHOWN, Why.TO_DELETE})


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
        Why.REMEDY: gettext("‘%(remedy)s’ 절차가 끝날 때까지 파기하지 않습니다."),
        Why.TO_SHOW: gettext("열람하실 때까지, 그리고 적어도 %(until)s까지 파기하지 않습니다."),
        Why.WAY_OPEN: gettext("불복할 수 있는 기간이 끝나는 %(until)s까지 파기하지 않습니다."),
        Why.WAY_OVER: gettext(
            "불복할 수 있는 기간이 %(until)s에 끝났습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.WAIVED: gettext(
            "%(until)s에 불복하지 않겠다고 문서로 밝히셨습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.SHOWN: gettext(
            "%(until)s에 열람을 마쳤습니다. 담당자가 유예를 풀면 보관기간이 지난 영상은 파기됩니다."
        ),
        Why.TO_DELETE: gettext("삭제를 허용했으므로 담당자가 유예를 풀고 지웁니다."),
    }


def of(request: ViewingRequest, on: dt.date) -> Keeping:
    """As things stand on that day."""
    pending = request.remedies.filter(ended_on__isnull=True).order_by("filed_on", "pk")
    if kinds := list(dict.fromkeys(pending.values_list("kind", flat=True))):
        return Keeping(Why.REMEDY, remedies=tuple(str(RemedyKind(kind).label) for kind in kinds))
    if request.state in UNANSWERED:
        return Keeping(Why.UNDECIDED)
    if waiver := waived(request):
        return Keeping(Why.WAIVED, waiver.on)
    ends = way_ends(request)
    if request.appointments.filter(result="").exists():
        return Keeping(Why.TO_SHOW, ends)
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
        shown = request.appointments.filter(
            notice=viewing.notice, result=AppointmentResult.SHOWN, shown_at__isnull=False
        ).last()
        return Keeping(Why.SHOWN, timezone.localdate(shown.shown_at)) if shown else None
    return Keeping(Why.TO_DELETE) if RequestKind.CORRECTION in found else None


def in_force(request: ViewingRequest) -> dict[str, ViewingDecision]:
    """The last decision of each kind that was notified; a postponement is none."""
    told = request.decisions.filter(notice__isnull=False).exclude(outcome=DecisionOutcome.POSTPONED)
    return {each.kind: each for each in told.select_related("notice").order_by("decided_at", "pk")}


def waived(request: ViewingRequest) -> ViewingMove | None:
    """The waiver, where nothing came after it."""
    events = [*ENDS_A_WAIVER, Event.WAIVE]
    last = request.moves.filter(event__in=events).order_by("at", "pk").last()
    return last if last is not None and last.event == Event.WAIVE else None


def said_by(request: ViewingRequest, kept: Keeping) -> ViewingMove | None:
    """The step by which a remedy ended before its days: the waiver, the viewing. None where the days are over."""
    if kept.why == Why.WAIVED:
        return waived(request)
    if kept.why == Why.SHOWN:
        return request.moves.filter(event=Event.SHOW).order_by("at", "pk").last()
    return None


def way_ends(request: ViewingRequest) -> dt.date | None:
    """The last day of the last remedy that can still be taken; None before anything was told."""
    told = [_way_of(notice) for notice in request.notices.exclude(how_to_object="")]
    decided = request.remedies.filter(ended_on__isnull=False, kind__in=FOLLOWED_BY_SUIT)
    again = [_days_from(remedy.ended_on, "appeal_days") for remedy in decided if remedy.ended_on]
    return max([*told, *again], default=None)


def _way_of(notice: ViewingNotice) -> dt.date:
    known = known_on(notice)
    if known is None:
        return _days_from(notice.on, "appeal_longest_days")
    return max(_days_from(known, "objection_days"), _days_from(known, "appeal_days"))


def known_on(notice: ViewingNotice) -> dt.date | None:
    """The day on which the person knows of it; None while nobody knows (`records.viewing.arrivals`)."""
    return notice.on if notice.way == NoticeWay.HAND else notice.arrived_on


def _days_from(on: dt.date, code: str) -> dt.date:
    return deadlines.civil(on, int(parameters.value(code, on).value)).due_on


def of_camera(line: RequestedCamera, kept: Keeping) -> str:
    """What happens to the footage of one camera: exactly what is held, and until when."""
    hold = line.hold
    if hold is None:
        return gettext("유예하지 않았습니다.")
    if hold.released_at is not None:
        words = {"at": _moment(hold.released_at)}
        return gettext("%(at)s에 유예를 풀었습니다. 보관기간이 지난 영상은 파기됩니다.") % words
    request = line.request
    if request.holds_lapse_at is not None and line.fits_until_at is not None:
        words = {"at": _moment(request.holds_lapse_at), "end": _moment(line.fits_until_at)}
        return (
            gettext(
                "누리집의 한도를 넘는 청구입니다. 담당자가 정할 수 있게 %(at)s까지 모두 파기하지 않습니다. "
                "그때까지 정하지 않으면 %(end)s 앞의 영상만 계속 유예합니다."
            )
            % words
        )
    if is_part(line):
        words = {"from": _moment(hold.from_at), "end": _moment(hold.until_at)}
        return gettext("이 가운데 %(from)s ~ %(end)s만 유예했습니다.") % words + " " + kept.sentence
    return kept.sentence


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def is_part(line: RequestedCamera) -> bool:
    """Less is held than was asked for."""
    hold = line.hold
    return hold is not None and (hold.from_at > line.from_at or hold.until_at < line.until_at)
