"""A period that becomes shorter: every way of writing it says so here before it does.

A higher app decides what that means for footage that is there already (`footage.shortenings`): one person's figure in the
register must not destroy it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from accounts.models import Officer
from cameras.querysets import CameraQuerySet


class Change(NamedTuple):
    """Days before and after."""

    before: int
    after: int


Listener = Callable[[Mapping[int, Change], int | None, str], None]
_listeners: dict[str, Listener] = {}


def on_shortening(name: str, listener: Listener) -> None:
    """A higher app says once, when it is ready, what follows: by camera the change, who makes it, and why."""
    if _listeners.setdefault(name, listener) is not listener:
        raise ValueError(f"somebody else listens to shorter periods as {name!r}")


def note(changes: Mapping[int, Change], *, by: int | None, reason: str) -> None:
    """Called in the transaction that writes them; what makes no period shorter is left out."""
    shorter = {camera: change for camera, change in changes.items() if change.after < change.before}
    if not shorter:
        return
    for listener in _listeners.values():
        listener(shorter, by, reason)


def note_same(cameras: CameraQuerySet, days: int, *, by: Officer | None, reason: str) -> None:
    """One period for all of them."""
    longer = cameras.filter(retention_days__gt=days).order_by("pk").values_list("pk", "retention_days")
    changes = {camera: Change(before, days) for camera, before in longer}
    note(changes, by=by.pk if by else None, reason=reason)
