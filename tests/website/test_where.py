"""Where was I? The page's answer in words, near me without a trace, and what officials are told."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site as WebSite

from accounts.roles import Role
from cameras.enums import CameraState, InstallPurpose
from cameras.models import Camera, Landmark
from ordinance import due
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_running
from tests.website.situations import make_place
from website.models import OfficeDetails

pytestmark = pytest.mark.django_db
GANGSEO = "서울특별시 강서구"


@pytest.fixture
def road() -> None:
    """까치산로 to the east: 107 and 113 are sixty metres apart."""
    for number, longitude in ((107, 126.8500), (113, 126.85068)):
        place = make_place(f"K-{number}", f"{GANGSEO} 까치산로 {number}")
        type(place).objects.filter(pk=place.pk).update(latitude="37.535", longitude=str(longitude))


def said(client: Client, words: str, prefix: str = "") -> str:
    return client.get(f"{prefix}/cameras/", {"q": words}).content.decode()


def test_an_address_without_a_camera_is_told_the_nearest_one(client: Client, road: None) -> None:
    html = said(client, "서울시 강서구 까치산로 109, 2층 (화곡동)")
    assert "‘까치산로 109’에는 운영 중인 카메라 가운데 알려 드릴 수 있는 것이 없습니다." in html
    assert "까치산로 107, 약 <strong>20 m 서쪽</strong>" in html
    assert "107번과 113번에 있는 카메라 사이를 번호로 어림" in html


def test_the_same_in_english(client: Client, road: None) -> None:
    html = said(client, "109 Kkachisan-ro, Gangseo-gu", "/en")
    assert "about <strong>20 m to the west</strong>" in html


def test_what_is_not_understood_is_not_called_empty(client: Client, road: None) -> None:
    html = said(client, "무지개로 5")
    assert "그곳에 카메라가 없다는 뜻은 아닙니다" in html


def test_a_name_that_only_looks_alike_is_a_choice(client: Client, road: None) -> None:
    html = said(client, "까치상로 107")
    assert "어느 곳을 찾으십니까?" in html
    assert "?q=%EA%B9%8C%EC%B9%98%EC%82%B0%EB%A1%9C%20107" in html
    assert reverse("website_site", args=["K-107"]) not in html


def test_a_place_name_of_the_office_is_found_at_once(client: Client, road: None) -> None:
    assert "알 수 없었습니다" in said(client, "큰시장")
    Landmark.objects.create(
        name="까치산시장",
        other_names="큰시장, Big Market",
        kind="market",
        latitude="37.535",
        longitude="126.85",
    )
    for words in ("큰시장", "까치산시장", "Big Market"):
        assert reverse("website_site", args=["K-107"]) in said(client, words)


def test_the_number_of_a_sign_whose_camera_is_gone_leads_to_its_page(client: Client, road: None) -> None:
    gone = make_place("G-1", f"{GANGSEO} 화곡로 9", state=CameraState.REMOVED)
    page = reverse("website_site", args=[gone.number])
    for words in ("G-1", "G-1-1", "관리번호 G-1", "Ｇ-1 번"):
        assert client.get("/cameras/", {"q": words}).headers.get("Location") == page, words
    assert client.get("/cameras/", {"q": "G-1-7"}).status_code == 200, "there is no such camera"
    exempt = make_place("X-1", f"{GANGSEO} 화곡로 10", is_sign_exempt=True)
    assert reverse("website_site", args=[exempt.number]) not in said(client, "X-1")


def test_a_number_in_groups_leads_to_the_page_where_cameras_operate(client: Client, road: None) -> None:
    place = make_place("202631500000000003", f"{GANGSEO} 화곡로 11", cameras=2)
    page = reverse("website_site", args=[place.number])
    for words in (
        "2026 3150 0000 0000 03",
        "2026-3150-0000-0000-03",
        "202631500 000000003",
        "202631500000000003 - 1",
        "202631500000000003번",
    ):
        assert client.get("/cameras/", {"q": words}).headers.get("Location") == page, words
    of_another = {"q": place.number, "purpose": InstallPurpose.TRAFFIC_INFORMATION}
    assert client.get("/cameras/", of_another).headers.get("Location") == page


def test_of_another_purpose_is_not_called_unknown_nor_empty(client: Client, road: None) -> None:
    for words in ("까치산로 107", "까치산로"):
        asked = {"q": words, "purpose": InstallPurpose.TRAFFIC_INFORMATION}
        html = client.get("/cameras/", asked).content.decode()
        assert "인 운영 중인 카메라 가운데 알려 드릴 수 있는 것이 없습니다" in html
        assert "모든 설치목적의 카메라로 찾기" in html
        assert "알 수 없었습니다" not in html
    asked["q"] = "없는길 3"
    assert "알 수 없었습니다" in client.get("/cameras/", asked).content.decode()


def test_a_facility_that_became_exempt_is_not_told_of_any_more(client: Client, road: None) -> None:
    assert reverse("website_site", args=["K-107"]) in said(client, "까치산로 109")
    Camera.objects.filter(site__number="K-107").update(is_sign_exempt=True)
    for words in ("까치산로 109", "까치산로 107", "까치산로", ""):
        assert "K-107" not in said(client, words)


def test_an_aim_leads_straight_to_the_form(client: Client, road: None) -> None:
    answer = client.get("/cameras/", {"q": "까치산로 107", "aim": "viewing"}).content.decode()
    assert reverse("website_viewing_request", args=["K-107"]) in answer
    answer = client.get("/cameras/", {"q": "까치산로 107", "aim": "sign"}).content.decode()
    assert reverse("website_report_sign", args=["K-107"]) in answer


# -- near me


def near_me(client: Client, **changes: str):
    return client.post(
        "/cameras/", {"latitude": "37.5351", "longitude": "126.8500", "accuracy": "12.4", **changes}
    )


def test_near_me_answers_without_a_cookie_and_leaves_no_trace(road: None, caplog) -> None:
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        answer = near_me(client)
    found = answer.context["found"]
    assert [(place.site.number, place.distance, place.direction) for place in found.near] == [
        ("K-107", "10 m", "남쪽"), ("K-113", "60 m", "동쪽"),
    ]  # fmt: skip
    assert "오차는 약 12 m" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-cache", (
        "no proxy keeps it, and going back finds it"
    )
    assert not answer.cookies
    assert "37.5351" not in answer.content.decode()
    told = [str(record.__dict__) for record in caplog.records if record.name != "django.db.backends"]
    assert not [line for line in told if "37.5351" in line]


@pytest.mark.parametrize(
    "wrong",
    [{"latitude": ""}, {"latitude": "nan"}, {"latitude": "inf"}, {"longitude": "999"}, {"latitude": "a" * 9_999},
     {"accuracy": "-1"}, {"purpose": "x"}],
    ids=str,
)  # fmt: skip
def test_a_position_that_is_none_gives_the_list(client: Client, road: None, wrong: dict[str, str]) -> None:
    answer = near_me(client, **wrong)
    assert answer.status_code == 200
    assert answer.context["found"].near == []


def test_who_is_far_away_is_told_so(client: Client, road: None) -> None:
    html = near_me(client, latitude="35.1", longitude="129.0").content.decode()
    assert "이 자치구에서 멉니다" in html


# -- actions first


def test_the_page_of_a_site_offers_its_actions_before_anything_else(client: Client, road: None) -> None:
    html = client.get("/s/K-107/").content.decode()
    actions = [
        reverse("website_viewing_request", args=["K-107"]),
        reverse("website_report_sign", args=["K-107"]),
    ]
    assert all(html.index(action) < html.index("카메라 번호") for action in actions)
    assert html.index("의견 내기") < html.index("카메라 번호")


@pytest.mark.parametrize(
    "path", ["/", "/cameras/", "/s/K-107/", "/policy/", "/viewing-request/", "/no-such/"]
)
def test_every_page_leads_to_the_services(client: Client, road: None, path: str) -> None:
    html = client.get(path).content.decode()
    for name in ("website_viewing_start", "website_report_start"):
        if path != "/no-such/":
            assert f'href="{reverse(name)}"' in html


def test_officials_are_told_while_nobody_can_see_whom_to_ask(client: Client) -> None:
    def told(role: Role) -> list[str]:
        officer = OfficerFactory(role=role)
        return [item.detail for item in due.collect(officer=officer) if item.code == "website.office_details"]

    (detail,) = told(Role.CCTV_MANAGER)
    assert "주소, 대표전화, 열람 장소, 열람 시간" in detail
    assert told(Role.MONITORING_AGENT) == []
    details = OfficeDetails.for_site(WebSite.objects.get(is_default_site=True))
    details.address, details.phone, details.viewing_place = "화곡로 302", "02-2600-0000", "민원실"
    details.save()
    (detail,) = told(Role.CCTV_MANAGER)
    assert "비어 있는 칸: 열람 시간." in detail
    details.viewing_hours = "평일 9시~18시"
    details.save()
    assert told(Role.CCTV_MANAGER) == []
    for path in ("/", "/policy/", "/report-sign/"):
        html = client.get(path).content.decode()
        assert all(text in html for text in ("화곡로 302", "02-2600-0000", "민원실", "평일 9시~18시"))


def test_the_guides_lead_to_the_forms(client: Client) -> None:
    for path, form in (("/viewing-guide/", "/viewing-request/"), ("/english/", "/en/viewing-request/")):
        assert f'href="{form}"' in client.get(path).content.decode()
        assert client.get(form).status_code == 200


def test_the_front_page_tells_what_is_open_for_opinions_now(client: Client) -> None:
    running = make_running(title="안심귀갓길 설치 행정예고")
    html = client.get("/").content.decode()
    assert reverse("website_consultation", args=[running.number]) in html
    assert "안심귀갓길 설치 행정예고" in html


# -- the map


def test_the_map_opens_where_somebody_was(client: Client, road: None) -> None:
    answer = client.get("/cameras/map/", {"q": "까치산로 110"})
    latitude, longitude = map(float, answer.context["focus"].split(","))
    assert (round(latitude, 4), round(longitude, 4)) == (37.535, 126.8503)
    assert client.get("/cameras/map/", {"q": "무지개로 5"}).context["focus"] == ""


def test_what_is_in_view_is_asked_in_the_body(road: None, caplog) -> None:
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        sent = {"bbox": "126.84123,37.53,126.86,37.54", "zoom": "17"}
        answer = client.post("/cameras/map/points.json", sent)
    assert [site["title"] for site in answer.json()["sites"]] == [
        f"{GANGSEO} 까치산로 107",
        f"{GANGSEO} 까치산로 113",
    ]
    told = [str(record.__dict__) for record in caplog.records if record.name != "django.db.backends"]
    assert not [line for line in told if "126.84123" in line]


def test_an_address_whose_camera_is_gone_says_what_may_be_left_and_can_be_asked_for(
    client: Client, road: None
) -> None:
    today = timezone.localdate()
    for number, days, state in ((115, 10, "removed"), (117, 400, "removed"), (119, 0, "suspended")):
        place = make_place(f"G-{number}", f"{GANGSEO} 까치산로 {number}", state=CameraState(state))
        on = today - timedelta(days=days) if state == "removed" else None
        Camera.objects.filter(site=place).update(removed_on=on, retention_days=30)
        html = said(client, f"까치산로 {number}")
        assert "가운데 알려 드릴 수 있는 것이 없습니다" in html
        assert reverse("website_viewing_request", args=[place.number]) in html
        page = client.get(reverse("website_site", args=[place.number])).content.decode()
        report = reverse("website_report_sign", args=[place.number])
        assert report in page
        assert client.get(report).status_code == 200, "a sign that was left behind"
        assert ("보관기간이 끝났습니다" in page) == (days == 400)
        assert ("보관기간이 끝납니다" in page) == (days == 10)
    assert f"{today + timedelta(days=20)}까지 남아 있을 수 있습니다" in said(client, "까치산로 115")
    assert "에 끝났으며" in said(client, "까치산로 117")
    hidden = make_place("X-1", f"{GANGSEO} 까치산로 121", is_sign_exempt=True, state=CameraState.REMOVED)
    assert hidden.number not in said(client, "까치산로 121")


def test_the_address_of_a_sign_s_code_is_understood(client: Client, road: None) -> None:
    for words in ("https://cctv.example/s/K-107/", "cctv.example/en/s/K-107", "/s/K-107/?from=qr"):
        assert client.get("/cameras/", {"q": words}).url == reverse("website_site", args=["K-107"])
