"""안건마다의 재적과 출석 (ordinance art. 29): after those who step aside, who counts, and who may vote.

A member who steps aside (제척·기피·회피) is not present at that item and does not vote. Whether such a member still counts
among the enrolled, the law does not say: the profile does (`committee_recused_are_enrolled`; then a quorum is harder).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from committee import membership, voting
from committee.enums import BallotChoice
from committee.models import AgendaItem, Attendance, Ballot, Meeting, Recusal, Term
from committee.voting import Vote
from ordinance import parameters

COUNTED = "committee_recused_are_enrolled"


@dataclass(frozen=True, slots=True)
class ItemCount:
    """Persons at one item."""

    enrolled: int
    present: int
    recused: int

    @property
    def quorum(self) -> int:
        return voting.quorum(self.enrolled)

    @property
    def is_quorate(self) -> bool:
        return self.present >= self.quorum


def counts(meeting: Meeting) -> Mapping[int, ItemCount]:
    """By item, in a few queries for the whole agenda. Of a written deliberation, present are those who answered."""
    seated = [term.pk for term in membership.composition(meeting.on)]
    if meeting.is_written:
        answered = Ballot.objects.counted().filter(item__meeting=meeting, term__in=seated)
        there = _by_item(answered.values_list("item_id", "term_id"))
    else:
        rows = Attendance.objects.filter(meeting=meeting)
        seated = [row.term_id for row in rows] or seated
        present = {row.term_id for row in rows if row.is_present}
        there = dict.fromkeys(meeting.items.values_list("pk", flat=True), present)
    aside = _by_item(
        Recusal.objects.filter(item__meeting=meeting, is_accepted=True).values_list("item_id", "term_id")
    )
    is_counted = bool(parameters.value(COUNTED, meeting.on).value)
    return {
        item.pk: _count(seated, there.get(item.pk, set()), aside.get(item.pk, set()), is_counted)
        for item in meeting.items.all()
    }


def _by_item(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for item, term in pairs:
        found.setdefault(item, set()).add(term)
    return found


def _count(seated: Sequence[int], there: set[int], aside: set[int], is_counted: bool) -> ItemCount:
    out = aside & set(seated)
    enrolled = len(seated) if is_counted else len(seated) - len(out)
    return ItemCount(enrolled=enrolled, present=len(there - aside), recused=len(out))


def of_item(item: AgendaItem) -> ItemCount:
    return counts(item.meeting)[item.pk]


def written_vote(item: AgendaItem) -> Vote:
    """What the ballots on an item add up to; nobody types these figures."""
    count = of_item(item)
    seated = [term.pk for term in membership.composition(item.meeting.on)]
    rows = item.ballots.counted().filter(term__in=seated).exclude(term__recusals__in=_accepted(item))
    by_choice = dict(rows.order_by().values_list("choice").annotate(Count("pk")))
    return Vote(
        count.enrolled,
        count.present,
        by_choice.get(BallotChoice.FOR, 0),
        by_choice.get(BallotChoice.AGAINST, 0),
        by_choice.get(BallotChoice.ABSTAIN, 0),
    )


def _accepted(item: AgendaItem) -> "Sequence[Recusal]":
    return list(item.recusals.filter(is_accepted=True))


def may_vote(item: AgendaItem, term: Term) -> bool:
    """Enrolled on the day, and not stepped aside."""
    return term.is_on(item.meeting.on) and not item.recusals.filter(term=term, is_accepted=True).exists()
