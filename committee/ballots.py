"""서면심의의 의견 (ordinance art. 29): on paper or through a signed link; given once, counted when the time is over.

Nobody in the office can answer for a member alone. A link is answered with a code that goes to the member's own address
(`committee.links`). What somebody types from a paper counts once a second official has compared the scan (`confirm`); until
then it is a shortfall that the meeting's page shows. The ledger binds each choice (`committee.ballot_proofs`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework import acts, refusals, second_person
from casework.acts import Act, File
from casework.refusals import Refusal
from committee import ballot_proofs, following, links, membership
from committee.enums import AnswerWay, BallotChoice, ItemKind
from committee.models import AgendaItem, Ballot, Meeting, PaperAnswer, Recusal, SignedLink, Term
from committee.voting import ARTICLE
from ledger import commitments
from ordinance.periods import SEOUL

if TYPE_CHECKING:
    from accounts.models import Officer

ANSWERED, CLOSED = ballot_proofs.ANSWERED, "committee.written_closed"
CONFIRMED, REJECTED = ballot_proofs.CONFIRMED, ballot_proofs.REJECTED
LEDGER_KINDS = {
    ANSWERED: "서면심의 의견",
    CLOSED: "서면심의 마감",
    CONFIRMED: "서면심의 의견서 대조",
    REJECTED: "서면심의 의견서 돌려보냄",
}
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
    if Ballot.objects.standing().filter(item__meeting=meeting, term=term).exists():
        yield Refusal("twice", "이미 의견을 낸 위원입니다.", ARTICLE)


def give_on_paper(
    meeting: Meeting,
    term: Term,
    answers: Answers,
    *,
    on: dt.date,
    by: "Officer",
    today: dt.date,
    files: Iterable[File] = (),
) -> list[Ballot]:
    """A signed paper that came back, with its scan: the day is that of the paper, at most the last one."""
    scans = list(files)
    with acts.begin(ANSWERED, meeting, by=by) as act:
        late = on > min(today, meeting.on)
        act.refuse(
            [
                *check(act.row, term, answers),
                *([Refusal("on", "의견을 낸 날을 확인하십시오.", ARTICLE, field="on")] if late else []),
                *([] if scans else [_NO_SCAN]),
            ]
        )
        paper = act.add(PaperAnswer(meeting=act.row, term=term, on=on, entered_at=act.at, entered_by=by))
        act.attach(scans, to=paper)
        made = _give(act, term, answers, way=AnswerWay.PAPER, on=on, by=by, paper=paper)
        # The member has answered: an address that is still out answers nothing any more.
        act.row.links.filter(term=term, purpose="ballot", used_at=None, void_at=None).update(void_at=act.at)
    return made


_NO_SCAN = Refusal(
    "scan",
    "서명한 의견서를 스캔하여 붙이십시오.",
    ARTICLE,
    "다른 담당자가 그것과 대조합니다.",
    field="uploads",
)


def confirm(paper: PaperAnswer, *, by: "Officer") -> PaperAnswer:
    """Somebody else than who typed it has compared the scan: what it says counts from now on."""
    with acts.begin(CONFIRMED, paper, by=by) as act:
        act.row.meeting = act.hold(act.row.meeting)
        act.refuse(against_second_look(act.row, by))
        act.write(confirmed_at=act.at, confirmed_by=by)
        act.payload |= _of_paper(act.row)
    return act.row


def send_back(paper: PaperAnswer, *, reason: str, by: "Officer") -> PaperAnswer:
    """The scan says something else, or is not the member's: nothing of it counts, and the member may answer again."""
    with acts.begin(REJECTED, paper, by=by) as act:
        act.row.meeting = act.hold(act.row.meeting)
        act.refuse(
            [
                *refusals.unwritten(reason, "reason", "돌려보내는 사유를 적어 주십시오."),
                *_against_open(act.row),
            ]
        )
        act.write(rejected_at=act.at, rejected_by=by, reject_reason=reason)
        act.row.ballots.update(void_at=act.at)
        act.payload |= _of_paper(act.row)
    return act.row


def against_second_look(paper: PaperAnswer, by: "Officer") -> Iterator[Refusal]:
    yield from _against_open(paper)
    if not paper.attachments.exists():
        yield _NO_SCAN
    if why := second_person.problem(paper.entered_by_id, by, "의견서를 옮겨 적은", does="대조"):
        yield Refusal("second", why, ARTICLE)


def _against_open(paper: PaperAnswer) -> Iterator[Refusal]:
    if paper.confirmed_at is not None or paper.rejected_at is not None:
        yield Refusal("done", "이미 대조한 의견서입니다.", ARTICLE)
    if paper.meeting.is_held or paper.meeting.cancelled_on is not None:
        yield Refusal("closed", "마감했거나 취소한 서면심의입니다.", ARTICLE)


def _of_paper(paper: PaperAnswer) -> dict[str, Any]:
    return {"meeting": paper.meeting.number, "term": paper.term.number, "paper_answer": paper.pk}


def unconfirmed(meeting: Meeting) -> list[PaperAnswer]:
    """Papers that nobody else has compared yet: they count for nothing."""
    return list(
        meeting.paper_answers.filter(confirmed_at=None, rejected_at=None).select_related("term__member")
    )


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
                paper=who.get("paper"),
                entered_by=who.get("by"),
                salt=commitments.new_salt(),
            )
        )
        for item, (choice, opinion) in answers.items()
    ]
    act.payload |= {
        "meeting": act.row.number,
        "term": term.number,
        "answer_way": way.value,
        "items": len(made),
        "ballots": {str(ballot.code): ballot_proofs.digest(ballot) for ballot in made},
    }
    return made


def close(meeting: Meeting, *, by: "Officer", today: dt.date) -> Meeting:
    """No more opinions: how many are enrolled and how many answered is counted, and resolutions can be recorded.

    Once all have answered it need not wait for its last day: it was decided on the day on which it is closed.
    """
    with acts.begin(CLOSED, meeting, by=by) as act:
        seated = {term.pk for term in membership.composition(act.row.on)}
        counted = Ballot.objects.counted().filter(item__meeting=act.row, term__in=seated)
        answered = set(counted.values_list("term_id", flat=True))
        act.refuse(_against_closing(act.row, seated, answered, today))
        on = min(today, act.row.on)
        act.write(reason="서면심의 마감", enrolled=len(seated), present=len(answered), on=on)
        act.row.links.filter(purpose="ballot", used_at=None, void_at=None).update(void_at=act.at)
        act.payload |= {
            "meeting": act.row.number,
            "enrolled": act.row.enrolled,
            "present": act.row.present,
            "on": on.isoformat(),
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
    elif today <= meeting.on and (waiting := _who_may_still_answer(meeting, seated) - answered):
        papers = sum(paper.term_id in waiting for paper in unconfirmed(meeting))
        told = f" 대조하지 않은 의견서가 {papers}건 있습니다." if papers else ""
        yield Refusal(
            "early",
            f"의견을 받는 마지막 날({meeting.on:%Y-%m-%d})이 지나지 않았고, 의견을 내지 않은 위원이 있습니다.{told}",
            ARTICLE,
        )
    elif today < meeting.on and today.year != meeting.year:
        yield Refusal(
            "year",
            f"{meeting.year}년의 번호를 받은 서면심의여서 그해가 되기 전에 마감할 수 없습니다.",
            ARTICLE,
        )
    elif today < meeting.on and {term.pk for term in membership.composition(today)} != seated:
        yield Refusal(
            "seats",
            f"마지막 날({meeting.on:%Y-%m-%d})의 위원과 오늘의 위원이 달라 미리 마감할 수 없습니다.",
            ARTICLE,
            "마지막 날이 지난 뒤에 마감하십시오.",
        )


def _who_may_still_answer(meeting: Meeting, seated: set[int]) -> set[int]:
    """Who steps aside from every item has nothing to answer; while there is none to decide, one may still be put up."""
    items = meeting.items.filter(kind=ItemKind.DELIBERATE, dropped_reason="").count()
    if not items:
        return set(seated)
    aside = Recusal.objects.filter(item__meeting=meeting, item__dropped_reason="", is_accepted=True)
    counts = Counter(aside.filter(item__kind=ItemKind.DELIBERATE).values_list("term_id", flat=True))
    return {term for term in seated if counts[term] < items}


def answered_by(meeting: Meeting, term: Term) -> list[Ballot]:
    standing = Ballot.objects.standing().filter(item__meeting=meeting, term=term)
    return list(standing.select_related("item"))
