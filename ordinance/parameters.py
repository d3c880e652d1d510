"""The figures and choices that apply on a day in a district, each with the provision that it comes from.

Nothing is kept between calls: a figure that an officer corrects in one process must hold in every other one at
once, and one query per question is cheap. Who needs many at once takes a `snapshot`.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from ordinance.models import Mark, Parameter, ParameterDefinition

HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)")


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
        day = on or timezone.localdate()
        raise UnknownParameter(
            f"{day} 현재 '{profile or active_profile()}' 프로필에 적용되는 설정값이 없습니다: {code}"
        )
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
    )


def problem_with(definition: ParameterDefinition, candidate: Any) -> str:
    """What is wrong with a value for this parameter, in Korean; empty when nothing is."""
    if candidate is None:
        return "" if definition.is_nullable else "값이 필요합니다."
    kind = ParameterDefinition.Kind(definition.kind)
    if kind is ParameterDefinition.Kind.NUMBER:
        return _problem_with_number(definition, candidate)
    if kind is ParameterDefinition.Kind.FLAG:
        return "" if isinstance(candidate, bool) else "예(true) 또는 아니오(false)여야 합니다."
    if kind is ParameterDefinition.Kind.CHOICE:
        if isinstance(candidate, str) and candidate in definition.choices:
            return ""
        return "다음 가운데 하나여야 합니다: " + ", ".join(f"{k}({v})" for k, v in definition.choices.items())
    if kind is ParameterDefinition.Kind.HOURS:
        return _problem_with_hours(candidate)
    return "" if isinstance(candidate, str) and candidate.strip() else "빈칸이 아닌 글이어야 합니다."


def _problem_with_number(definition: ParameterDefinition, candidate: Any) -> str:
    if isinstance(candidate, bool) or not isinstance(candidate, int):
        return "정수여야 합니다."
    if definition.minimum is not None and candidate < definition.minimum:
        return f"{definition.minimum} 이상이어야 합니다."
    if definition.maximum is not None and candidate > definition.maximum:
        return f"{definition.maximum} 이하여야 합니다."
    return ""


def _problem_with_hours(candidate: Any) -> str:
    problem = '"09:00-12:00"처럼 이른 순서로 겹치지 않게 적은 시간대 목록이어야 합니다.'
    if not isinstance(candidate, list) or not candidate:
        return problem
    previous = ""
    for span in candidate:
        if not isinstance(span, str) or not HOURS.fullmatch(span):
            return problem
        begin, end = span.split("-")
        if begin < previous or begin >= end:
            return problem
        previous = end
    return ""
