"""How a page or a document writes a share: as `casework.shares` rounded it, never again."""

from django import template

from casework import shares

register = template.Library()


@register.filter
def share(percent: float | None) -> str:
    return "–" if percent is None else shares.written(percent)
