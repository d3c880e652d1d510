"""Typed words → what was meant and what stands nearest; never a wrong place. A made-up district on a straight grid."""

import unicodedata

import pytest

from cameras.whereabouts.bearings import Position, direction, metres
from cameras.whereabouts.finding import Answer, Basis, Kind, find, near
from cameras.whereabouts.gazetteer import Gazetteer, Landmark, spot

# One metre to the north and to the east.
NORTH, EAST = 1 / 111_320, 1 / (111_320 * 0.7927)
ORIGIN = Position(37.5500, 126.8400)


def at(east: float, north: float) -> Position:
    return Position(ORIGIN.latitude + north * NORTH, ORIGIN.longitude + east * EAST)


def camera(pk: int, road: str, lot: str, east: float, north: float) -> object:
    region = "서울특별시 강서구"
    return spot(
        pk,
        f"20263150000000{pk:04d}",
        f"{region} {road}" if road else "",
        f"{region} {lot}" if lot else "",
        at(east, north),
    )


# 까치산로 and 곰달래로 run to the east, ten metres a number; 양천로 has a hole in which numbers cannot be estimated.
SPOTS = [
    camera(1, "까치산로 107", "화곡동 319-59", 1_070, 0),
    camera(2, "까치산로 113", "화곡동 320-1", 1_130, 0),
    camera(3, "까치산로175길 67-14", "화곡동 125-27", 1_750, 200),
    camera(4, "곰달래로 56", "", 560, -900),
    camera(5, "곰달래로 58", "화곡동 78-6", 580, -900),
    camera(6, "곰달래로 58-3", "화곡동 78-9", 583, -890),
    camera(7, "양천로 90", "방화동 80-1", 900, 2_000),
    camera(8, "양천로 532", "가양동 99-4", 5_320, 2_000),
    camera(9, "화곡로 302", "화곡동 산 12-3", 0, 500),
    camera(10, "화곡로28길 5", "화곡동 5", 300, 520),
    camera(11, "마곡중앙로54길 84-16", "마곡동 418-10", -900, 1_500),
    camera(12, "하늘길 131", "공항동 297-21", -2_000, 1_000),
    spot(13, "L-등산로", "서울특별시 강서구 개화산 등산로 입구", "", at(-3_000, 3_000)),
    camera(14, "곰달래로 91", "화곡동 99", 910, -900),
]
LANDMARKS = [
    Landmark("우장산역", ("우장산역",), False, at(0, 450)),
    Landmark("강서구청", ("강서구청", "구청", "Gangseo-gu Office"), False, at(1_000, 100)),
    Landmark("까치산시장", ("까치산시장",), False, at(1_100, -50)),
    Landmark("화곡1동", ("화곡1동",), True, at(600, -800)),
    Landmark("07661", ("07661",), True, at(0, 500)),
    Landmark("서울식물원", ("서울식물원", "Seoul Botanic Park"), False, at(-900, 1_600)),
    Landmark("송화시장", ("송화시장",), False, at(0, 400)),
    Landmark("신시장", ("신시장", "새시장"), False, at(0, 300)),
    Landmark("구시장", ("구시장", "새시장"), False, at(0, 200)),
]
KNOWN = Gazetteer(SPOTS, LANDMARKS)
NFD = unicodedata.normalize("NFD", "곰달래로 58")

# Typed → kind, understood. Who typed an address with a camera gets that camera, whichever way it is written.
EXACT = {
    "곰달래로 58": "곰달래로 58",
    "곰달래로58": "곰달래로 58",
    "곰달래 로 58": "곰달래로 58",
    " 곰달래로   58 ": "곰달래로 58",
    "서울시 강서구 곰달래로 58": "곰달래로 58",
    "서울특별시 강서구 곰달래로 58": "곰달래로 58",
    "서울 강서구 곰달래로 58": "곰달래로 58",
    "대한민국 서울특별시 강서구 곰달래로 58": "곰달래로 58",
    "서울특별시강서구곰달래로58": "곰달래로 58",
    "강서구곰달래로58": "곰달래로 58",
    "강서구 곰달래로58번지": "곰달래로 58",
    "곰달래로 58번지": "곰달래로 58",
    "곰달래로 58 (화곡동)": "곰달래로 58",
    "곰달래로 58(화곡동, 우장산아파트)": "곰달래로 58",
    "곰달래로 58, 2층": "곰달래로 58",
    "곰달래로 58 지하1층": "곰달래로 58",
    "서울특별시 강서구 곰달래로 58, 101동 502호 (화곡동)": "곰달래로 58",
    "곰달래로 58 101동 502호": "곰달래로 58",
    "곰달래로 지하 58": "곰달래로 58",
    "곰달래로 ５８": "곰달래로 58",
    "곰달래로\u300058": "곰달래로 58",
    "곰달래로\u200b 58": "곰달래로 58",
    NFD: "곰달래로 58",
    "곰달래로 58-3": "곰달래로 58-3",
    "곰달래로 58－3": "곰달래로 58-3",
    "곰달래로 58 - 3": "곰달래로 58-3",
    "58 곰달래로": "곰달래로 58",
    "화곡동 곰달래로 58": "곰달래로 58",
    "화곡1동 곰달래로 58": "곰달래로 58",
    "화곡동 78-6": "화곡동 78-6",
    "화곡동78-6": "화곡동 78-6",
    "화곡동 78-6번지": "화곡동 78-6",
    "화곡동 78의 6": "화곡동 78-6",
    "서울시 강서구 화곡동 78-6 (곰달래로)": "화곡동 78-6",
    "화곡동 산 12-3": "화곡동 산 12-3",
    "화곡동 산12-3번지": "화곡동 산 12-3",
    "까치산로175길 67-14": "까치산로175길 67-14",
    "까치산로 175길 67-14": "까치산로175길 67-14",
    "까치산로175 길67-14": "까치산로175길 67-14",
    "202631500000000005": "202631500000000005",
    "202631500000000005-1": "202631500000000005",
    "Gomdallae-ro 58": "곰달래로 58",
    "58 Gomdallae-ro, Gangseo-gu, Seoul": "곰달래로 58",
    "58, Gomdallae-ro, Gangseo-gu, Seoul, Republic of Korea": "곰달래로 58",
    "gomdallaero 58": "곰달래로 58",
    "84-16 Magokjungang-ro 54-gil": "마곡중앙로54길 84-16",
    "Hwagok-dong 78-6": "화곡동 78-6",
    # Sounds the same and fits one road: taken, and said.
    "곰달레로 58": "곰달래로 58",
    "Gomdalrae-ro 58": "곰달래로 58",
    "Gachisan-ro 107": "까치산로 107",
}


@pytest.mark.parametrize(("typed", "understood"), EXACT.items(), ids=str)
def test_the_camera_of_an_address_is_found_however_it_is_written(typed: str, understood: str) -> None:
    answer = find(typed, KNOWN)
    assert (answer.kind, answer.understood) == (Kind.HERE, understood)
    assert [each.pk for each in answer.here] == [
        each.pk
        for each in SPOTS
        if understood in (f"{each.road.name} {each.road.number}", _lot(each), each.number)
    ]


def _lot(each: object) -> str:
    lot = each.lot
    return f"{lot.name} {'산 ' if lot.is_hill else ''}{lot.number}"


@pytest.mark.parametrize("typed", ["곰달레로 58", "Gomdalrae-ro 58", "화곡9동"])
def test_a_name_that_was_taken_for_another_is_said(typed: str) -> None:
    assert find(typed, KNOWN).taken_for


@pytest.mark.parametrize("typed", ["곰달래로 58", "Gomdallae-ro 58"])
def test_nothing_is_said_where_the_name_is_right(typed: str) -> None:
    assert find(typed, KNOWN).taken_for == ""


# Everything else: typed → kind, understood, choices.
OTHERWISE: dict[str, tuple[Kind, str, list[str]]] = {
    "": (Kind.NOTHING, "", []),
    "   ": (Kind.NOTHING, "", []),
    "\u200b": (Kind.NOTHING, "", []),
    "까치산로 109": (Kind.NEAR, "까치산로 109", []),
    "양천로 99": (Kind.NEAR, "양천로 99", []),
    "화곡동 78-7": (Kind.NEAR, "화곡동 78-7", []),
    "화곡동 12-3": (Kind.NEAR, "화곡동 12-3", []),  # not the lot on the hill
    "까치산로": (Kind.ROAD, "까치산로", []),
    "까치산로 근처": (Kind.ROAD, "까치산로", []),
    "화곡로 28길": (Kind.ROAD, "화곡로28길", []),
    "곰달래로 502호": (Kind.ROAD, "곰달래로", []),
    "곰달래로 3층": (Kind.ROAD, "곰달래로", []),
    "곰달래로 0": (Kind.ROAD, "곰달래로", []),
    "곰달래로 -5": (Kind.ROAD, "곰달래로", []),
    "곰달래로 99999999999999999999": (Kind.ROAD, "곰달래로", []),
    "Kkachisan-ro": (Kind.ROAD, "까치산로", []),
    "화곡동": (Kind.DONG, "화곡동", []),
    "화곡동 101동 502호": (Kind.DONG, "화곡동", []),
    "Hwagok-dong": (Kind.DONG, "화곡동", []),
    "화곡8동": (Kind.DONG, "화곡동", []),
    "화곡본동": (Kind.DONG, "화곡동", []),
    "강서구": (Kind.DISTRICT, "강서구", []),
    "서울시 강서구": (Kind.DISTRICT, "강서구", []),
    "우장산역": (Kind.LANDMARK, "우장산역", []),
    "우장산역 2번 출구": (Kind.LANDMARK, "우장산역", []),
    "우장산역 근처": (Kind.LANDMARK, "우장산역", []),
    "Ujangsan Station": (Kind.LANDMARK, "우장산역", []),
    "강서구청": (Kind.LANDMARK, "강서구청", []),
    "강서구청 앞": (Kind.LANDMARK, "강서구청", []),
    "구청": (Kind.LANDMARK, "강서구청", []),
    "까치산시장": (Kind.LANDMARK, "까치산시장", []),
    "서울식물원": (Kind.LANDMARK, "서울식물원", []),
    "서울 식물원": (Kind.LANDMARK, "서울식물원", []),
    "화곡1동": (Kind.LANDMARK, "화곡1동", []),
    "화곡 제1동": (Kind.LANDMARK, "화곡1동", []),
    "07661": (Kind.LANDMARK, "07661", []),
    "07662": (Kind.POSTCODE, "", []),
    "37.5500, 126.8400": (Kind.POSITION, "37.5500, 126.8400", []),
    "개화산 등산로": (Kind.TEXT, "개화산 등산로", []),
    # Unsure: a choice, never a place.
    "공달래로 58": (Kind.CHOICES, "", ["곰달래로 58"]),
    "곰달내로 58": (Kind.CHOICES, "", ["곰달래로 58"]),
    "하늘길로 131": (Kind.CHOICES, "", ["하늘길 131"]),
    "곰달래로 58 (신월동)": (Kind.CHOICES, "", ["곰달래로 58"]),
    "곰달래로 58 (마곡동)": (Kind.CHOICES, "", ["곰달래로 58"]),
    "신월동 곰달래로 58": (Kind.CHOICES, "", ["곰달래로 58"]),
    "화곡동 78번지 6호": (Kind.CHOICES, "", ["화곡동 78-6", "화곡동 78"]),
    "화곡로29길 5": (Kind.CHOICES, "화곡로29길", ["화곡로", "화곡로28길"]),
    "까치산": (Kind.CHOICES, "", ["까치산시장", "까치산로", "까치산로175길"]),
    "강서구청 별관": (Kind.CHOICES, "", ["강서구청"]),
    "화곡8동 주민센터": (Kind.CHOICES, "", ["화곡동"]),
    "새시장": (Kind.CHOICES, "", ["신시장", "구시장"]),
    # Another district, another city.
    "양천구 목동": (Kind.OUTSIDE, "양천구", []),
    "서울 양천구 곰달래로 58": (Kind.OUTSIDE, "서울 양천구", []),
    "부산광역시 강서구 화곡동 5": (Kind.OUTSIDE, "부산 강서구", []),
    "경기도 성남시 분당구 판교로 1": (Kind.OUTSIDE, "경기 성남시 분당구", []),
    "58 Gomdallae-ro, Yangcheon-gu, Seoul": (Kind.OUTSIDE, "yangcheon-gu", []),
    # Nothing that can be known.
    "99": (Kind.UNKNOWN, "", []),
    "1": (Kind.UNKNOWN, "", []),
    "없는길 3": (Kind.UNKNOWN, "", []),
    "세종대로 110": (Kind.UNKNOWN, "", []),
    "까치산로175가길 3": (Kind.CHOICES, "까치산로175가길", ["까치산로", "까치산로175길"]),
    "202631500000009999": (Kind.UNKNOWN, "", []),
    "Nowhere-ro 5": (Kind.UNKNOWN, "", []),
    "%": (Kind.UNKNOWN, "", []),
    "'; DROP TABLE cameras_site; --": (Kind.UNKNOWN, "", []),
    "<script>alert(1)</script>": (Kind.UNKNOWN, "", []),
    "../../etc/passwd": (Kind.UNKNOWN, "", []),
    "\x00\x01": (Kind.NOTHING, "", []),
    "\ud800": (Kind.NOTHING, "", []),
    "🙂" * 500: (Kind.UNKNOWN, "", []),
    "가" * 100_000: (Kind.UNKNOWN, "", []),
    "(" * 10_000: (Kind.UNKNOWN, "", []),
    "1-" * 10_000: (Kind.UNKNOWN, "", []),
    "길 " * 10_000: (Kind.UNKNOWN, "", []),
    "a" * 100_000: (Kind.UNKNOWN, "", []),
}  # fmt: skip


@pytest.mark.parametrize("typed", OTHERWISE, ids=lambda typed: ascii(typed)[:40])
def test_what_is_not_a_cameras_address(typed: str) -> None:
    answer = find(typed, KNOWN)
    understood = answer.understood
    choices = [choice.query for choice in answer.choices]
    assert (answer.kind, understood, choices) == OTHERWISE[typed]
    assert answer.here == ()


def test_between_two_cameras_the_nearest_is_told_with_distance_and_direction() -> None:
    answer = find("서울시 강서구 까치산로 109 (화곡동)", KNOWN)
    assert (answer.basis, answer.estimated_between) == (Basis.BETWEEN, ("107", "113"))
    first, second = answer.near[:2]
    assert (str(first.spot.road.number), round(first.metres or 0), first.direction) == ("107", 20, "w")
    assert (str(second.spot.road.number), round(second.metres or 0), second.direction) == ("113", 40, "e")


def test_a_position_is_not_estimated_across_a_hole() -> None:
    answer = find("양천로 99", KNOWN)
    assert answer.basis == Basis.NONE
    assert [(str(each.spot.road.number), each.metres) for each in answer.near] == [
        ("90", None),
        ("532", None),
    ]


def test_the_same_number_with_another_part_gives_the_position() -> None:
    known = Gazetteer([each for each in SPOTS if each.pk != 5], LANDMARKS)
    answer = find("곰달래로 58", known)
    assert (answer.kind, answer.basis) == (Kind.NEAR, Basis.SAME_NUMBER)
    assert str(answer.near[0].spot.road.number) == "58-3"


def test_a_lot_beside_the_asked_one_is_told_without_a_distance() -> None:
    answer = find("화곡동 78-7", KNOWN)
    assert answer.is_lot
    assert [(str(each.spot.lot.number), each.metres) for each in answer.near] == [
        ("78-6", None),
        ("78-9", None),
    ]


def test_a_road_is_listed_as_people_count_its_numbers() -> None:
    numbers = ("강서로 104", "강서로 11-6", "강서로 2", "강서로1길 3", "강서로 121", "강서로 11")
    spots = [camera(pk, road, "", pk, 0) for pk, road in enumerate(numbers, start=1)]
    answer = find("강서로", Gazetteer(spots))
    assert [f"{each.road.name} {each.road.number}" for each in answer.area] == [
        "강서로 2", "강서로 11", "강서로 11-6", "강서로 104", "강서로 121", "강서로1길 3",
    ]  # fmt: skip


def test_beside_a_camera_the_others_nearby_are_told_too() -> None:
    answer = find("곰달래로 58", KNOWN)
    assert [each.spot.pk for each in answer.near] == [6, 4, 14]


def test_a_hub_with_one_road_in_two_districts_asks_which() -> None:
    twice = [
        spot(1, "A", "서울특별시 강서구 곰달래로 58", "", at(0, 0)),
        spot(2, "B", "서울특별시 양천구 곰달래로 58", "", at(900, 0)),
    ]
    known = Gazetteer(twice)
    assert [choice.query for choice in find("곰달래로 58", known).choices] == [
        "강서구 곰달래로 58",
        "양천구 곰달래로 58",
    ]
    assert [each.pk for each in find("양천구 곰달래로 58", known).here] == [2]


def test_near_me() -> None:
    answer = near(at(1_075, 5), KNOWN)
    assert (answer.kind, answer.basis, answer.words) == (Kind.POSITION, Basis.GIVEN, "")
    assert answer.near[0].spot.pk == 1
    far = near(Position(33.4, 126.5), KNOWN)
    assert len(far.near) == 3
    assert all((each.metres or 0) > 400_000 for each in far.near)


def test_an_empty_register_answers_everything() -> None:
    empty = Gazetteer(())
    for typed in (*EXACT, *OTHERWISE):
        answer = find(typed, empty)
        assert isinstance(answer, Answer)
        assert answer.here == answer.near == answer.area == ()


def test_a_site_without_a_position_is_found_by_its_address() -> None:
    known = Gazetteer([spot(1, "A", "강서구 화곡로 1", "", None)])
    answer = find("화곡로 1", known)
    assert (answer.kind, answer.near, answer.position) == (Kind.HERE, (), None)


@pytest.mark.parametrize(
    ("east", "north", "expected"),
    [(0, 50, "n"), (50, 50, "ne"), (50, 0, "e"), (50, -50, "se"), (0, -50, "s"), (-50, -50, "sw"), (-50, 0, "w"),
     (-50, 50, "nw"), (1, 1, "")],
)  # fmt: skip
def test_directions_are_seen_from_where_one_stands(east: float, north: float, expected: str) -> None:
    assert direction(ORIGIN, at(east, north)) == expected
    assert metres(ORIGIN, at(east, north)) == pytest.approx((east**2 + north**2) ** 0.5, rel=0.01)
