"""Addresses in Latin letters: as the official romanisation writes them, on pages in another language only."""

import pytest
from django.test import Client

from tests.website.situations import make_place
from website import latin


@pytest.mark.parametrize(
    ("korean", "letters"),
    [
        ("서울특별시 강서구 화곡로 302", "Hwagok-ro 302, Gangseo-gu, Seoul"),
        ("서울특별시 강서구 곰달래로28길 5-1", "Gomdallae-ro 28-gil 5-1, Gangseo-gu, Seoul"),
        ("서울특별시 강서구 화곡동 78-6", "Hwagok-dong 78-6, Gangseo-gu, Seoul"),
        ("경기도 성남시 분당구 판교로 1", "Pangyo-ro 1, Bundang-gu, Seongnam-si, Gyeonggi-do"),
        ("강서구", "Gangseo-gu"),
        ("302", ""),
        ("", ""),
    ],
)
def test_an_address_in_latin_letters(korean: str, letters: str) -> None:
    assert latin.address(korean) == letters


@pytest.mark.django_db
def test_a_foreigner_reads_where_it_is(client: Client) -> None:
    make_place("A", "서울특별시 강서구 화곡로 302")
    for path in ("/en/s/A/", "/en/cameras/?q=Hwagok-ro 302", "/en/report-sign/A/"):
        assert "Hwagok-ro 302, Gangseo-gu, Seoul" in client.get(path).content.decode()
    assert "Hwagok" not in client.get("/s/A/").content.decode()
