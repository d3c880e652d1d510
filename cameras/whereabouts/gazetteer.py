"""What is known of places: the addresses and positions of cameras, and the place names that officials keep. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cameras.whereabouts import words
from cameras.whereabouts.bearings import Position, middle
from cameras.whereabouts.sounds import latin_key, romanised
from cameras.whereabouts.words import Address


@dataclass(frozen=True, slots=True)
class Spot:
    """A site with cameras: its key and number, both addresses, where it stands (None where nobody measured)."""

    pk: int
    number: str
    road: Address
    lot: Address
    position: Position | None
    addresses: tuple[str, str] = ("", "")

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Along the road, as people count."""
        number = self.road.number
        return (self.road.name, number.main if number else 0, number.sub if number else 0, self.number)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A name that officials keep: an administrative neighbourhood, a station, a market, with other names."""

    name: str
    names: tuple[str, ...]
    # The position is the middle of an area.
    is_area: bool
    position: Position


def spot(pk: int, number: str, road: str, lot: str, position: Position | None) -> Spot:
    """A row of the register."""
    return Spot(pk, number, words.road_address(road), words.lot_address(lot), position, (road, lot))


def name_key(name: str) -> str:
    """A name without blanks; 화곡제1동 is 화곡1동."""
    squeezed = words.tidied(name).replace(" ", "")
    return words.ORDINAL_DONG.sub("", squeezed)


@dataclass(frozen=True)
class Gazetteer:
    spots: Sequence[Spot]
    landmarks: Sequence[Landmark] = field(default_factory=tuple)

    @cached_property
    def by_number(self) -> dict[str, Spot]:
        return {each.number.casefold(): each for each in self.spots}

    @cached_property
    def roads(self) -> dict[str, list[Spot]]:
        return _grouped((each.road.name, each) for each in self.spots)

    @cached_property
    def dongs(self) -> dict[str, list[Spot]]:
        return _grouped((each.lot.name, each) for each in self.spots)

    @cached_property
    def districts(self) -> frozenset[str]:
        found = {address.district for each in self.spots for address in (each.road, each.lot)}
        return frozenset(found - {""})

    @cached_property
    def provinces(self) -> frozenset[str]:
        found = {address.province for each in self.spots for address in (each.road, each.lot)}
        return frozenset(found - {""})

    @cached_property
    def by_name(self) -> dict[str, list[Landmark]]:
        found: dict[str, list[Landmark]] = defaultdict(list)
        for landmark in self.landmarks:
            for key in {name_key(name) for name in landmark.names}:
                found[key].append(landmark)
        return found

    @cached_property
    def latin_names(self) -> dict[str, str]:
        """Romanised key → the Korean name of a road or neighbourhood."""
        return {latin_key(romanised(name)): name for name in (*self.roads, *self.dongs)}

    @cached_property
    def latin_landmarks(self) -> dict[str, str]:
        """Romanised key → name; a station also as people say it in English."""
        found = {}
        for landmark in self.landmarks:
            found[latin_key(romanised(landmark.name))] = landmark.name
            if landmark.name.endswith("역"):
                found[latin_key(romanised(landmark.name[:-1])) + "station"] = landmark.name
        return found

    def within(self, district: str) -> "Gazetteer":
        """Only what lies in one district, where the register has several."""
        spots = [each for each in self.spots if district in (each.road.district, each.lot.district)]
        return Gazetteer(spots, self.landmarks)

    def along(self, road: str) -> list[Spot]:
        """Everything on the road, in the order of the numbers, then its side streets."""
        side_streets = [
            each for name in self.roads if name.startswith(road) and name[len(road) :][:1].isdigit()
            for each in self.roads[name]
        ]  # fmt: skip
        return sorted(self.roads.get(road, ()), key=lambda each: each.order) + sorted(
            side_streets, key=lambda each: (len(each.road.name), each.order)
        )

    def middle_of(self, spots: Iterable[Spot]) -> Position | None:
        positions = [each.position for each in spots if each.position]
        return middle(positions) if positions else None


def _grouped(rows: Iterable[tuple[str, Spot]]) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = defaultdict(list)
    for name, each in rows:
        if name:
            found[name].append(each)
    return dict(found)
