"""Findings follow each act on a person's training and pledges (`ordinance.assessment`)."""

from collections.abc import Collection

from ordinance import assessment
from ordinance.rules import Subject
from records.models import StaffMember


def follow_all() -> None:
    """After a list of persons came in."""
    follow(list(StaffMember.objects.values_list("number", flat=True)))


def follow(numbers: Collection[str]) -> None:
    if numbers:
        assessment.follow(list(numbers), kind=Subject.STAFF)
