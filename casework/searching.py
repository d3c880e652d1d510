"""One search for everything that has a number, a name or an address: each app says where it looks (`register`).

What is found is shown to those who may see such matters, nobody else is told that it exists. Persons are never found
by parts of their name: where an officer may, by an exact digest that the app keeps under a key.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 8
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One matter: what it is called, what else tells it from others, where it is."""

    title: str
    url_name: str
    url_args: tuple[Any, ...]
    detail: str = ""
    # Hung on the address, without its question mark.
    query: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one looks: rights of which one is needed, and the search itself, which gives MOST at most."""

    label: str
    needs: tuple[str, ...]
    find: Callable[[str], Iterable[Hit]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    hits: Sequence[Hit] = field(default=())


_places: dict[str, Place] = {}


def register(code: str, place: Place) -> None:
    if _places.setdefault(code, place) is not place:
        raise ValueError(f"two places to search called {code!r}")


def find(text: str, may: Callable[[Sequence[str]], bool]) -> list[Found]:
    """In the order of the places; those without a hit are left out."""
    words = " ".join(text.replace("\0", "").split())[:LONGEST]
    if len(words) < 2:
        return []
    found = []
    for place in sorted(_places.values(), key=lambda each: (each.order, each.label)):
        if may(place.needs) and (hits := list(place.find(words))[:MOST]):
            found.append(Found(place.label, hits))
    # What bears the very number stands before what only holds it.
    return sorted(found, key=lambda each: not any(hit.title.startswith(words) for hit in each.hits))
