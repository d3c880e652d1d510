"""The answer to "where was I?": pure, from typed words and what is known of places.

Each step either knows what was meant or leaves it to the next one. What only looks alike is never taken for the thing:
it becomes a choice that the person makes. One exception, which the answer says: a name that sounds the same (곰달레로)
and fits one road only.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cameras.whereabouts import sounds, words
from cameras.whereabouts.bearings import Position, between, direction, metres
from cameras.whereabouts.gazetteer import Gazetteer, Landmark, Spot, name_key
from cameras.whereabouts.words import Asked, Number

# How far "near" is, and how many places are told of.
NEAR_METRES = 500
NEAR_PLACES = 10
# Where nothing is that near, the nearest few are told with their distance.
AT_LEAST = 3
MOST_CHOICES = 10
# Between two cameras of a road a number's position is estimated only where both are near and the numbers run evenly.
LONGEST_GAP_NUMBERS = 60
LONGEST_GAP_METRES = 800
METRES_A_NUMBER = (1.0, 25.0)
# Fewer letters fit too much.
SHORTEST_PART = 2


class Kind(StrEnum):
    NOTHING = "nothing"
    HERE = "here"  # a camera's own address or number
    NEAR = "near"  # an address without a camera
    ROAD = "road"
    DONG = "dong"
    DISTRICT = "district"
    LANDMARK = "landmark"
    POSITION = "position"
    TEXT = "text"  # an address of the register that holds the words
    CHOICES = "choices"
    OUTSIDE = "outside"  # another district
    POSTCODE = "postcode"  # covers a whole block; officials have entered none
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """How the position is known from which distances are measured."""

    NONE = "none"
    CAMERA = "camera"
    SAME_NUMBER = "same_number"  # 58 was asked for, 58-3 is there
    BETWEEN = "between"  # estimated between two numbers of the road
    LANDMARK = "landmark"
    AREA = "area"  # the middle of an administrative neighbourhood
    GIVEN = "given"  # by the browser or typed as figures


@dataclass(frozen=True, slots=True)
class Nearby:
    """A site with its distance; None where it is not known, then only the number on the road says what is near."""

    spot: Spot
    metres: float | None
    direction: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may have been meant; `query` asks for it."""

    query: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answer:
    kind: Kind
    words: str
    # The words as they were understood: "까치산로 109".
    understood: str = ""
    # What was typed where a name that sounds the same was taken instead.
    taken_for: str = ""
    basis: Basis = Basis.NONE
    # Numbers of the road between which the position was estimated.
    estimated_between: tuple[str, ...] = ()
    position: Position | None = None
    here: tuple[Spot, ...] = ()
    near: tuple[Nearby, ...] = ()
    # Everything of a road, neighbourhood or text, in order.
    area: tuple[Spot, ...] = ()
    choices: tuple[Choice, ...] = ()
    # A lot number tells nothing about where it lies.
    is_lot: bool = False
    # What followed the name could not be read as a number of a house.
    has_odd_number: bool = False


_COORDINATES = re.compile(r"^(3[3-8]\.\d{2,12})\s*[,\s]\s*(1(?:2[4-9]|3[0-2])\.\d{2,12})$")
_POSTCODE = re.compile(r"^\d{5}$")
_SITE_NUMBER = re.compile(r"^[\w가-힣-]{1,60}$")
_BESIDE = re.compile(
    r"^(?:\s|,|앞|옆|뒤|근처|부근|주변|인근|건너편|맞은편|정문|후문|입구|쪽|에서|에|\d{1,2}번출구|\d{1,2}번\s*출구|출구|사거리|삼거리)*$"
)
_AFTER_A_ROAD = re.compile(r"^(?:$|[\s,\d.]|앞|옆|근처|부근|주변|인근|에|변|일대|쪽|번지|지하)")
_NAME = re.compile(r"^[가-힣]+(?:\d{1,4}번?[가-하]?길)?")
_FIGURES = re.compile(r"\d+")
_NUMBER_FIRST = re.compile(r"(?:^|\s)(\d{1,5}(?:\s?-\s?\d{1,5})?)[\s,]*$")
_ADMINISTRATIVE_DONG = re.compile(r"^(?P<stem>[가-힣]{1,6}?)(?:제?\d{1,2}|본)동")
_LATIN = re.compile(r"[a-z]")
_HANGUL = re.compile(r"[가-힣]")
_ENGLISH_REGION = re.compile(r"\b(?:republic of korea|south korea|korea|seoul|si)\b")
_ENGLISH_DISTRICT = re.compile(r"\b([a-z]+)-?\s?gu\b")
_ENGLISH_SIDE_STREET = re.compile(r"(?<=[a-z])\s*-?\s*(\d{1,4})\s*-?\s*(beon)?-?\s*gil\b")
_ENGLISH_NUMBER_FIRST = re.compile(r"^\s*(?:no\.?\s*)?(\d{1,5}(?:-\d{1,5})?)[\s,]+(?=[a-z])")


def find(typed: str, known: Gazetteer) -> Answer:
    """What was meant, and the cameras that stand there or nearest."""
    asked = words.take_apart(typed, known.districts)
    if not asked.text:
        return Answer(Kind.NOTHING, "")
    if asked.district in known.districts and len(known.districts) > 1:
        known = known.within(asked.district)
    for step in STEPS:
        if answer := step(asked, known):
            return answer
    return Answer(Kind.UNKNOWN, asked.text)


def near(position: Position, known: Gazetteer, *, label: str = "") -> Answer:
    """What stands nearest to a position that a browser gave."""
    return Answer(
        Kind.POSITION, label, understood=label, basis=Basis.GIVEN, position=position,
        near=_nearest(position, known.spots),
    )  # fmt: skip


def _coordinates(asked: Asked, known: Gazetteer) -> Answer | None:
    if not (found := _COORDINATES.match(asked.text)):
        return None
    return near(Position(float(found[1]), float(found[2])), known, label=asked.text)


def _number(asked: Asked, known: Gazetteer) -> Answer | None:
    """The number of a site, or of one of its cameras."""
    if not _SITE_NUMBER.match(asked.text):
        return None
    spot = known.by_number.get(asked.text) or known.by_number.get(asked.text.rpartition("-")[0])
    return _at(asked, spot.number, (spot,), known) if spot else None


def _outside(asked: Asked, known: Gazetteer) -> Answer | None:
    """Another city or district; nothing is outside while the register names no district."""
    province_differs = asked.province and known.provinces and asked.province not in known.provinces
    district_differs = asked.district and known.districts and asked.district not in known.districts
    if not (province_differs or district_differs):
        return None
    return Answer(Kind.OUTSIDE, asked.text, f"{asked.province} {asked.district}".strip())


def _district(asked: Asked, known: Gazetteer) -> Answer | None:
    if asked.core or not (asked.district or asked.province):
        return None
    area = tuple(sorted(known.spots, key=lambda each: each.order))
    return Answer(Kind.DISTRICT, asked.text, asked.district or asked.province, area=area)


def _landmark(asked: Asked, known: Gazetteer) -> Answer | None:
    for text in dict.fromkeys((asked.text, asked.core)):
        key = name_key(text)
        for length in range(len(key), SHORTEST_PART - 1, -1):
            if key[:length] in known.by_name and _BESIDE.match(key[length:]):
                return _at_landmarks(asked, known.by_name[key[:length]], known)
    return None


def _postcode(asked: Asked, known: Gazetteer) -> Answer | None:
    return Answer(Kind.POSTCODE, asked.text) if _POSTCODE.match(asked.text) else None


def _at_landmarks(asked: Asked, found: Sequence[Landmark], known: Gazetteer) -> Answer:
    if len(found) > 1:
        return _choices(asked, [Choice(each.name, each.name, Kind.LANDMARK) for each in found])
    landmark = found[0]
    return Answer(
        Kind.LANDMARK, asked.text, landmark.name, position=landmark.position,
        basis=Basis.AREA if landmark.is_area else Basis.LANDMARK,
        near=_nearest(landmark.position, known.spots),
    )  # fmt: skip


def _road(asked: Asked, known: Gazetteer) -> Answer | None:
    """A road of the register, by its longest name that fits."""
    if not (found := _longest_name(asked.core, known.roads)):
        return None
    name, before, rest = found
    number = words.number_at(rest) or _number_before(before, rest)
    if _says_another_dong(asked, before, name, number, known):
        return _choices(asked, [_choice(name, number)])
    return _on_road(asked, name, number, known, has_odd_number=bool(_FIGURES.search(rest)))


def _number_before(before: str, rest: str) -> Number | None:
    """`302 화곡로`, where nothing follows the name."""
    found = _NUMBER_FIRST.search(before)
    return words.number_at(found[1]) if found and not _FIGURES.search(rest) else None


def _says_another_dong(asked: Asked, before: str, road: str, number: Number | None, known: Gazetteer) -> bool:
    """A neighbourhood was named in which the road's camera does not stand, or that the register does not have at all:
    roads go on in the next neighbourhood and in the next district."""
    here = {each.lot.name for each in known.roads[road] if each.road.number == number and each.lot.name}
    for text in (*asked.notes, before):
        found = words.dong_in(text)
        if found and known.dongs and not _is_known_dong(found[0], known):
            return True
        if found and found[0] in known.dongs and here and found[0] not in here:
            return True
    return False


def _is_known_dong(name: str, known: Gazetteer) -> bool:
    return name in known.dongs or name_key(name) in known.by_name or _stem_of(name) in known.dongs


def _stem_of(name: str) -> str:
    """화곡1동, 화곡본동 → 화곡동."""
    found = _ADMINISTRATIVE_DONG.match(name)
    return f"{found['stem']}동" if found else ""


def _on_road(
    asked: Asked, road: str, number: Number | None, known: Gazetteer, *, has_odd_number: bool = False
) -> Answer:
    if number is None:
        area = tuple(known.along(road))
        return Answer(Kind.ROAD, asked.text, road, area=area, has_odd_number=has_odd_number)
    if several := _in_several_districts(asked, known.roads[road], f"{road} {number}"):
        return several
    label = f"{road} {number}"
    if here := [each for each in known.roads[road] if each.road.number == number]:
        return _at(asked, label, here, known)
    return _beside(asked, label, number, known.roads[road], known)


def _in_several_districts(asked: Asked, spots: Sequence[Spot], query: str) -> Answer | None:
    """A hub of several districts has one name twice."""
    districts = sorted({each.road.district or each.lot.district for each in spots})
    if len(districts) < 2:
        return None
    asking = [f"{district} {query}".strip() for district in districts]
    return _choices(asked, [Choice(each, each, Kind.ROAD) for each in asking])


def _at(asked: Asked, label: str, here: Sequence[Spot], known: Gazetteer) -> Answer:
    position = known.middle_of(here)
    keys = {each.pk for each in here}
    others = [each for each in known.spots if each.pk not in keys]
    nearest = _nearest(position, others, at_least=0) if position else ()
    return Answer(
        Kind.HERE, asked.text, label, basis=Basis.CAMERA, position=position, here=tuple(here), near=nearest
    )


def _beside(asked: Asked, label: str, number: Number, road: Sequence[Spot], known: Gazetteer) -> Answer:
    """No camera at this number: its position is estimated from the cameras of the road, or not at all."""
    answer = Answer(Kind.NEAR, asked.text, label)
    numbered = [each for each in road if each.road.number]
    same = [each for each in numbered if each.road.number and each.road.number.main == number.main]
    if position := known.middle_of(same):
        return replace(
            answer, basis=Basis.SAME_NUMBER, position=position, near=_nearest(position, known.spots)
        )
    if estimated := _estimated(number, numbered):
        position, ends = estimated
        return replace(
            answer, basis=Basis.BETWEEN, estimated_between=ends, position=position,
            near=_nearest(position, known.spots),
        )  # fmt: skip
    by_number = sorted(
        numbered, key=lambda each: abs(each.road.number.main - number.main) if each.road.number else 0
    )
    return replace(answer, near=tuple(Nearby(each, None, "") for each in by_number[: AT_LEAST * 2]))


def _estimated(number: Number, road: Sequence[Spot]) -> tuple[Position, tuple[str, ...]] | None:
    placed = [(each.road.number, each.position) for each in road if each.road.number and each.position]
    below = max((each for each in placed if each[0].main < number.main), key=_by_main, default=None)
    above = min((each for each in placed if each[0].main > number.main), key=_by_main, default=None)
    if below is None or above is None:
        return None
    gap, length = above[0].main - below[0].main, metres(below[1], above[1])
    if gap > LONGEST_GAP_NUMBERS or length > LONGEST_GAP_METRES:
        return None
    if length >= 1 and not METRES_A_NUMBER[0] <= length / gap <= METRES_A_NUMBER[1]:
        return None
    share = (number.main - below[0].main) / gap
    return between(below[1], above[1], share), (str(below[0]), str(above[0]))


def _by_main(placed: tuple[Number, Position]) -> int:
    return placed[0].main


def _dong(asked: Asked, known: Gazetteer) -> Answer | None:
    """A neighbourhood of the register, with or without a lot."""
    if not (found := _longest_name(asked.core, known.dongs)):
        return None
    return _in_dong(asked, found[0], found[2], known)


def _in_dong(asked: Asked, dong: str, rest: str, known: Gazetteer) -> Answer:
    hill = words.HILL.match(rest)
    rest = rest[hill.end() :] if hill else rest
    number = words.number_at(rest)
    if either := words.FLAT_OR_LOT.match(rest):
        prefix = f"{dong} {'산 ' if hill else ''}{either['main']}"
        return _choices(
            asked, [Choice(each, each, Kind.DONG) for each in (f"{prefix}-{either['sub']}", prefix)]
        )
    if several := _in_several_districts(asked, known.dongs[dong], f"{dong} {number or ''}".strip()):
        return several
    lots = [each for each in known.dongs[dong] if each.lot.is_hill == (hill is not None)]
    if number is None:
        area = tuple(sorted(known.dongs[dong], key=lambda each: each.order))
        return Answer(Kind.DONG, asked.text, dong, area=area, has_odd_number=bool(_FIGURES.search(rest)))
    label = f"{dong} {'산 ' if hill else ''}{number}"
    if here := [each for each in lots if each.lot.number == number]:
        return _at(asked, label, here, known)
    same = [each for each in lots if each.lot.number and each.lot.number.main == number.main]
    return Answer(
        Kind.NEAR, asked.text, label, is_lot=True, near=tuple(Nearby(each, None, "") for each in same),
        area=tuple(sorted(known.dongs[dong], key=lambda each: each.order)),
    )  # fmt: skip


def _administrative_dong(asked: Asked, known: Gazetteer) -> Answer | None:
    """An administrative neighbourhood that officials have not entered: the one of the lots that bears its name."""
    squeezed = asked.core.replace(" ", "")
    found = _ADMINISTRATIVE_DONG.match(squeezed)
    dong = _stem_of(squeezed)
    if not found or dong not in known.dongs:
        return None
    if not _BESIDE.match(squeezed[found.end() :]):
        return _choices(asked, [Choice(dong, dong, Kind.DONG)])
    area = tuple(sorted(known.dongs[dong], key=lambda each: each.order))
    return Answer(Kind.DONG, asked.text, dong, taken_for=found[0], area=area)


def _english(asked: Asked, known: Gazetteer) -> Answer | None:
    """Romanised names: `58 Gomdallae-ro, Gangseo-gu, Seoul`."""
    if not _LATIN.search(asked.core) or _HANGUL.search(asked.core):
        return None
    text = asked.core
    ours = {sounds.latin_key(sounds.romanised(name)) for name in known.districts}
    district = _ENGLISH_DISTRICT.search(text)
    if district and ours and f"{district[1]}gu" not in ours:
        return Answer(Kind.OUTSIDE, asked.text, district[0])
    text = _ENGLISH_REGION.sub(" ", _ENGLISH_DISTRICT.sub(" ", text))
    text = _ENGLISH_SIDE_STREET.sub(r"\1gil", text)
    first = _ENGLISH_NUMBER_FIRST.match(text)
    text = (text[first.end() :] if first else text).strip(" ,.")
    if name := known.latin_landmarks.get(sounds.latin_key(text)):
        return _at_landmarks(asked, known.by_name[name_key(name)], known)
    found = _longest_name(text, known.latin_names, dropped=" -")
    if found:
        number = found[2] if words.number_at(found[2]) else f" {first[1]}" if first else ""
        return _named(asked, known.latin_names[found[0]], number, known)
    return _alike_in_latin(asked, text, f" {first[1]}" if first else "", known)


def _alike_in_latin(asked: Asked, text: str, number: str, known: Gazetteer) -> Answer | None:
    name = re.match(r"[a-z' -]+?(?:daero|ro|gil|dong)(?:\d+gil)?(?![a-z])", text)
    if not name:
        return None
    number = number or text[name.end() :]
    loose = sounds.loose_latin(name[0])
    same = [korean for key, korean in known.latin_names.items() if sounds.loose_latin(key) == loose]
    if len(same) == 1:
        return replace(_named(asked, same[0], number, known), taken_for=name[0].strip())
    close = same or [
        korean
        for key, korean in known.latin_names.items()
        if _FIGURES.findall(key) == _FIGURES.findall(name[0])
        and sounds.distance(sounds.loose_latin(key), loose, 2) <= min(2, len(loose) // 4)
    ]
    return _choices(asked, [_choice(korean, words.number_at(number)) for korean in close]) if close else None


def _named(asked: Asked, name: str, rest: str, known: Gazetteer) -> Answer:
    if name in known.roads:
        return _on_road(asked, name, words.number_at(rest), known, has_odd_number=bool(_FIGURES.search(rest)))
    return _in_dong(asked, name, rest, known)


def _side_street(asked: Asked, known: Gazetteer) -> Answer | None:
    """A side street without cameras of a road with some: the road is offered, its place is not guessed."""
    found = words.road_in(asked.core)
    if not found:
        return None
    parent = re.match(r"(?P<road>.*(?:로|길))(?P<number>\d{1,4})번?[가-하]?길$", found[0])
    if not parent or parent["road"] not in known.roads:
        return None
    road = parent["road"]
    siblings = [
        name
        for name in known.roads
        if (below := re.match(rf"{re.escape(road)}(\d+)", name))
        and abs(int(below[1]) - int(parent["number"])) <= LONGEST_GAP_NUMBERS
    ]
    siblings.sort(key=lambda name: abs(int(_FIGURES.findall(name)[0]) - int(parent["number"])))
    offered = [Choice(road, road, Kind.ROAD)]
    offered += [Choice(name, name, Kind.ROAD) for name in siblings[: MOST_CHOICES - 1]]
    return Answer(Kind.CHOICES, asked.text, found[0], choices=tuple(offered))


def _misspelt(asked: Asked, known: Gazetteer) -> Answer | None:
    """A name that sounds the same is taken where there is one; what is only similar is offered."""
    squeezed = asked.core.replace(" ", "")
    found = _NAME.match(squeezed)
    if not found or len(found[0]) < SHORTEST_PART:
        return None
    name, rest = found[0], squeezed[found.end() :]
    names = (*known.roads, *known.dongs, *(landmark.name for landmark in known.landmarks))
    same = [each for each in names if each != name and sounds.alike(each) == sounds.alike(name)]
    if len(same) == 1 and (same[0] in known.roads or same[0] in known.dongs):
        return replace(_named(asked, same[0], rest, known), taken_for=name)
    close = same or _close(name, names)
    return _choices(asked, [_choice(each, words.number_at(rest)) for each in close]) if close else None


def _close(name: str, names: Iterable[str]) -> list[str]:
    """Names with a few other letters; figures are never guessed."""
    letters, figures = sounds.jamo(name), _FIGURES.findall(name)
    most = min(2, len(letters) // 4)
    if not most:
        return []
    found = [
        (apart, each)
        for each in dict.fromkeys(names)
        if _FIGURES.findall(each) == figures
        and (apart := sounds.distance(letters, sounds.jamo(each), most)) <= most
    ]
    return [each for _, each in sorted(found)]


def _choice(name: str, number: Number | None) -> Choice:
    query = f"{name} {number}" if number else name
    return Choice(query, query, Kind.ROAD)


def _choices(asked: Asked, offered: Sequence[Choice]) -> Answer:
    return Answer(Kind.CHOICES, asked.text, choices=tuple(dict.fromkeys(offered))[:MOST_CHOICES])


def _part_of_a_name(asked: Asked, known: Gazetteer) -> Answer | None:
    """`화곡` may be the neighbourhood, the road or the station."""
    part = name_key(asked.core)
    if len(part) < SHORTEST_PART or not _HANGUL.search(part):
        return None
    offered = [
        Choice(each.name, each.name, Kind.LANDMARK)
        for each in known.landmarks
        if any(part in name or (len(name) > SHORTEST_PART and part.startswith(name)) for name in each.names)
    ]
    offered += [Choice(name, name, Kind.DONG) for name in sorted(known.dongs) if part in name]
    offered += [
        Choice(name, name, Kind.ROAD) for name in sorted(known.roads, key=lambda name: (len(name), name))
        if part in name
    ]  # fmt: skip
    return _choices(asked, offered) if offered else None


def _text(asked: Asked, known: Gazetteer) -> Answer | None:
    """Every word stands in one and the same address; a figure only as a whole number."""
    parts = asked.core.split()
    if not any(len(part) >= SHORTEST_PART and _HANGUL.search(part) for part in parts):
        return None
    found = [
        each for each in known.spots if any(_holds(words.tidied(text), parts) for text in each.addresses)
    ]
    found.sort(key=lambda each: each.order)
    return Answer(Kind.TEXT, asked.text, asked.core, area=tuple(found)) if found else None


def _holds(address: str, parts: Sequence[str]) -> bool:
    return all(part in (address.split() if part[0].isdigit() else address) for part in parts)


Step = Callable[[Asked, Gazetteer], Answer | None]
STEPS: tuple[Step, ...] = (
    _coordinates,
    _number,
    _outside,
    _district,
    _landmark,
    _postcode,
    _road,
    _dong,
    _administrative_dong,
    _english,
    _side_street,
    _misspelt,
    _part_of_a_name,
    _text,
)


def _nearest(position: Position, spots: Iterable[Spot], *, at_least: int = AT_LEAST) -> tuple[Nearby, ...]:
    measured = sorted(
        ((metres(position, each.position), each) for each in spots if each.position),
        key=lambda pair: (pair[0], pair[1].number),
    )
    within = [pair for pair in measured if pair[0] <= NEAR_METRES][:NEAR_PLACES]
    return tuple(
        Nearby(each, apart, direction(position, each.position))
        for apart, each in (within or measured[:at_least])
        if each.position
    )


def _longest_name(text: str, names: Iterable[str], *, dropped: str = " ") -> tuple[str, str, str] | None:
    """The longest of the names that begins at a word's beginning, whatever blanks stand within it.

    With what stands before and after it; the earliest where several are as long.
    """
    kept = [at for at, letter in enumerate(text) if letter not in dropped]
    squeezed = "".join(text[at] for at in kept)
    best: tuple[int, int, str] | None = None
    for name in names:
        start = squeezed.find(name)
        while start >= 0:
            begins_word = start == 0 or kept[start] != kept[start - 1] + 1
            rest = text[kept[start + len(name) - 1] + 1 :]
            if begins_word and _ends_there(rest):
                best = max(best or (0, 0, ""), (len(name), -start, name))
                break
            start = squeezed.find(name, start + 1)
    if best is None:
        return None
    length, start, name = best[0], -best[1], best[2]
    return name, text[: kept[start]], text[kept[start + length - 1] + 1 :]


def _ends_there(rest: str) -> bool:
    """`강서로` is not the beginning of `강서로5길`, nor `하늘길` that of `하늘길로`."""
    if re.match(r"\s*\d{1,4}\s*번?[가-하]?길", rest):
        return False
    return bool(_AFTER_A_ROAD.match(rest) or words.HILL.match(rest) or rest.startswith("-"))
