"""Questions about many meetings or resolutions."""

from typing import Any, NoReturn, Self

from django.db import models

from committee.enums import CARRIED


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
