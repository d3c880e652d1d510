"""How many tasks a person has, for the menu: counted where the first page asks every provider.

A number that may have changed is not shown: whatever the person does forgets it. The next page then asks for it once
it is shown (`portal.views.menu_counts`), so that no page waits for every provider.
"""

from collections import Counter
from collections.abc import Iterable

from django.core.cache import cache
from django.urls import Resolver404, resolve

from accounts.models import Officer
from ordinance.due import DueItem

_KEPT_SECONDS = 10 * 60
ALL = ""


def keep(person: Officer, items: Iterable[DueItem]) -> None:
    counted: Counter[str] = Counter()
    for item in items:
        counted[ALL] += 1
        counted[_place(item.href)] += 1
    cache.set(_key(person.pk), dict(counted), _KEPT_SECONDS)


def of(person_id: int | None) -> dict[str, int]:
    found: dict[str, int] | None = cache.get(_key(person_id)) if person_id else None
    return found or {}


def are_known(person_id: int | None) -> bool:
    """Also where nothing is to be done."""
    return cache.get(_key(person_id)) is not None


def forget(person_id: int | None) -> None:
    cache.delete(_key(person_id))


def _place(address: str) -> str:
    """The part of the portal that the screen belongs to."""
    try:
        return resolve(address.partition("?")[0]).namespace
    except Resolver404:
        return "?"


def _key(person_id: int | None) -> str:
    return f"portal.desk_counts:{person_id}"
