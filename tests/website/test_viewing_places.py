"""영상 열람 청구 of several places, or of a place whose camera nobody knows; without scripts, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cameras.models import Camera, Landmark
from footage.models import Hold
from records.models import ViewingRequest
from records.viewing.asked import MOST_PARTS
from tests.website.asking import ask, at, drafted, form, send
from tests.website.situations import make_place
from tests.website.walking import walk

pytestmark = pytest.mark.django_db
PATH = "/viewing-request/at/A/"
AROUND = "/viewing-request/around/"


@pytest.fixture(autouse=True)
def places():
    make_place("A", "서울특별시 강서구 화곡로 1", cameras=2)
    return make_place("B", "서울특별시 강서구 곰달래로 58", cameras=2)


def further(number: int = 2, **values) -> dict:
    given = {"where": "B", "radius": "100", "from_at": at(50), "length": "60", **values}
    return {f"p{number}_{name}": value for name, value in given.items()}


def test_a_place_is_added_and_taken_away_and_the_others_stay(client: Client) -> None:
    page = walk(client, PATH, form(), until="list")
    address = page.request["PATH_INFO"]
    onward = client.post(address, {"add-place": "1"})
    assert onward["Location"].endswith("/place-2/")
    assert "오류" not in client.get(onward["Location"]).content.decode(), "nobody is blamed for what is empty"
    answer = walk(client, onward["Location"], form() | further(), until="list")
    text = answer.content.decode()
    assert "서울특별시 강서구 곰달래로 58 (B)" in text
    same = client.post(address, {"add-time": "A"})
    assert same["Location"].endswith("/when-3/")
    answer = walk(client, same["Location"], form() | further(3), until="list")
    assert [part.place.partition(" (")[2] for part in answer.context["asked"]] == ["A)", "B)", "A-1)"]
    gone = client.get(client.post(address, {"drop-place": "2"})["Location"])
    assert "곰달래로" not in gone.content.decode()
    assert len(gone.context["asked"]) == 2
    assert walk(client, address, form()).context["code"]
    assert ViewingRequest.objects.get().cameras.count() == 2


def test_what_is_past_its_period_or_after_a_removal_is_said_before_it_is_sent(client: Client) -> None:
    """And received all the same: a hold or an earlier period may have kept it."""
    old = drafted(form(from_at=at(24 * 100)))
    assert "보관기간(가장 길게 30일)이 지났습니다" in client.get(f"{old}check/").content.decode()
    assert "보관기간(가장 길게" not in client.get(f"{drafted(form())}check/").content.decode()
    gone = Camera.objects.filter(site__number="A")
    gone.update(state="removed", removed_on=timezone.localdate() - timedelta(days=5))
    address = drafted(form())
    assert "이미 철거되어 있었습니다" in client.get(f"{address}list/").content.decode()
    send(client, address)
    assert ViewingRequest.objects.count() == 1


def test_the_places_of_the_district_are_read_once_for_all_that_are_named_in_words(client: Client) -> None:
    named = further(where="곰달래로 58") | further(3, where="곰달래로 58", from_at=at(10))
    address = drafted(form() | named | further(4, where="화곡로 1", from_at=at(20)), further=(2, 3, 4))
    with CaptureQueriesContext(connection) as queries:
        assert "곰달래로 58" in client.get(f"{address}list/").content.decode()
    assert sum(Landmark._meta.db_table in query["sql"] for query in queries) == 1


def test_several_places_are_one_request_and_sent_twice_one(client: Client) -> None:
    answers = form() | further() | further(3, where="b-2", from_at=at(10))
    address = drafted(answers, further=(2, 3))
    check = client.get(f"{address}check/").content.decode()
    for words in ("장소 2", "곰달래로 58 (B)", "(B-2)", "촬영된 때 3"):
        assert words in check
    page = send(client, address).content.decode()
    send(client, address)
    request = ViewingRequest.objects.get()
    lines = request.cameras.select_related("camera")
    assert sorted(line.camera.number for line in lines) == ["A-1", "B-1", "B-2", "B-2"]
    assert Hold.objects.count() == 4
    for line in lines:
        assert f"{timezone.localtime(line.from_at):%Y-%m-%d %H:%M}" in page


def test_who_knows_no_camera_names_an_address_and_a_radius(client: Client) -> None:
    page = walk(client, AROUND, form(where="곰달래로 58", radius="5")).content.decode()
    request = ViewingRequest.objects.get()
    assert (request.places.get().words, request.places.get().radius_metres) == ("곰달래로 58", 5)
    assert request.cameras.count() == 2
    assert "B-1" in page


def test_a_place_without_a_camera_is_told_of_beside_the_others(client: Client) -> None:
    """Nothing that was asked for disappears from the receipt; cameras of which the same is true stand in one line."""
    Landmark.objects.create(
        name="먼시장", other_names="", kind="market", latitude="37.50", longitude="126.80"
    )
    answers = form(where="먼시장", radius="1") | further(where="B")
    page = send(client, drafted(answers, site="", further=(2,))).content.decode()
    assert "먼시장 (둘레 1 m)" in page
    assert "이 둘레에서 이 누리집이 알려 드리는 카메라는 없습니다." in page
    assert "서울특별시 강서구 곰달래로 58" in page
    assert "B-1, B-2, " in page
    assert page.count("아직 확인하지 못했습니다") == 1


def test_an_exempt_camera_within_the_radius_is_held_and_not_told_of(client: Client) -> None:
    Camera.objects.filter(number="B-2").update(is_sign_exempt=True)
    page = ask(client, "", where="곰달래로 58", radius="5").content.decode()
    assert Hold.objects.count() == 2
    assert "B-1" in page
    assert "B-2" not in page
    assert "카메라 2" not in page


def test_what_may_mean_several_places_is_a_choice(client: Client) -> None:
    make_place("C", "서울특별시 강서구 곰달래로 90")
    typed = {"where": "곰달래로", "radius": "50"}
    page = client.post(AROUND, typed).content.decode()
    assert "한 곳으로 정해지지 않습니다" in page
    assert 'value="where|C"' in page
    picked = client.post(AROUND, typed | {"pick-place": "where|C"})
    assert picked["Location"].endswith("/when/")
    assert "(C)" in walk(client, picked["Location"], form(), until="list").content.decode()
    assert not ViewingRequest.objects.exists()


def test_what_is_wrong_with_a_further_place_is_said_on_its_page(client: Client) -> None:
    for values, step, words in (
        ({"where": "어디에도 없는 곳"}, "place-2", "찾지 못했습니다"),
        ({"radius": "100000"}, "place-2", "까지 적을 수 있습니다"),
        ({"radius": "-1"}, "place-2", "1보다 작을 수 없습니다"),
        ({"radius": "백"}, "place-2", "숫자로 적어"),
        ({"where": "\x00' OR 1=1 --"}, "place-2", "쓸 수 없는 글자"),
        ({"where": "가" * 5_000}, "place-2", "100자까지 적을 수 있는데 5000자입니다"),
        ({"length": ""}, "when-2", "얼마 동안"),
        ({"from_at": at(1), "length": "49시간"}, "when-2", "아직 오지 않은 시각"),
    ):
        address = drafted(form() | further(**values), further=(2,))
        onward = client.post(f"{address}check/")
        assert onward["Location"] == f"{address}{step}/?fix=1", values
        page = client.get(onward["Location"]).content.decode()
        assert words in page, values
    assert not Hold.objects.exists()


def test_strange_buttons_do_no_harm(client: Client) -> None:
    address = drafted(form() | further(), further=(2,))
    for pressed in (
        {"drop-place": "7"},
        {"drop-place": "²"},
        {"pick-place": "submission"},
        {"pick-place": "_further|x"},
        {"set-day": "_further|2026-01-01"},
        {"set-day": "x"},
    ):
        assert client.post(f"{address}list/", pressed).status_code in (200, 302)
        assert client.get(f"{address}list/").status_code == 200
    for _ in range(MOST_PARTS + 3):
        client.post(f"{address}list/", {"add-place": "1"})
    page = client.get(f"{address}list/")
    assert len(page.context["asked"]) == MOST_PARTS
    assert "나누어 청구" in page.content.decode()


def test_the_former_address_of_the_form_leads_to_it(client: Client) -> None:
    assert client.get("/viewing-request/A/").url == "/viewing-request/at/A/"
