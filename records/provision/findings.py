"""Findings follow each act on a provision (`ordinance.assessment`)."""

from casework.acts import Act
from ordinance import assessment
from ordinance.rules import Subject
from records.models import Provision
from records.provision_enums import ProvisionState

# No duty covers what nobody has approved yet, but for the one about a particular person.
_UNCOVERED = (ProvisionState.RECEIVED, ProvisionState.UNDER_APPROVAL)


def follow(act: Act[Provision]) -> None:
    """Judged as it stands when everything of the act is written."""
    act.afterwards(lambda: _follow(act.row))


def _follow(row: Provision) -> None:
    if row.state not in _UNCOVERED or row.follows_person:
        assessment.follow([row.number], kind=Subject.PROVISION)
    if copies := list(row.copies.values_list("number", flat=True)):
        assessment.follow(copies, kind=Subject.COPY)
