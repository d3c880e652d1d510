"""The screens of signs: list with states, one site, photograph at the pole, bulk acts, substitutes; and the public list."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras.models import Camera, Sign, SignBatch, SignCheck, SignSubstitute
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.situations_of_signs import a_sign, a_site, of_sign, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    officer = OfficerFactory(role=Role.CCTV_MANAGER)
    client.force_login(officer)
    return officer


def text_of(answer):
    return answer.content.decode()


def upload(content):
    return SimpleUploadedFile("photo.jpg", content, "image/jpeg")


def test_an_empty_register_says_so(client, manager):
    assert "안내판이 있어야 하는 설치장소가 없습니다" in text_of(client.get(reverse("signs:list")))


def test_the_list_shows_the_state_and_what_differs(client, manager):
    site = a_site()
    a_sign(site)
    Camera.objects.filter(site=site).update(filming_hours="야간")
    a_site()
    answer = text_of(client.get(reverse("signs:in_state", args=["differs"])))
    assert site.number in answer
    assert "촬영시간" in answer
    assert "1곳" in answer


@pytest.mark.parametrize("sites", [1, 8])
def test_the_list_takes_the_same_queries_for_any_number(
    sites, client, manager, django_assert_max_num_queries
):
    for _ in range(sites):
        a_sign(a_site(cameras=2))
    client.get(reverse("signs:list"))
    with django_assert_max_num_queries(60):
        client.get(reverse("signs:list"))


def test_the_list_leaves_for_a_purpose_and_is_on_record(client, manager):
    site = a_site()
    a_sign(site)
    asked = reverse("signs:export")
    assert "출력 목적" in text_of(client.get(asked))
    answer = client.post(asked, {"purpose": "inspection", "format": "csv"})
    assert site.number in b"".join(answer.streaming_content).decode()
    assert Entry.objects.get(kind="portal.exported").content["list"] == "안내판"


def test_letters_that_no_font_of_the_sign_has_are_told_before_it_is_printed(client, manager):
    site = a_site()
    site.cameras.update(filming_range="교차로 \U0001f4f9 둘레")
    address = reverse("signs:make", args=[site.pk])
    told = text_of(client.get(address))
    assert f"‘\U0001f4f9’ ({site.number})" in told
    batch = text_of(client.get(f"{reverse('signs:batch_add')}?ids={site.pk}"))
    assert "부호로 인쇄될 글자가 있습니다" in batch
    site.cameras.update(filming_range="교차로 둘레")
    assert "부호로 인쇄될" not in text_of(client.get(address))


def test_making_a_sign_that_leads_to_this_machine_is_said_loudly(client, manager, settings):
    site = a_site()
    settings.PUBLIC_URL = "http://localhost:8000"
    assert "PUBLIC_URL" in text_of(client.get(reverse("signs:site", args=[site.pk])))
    assert "주민이 열 수 없습니다" in text_of(client.get(reverse("signs:make", args=[site.pk])))
    settings.PUBLIC_URL = "https://cctv.example.kr"
    assert "PUBLIC_URL" not in text_of(client.get(reverse("signs:site", args=[site.pk])))


def test_a_search_that_finds_nothing_offers_a_way_back(client, manager):
    a_site()
    assert "조건에 맞는 설치장소가 없습니다" in text_of(client.get(reverse("signs:list"), {"q": "없는곳"}))


def test_an_unknown_state_is_not_found(client, manager):
    assert client.get(reverse("signs:in_state", args=["nonsense"])).status_code == 404


def test_a_photograph_at_the_pole_marks_the_sign(client, manager):
    site = a_site()
    sign = a_sign(site)
    answer = client.post(
        reverse("signs:photo"),
        {"photo": upload(of_sign(site)), "latitude": "37.5509", "longitude": "126.8495"},
    )
    check = SignCheck.objects.get()
    assert answer.headers["Location"] == reverse("signs:outcome", args=[check.pk])
    sign.refresh_from_db()
    assert sign.last_checked_on == timezone.localdate()
    assert check.distance_metres == 0


def test_nonsense_of_a_position_is_no_position(client, manager):
    site = a_site()
    a_sign(site)
    client.post(
        reverse("signs:photo"),
        {"photo": upload(of_sign(site, position=None)), "latitude": "NaN", "longitude": "9e999"},
    )
    assert SignCheck.objects.get().latitude is None


def test_a_file_that_is_no_photograph_is_said_to_be_none(client, manager):
    site = a_site()
    answer = client.post(reverse("signs:check", args=[site.pk]), {"photo": upload(b"text")})
    assert "사진으로 읽을 수 없는 파일입니다" in text_of(answer)
    assert not SignCheck.objects.exists()


def test_a_refused_photograph_is_confirmed_by_hand_with_a_reason(client, manager):
    site = a_site()
    sign = a_sign(site)
    client.post(reverse("signs:check", args=[site.pk]), {"photo": upload(photograph("https://x.kr/"))})
    refused = SignCheck.objects.get()
    url = reverse("signs:outcome", args=[refused.pk])
    assert "확인하지 못했습니다" in text_of(client.get(url))
    client.post(url, {"reason": ""})
    assert SignCheck.objects.count() == 1
    client.post(url, {"reason": "QR이 긁혔으나 글은 읽힘"})
    assert SignCheck.objects.count() == 1
    client.post(url, {"reason": "QR이 긁혔으나 글은 읽힘", "stated_on": timezone.localdate().isoformat()})
    assert "담당자가 적음" in text_of(client.get(reverse("signs:site", args=[site.pk])))
    sign.refresh_from_db()
    assert sign.last_checked_on == timezone.localdate()
    picture = client.get(reverse("signs:picture", args=[refused.pk]))
    assert b"Telephone" not in b"".join(picture.streaming_content)
    original = client.get(reverse("signs:original", args=[refused.pk]))
    assert original.headers["Content-Disposition"].startswith("attachment")
    original.close()


def test_an_agent_sees_no_photograph(client):
    site = a_site()
    a_sign(site)
    client.force_login(OfficerFactory(role=Role.MONITORING_AGENT))
    assert client.get(reverse("signs:list")).status_code == 403


def test_chosen_signs_are_marked_as_hanging(client, manager):
    sites = [a_site(), a_site()]
    for site in sites:
        a_sign(site)
    url = reverse("signs:put_up") + f"?ids={sites[0].pk}"
    assert sites[0].number in text_of(client.get(url))
    answer = client.post(url + "&state=printed", {"on": timezone.localdate().isoformat(), "position": "전주"})
    # One returns to the list as it was filtered, and it is handed out as it is filtered too.
    assert answer.headers["Location"] == reverse("signs:list") + "?state=printed"
    page = client.get(reverse("signs:in_state", args=["printed"])).content.decode()
    assert f"{reverse('signs:export')}?state=printed" in page
    assert "1곳" in text_of(client.get(reverse("signs:export"), {"state": "printed"}))
    assert [sign.site for sign in Sign.objects.filter(put_up_on__isnull=False)] == [sites[0]]


def test_a_batch_of_the_filtered_list_is_asked_for(client, manager):
    a_site(), a_site()
    url = reverse("signs:batch_add") + "?extent=all&state=none"
    # Giving up leads back to the list as it was filtered.
    assert client.get(url).context["back_url"] == reverse("signs:list") + "?state=none"
    assert "2곳" in text_of(client.get(url))
    client.post(url, {"size": "A3", "title": "전체"})
    assert len(SignBatch.objects.get().sites) == 2


def test_a_batch_of_nothing_is_refused(client, manager):
    client.post(reverse("signs:batch_add"), {"size": "A3", "title": "없음"})
    assert not SignBatch.objects.exists()


def test_a_substitute_is_listed_on_the_public_site_and_only_while_it_holds(client, manager):
    site = a_site()
    client.post(
        reverse("signs:substitute", args=[site.pk]),
        {"reason": "impossible", "explanation": "산불 감시용", "document_number": "안전-1", "from_on": timezone.localdate().isoformat()},
    )  # fmt: skip
    client.logout()
    shown = text_of(client.get(reverse("website_sign_substitutes")))
    for words in ("산불 감시용", "화곡로 302", "방범", "02-2600-6114"):
        assert words in shown
    SignSubstitute.objects.update(
        from_on=timezone.localdate() - dt.timedelta(days=9),
        until_on=timezone.localdate() - dt.timedelta(days=1),
    )
    assert "지금 안내판을 대신하여 알리는 곳은 없습니다" in text_of(
        client.get(reverse("website_sign_substitutes"))
    )


def test_an_exempt_place_is_never_listed(client, manager):
    site = a_site()
    client.post(
        reverse("signs:substitute", args=[site.pk]),
        {"reason": "impossible", "explanation": "비밀", "document_number": "1", "from_on": timezone.localdate().isoformat()},
    )  # fmt: skip
    Camera.objects.filter(site=site).update(is_sign_exempt=True)
    assert "비밀" not in text_of(client.get(reverse("website_sign_substitutes")))


def test_the_day_of_hanging_is_corrected_on_the_screen(client, manager):
    site = a_site()
    sign = a_sign(site)
    today = timezone.localdate()
    Sign.objects.update(made_on=today - dt.timedelta(days=5), put_up_on=today)
    url = reverse("signs:correct", args=[sign.pk])
    assert today.isoformat() in text_of(client.get(url))
    client.post(url, {"on": (today - dt.timedelta(days=1)).isoformat(), "reason": "작업일지와 다름"})
    shown = text_of(client.get(reverse("signs:site", args=[site.pk])))
    assert "작업일지와 다름" in shown
    assert str(manager) in shown
