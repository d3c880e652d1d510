"""What scripts write on an English page: maps name places of the register, which are Korean and marked so."""

from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.website.district import SITE, District, whole_district
from tests.website.reading import unmarked_korean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def district(db: Any) -> District:
    return whole_district()


def paths(district: District) -> list[str]:
    return [
        "/en/cameras/map/",
        f"/en/s/{SITE}/",
        *(f"/en/consultations/{number}/" for number in district.notices),
        "/en/signs/",
        f"/en/report-sign/{SITE}/",
        f"/en/viewing-request/at/{SITE}/",
        "/en/policy/",
        "/en/contractors/",
    ]


def test_english_pages_are_accessible_fit_and_mark_their_korean(visitor: Visitor, district: District) -> None:
    for path in paths(district):
        assert visitor.open(path).status == 200
        assert unmarked_korean(visitor.page.content()) == [], path
        assert visitor.axe() == [], path
        assert visitor.overflow() <= 0, path
        assert visitor.cut_off() == [], path
    assert visitor.strays == []


def test_the_planned_place_on_the_map_says_its_purpose_in_english(
    visitor: Visitor, district: District
) -> None:
    visitor.open(f"/en/consultations/{district.open_notice.number}/")
    page = visitor.page
    page.locator("[data-camera-map]").scroll_into_view_if_needed()
    page.wait_for_selector(".camera-map__site")
    page.locator(".camera-map__site").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup-content")
    assert "Crime prevention" in page.inner_text(".leaflet-popup-content")
    assert unmarked_korean(page.content()) == []
