"""What the ledger proves of the votes: each ballot of a written deliberation, and the figures of each resolution.

A ballot is a row, and whoever may write the database could turn an 찬성 into a 반대, add one or take one away. So the line of
the ledger that says that a member answered holds a digest of each choice, over a salt that stands in the row (a choice has
three values: without it the digest would say which). `verify_ledger` compares (`check_all`).
"""

from collections.abc import Iterator
from typing import Any

from accounts.korean import josa
from committee.models import Ballot, PaperAnswer, Resolution
from ledger import commitments
from ledger.checks import Fault
from ledger.models import Entry

ANSWERED, RECORDED = "committee.ballot_given", "committee.resolution_recorded"
CONFIRMED, REJECTED = "committee.paper_answer_confirmed", "committee.paper_answer_rejected"


def digest(ballot: Ballot) -> str:
    """Of what counts: who chose what on which item, how it came in and who typed it. The words beside it may be erased."""
    facts = {
        "ballot": str(ballot.code),
        "item": ballot.item_id,
        "term": ballot.term_id,
        "choice": str(ballot.choice),
        "way": str(ballot.way),
        "on": ballot.on.isoformat(),
        "link": ballot.link_id,
        "paper": ballot.paper_id,
        "by": ballot.entered_by_id,
    }
    return commitments.of_facts(ballot.salt, facts)


def check_all() -> Iterator[Fault | None]:
    yield from _ballots()
    yield from _papers()
    yield from _resolutions()


def _lines(*kinds: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    rows = Entry.objects.of_kind(*kinds).order_by("sequence").values_list("sequence", "kind", "payload")
    for sequence, kind, payload in rows.iterator(chunk_size=1_000):
        yield sequence, kind, Entry(payload=payload).content


def _ballots() -> Iterator[Fault | None]:
    """Each line's ballots, then those that no line knows. Lines from before there were digests vouch for who answered."""
    rows = Ballot.objects.select_related("item__meeting", "term").defer("opinion")
    ballots = {str(ballot.code): ballot for ballot in rows.order_by("pk")}
    told: set[str] = set()
    without_digests: set[tuple[str, str]] = set()
    for sequence, _, content in _lines(ANSWERED):
        given = content.get("ballots")
        if given is None:
            without_digests.add((str(content.get("meeting")), str(content.get("term"))))
            continue
        for code, expected in given.items():
            told.add(code)
            ballot = ballots.get(code)
            if ballot is None:
                yield Fault(f"{content['term']} 위원의 서면심의 의견이 없어졌습니다.", sequence)
            elif not ballot.salt or digest(ballot) != expected:
                yield Fault(f"{content['term']} 위원의 서면심의 의견이 바뀌었습니다.", sequence)
            else:
                yield None
    for code, ballot in ballots.items():
        is_old = not ballot.salt and (ballot.item.meeting.number, ballot.term.number) in without_digests
        if code not in told and not is_old:
            yield Fault(f"{ballot.term.number} 위원의 서면심의 의견이 원장 기록 없이 들어 있습니다.")


def _papers() -> Iterator[Fault | None]:
    """Whether a paper counts or went back is what the ledger says."""
    said: dict[Any, tuple[int | None, str]] = {}
    for at, event, content in _lines(CONFIRMED, REJECTED):
        said[content.get("paper_answer")] = (at, event)
    for paper in PaperAnswer.objects.select_related("term").prefetch_related("ballots"):
        state = CONFIRMED if paper.confirmed_at else REJECTED if paper.rejected_at else ""
        sequence, kind = said.pop(paper.pk, (None, ""))
        is_void = all(ballot.void_at is not None for ballot in paper.ballots.all())
        is_standing = all(ballot.void_at is None for ballot in paper.ballots.all())
        if state == kind and (is_void if state == REJECTED else is_standing):
            yield None
        else:
            yield Fault(f"{paper.term.number} 위원의 의견서가 원장과 다르게 대조되어 있습니다.", sequence)
    for sequence, _ in said.values():
        yield Fault("대조한 의견서가 없어졌습니다.", sequence)
    for ballot in Ballot.objects.filter(paper=None, void_at__isnull=False).select_related("term"):
        yield Fault(f"{ballot.term.number} 위원의 서면심의 의견이 원장 기록 없이 거두어져 있습니다.")


def _resolutions() -> Iterator[Fault | None]:
    rows = {row.number: row for row in Resolution.objects.select_related("meeting", "item", "corrects")}
    told: set[str] = set()
    for sequence, _, content in _lines(RECORDED):
        number = str(content.get("resolution"))
        told.add(number)
        row = rows.get(number)
        if row is None:
            yield Fault(f"의결 {number}{josa(number, '이/가')} 없어졌습니다.", sequence)
            continue
        stored = {
            "vote": [row.enrolled, row.present, row.votes_for, row.votes_against, row.abstained],
            "outcome": row.outcome,
            "on": row.on.isoformat(),
            "meeting": row.meeting.number,
            "item": row.item.position if row.item else None,
            "corrects": row.corrects.number if row.corrects else None,
        }
        differs = [name for name, value in stored.items() if name in content and content[name] != value]
        yield Fault(f"의결 {number}의 내용이 바뀌었습니다.", sequence) if differs else None
    for number in sorted(rows.keys() - told):
        yield Fault(f"의결 {number}{josa(number, '이/가')} 원장 기록 없이 들어 있습니다.")
