"""의사정족수와 의결정족수 (ordinance art. 29): pure arithmetic of one vote.

A majority of the enrolled members opens the meeting, a majority of those present decides; a tie fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ARTICLE = "조례 제29조"


@dataclass(frozen=True, slots=True)
class Vote:
    """The figures of one vote, all in persons. In a written deliberation, present are those who answered."""

    enrolled: int
    present: int
    votes_for: int
    votes_against: int
    abstained: int

    @property
    def is_quorate(self) -> bool:
        return self.present >= quorum(self.enrolled)

    @property
    def is_carried(self) -> bool:
        return 2 * self.votes_for > self.present


def quorum(enrolled: int) -> int:
    """의사정족수: the fewest members who must be present."""
    return enrolled // 2 + 1


def votes_needed(present: int) -> int:
    """의결정족수: the fewest votes in favour that carry a decision."""
    return present // 2 + 1


def problems(vote: Vote, *, max_size: int) -> Iterator[str]:
    """What is impossible about these figures, in Korean; nothing when they fit. `max_size`: seats of the committee."""
    figures = (vote.enrolled, vote.present, vote.votes_for, vote.votes_against, vote.abstained)
    if any(figure < 0 for figure in figures):
        yield "인원수는 0보다 작을 수 없습니다."
        return
    if not 1 <= vote.enrolled <= max_size:
        yield f"재적위원은 1명 이상 {max_size}명 이내여야 합니다."
    if vote.present > vote.enrolled:
        yield f"출석위원({vote.present}명)이 재적위원({vote.enrolled}명)보다 많습니다."
    elif not vote.is_quorate:
        yield (
            f"의사정족수에 이르지 못했습니다: 재적위원 {vote.enrolled}명이면 {quorum(vote.enrolled)}명 이상 "
            f"출석해야 의결할 수 있습니다."
        )
    cast = vote.votes_for + vote.votes_against + vote.abstained
    if cast != vote.present:
        yield f"찬성·반대·기권의 합({cast}명)이 출석위원({vote.present}명)과 다릅니다."
