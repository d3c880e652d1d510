"""서면심의의 의견 (ordinance art. 29): on paper or through a signed link; given once, counted when the time is over."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from committee import following, links, membership
from committee.enums import AnswerWay, BallotChoice, ItemKind
from committee.models import AgendaItem, Ballot, Meeting, SignedLink, Term
from committee.voting import ARTICLE
from ordinance.periods import SEOUL

if TYPE_CHECKING:
    from accounts.models import Officer

ANSWERED, CLOSED = "committee.ballot_given", "committee.written_closed"
LEDGER_KINDS = {ANSWERED: "서면심의 의견", CLOSED: "서면심의 마감"}
# By item: the choice, and what the member adds in words.
Answers = Mapping[int, tuple[BallotChoice, str]]


def until(meeting: Meeting) -> dt.datetime:
    """The end of the day until which opinions are taken."""
    return dt.datetime.combine(meeting.on, dt.time(23, 59, 59), tzinfo=SEOUL)


def items_for(meeting: Meeting, term: Term) -> list[tuple[AgendaItem, bool]]:
    """The items to be answered, and whether this member may."""
    rows = meeting.items.filter(kind=ItemKind.DELIBERATE, dropped_reason="")
    aside = set(
        term.recusals.filter(item__meeting=meeting, is_accepted=True).values_list("item_id", flat=True)
    )
    return [(item, item.pk not in aside) for item in rows]


def check(meeting: Meeting, term: Term, answers: Answers) -> Iterator[Refusal]:
    if not meeting.is_written or meeting.cancelled_on is not None:
        yield Refusal("kind", "의견을 받는 서면심의가 아닙니다.", ARTICLE)
        return
    if meeting.is_held:
        yield Refusal("closed", "마감한 서면심의입니다.", ARTICLE)
    if not term.is_on(meeting.on):
        yield Refusal("term", "서면심의 날에 임기 중인 위원이 아닙니다.", ARTICLE, field="term")
    items = items_for(meeting, term)
    if aside := [item for item, may in items if not may and item.pk in answers]:
        yield Refusal("aside", f"물러난 위원은 ‘{aside[0].title}’에 의견을 낼 수 없습니다.", ARTICLE)
    if missing := [item for item, may in items if may and item.pk not in answers]:
        yield Refusal("missing", f"‘{missing[0].title}’의 의견을 고르십시오.", ARTICLE)
    if Ballot.objects.filter(item__meeting=meeting, term=term).exists():
        yield Refusal("twice", "이미 의견을 낸 위원입니다.", ARTICLE)


def give_on_paper(
    meeting: Meeting, term: Term, answers: Answers, *, on: dt.date, by: "Officer", today: dt.date
) -> list[Ballot]:
    """A signed paper that came back: the day is that of the paper, at most the last one."""
    with acts.begin(ANSWERED, meeting, by=by) as act:
        late = on > min(today, meeting.on)
        act.refuse(
            [
                *check(act.row, term, answers),
                *([Refusal("on", "의견을 낸 날을 확인하십시오.", ARTICLE, field="on")] if late else []),
            ]
        )
        made = _give(act, term, answers, way=AnswerWay.PAPER, on=on, by=by)
        # The member has answered: an address that is still out answers nothing any more.
        act.row.links.filter(term=term, purpose="ballot", used_at=None, void_at=None).update(void_at=act.at)
    return made


def give_by_link(link: SignedLink, secret: str, code: str, answers: Answers) -> list[Ballot]:
    """All answers of a member at once, in the transaction that uses the link up."""
    with acts.begin(ANSWERED, link.meeting, actor="system:committee") as act:
        held = links.take(link, secret, code)
        act.refuse(check(act.row, held.term, answers))
        return _give(act, held.term, answers, way=AnswerWay.LINK, on=timezone.localdate(act.at), link=held)


def _give(
    act: Act[Meeting], term: Term, answers: Answers, *, way: AnswerWay, on: dt.date, **who: Any
) -> list[Ballot]:
    made = [
        act.add(
            Ballot(
                item_id=item,
                term=term,
                choice=choice,
                opinion=opinion.strip(),
                way=way,
                on=on,
                at=act.at,
                link=who.get("link"),
                entered_by=who.get("by"),
            )
        )
        for item, (choice, opinion) in answers.items()
    ]
    act.payload |= {
        "meeting": act.row.number,
        "term": term.number,
        "answer_way": way.value,
        "items": len(made),
    }
    return made


def close(meeting: Meeting, *, by: "Officer", today: dt.date) -> Meeting:
    """No more opinions: how many are enrolled and how many answered is counted, and resolutions can be recorded."""
    with acts.begin(CLOSED, meeting, by=by) as act:
        seated = {term.pk for term in membership.composition(act.row.on)}
        answered = set(
            Ballot.objects.filter(item__meeting=act.row, term__in=seated).values_list("term_id", flat=True)
        )
        act.refuse(_against_closing(act.row, seated, answered, today))
        act.write(reason="서면심의 마감", enrolled=len(seated), present=len(answered))
        act.row.links.filter(purpose="ballot", used_at=None, void_at=None).update(void_at=act.at)
        act.payload |= {
            "meeting": act.row.number,
            "enrolled": act.row.enrolled,
            "present": act.row.present,
        }
        following.meeting(act, act.row)
    return act.row


def _against_closing(
    meeting: Meeting, seated: set[int], answered: set[int], today: dt.date
) -> Iterator[Refusal]:
    if not meeting.is_written or meeting.cancelled_on is not None:
        yield Refusal("kind", "마감할 서면심의가 아닙니다.", ARTICLE)
    elif meeting.is_held:
        yield Refusal("closed", "이미 마감한 서면심의입니다.", ARTICLE)
    elif not seated:
        yield Refusal("nobody", "그날 임기 중인 위원이 없습니다.", ARTICLE)
    elif today <= meeting.on and answered != seated:
        yield Refusal(
            "early",
            f"의견을 받는 마지막 날({meeting.on:%Y-%m-%d})이 지나지 않았고, 의견을 내지 않은 위원이 있습니다.",
            ARTICLE,
        )


def answered_by(meeting: Meeting, term: Term) -> list[Ballot]:
    return list(Ballot.objects.filter(item__meeting=meeting, term=term).select_related("item"))
