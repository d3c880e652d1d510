"""What a citizen may see, and what no citizen ever sees."""

import io

import pytest
from django.test import Client
from PIL import Image

from cameras.enums import CameraState, InstallPurpose
from cameras.models import Camera
from tests.website.situations import make_place

pytestmark = pytest.mark.django_db


def test_home_counts_operating_cameras_only(client: Client) -> None:
    make_place("A", "화곡로 1", cameras=3)
    make_place("B", "화곡로 2", state=CameraState.PLANNED)
    make_place("C", "화곡로 3", state=CameraState.REMOVED)
    figures = client.get("/").context["figures"]
    assert (figures.cameras, figures.sites) == (3, 1)


def test_home_without_any_camera_says_so(client: Client) -> None:
    assert "아직 공개할 카메라가 없습니다." in client.get("/").content.decode()


def numbers(found) -> list[str]:
    return [place.site.number for place in (*found.here, *found.near, *found.area)]


def test_number_and_road_may_stand_in_any_order(client: Client) -> None:
    make_place("A", "서울특별시 강서구 화곡로 302")
    make_place("B", "서울특별시 강서구 공항대로 302")
    found = client.get("/cameras/", {"q": "302 화곡로"}).context["found"]
    assert [place.site.number for place in found.here] == ["A"]


def test_filter_by_purpose(client: Client) -> None:
    make_place("A", "화곡로 1")
    make_place("B", "화곡로 2", install_purpose=InstallPurpose.ILLEGAL_DUMPING)
    found = client.get("/cameras/", {"purpose": "illegal_dumping"}).context["found"]
    assert numbers(found) == ["B"]


@pytest.mark.parametrize("junk", ["\x00", "%", "'; DROP TABLE", "<script>", "가" * 5000, "../../etc"])
def test_hostile_words_find_nothing_and_break_nothing(client: Client, junk: str) -> None:
    make_place("A", "화곡로 1")
    for path in ("/cameras/", "/search/"):
        response = client.get(path, {"q": junk, "page": "99999", "purpose": junk})
        assert response.status_code == 200
        assert b"<script>;" not in response.content


@pytest.mark.parametrize(
    ("hidden", "status"),
    [
        ({"state": CameraState.PLANNED}, 404),
        # Whoever was filmed there may still ask: the sign's address goes on.
        ({"state": CameraState.REMOVED}, 200),
        ({"state": CameraState.SUSPENDED}, 200),
        ({"is_sign_exempt": True}, 404),
    ],
)
def test_a_place_without_public_cameras_is_on_no_list(client: Client, hidden: dict, status: int) -> None:
    make_place("A", "화곡로 1", **hidden)
    assert client.get("/s/A/").status_code == status
    for path in ("/cameras/", "/search/"):
        for words in ("화곡로", "화곡로 1"):
            assert numbers(client.get(path, {"q": words}).context["found"]) == []


def test_a_place_shows_its_public_cameras_and_never_how_they_record(client: Client) -> None:
    site = make_place("A", "화곡로 1", cameras=3)
    Camera.objects.filter(site=site).update(recording_key="secret-recorder-path")
    Camera.objects.filter(number="A-2").update(is_sign_exempt=True)
    text = client.get("/s/A/").content.decode()
    assert "A-1" in text
    assert "A-3" in text
    assert "A-2" not in text
    assert "secret-recorder-path" not in text


def test_map_points_refuse_nonsense(client: Client) -> None:
    for query in (
        {},
        {"bbox": "1,2,3", "zoom": "12"},
        {"bbox": "a,b,c,d", "zoom": "12"},
        {"bbox": "126,37,127,38", "zoom": "x"},
    ):
        assert client.get("/cameras/map/points.json", query).status_code == 400


def test_map_points_show_public_places(client: Client) -> None:
    make_place("A", "화곡로 1", cameras=2)
    make_place("B", "화곡로 2", state=CameraState.REMOVED)
    answer = client.get("/cameras/map/points.json", {"bbox": "126,37,127.5,38", "zoom": "17"}).json()
    assert answer["total"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cameras/",
        "/cameras/?q=화곡로 1",
        "/cameras/?q=화곡로",
        "/search/?q=화곡로",
        "/cameras/map/",
        "/s/P-1/",
    ],
)
def test_queries_do_not_grow_with_the_district(
    client: Client, path: str, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    make_place("P-1", "화곡로 1")
    client.get(path)
    with django_assert_max_num_queries(24) as few:
        client.get(path)
    for number in range(2, 30):
        make_place(f"P-{number}", f"화곡로 {number}", cameras=3)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(path)


def test_browsers_find_the_mark_where_they_look_for_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/x-icon")
    assert "max-age=86400" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.content)) as mark:
        assert mark.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    for page in ("/", "/en/", "/portal/login/", "/no-such-page/"):
        assert '<link rel="icon" ' in client.get(page).content.decode()
        assert 'href="/favicon.ico"' in client.get(page).content.decode()
    assert client.post("/favicon.ico").status_code == 405
