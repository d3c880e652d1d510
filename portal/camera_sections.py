"""Sections of the camera page: each topic adds its own by one line, the page shows them in order.

A section is a template with what it needs. It is asked for at every view of the page, so its function looks first
whether the person may see it (None leaves it out), and makes a number of queries that does not grow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from cameras.models import Camera


@dataclass(frozen=True)
class Section:
    """One part of the page. The template finds `context` under the name `here`."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    # The address on the page: #lifecycle.
    anchor: str = ""


Provider = Callable[[HttpRequest, Camera], Section | None]

_providers: dict[str, tuple[int, Provider]] = {}


def register(name: str, provider: Provider, *, order: int) -> None:
    """Called once per topic, when the portal is ready. Smaller orders stand higher."""
    if _providers.setdefault(name, (order, provider)) != (order, provider):
        raise ValueError(f"a section of the camera page is already registered as {name!r}")


def sections_of(request: HttpRequest, camera: Camera) -> list[Section]:
    """What this person sees of this camera, in order."""
    found = []
    for _, name in sorted((order, name) for name, (order, _) in _providers.items()):
        section = _providers[name][1](request, camera)
        if section is not None:
            found.append(section)
    return found
