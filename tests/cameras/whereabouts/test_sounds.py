"""Names in Latin letters, and how far apart names are."""

import pytest

from cameras.whereabouts.sounds import alike, distance, loose_latin, romanised


@pytest.mark.parametrize(
    ("name", "latin"),
    {
        "곰달래로": "Gomdallae-ro", "화곡로": "Hwagok-ro", "까치산로": "Kkachisan-ro", "공항대로": "Gonghang-daero",
        "초록마을로": "Chorongmaeul-ro", "등촌로": "Deungchon-ro", "금낭화로": "Geumnanghwa-ro", "허준로": "Heojun-ro",
        "남부순환로": "Nambusunhwan-ro", "하늘길": "Haneul-gil", "마곡중앙로54길": "Magokjungang-ro 54-gil",
        "화곡동": "Hwagok-dong", "강서구": "Gangseo-gu", "우장산역": "Ujangsan-yeok", "신라": "Silla", "종로": "Jong-ro",
        "대관령": "Daegwallyeong", "백마": "Baengma", "왕십리": "Wangsimni", "독립문": "Dongnimmun", "압구정": "Apgujeong",
        "": "", "58": "",
    }.items(),
)  # fmt: skip
def test_the_official_romanisation(name: str, latin: str) -> None:
    assert romanised(name) == latin


def test_names_that_sound_the_same_are_alike() -> None:
    assert alike("곰달래로") == alike("곰달레로")
    assert alike("곰달래로") != alike("공달래로")
    assert loose_latin("Gachisan-ro") == loose_latin("Kkachisan-ro")


def test_a_distance_is_not_counted_further_than_asked() -> None:
    assert distance("kitten", "sitting", 5) == 3
    assert distance("kitten", "sitting", 2) == 3
    assert distance("", "abc", 1) == 2
    assert distance("same", "same", 0) == 0
