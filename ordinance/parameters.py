"""The figures and choices that apply on a day in a district, each with the provision that it comes from.

Nothing is kept between calls: a figure that an officer corrects in one process must hold in every other one at
once, and one query per question is cheap. Who needs many at once takes a `snapshot`, who asks about many days a
`Timeline`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from ordinance.models import Mark, Parameter


class UnknownParameter(LookupError):
    """No value is on record for that code on that day."""


@dataclass(frozen=True, slots=True)
class ParameterValue:
    code: str
    value: Any
    citation: str
    is_verified: bool
    effective_on: datetime.date
    mark: str
    article_number: int | None
    profile: str
    note: str
    document: str

    @property
    def is_national(self) -> bool:
        return not self.profile

    @property
    def mark_label(self) -> str:
        return str(Mark(self.mark).label)


def active_profile() -> str:
    return str(settings.ORDINANCE_PROFILE)


def value(code: str, on: datetime.date | None = None, profile: str | None = None) -> ParameterValue:
    """The value of one parameter; the district's own row stands before the nation's."""
    found = snapshot(on, profile, codes=[code])
    if code not in found:
        raise _unknown(code, on or timezone.localdate(), profile or active_profile())
    return found[code]


def snapshot(
    on: datetime.date | None = None, profile: str | None = None, *, codes: list[str] | None = None
) -> Mapping[str, ParameterValue]:
    """Every parameter that applies, by code, in one query."""
    rows = Parameter.objects.effective(
        on or timezone.localdate(), active_profile() if profile is None else profile
    )
    if codes is not None:
        rows = rows.filter(code__in=codes)
    found: dict[str, ParameterValue] = {}
    for row in rows:
        found.setdefault(row.code, _as_value(row))
    return found


class Timeline:
    """The values of a few codes on any day, read once: for a question about many days."""

    def __init__(self, *codes: str, profile: str | None = None) -> None:
        self._profile = active_profile() if profile is None else profile
        rows = Parameter.objects.effective(datetime.date.max, self._profile).filter(code__in=codes)
        self._rows = [(row.effective_on, _as_value(row)) for row in rows]

    def value(self, code: str, on: datetime.date) -> ParameterValue:
        """As `value` would answer for that day."""
        for effective_on, found in self._rows:
            if found.code == code and effective_on <= on:
                return found
        raise _unknown(code, on, self._profile)


def _unknown(code: str, on: datetime.date, profile: str) -> UnknownParameter:
    return UnknownParameter(f"{on} 현재 '{profile}' 프로필에 적용되는 설정값이 없습니다: {code}")


def _as_value(row: Parameter) -> ParameterValue:
    return ParameterValue(
        code=row.code,
        value=row.value,
        citation=row.citation,
        is_verified=row.is_verified,
        effective_on=row.effective_on,
        mark=row.mark,
        article_number=row.article_number,
        profile=row.profile,
        note=row.note,
        document=row.document,
    )
