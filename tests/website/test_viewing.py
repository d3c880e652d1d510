"""영상 열람 청구 in the browser: received with its footage held, told what is gone, followed up by two numbers."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cameras.models import Camera
from footage.models import Hold
from ordinance.models import DueDate
from records.models import RequestedCamera, ViewingRequest
from records.viewing import dismissal, keeping, notices, release, remedies, unconfirmed, watch
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.records.situations import (
    answered,
    decided,
    identify,
    objected,
    shown,
    viewing_letter,
    waited_for,
)
from tests.website.situations import make_place
from website.models import FloodMark

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
        "answer_by": "web",
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
    assert answer.context["code"] in text
    hold = Hold.objects.get()
    assert (hold.case_reference, hold.released_at) == (request.receipt_number, None)
    assert (hold.from_at, hold.until_at) == (request.cameras.get().from_at, request.cameras.get().until_at)
    due = DueDate.objects.get()
    assert due.subject_number == request.receipt_number
    assert f"{due.due_on:%Y-%m-%d}" in text
    assert "민법" in text, "how the date was reached"


@pytest.mark.parametrize("day", ["0001-01-01T00:00", "1500-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_in_which_nothing_was_filmed_is_said_at_its_field(client: Client, day) -> None:
    field = "until_at" if day.startswith("9") else "from_at"
    answer = client.post(PATH, form(**{field: day}))
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert not ViewingRequest.objects.exists()


def test_the_same_form_sent_twice_is_one_request(client: Client) -> None:
    sent = form()
    first, second = client.post(PATH, sent), client.post(PATH, sent)
    assert (ViewingRequest.objects.count(), Hold.objects.count()) == (1, 1)
    code = first.context["code"]
    assert code in first.content.decode()
    assert code in second.content.decode()
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    late = client.post(PATH, sent).content.decode()
    assert code not in late
    assert "이미 접수한 양식입니다" in late


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["everything"]}, "kinds"),
        ({"cameras": [999_999]}, "cameras"),
        ({"until_at": at(30)}, "until_at"),
        ({"from_at": at(1), "until_at": at(-1)}, "until_at"),
        ({"from_at": "9999-12-31T23:59"}, "until_at"),
        ({"requester_name": ""}, "requester_name"),
        ({"requester_birth_on": "2999-01-01"}, "requester_birth_on"),
        ({"purpose": "번호 800501-1234567"}, "purpose"),
        ({"requester_role": "proxy"}, "subject_name"),
        ({"answer_by": ""}, "answer_by"),
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
    secret = client.post(PATH, form()).context["code"]
    request = ViewingRequest.objects.get()
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


def test_wrong_guesses_of_others_lock_no_right_receipt_out(client: Client) -> None:
    code = client.post(PATH, form()).context["code"]
    request = ViewingRequest.objects.get()
    for _ in range(22):
        wrong = client.post(STATUS, {"receipt_number": request.receipt_number, "secret": "WRONGWRONG"})
        assert wrong.context["received"] is None
    answer = client.post(STATUS, {"receipt_number": request.receipt_number, "secret": code})
    assert answer.context["received"] == request
    assert FloodMark.objects.filter(form="viewing_status").count() == 20


def test_older_footage_removed_cameras_and_whole_sites_are_received(client: Client) -> None:
    Camera.objects.update(state="removed", removed_on=timezone.localdate())
    long_ago = {"from_at": at(24 * 40), "until_at": at(24 * 40 - 1)}
    answer = client.post(PATH, form(cameras=[], **long_ago))
    assert answer.templates[0].name == "website/viewing_received.html"
    assert Hold.objects.count() == 3


def test_an_exempt_place_is_asked_for_without_being_told_of(client: Client) -> None:
    Camera.objects.update(is_sign_exempt=True)
    page = client.get(PATH).content.decode()
    assert "화곡로" not in page
    assert 'name="cameras"' not in page
    sent = form(cameras=[])
    answer = client.post(PATH, sent).content.decode()
    assert ViewingRequest.objects.get().cameras.count() == 3
    assert "A-1" not in answer


def test_a_second_day_of_footage_from_one_address_is_held_until_an_officer_looks(client: Client) -> None:
    long = {"cameras": list(Camera.objects.values_list("pk", flat=True)[:2])}
    for _ in range(2):
        client.post(PATH, form(from_at=at(49), until_at=at(26), **long))
    assert Hold.objects.count() == 4
    client.post(PATH, form(from_at=at(26), until_at=at(25)))
    assert Hold.objects.count() == 5
    assert ViewingRequest.objects.filter(needs_hold=True, holds_lapse_at__isnull=False).count() == 1
    assert not ViewingRequest.objects.order_by("pk").last().needs_hold, "an hour is held all the same"


# -- what the page says, state by state

PROMISE = "파기하지 않습니다"
UNKNOWN = "아직 확인하지 못했습니다"
NOTHING_GONE = "이 시스템이 파기한 파일은 없습니다"


def follow_up(client: Client, request: ViewingRequest, code: str) -> str:
    answer = client.post(STATUS, {"receipt_number": request.receipt_number, "secret": code})
    assert answer.context["received"] == request
    return " ".join(answer.content.decode().split())


def test_every_state_says_what_is_true_in_it(client: Client) -> None:
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = client.post(PATH, form()).context["code"]
    request = ViewingRequest.objects.get()
    undecided = "결정하여 알려 드리고, 그 결정에 불복할 수 있는 기간이 끝날 때까지 파기하지 않습니다."

    page = follow_up(client, request, code)
    assert UNKNOWN in page
    assert NOTHING_GONE not in page, "nobody knows"
    assert undecided in page

    RequestedCamera.objects.update(is_checked=True)
    page = follow_up(client, request, code)
    assert NOTHING_GONE in page
    assert UNKNOWN not in page

    RequestedCamera.objects.update(already_gone=3)
    page = follow_up(client, request, code)
    assert "파일 3개는 유예하기 전에 이미 파기되었습니다" in page
    assert NOTHING_GONE not in page

    unconfirmed.confirm(request, "telephone", by=manager)
    identify(request, manager)
    page = follow_up(client, request, code)
    assert undecided in page

    request.refresh_from_db()
    decided(request, manager)
    page = follow_up(client, request, code)
    assert "결정했으나 아직 알려 드리지 않았습니다" in page, "a decision is one when it is told"
    assert "통합관제센터에서 보십시오" not in page

    notices.notify(request, viewing_letter(way="web"), by=manager)
    page = follow_up(client, request, code)
    assert "통합관제센터에서 보십시오" in page
    assert "통합관제센터 2층" in page
    assert "행정심판" in page
    for over in ("아직 결정", UNKNOWN, NOTHING_GONE, undecided):
        assert over not in page
    longest = keeping.way_ends(request, keeping.Periods(timezone.localdate()))
    assert f"열람하실 때까지, 그리고 적어도 {longest}까지 파기하지 않습니다." in page

    shown(request, OfficerFactory())
    page = follow_up(client, request, code)
    assert f"{timezone.localdate()}에 열람을 마쳤습니다." in page
    release.release(request, reason="끝남", by=manager)
    page = follow_up(client, request, code)
    assert "유예를 풀었습니다" in page
    assert PROMISE not in page


def test_over_the_limit_the_receipt_says_what_is_held_and_until_when(client: Client) -> None:
    everything = list(Camera.objects.values_list("pk", flat=True))
    answer = client.post(PATH, form(from_at=at(60), cameras=everything))
    request = ViewingRequest.objects.get()
    line = request.cameras.first()
    until, part = timezone.localtime(request.holds_lapse_at), timezone.localtime(line.fits_until_at)
    page = " ".join(answer.content.decode().split())
    assert f"{until:%Y-%m-%d %H:%M}까지 모두 파기하지 않습니다" in page
    assert f"{part:%Y-%m-%d %H:%M} 앞의 영상만 계속 유예합니다" in page
    watch.run(request.holds_lapse_at)
    page = follow_up(client, request, answer.context["code"])
    first = timezone.localtime(line.from_at)
    assert f"이 가운데 {first:%Y-%m-%d %H:%M} ~ {part:%Y-%m-%d %H:%M}만 유예했습니다." in page


def test_what_is_late_says_so(client: Client) -> None:
    code = client.post(PATH, form()).context["code"]
    due = timezone.localdate() - timedelta(days=2)
    DueDate.objects.update(due_on=due)
    assert f"답할 기한({due})이 2일 지났습니다." in follow_up(client, ViewingRequest.objects.get(), code)


def test_an_objection_its_due_day_and_its_answer_are_read_on_the_page(client: Client) -> None:
    """F8: what is pending, until when it is answered, how it was answered, and what is left."""
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = client.post(PATH, form()).context["code"]
    request = ViewingRequest.objects.get()
    identify(request, manager)
    request.refresh_from_db()
    decided(request, manager)
    notices.notify(request, viewing_letter(), by=manager)
    remedy = objected(request, manager)
    remedies.record(request, kind="suit", number="2026구합77", on=timezone.localdate(), by=manager)
    page = follow_up(client, request, code)
    due = DueDate.objects.open().get().due_on
    assert f"{due}까지 답을 알려 드립니다." in page
    assert "2026구합77" in page
    assert "‘이의신청, 행정소송’ 절차가 끝날 때까지 파기하지 않습니다." in page
    answered(remedy, manager, reply="결정을 그대로 둡니다.")
    page = follow_up(client, request, code)
    for words in ("기각", "결정을 그대로 둡니다.", "안전-1", "이의신청의 결과에 불복하면"):
        assert words in page
    assert "‘행정소송’ 절차가 끝날 때까지 파기하지 않습니다." in page
    english = client.post(f"/en{STATUS}", {"receipt_number": request.receipt_number, "secret": code})
    assert "before these proceedings have ended: Administrative suit." in english.content.decode()


def test_a_dismissed_request_reads_why_and_how_to_object(client: Client) -> None:
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = client.post(PATH, form()).context["code"]
    request = ViewingRequest.objects.get()
    waited_for(request)
    dismissal.dismiss([request], reason="전화번호가 없는 번호임", document_number="안전-3", by=manager)
    page = follow_up(client, ViewingRequest.objects.get(), code)
    assert "전화번호가 없는 번호임" in page
    assert "행정심판" in page


def test_answers_are_never_cached(client: Client) -> None:
    assert "no-store" in client.post(PATH, form()).headers["Cache-Control"]


def test_of_500_requests_of_one_address_some_are_received_and_none_of_another_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is over the limit is told when to come again and stays typed; it holds nothing, and nobody else's way is shut."""
    from django.http import HttpResponse

    from website.views import viewing

    shown = []
    monkeypatch.setattr(
        viewing, "render", lambda request, page, context: shown.append((page, context)) or HttpResponse(page)
    )
    for _ in range(500):
        assert client.post(PATH, form(), REMOTE_ADDR="203.0.113.7").status_code == 200
    allowed = viewing.LIMITS[0].count
    assert ViewingRequest.objects.count() == Hold.objects.count() == DueDate.objects.open().count() == allowed
    assert [page for page, _context in shown].count("website/viewing_received.html") == allowed
    page, context = shown[-1]
    assert page == "website/viewing_request.html"
    assert "분 뒤에 다시" in str(context["form"].errors)
    assert context["form"].data["requester_name"] == "홍길동"
    client.post(PATH, form(), REMOTE_ADDR="203.0.113.8")
    assert ViewingRequest.objects.count() == allowed + 1
