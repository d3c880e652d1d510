"""What somebody typed for a place becomes a part of a request: a number is that place, other words a position to look around.

Whoever knows the number of a site or camera means it and nothing else. Whoever writes an address, a station or a
position does not know the camera: everything within the radius is meant.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cameras.models import Camera, Site
from cameras.whereabouts import finding
from cameras.whereabouts.bearings import Position
from cameras.whereabouts.gazetteer import Gazetteer, Spot
from records.viewing.asked import AskedAround, AskedSite, Part

MOST_CHOICES = 10


@dataclass(frozen=True, slots=True)
class Named:
    """One of them is set; `choices`: words with their label, where more than one place may be meant."""

    site: Site | None = None
    camera: Camera | None = None
    position: Position | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def part(self, words: str, radius_metres: int, from_at: datetime, until_at: datetime) -> Part | None:
        if self.site is not None:
            return AskedSite(self.site, from_at, until_at, [self.camera] if self.camera else [])
        if self.position is not None:
            return AskedAround(self.position, radius_metres, words, from_at, until_at)
        return None


def find(typed: str, known: Callable[[], Gazetteer]) -> Named:
    """`known`: the places that whoever asks may be told of, read only for words. By its number every place can be asked for."""
    words = " ".join(unicodedata.normalize("NFKC", typed).split())
    if found := _by_number(words.replace(" ", "")):
        return found
    answer = finding.find(words, known())
    # The middle of a neighbourhood is where nobody was.
    if answer.position is not None and answer.basis != finding.Basis.AREA:
        return Named(position=answer.position)
    spots = answer.here or answer.area
    if len({spot.position for spot in spots}) == 1 and spots[0].position is not None:
        return Named(position=spots[0].position)
    offered = [(each.query, each.label) for each in answer.choices]
    offered += [(spot.number, _label(spot)) for spot in (*spots, *(near.spot for near in answer.near))]
    return Named(choices=tuple(offered[:MOST_CHOICES]))


def _label(spot: Spot) -> str:
    return f"{next(filter(None, spot.addresses), '')} ({spot.number})".strip()


def _by_number(number: str) -> Named | None:
    if site := Site.objects.filter(number__iexact=number).first():
        return Named(site=site)
    camera = Camera.objects.filter(number__iexact=number).select_related("site").first()
    return Named(site=camera.site, camera=camera) if camera else None
