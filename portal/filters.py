"""The line above a list: a search, the conditions in use, the rest in a drawer, and filters kept by name.

A filter is the query of its list's address. It is kept for its officer, or for all who may open the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.forms import BaseForm, BoundField
from django.http import HttpRequest

from portal.forms.answers import in_words
from portal.listing import ORDER_ARGUMENT, PAGE_ARGUMENT, SIZE_ARGUMENT, query_without
from portal.models import SavedFilter

SEARCH = "q"
# So few conditions need no drawer.
FEW = 3
_NO_CONDITION = (PAGE_ARGUMENT, ORDER_ARGUMENT, SIZE_ARGUMENT)


@dataclass(frozen=True)
class Chip:
    """A condition in use, and the address of the list without it."""

    words: str
    url: str


@dataclass(frozen=True)
class FilterLine:
    """What the template shows."""

    line: Sequence[BoundField]
    drawer: Sequence[BoundField]
    chips: Sequence[Chip]
    kept: Sequence[SavedFilter]
    query: str
    path: str


def line_of(request: HttpRequest, form: BaseForm) -> FilterLine:
    visible = form.visible_fields()
    line = (
        visible if len(visible) <= FEW else [each for each in visible if each.name == SEARCH] or visible[:1]
    )
    return FilterLine(
        line=line,
        drawer=[each for each in visible if each not in line],
        chips=list(_chips(request, form)),
        kept=list(kept(request)),
        query=query_without(request.GET, *_NO_CONDITION),
        path=request.path,
    )


def _chips(request: HttpRequest, form: BaseForm) -> Any:
    wrong = form.errors if form.is_bound else {}
    for bound in form.visible_fields():
        if bound.name not in request.GET or bound.name in wrong:
            continue
        value = form.cleaned_data.get(bound.name)
        if value in (None, "", []):
            continue
        rest = query_without(request.GET, bound.html_name, PAGE_ARGUMENT)
        yield Chip(f"{bound.label}: {in_words(bound.field, value)}", f"{request.path}?{rest}")


def kept(request: HttpRequest) -> Any:
    """Those of the officer and those that were shared, of this list."""
    mine = Q(officer=request.user.pk) | Q(is_shared=True)
    return (
        SavedFilter.objects.filter(mine, path=request.path).select_related("officer").order_by("name", "pk")
    )
