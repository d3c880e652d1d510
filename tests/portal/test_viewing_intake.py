"""What came by the counter, the post or the telephone: held, counted from the day on which it came, with a receipt."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from footage.models import Hold
from ledger.models import Entry
from ordinance.models import DueDate
from records.models import ViewingRequest
from records.viewing import intake
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera():
    return CameraFactory()


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def letter(client, camera, **changes) -> dict:
    """The form as it is opened, filled in as from a letter."""
    page = client.get(reverse("viewing:add_at", args=[camera.site_id]))
    until = timezone.now() - timedelta(days=2)
    return {
        "submission": str(page.context["form"]["submission"].value()),
        "channel": "post",
        "came_at": local(timezone.now() - timedelta(hours=1)),
        "document_number": "민원-2026-77",
        "kinds": ["existence", "viewing"],
        "from_at": local(until - timedelta(hours=1)),
        "until_at": local(until),
        "requester_role": "subject",
        "requester_name": "홍길동",
        **changes,
    }


def send(client, camera, given: dict):
    return client.post(reverse("viewing:add_at", args=[camera.site_id]), given, follow=True)


def test_a_letter_is_received_held_and_gets_a_receipt(camera, official, client) -> None:
    page = send(client, camera, letter(client, camera))
    request = ViewingRequest.objects.get()
    assert (request.channel, request.asks_existence, request.asks_viewing) == ("post", True, True)
    assert (request.needs_confirmation, request.holds_lapse_at) == (False, None)
    hold = Hold.objects.get(requested_camera__request=request)
    assert (hold.camera, hold.placed_by) == (camera, official)
    assert request.moves.get().by == official
    assert request.moves.get().document_number == "민원-2026-77"
    entry = Entry.objects.get(kind="records.viewing_received")
    assert entry.actor == f"officer:{official.pk}"
    words = page.content.decode()
    code = words.partition("확인번호 ")[2][:10]
    assert intake.find(request.receipt_number, code) == request


def test_the_days_run_from_the_day_on_which_it_came(camera, official, client, time_machine) -> None:
    time_machine.move_to("2026-12-01T09:00:00+09:00", tick=False)
    client.force_login(official)
    filmed = {"from_at": "2026-11-25T09:00", "until_at": "2026-11-25T10:00"}
    send(client, camera, letter(client, camera, came_at="2026-11-27T17:00", **filmed))
    request = ViewingRequest.objects.get()
    assert timezone.localdate(request.received_at) == date(2026, 11, 27)
    assert request.moves.get().on == date(2026, 11, 27)
    assert DueDate.objects.get().due_on == date(2026, 12, 7)


def test_nothing_comes_tomorrow_and_nothing_typed_is_lost(camera, official, client) -> None:
    given = letter(client, camera, came_at=local(timezone.now() + timedelta(days=1)))
    page = send(client, camera, given)
    assert "접수한 때가 지금보다 뒤입니다." in page.content.decode()
    assert "홍길동" in page.content.decode()
    assert not ViewingRequest.objects.exists()
    assert not Hold.objects.exists()


@pytest.mark.parametrize("came_at", ["2005-01-02T10:00", "2026-01-02T10:00"])
def test_nothing_comes_before_it_was_filmed(came_at, camera, official, client) -> None:
    page = send(client, camera, letter(client, camera, came_at=came_at))
    assert "접수한 때가 촬영된 때보다 앞섭니다." in page.content.decode()
    assert not ViewingRequest.objects.exists()


def test_footage_of_before_the_act_is_no_error_of_the_machine(camera, official, client) -> None:
    given = {"from_at": "2005-01-02T09:00", "until_at": "2005-01-02T10:00", "came_at": "2005-01-03T10:00"}
    page = send(client, camera, letter(client, camera, **given))
    assert page.status_code == 200
    assert not ViewingRequest.objects.exists()


def test_the_same_letter_sent_twice_is_one_request(camera, official, client) -> None:
    given = letter(client, camera)
    send(client, camera, given)
    send(client, camera, given)
    assert ViewingRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purpose": "주민번호 800501-1234567"}, "주민등록번호는 받지 않습니다"),
        ({"requester_role": "proxy"}, "찍힌 사람을 적어야 합니다"),
        ({"channel": "web"}, "올바르게 선택해"),
        ({"kinds": []}, "필수"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes, words, camera, official, client) -> None:
    page = send(client, camera, letter(client, camera, **changes)).content.decode()
    assert words in page
    assert not ViewingRequest.objects.exists()


def test_the_place_is_found_by_the_number_on_the_sign(camera, official, client) -> None:
    address = reverse("viewing:add")
    got = client.get(address, {"number": f" {camera.site.number.lower()} "})
    assert got.url == reverse("viewing:add_at", args=[camera.site_id])
    assert "그 관리번호의 설치장소가 없습니다" in client.get(address, {"number": "없음"}).content.decode()


def test_who_cannot_handle_requests_enters_none(camera, client) -> None:
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    assert client.get(reverse("viewing:add_at", args=[camera.site_id])).status_code == 403


def test_a_letter_that_names_no_camera_is_received_by_its_address(camera, official, client) -> None:
    from cameras.models import Site

    Site.objects.filter(pk=camera.site_id).update(latitude="37.55", longitude="126.85")
    given = letter(client, camera, where="37.5501, 126.8501", radius="100")
    client.post(reverse("viewing:add_around"), given, follow=True)
    request = ViewingRequest.objects.get()
    assert (request.cameras.get().camera, request.places.get().radius_metres) == (camera, 100)


def test_another_place_is_added_on_the_page_of_the_request(camera, official, client) -> None:
    other = CameraFactory()
    send(client, camera, letter(client, camera))
    request = ViewingRequest.objects.get()
    until = timezone.now() - timedelta(days=3)
    given = {
        "where": other.number,
        "radius": "100",
        "from_at": local(until - timedelta(hours=2)),
        "until_at": local(until),
    }
    page = client.post(reverse("viewing:add_range", args=[request.pk]), given, follow=True).content.decode()
    assert {line.camera for line in request.cameras.all()} == {camera, other}
    assert other.number in page
    assert Hold.objects.count() == 2
