"""결정의 통지: the day on which the person is told is the day on which the clock stops (Decree art. 41(5)).

What is granted to be seen is told with date, time and place; whatever is less than asked for, with every way to object.
The text is frozen as it was sent.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance.periods import SEOUL
from records.enums import DecisionOutcome, NoticeKind, NoticeWay, RequestEvent, RequestKind
from records.models import ViewingDecision, ViewingMove, ViewingNotice, ViewingRequest
from records.viewing import appointments, findings, guide, lateness, standing

MAX_TEXT = 4_000
MAX_WISH = 200
ARTICLE = "시행령 제41조제5항"
OF_VIEWING = (RequestKind.VIEWING, RequestKind.WHOLE)
SHOWN = (DecisionOutcome.GRANTED, DecisionOutcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Letter:
    """How and when the person was told, and what beside the decisions."""

    on: dt.date
    way: str
    reply: str
    document_number: str = ""
    viewing_at: dt.datetime | None = None
    viewing_place: str = ""
    # When and how the person asked for a later day than the office may set by itself.
    wish: str = ""


def notify(request: ViewingRequest, letter: Letter, *, by: Officer) -> ViewingNotice:
    """The decisions are in force from the day of the notice; the due date closes on that day."""
    with acts.begin("records.viewing_notified", request, by=by) as act:
        pending = list(decided(act.row))
        act.refuse(check(act.row, pending, letter, by))
        notice = write(act, NoticeKind.DECISION, letter, by=by)
        act.row.decisions.filter(pk__in=[each.pk for each in pending]).update(notice=notice)
        if any(each.kind in OF_VIEWING for each in pending):
            appointments.end_earlier(act)
        appointments.make(notice)
        act.move(
            ViewingMove,
            RequestEvent.NOTIFY,
            on=letter.on,
            document_number=letter.document_number,
            reason=letter.wish.strip()[:MAX_WISH],
            to=standing.after_answer(act.row),
        )
        if letter.viewing_at:
            act.payload |= {"to": letter.viewing_at.isoformat(), "is_wished": bool(letter.wish.strip())}
        lateness.close_answer(act.row, told_at(letter.on, act.at))
        findings.follow(act)
    request.state = act.row.state
    return notice


def decided(request: ViewingRequest) -> "QuerySet[ViewingDecision]":
    """What is to be told: decided, and not taken back."""
    return request.decisions.filter(notice__isnull=True, revoked_at__isnull=True)


def write(
    act: Act[ViewingRequest],
    kind: NoticeKind,
    letter: Letter,
    *,
    by: Officer,
    how_to_object: str | None = None,
) -> ViewingNotice:
    """The notice as it is sent, with its digest in the ledger's line. `how_to_object`: by default every remedy."""
    reply = letter.reply.strip()[:MAX_TEXT]
    if how_to_object is None:
        how_to_object = guide.text(by, letter.on)
    act.payload |= {
        "request": act.row.receipt_number,
        "on": letter.on.isoformat(),
        "way": letter.way,
        "document": letter.document_number.strip(),
    }
    return ViewingNotice.objects.create(
        request=act.row,
        kind=kind,
        on=letter.on,
        way=letter.way,
        document_number=letter.document_number.strip(),
        viewing_at=letter.viewing_at,
        viewing_place=letter.viewing_place.strip(),
        reply=reply,
        how_to_object=how_to_object,
        at=act.at,
        by=by,
        salt=act.seal("text", f"{reply}\n{how_to_object}"),
    )


def told_at(on: dt.date, now: dt.datetime) -> dt.datetime:
    """The moment that closes a due date: of an earlier day its end, since nobody wrote down the hour."""
    return min(now, dt.datetime.combine(on, dt.time(23, 59), SEOUL))


def check(
    request: ViewingRequest, pending: list[ViewingDecision], letter: Letter, by: Officer
) -> list[Refusal]:
    """Why the notice is not one."""
    found = [*check_letter(request, letter), *guide.check(by)]
    if pending and letter.on < timezone.localdate(min(each.decided_at for each in pending)):
        found.append(Refusal("before", "통지한 날이 결정한 날보다 앞섭니다.", ARTICLE, field="on"))
    is_shown = any(each.kind == RequestKind.VIEWING and each.outcome in SHOWN for each in pending)
    if is_shown and not (letter.viewing_at and letter.viewing_place.strip()):
        found.append(
            Refusal("viewing", "열람할 날짜와 시각, 장소를 적어야 합니다.", ARTICLE, field="viewing_at")
        )
    if letter.viewing_at and _is_before_notice(letter, letter.viewing_at):
        found.append(Refusal("viewing", "열람 일시가 통지보다 앞섭니다.", ARTICLE, field="viewing_at"))
    if letter.viewing_at:
        is_wished = bool(letter.wish.strip())
        found += appointments.refuse_late(
            request, letter.on, letter.viewing_at, field="viewing_at", is_wished=is_wished
        )
    return found


def _is_before_notice(letter: Letter, viewing_at: dt.datetime) -> bool:
    """A notice of today is given now; of an earlier one nobody wrote down the hour."""
    if letter.on == timezone.localdate():
        return viewing_at < timezone.now()
    return timezone.localdate(viewing_at) < letter.on


def check_letter(request: ViewingRequest, letter: Letter) -> list[Refusal]:
    """What every notice needs, of a decision or of a postponement."""
    found = []
    if letter.on > timezone.localdate():
        found.append(
            Refusal(
                "future", "통지한 날이 오늘보다 뒤입니다.", ARTICLE, "보낸 뒤에 기록하십시오.", field="on"
            )
        )
    if letter.on < timezone.localdate(request.received_at):
        found.append(Refusal("before", "통지한 날이 접수일보다 앞섭니다.", ARTICLE, field="on"))
    if letter.way not in NoticeWay.values:
        found.append(Refusal("way", "통지 방법을 고르십시오.", ARTICLE, field="way"))
    if letter.way == NoticeWay.WEB and not request.wants_web_notice:
        found.append(
            Refusal(
                "way",
                "청구인이 누리집으로 받겠다고 하지 않았습니다.",
                "행정절차법 제14조",
                "우편으로 보내거나 직접 주십시오.",
                field="way",
            )
        )
    if not letter.reply.strip():
        found.append(Refusal("reply", "청구인에게 알리는 내용을 적어 주십시오.", ARTICLE, field="reply"))
    return found
