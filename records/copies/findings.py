"""Findings follow each act on a copy (`ordinance.assessment`)."""

from casework.acts import Act
from ordinance import assessment
from ordinance.rules import Subject
from records.models import CaseCopy


def follow(act: Act[CaseCopy]) -> None:
    """Judged as it stands when everything of the act is written."""
    act.afterwards(lambda: assessment.follow([act.row.number], kind=Subject.COPY))
