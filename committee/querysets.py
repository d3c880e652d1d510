"""Questions about many terms, meetings or resolutions."""

import datetime as dt
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q

from committee.enums import APPOINTED, CARRIED


class RecordIsFinal(TypeError):
    """A recorded resolution was to be changed or deleted by code; only `committee.resolutions.correct` may follow it."""


class ResolutionQuerySet(models.QuerySet):
    """Bulk writes are refused: what was recorded stays as it was recorded."""

    def standing(self) -> Self:
        """Those that no later resolution corrects: what holds today."""
        return self.filter(correction=None)

    def passed(self) -> Self:
        """Carried, with or without conditions, and not corrected since (ordinance art. 29)."""
        return self.standing().filter(outcome__in=CARRIED)

    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordIsFinal("의결은 고칠 수 없습니다. 정정하는 의결을 기록하십시오.")

    def delete(self) -> NoReturn:
        raise RecordIsFinal("의결은 지울 수 없습니다. 정정하는 의결을 기록하십시오.")


class TermQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        """Of whoever sat on the committee that day."""
        return self.filter(
            Q(until_on=None) | Q(until_on__gte=day), Q(ended_on=None) | Q(ended_on__gte=day), from_on__lte=day
        )

    def appointed(self) -> Self:
        return self.filter(ground__in=APPOINTED)

    def over(self, day: dt.date) -> Self:
        """Ended before that day."""
        return self.filter(Q(until_on__lt=day) | Q(ended_on__lt=day))

    def without_successor(self) -> Self:
        """Nobody was appointed after them, and nobody has said that the seat stays empty."""
        return self.filter(renewal=None, substitute=None, vacant_reason="")


class BallotQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Not of a paper that went back."""
        return self.filter(void_at=None)

    def counted(self) -> Self:
        """What a decision may rest on: of a paper, once a second official has compared its scan."""
        return self.standing().filter(Q(paper=None) | Q(paper__confirmed_at__isnull=False))
