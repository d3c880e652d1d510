"""Filters that write values into documents."""

from collections.abc import Mapping
from datetime import date, datetime

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts, wording
from reports.tabulation import Column, Figure, Table

register = template.Library()

_BRIEF = 12
_NUMERIC = frozenset({"count", "bytes", "percent", "days", "years", "seconds", "file_hours"})


@register.filter
def cell(row: Mapping[str, object], column: Column) -> str:
    """The value of a row in a column, written."""
    value = row.get(column.code)
    plain = value if value is None or isinstance(value, str | int | float) else str(value)
    return wording.written(plain, column.kind, column.absent)


@register.filter
def is_numeric(column: Column | Figure) -> bool:
    return column.kind in _NUMERIC


@register.filter
def figure_value(figure: Figure) -> str:
    return wording.written(figure.value, figure.kind, figure.absent)


@register.filter
def figure_previous(figure: Figure) -> str:
    return wording.written(figure.previous, figure.kind, figure.previous_absent)


@register.filter
def is_short(figure: Figure) -> bool:
    """Whether the figure tells of something that should be zero and is not."""
    return figure.is_shortfall and bool(figure.value)


@register.filter
def is_brief(table: Table) -> bool:
    """Whether a table is short enough to be kept on one page."""
    return len(table.printed) <= _BRIEF


@register.filter
def chart(table: Table) -> SafeString:
    return mark_safe(charts.bar_chart(table))  # noqa: S308 - our own template, which escapes


@register.filter
def seoul(at: datetime) -> str:
    return wording.instant(at)


@register.filter
def seoul_minute(at: datetime) -> str:
    return wording.minute(at)


@register.filter
def korean_day(on: date | str) -> str:
    """A date, or one as figures are frozen with it."""
    return wording.day(date.fromisoformat(on) if isinstance(on, str) else on)


@register.filter
def size(count: int) -> str:
    return wording.size(count)


@register.filter
def count(number: float) -> str:
    return wording.number(number)


@register.filter
def ordinance_free(citation: str) -> str:
    """A citation without the word that the sentence already has: 조례 제24조 → 제24조."""
    return citation.removeprefix("조례").strip()
