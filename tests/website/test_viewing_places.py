"""영상 열람 청구 of several places, or of a place whose camera nobody knows; without scripts, and nothing typed is lost."""

import pytest
from django.test import Client
from django.utils import timezone

from cameras.models import Camera, Site
from footage.models import Hold
from records.models import ViewingRequest
from records.viewing.asked import MOST_PARTS
from tests.website.situations import make_place
from tests.website.test_viewing import PATH, at, form

pytestmark = pytest.mark.django_db
AROUND = "/viewing-request/around/"


@pytest.fixture(autouse=True)
def places():
    make_place("A", "서울특별시 강서구 화곡로 1", cameras=2)
    return make_place("B", "서울특별시 강서구 곰달래로 58", cameras=2)


def more(index: int, **values) -> dict:
    given = {"where": "B", "radius": "100", "from_at": at(50), "until_at": at(49), **values}
    return {f"more-{index}-{name}": value for name, value in given.items()}


def test_a_place_is_added_without_losing_what_was_typed_or_blaming_what_is_empty(client: Client) -> None:
    page = client.post(
        PATH, form(requester_name="", purpose="가방 도난") | {"add-place": "1"}
    ).content.decode()
    assert "가방 도난" in page
    assert "more-0-where" in page
    assert "오류" not in page
    assert not ViewingRequest.objects.exists()


def test_several_places_are_one_request(client: Client) -> None:
    sent = form() | {"more-count": "2"} | more(0) | more(1, where="b-2", from_at=at(10), until_at=at(9))
    assert client.post(PATH, sent).status_code == 200
    request = ViewingRequest.objects.get()
    named = [line.camera.number for line in request.cameras.select_related("camera")]
    assert sorted(named) == ["A-1", "B-1", "B-2", "B-2"]
    assert Hold.objects.count() == 4


def test_a_place_is_taken_away_and_the_others_stay(client: Client) -> None:
    sent = form() | {"more-count": "2", "drop-place": "0"} | more(0, where="첫째") | more(1, where="둘째")
    page = client.post(PATH, sent).content.decode()
    assert "둘째" in page
    assert "첫째" not in page
    assert 'name="more-count" value="1"' in page


def test_who_knows_no_camera_names_an_address_and_a_radius(client: Client) -> None:
    sent = form(where="곰달래로 58", radius="5")
    page = client.post(AROUND, sent).content.decode()
    request = ViewingRequest.objects.get()
    assert (request.places.get().words, request.places.get().radius_metres) == ("곰달래로 58", 5)
    assert request.cameras.count() == 2
    assert "B-1" in page


def test_an_exempt_camera_within_the_radius_is_held_and_not_told_of(client: Client) -> None:
    Camera.objects.filter(number="B-2").update(is_sign_exempt=True)
    page = client.post(AROUND, form(where="곰달래로 58", radius="5")).content.decode()
    assert Hold.objects.count() == 2
    assert "B-1" in page
    assert "B-2" not in page
    assert "카메라 2" not in page


def test_what_may_mean_several_places_is_a_choice(client: Client) -> None:
    make_place("C", "서울특별시 강서구 곰달래로 90")
    page = client.post(AROUND, form(where="곰달래로", radius="50")).content.decode()
    assert "한 곳으로 정해지지 않습니다" in page
    assert 'value="where|C"' in page
    picked = client.post(AROUND, form(where="곰달래로", radius="50") | {"pick-place": "where|C"})
    assert 'value="C"' in picked.content.decode()
    assert not ViewingRequest.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"where": "어디에도 없는 곳"}, "찾지 못했습니다"),
        ({"radius": "100000"}, "200"),
        ({"radius": "-1"}, "1"),
        ({"from_at": at(49), "until_at": at(50)}, "끝 시각은 시작 시각보다 뒤여야"),
        ({"from_at": at(1), "until_at": at(-48)}, "아직 오지 않은 시각"),
        ({"where": "\x00' OR 1=1 --"}, "오류"),
        ({"where": "가" * 5_000}, "오류"),
    ],
)
def test_what_is_wrong_with_a_further_place_is_said_there(values, words, client: Client) -> None:
    page = client.post(PATH, form() | {"more-count": "1"} | more(0, **values)).content.decode()
    assert words in page
    assert "더한 장소에 고칠 곳이 있습니다" in page
    assert "가방을 잃어버렸습니다" in page
    assert not Hold.objects.exists()


@pytest.mark.parametrize("count", ["-1", "999999999999", "x", "", "0x10", "²"])
def test_strange_counts_do_no_harm(count, client: Client) -> None:
    answer = client.post(PATH, form() | {"more-count": count})
    assert answer.status_code == 200
    assert answer.context.get("more") is None or answer.context["more"].count < MOST_PARTS


@pytest.mark.parametrize("pressed", [{"drop-place": "7"}, {"drop-place": "²"}, {"pick-place": "submission"}])
def test_strange_buttons_do_no_harm(pressed, client: Client) -> None:
    assert client.post(PATH, form() | {"more-count": "1"} | more(0) | pressed).status_code == 200


def test_the_same_form_sent_twice_is_one_request(client: Client) -> None:
    sent = form() | {"more-count": "1"} | more(0)
    client.post(PATH, sent)
    client.post(PATH, sent)
    assert ViewingRequest.objects.count() == 1


def test_every_range_is_on_the_receipt(client: Client) -> None:
    page = client.post(PATH, form() | {"more-count": "1"} | more(0)).content.decode()
    for line in ViewingRequest.objects.get().cameras.all():
        assert f"{timezone.localtime(line.from_at):%Y-%m-%d %H:%M}" in page
    assert Site.objects.count() == 2


def test_the_former_address_of_the_form_leads_to_it(client: Client) -> None:
    assert client.get("/viewing-request/A/").url == "/viewing-request/at/A/"
