"""Findings follow the acts that answer a request, or show who asks (`ordinance.assessment`)."""

from casework.acts import Act
from ordinance import assessment
from ordinance.rules import Subject
from records.models import ViewingRequest


def follow(act: Act[ViewingRequest]) -> None:
    """Judged as it stands when everything of the act is written."""
    act.afterwards(lambda: assessment.follow([act.row.receipt_number], kind=Subject.REQUEST))
