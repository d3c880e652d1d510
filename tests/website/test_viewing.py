"""영상 열람 청구 in the browser: received with its footage held, told what is gone, followed up by two numbers."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cameras.models import Camera
from footage.models import Hold
from ordinance.models import DueDate
from records.models import ViewingRequest
from records.viewing import decisions, intake
from tests.accounts.factories import OfficerFactory
from tests.website.situations import make_place

pytestmark = pytest.mark.django_db
PATH = "/viewing-request/at/A/"
STATUS = "/viewing-request/status/"


def at(hours_ago: float) -> str:
    return f"{timezone.localtime() - timedelta(hours=hours_ago):%Y-%m-%dT%H:%M}"


def form(**changes) -> dict:
    return {
        "submission": str(uuid.uuid4()),
        "kinds": ["viewing"],
        "cameras": [Camera.objects.order_by("pk").first().pk],
        "from_at": at(26),
        "until_at": at(25),
        "purpose": "가방을 잃어버렸습니다",
        "requester_role": "subject",
        "requester_name": "홍길동",
        "requester_phone": "010-1234-5678",
        "requester_birth_on": "1980-05-01",
        "requester_address": "화곡로 1",
        "consent": "on",
        **changes,
    }


@pytest.fixture(autouse=True)
def place():
    return make_place("A", "화곡로 1", cameras=3)


def test_a_request_is_received_with_a_hold_and_a_due_date(client: Client) -> None:
    answer = client.post(PATH, form())
    request = ViewingRequest.objects.get()
    text = answer.content.decode()
    assert request.receipt_number in text
    assert intake.secret_of(request) in text
    hold = Hold.objects.get()
    assert (hold.case_reference, hold.released_at) == (request.receipt_number, None)
    assert (hold.from_at, hold.until_at) == (request.from_at, request.until_at)
    due = DueDate.objects.get()
    assert due.subject_number == request.receipt_number
    assert f"{due.due_on:%Y-%m-%d}" in text
    assert "민법" in text, "how the date was reached"


def test_the_same_form_sent_twice_is_one_request(client: Client) -> None:
    sent = form()
    first, second = client.post(PATH, sent), client.post(PATH, sent)
    assert (ViewingRequest.objects.count(), Hold.objects.count()) == (1, 1)
    assert intake.secret_of(ViewingRequest.objects.get()) in first.content.decode()
    assert intake.secret_of(ViewingRequest.objects.get()) in second.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["everything"]}, "kinds"),
        ({"cameras": []}, "cameras"),
        ({"cameras": [999_999]}, "cameras"),
        ({"until_at": at(30)}, "until_at"),
        ({"from_at": at(1), "until_at": at(-1)}, "until_at"),
        ({"from_at": at(24 * 40), "until_at": at(24 * 39)}, "from_at"),
        ({"from_at": at(60)}, "until_at"),
        ({"from_at": "9999-12-31T23:59"}, "until_at"),
        ({"from_at": "0001-01-01T00:00"}, "until_at"),
        ({"requester_name": ""}, "requester_name"),
        ({"requester_birth_on": "2999-01-01"}, "requester_birth_on"),
        ({"purpose": "번호 800501-1234567"}, "purpose"),
        ({"requester_role": "proxy"}, "subject_name"),
        ({"consent": ""}, "consent"),
        ({"submission": "x"}, "submission"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_held(
    client: Client, wrong: dict, field: str
) -> None:
    answer = client.post(PATH, form(**wrong))
    assert field in answer.context["form"].errors
    assert not ViewingRequest.objects.exists()
    assert not Hold.objects.exists()
    if field != "requester_name":
        assert "홍길동" in answer.content.decode(), "what was typed is still there"


def test_a_camera_of_another_place_cannot_be_slipped_in(client: Client) -> None:
    other = make_place("B", "화곡로 2").cameras.get()
    answer = client.post(PATH, form(cameras=[other.pk]))
    assert "cameras" in answer.context["form"].errors


def test_an_exempt_or_planned_camera_cannot_be_asked_for(client: Client) -> None:
    hidden = Camera.objects.order_by("pk").last()
    Camera.objects.filter(pk=hidden.pk).update(is_sign_exempt=True)
    answer = client.post(PATH, form(cameras=[hidden.pk]))
    assert "cameras" in answer.context["form"].errors


def test_one_person_cannot_freeze_the_district(client: Client) -> None:
    for _ in range(5):
        client.post(PATH, form())
    answer = client.post(PATH, form())
    assert ViewingRequest.objects.count() == 5
    assert "분 뒤에 다시" in answer.content.decode()


def test_a_proxy_names_who_was_filmed(client: Client) -> None:
    client.post(
        PATH,
        form(
            requester_role="legal_representative",
            relation="어머니",
            subject_name="홍자녀",
            subject_birth_on="2018-03-04",
        ),
    )
    request = ViewingRequest.objects.get()
    assert (request.requester_name, request.subject_name, request.relation) == ("홍길동", "홍자녀", "어머니")


def test_two_numbers_open_it_and_nothing_else_does(client: Client) -> None:
    client.post(PATH, form())
    request = ViewingRequest.objects.get()
    secret = intake.secret_of(request)
    right = client.post(STATUS, {"receipt_number": request.receipt_number.lower(), "secret": secret.lower()})
    assert right.context["received"] == request
    assert "홍길동" not in right.content.decode()
    for number, word in (
        (request.receipt_number, "WRONGWRONG"),
        ("V000000-XXXXXX", secret),
        ("' OR 1=1", "x"),
    ):
        answer = client.post(STATUS, {"receipt_number": number, "secret": word})
        assert answer.context["received"] is None
    assert (
        client.get(STATUS, {"receipt_number": request.receipt_number, "secret": secret}).context["received"]
        is None
    )


def test_guessing_is_slow(client: Client) -> None:
    client.post(PATH, form())
    request = ViewingRequest.objects.get()
    for _ in range(20):
        client.post(STATUS, {"receipt_number": request.receipt_number, "secret": "WRONGWRONG"})
    answer = client.post(
        STATUS, {"receipt_number": request.receipt_number, "secret": intake.secret_of(request)}
    )
    assert answer.context["received"] is None


def test_the_decision_is_told_to_its_receiver(client: Client) -> None:
    client.post(PATH, form())
    request = ViewingRequest.objects.get()
    decisions.decide(request, "granted", reply="11월 25일 10시 통합관제센터", by=OfficerFactory())
    answer = client.post(
        STATUS, {"receipt_number": request.receipt_number, "secret": intake.secret_of(request)}
    )
    assert "11월 25일 10시 통합관제센터" in answer.content.decode()


def test_answers_are_never_cached(client: Client) -> None:
    assert "no-store" in client.post(PATH, form()).headers["Cache-Control"]
