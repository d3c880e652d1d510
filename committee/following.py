"""Findings follow the acts of the committee: after each act on a meeting, all rules of meetings look at it at once.

All of them, and not those that the act seems to concern: a rule that comes later is then followed, too.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from casework.acts import Act
from committee.models import Meeting, Resolution, Term
from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.rules import Subject
from records.models import Provision


def meeting(act: Act[Any], row: Meeting) -> None:
    act.afterwards(lambda: assessment.follow([row.number], kind=Subject.MEETING))
    act.afterwards(lambda: assessment.follow(_provisions(row), kind=Subject.PROVISION))


def provisions(act: Act[Any], numbers: Iterable[str]) -> None:
    """Of what an item no longer names."""
    chosen = list(numbers)
    act.afterwards(lambda: assessment.follow(chosen, kind=Subject.PROVISION))


def _provisions(row: Meeting) -> list[str]:
    """What its items name, and what was reviewed with the number of one of its resolutions."""
    decided = row.resolutions.values("number")
    named = Provision.objects.order_by().filter(
        Q(agenda_items__meeting=row) | Q(committee_document__in=decided)
    )
    return list(named.values_list("number", flat=True).distinct())


def resolution(act: Act[Any], *rows: Resolution) -> None:
    """Of a resolution, and of the meeting that it was taken at."""
    act.afterwards(lambda: assessment.follow([row.number for row in rows], kind=Subject.RESOLUTION))
    for held in {row.meeting for row in rows}:
        meeting(act, held)


def members(act: Act[Any], keys: Iterable[int]) -> None:
    """Of all their terms (one adds to the years of another), of the committee, and of where they were present: what a
    member is paid rests on who it is."""
    chosen = list(keys)
    act.afterwards(lambda: assessment.follow(_terms(chosen), kind=Subject.MEMBER))
    act.afterwards(
        lambda: assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=["committee_composed"])
    )
    act.afterwards(lambda: assessment.follow(_attended(chosen), kind=Subject.MEETING))


def _terms(members: list[int]) -> list[str]:
    return list(Term.objects.filter(member__in=members).values_list("number", flat=True))


def _attended(members: list[int]) -> list[str]:
    rows = Meeting.objects.order_by().filter(attendances__term__member__in=members)
    return list(rows.values_list("number", flat=True).distinct())
