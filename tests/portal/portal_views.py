"""Every view below /portal/, found by walking the resolver, and an address for each with objects that exist."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

PREFIX = "portal/"


@dataclass(frozen=True)
class View:
    """A view's full name, and its address as a pattern. Without a name the address is the name."""

    name: str
    route: str


def portal_views() -> list[View]:
    return [view for view in _walk(get_resolver().url_patterns) if view.route.startswith(PREFIX)]


def _walk(patterns: list[Any], route: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[View]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield View(":".join([*namespaces, pattern.name]) if pattern.name else here, here)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, here, inner)


def names() -> list[str]:
    return sorted({view.name for view in portal_views()})


def address(view: View, values: Mapping[str, Any]) -> str:
    """The view's address with these values in the place of its parts."""
    return "/" + _PART.sub(lambda part: str(values[part["plain"] or part["regex"]]), view.route).translate(
        _BARE
    )


# `<int:pk>` and `(?P<pk>[0-9]+)`; what remains of a regular expression after that is its anchors and escapes.
_PART = re.compile(r"<(?:\w+:)?(?P<plain>\w+)>|\(\?P<(?P<regex>\w+)>[^)]*\)")
_BARE = {ord(character): None for character in "^$\\"}
