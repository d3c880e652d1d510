"""Quorum and majority (ordinance art. 29)."""

import pytest

from committee.voting import Vote, problems, quorum, votes_needed


@pytest.mark.parametrize(("enrolled", "needed"), [(1, 1), (2, 2), (3, 2), (14, 8), (15, 8)])
def test_quorum_is_more_than_half_of_the_enrolled(enrolled, needed):
    assert quorum(enrolled) == needed


@pytest.mark.parametrize(("present", "needed"), [(1, 1), (2, 2), (8, 5), (9, 5), (12, 7), (15, 8)])
def test_a_majority_of_those_present_decides(present, needed):
    assert votes_needed(present) == needed
    assert Vote(15, present, needed, present - needed, 0).is_carried
    assert not Vote(15, present, needed - 1, present - needed + 1, 0).is_carried


def test_a_tie_fails():
    assert not Vote(15, 8, 4, 4, 0).is_carried


def test_abstentions_count_as_present():
    assert not Vote(15, 10, 5, 0, 5).is_carried


def test_possible_figures_have_no_problem():
    assert list(problems(Vote(15, 8, 5, 3, 0), max_size=15)) == []


@pytest.mark.parametrize(
    ("vote", "said"),
    [
        (Vote(15, 7, 7, 0, 0), "의사정족수"),
        (Vote(14, 7, 7, 0, 0), "8명 이상"),
        (Vote(15, 16, 16, 0, 0), "재적위원(15명)보다 많습니다"),
        (Vote(15, 10, 5, 3, 1), "합(9명)이 출석위원(10명)"),
        (Vote(15, 10, 8, 3, 1), "합(12명)이 출석위원(10명)"),
        (Vote(16, 10, 8, 1, 1), "15명 이내"),
        (Vote(0, 0, 0, 0, 0), "1명 이상"),
        (Vote(15, 10, 12, -2, 0), "0보다 작을 수 없습니다"),
    ],
)
def test_impossible_figures_are_named(vote, said):
    assert said in " ".join(problems(vote, max_size=15))
