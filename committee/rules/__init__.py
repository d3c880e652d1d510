"""Duties of the committee, each beside the facts that it judges."""

from committee.rules.meetings import CONDITION_FULFILLED, MEETING_NOTICE
from committee.rules.members import COMMITTEE_COMPOSED, MEMBER_TERM
from committee.rules.minutes import ALLOWANCE_PAID, MINUTES_PUBLISHED
from committee.rules.releases import RELEASE_DELIBERATED
from committee.rules.resolution import RESOLUTION

RULES = (
    COMMITTEE_COMPOSED,
    MEMBER_TERM,
    RESOLUTION,
    CONDITION_FULFILLED,
    RELEASE_DELIBERATED,
    MEETING_NOTICE,
    MINUTES_PUBLISHED,
    ALLOWANCE_PAID,
)

__all__ = ["RESOLUTION", "RULES"]
