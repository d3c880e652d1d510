"""영상 열람 청구 in the browser: received with its footage held, told what is gone, followed up by two numbers."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from cameras.enums import Pipa25Ground
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
from tests.website.asking import ask, at, drafted, form, send
from tests.website.situations import make_place
from tests.website.walking import walk
from website import floods
from website.models import FloodMark
from website.views import viewing_request

pytestmark = pytest.mark.django_db
PATH = "/viewing-request/at/A/"
STATUS = "/viewing-request/status/"


@pytest.fixture(autouse=True)
def place():
    return make_place("A", "화곡로 1", cameras=3)


def test_a_request_is_received_with_a_hold_and_a_due_date(client: Client) -> None:
    answer = ask(client)
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


def test_the_same_form_sent_twice_is_one_request(client: Client) -> None:
    sent = drafted(form())
    first, second = send(client, sent), send(client, sent)
    assert (ViewingRequest.objects.count(), Hold.objects.count()) == (1, 1)
    code = first.context["code"]
    assert code in first.content.decode()
    assert code in second.content.decode()
    ViewingRequest.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    late = send(client, sent).content.decode()
    assert code not in late
    assert "이미 접수한 양식입니다" in late


def refused(client: Client, answers: dict) -> dict:
    """What is said where the walk through the pages stops, by field."""
    answer = walk(client, PATH, answers)
    assert "form" in answer.context, answer.templates[0].name
    page = answer.content.decode()
    assert 'id="form-errors"' in page
    assert "autofocus" in page
    return answer.context["form"].errors


def test_what_is_wrong_is_said_on_its_page_and_nothing_is_held(client: Client) -> None:
    for wrong, field, words in (
        ({"cameras": [999_999]}, "cameras", "목록에 있는 것"),
        ({"from_at": ""}, "from_at", "날짜와 시각"),
        ({"from_at": "0001-01-01 00:00"}, "from_at", "확인하여"),
        ({"from_at": "1500-01-01 00:00"}, "from_at", "확인하여"),
        ({"from_at": "9999-12-31 22:00"}, "from_at", "아직 오지 않은"),
        ({"from_at": "9999-12-31 23:59", "length": "366일"}, "from_at", "확인하여"),
        ({"from_at": at(1), "length": "120"}, "length", "아직 오지 않은"),
        ({"from_at": "2026-11-28 저녁"}, "from_at", "24시간"),
        ({"length": "0"}, "length", "1분부터"),
        ({"length": "한참"}, "length", "20분이나"),
        ({"requester_role": ""}, "requester_role", "골라"),
        ({"requester_role": "proxy"}, "subject_name", "적어"),
        ({"requester_role": "proxy"}, "relation", "적어"),
        ({"kinds": []}, "kinds", "골라"),
        ({"kinds": ["everything"]}, "kinds", "목록에 있는 것"),
        ({"purpose": "번호 800501-1234567"}, "purpose", "주민등록번호"),
        ({"purpose": "가" * 1_001}, "purpose", "1000자까지 적을 수 있는데 1001자입니다"),
        ({"purpose": "가" * 30_000}, "purpose", "30000자입니다"),
        ({"requester_name": ""}, "requester_name", "적어"),
        ({"requester_phone": "x"}, "requester_phone", "전화번호로 보이지 않습니다"),
        ({"requester_birth_on": "2999-01-01"}, "requester_birth_on", "생년월일"),
        ({"answer_by": ""}, "answer_by", "골라"),
    ):
        assert words in str(refused(client, form(**wrong)).get(field)), (wrong, field)
        FloodMark.objects.all().delete()
    assert not ViewingRequest.objects.exists()
    assert not Hold.objects.exists()


def test_what_is_too_long_or_half_typed_stays_where_it_was(client: Client) -> None:
    page = walk(client, PATH, form(purpose="가" * 30_000)).content.decode()
    assert "가" * 30_000 in page
    typed = {"from_at_year": "2026", "from_at_month": "11", "from_at_day": "", "from_at_time": "여섯"}
    answers = form(length="스무 분") | typed
    del answers["from_at"]
    page = walk(client, PATH, answers)
    text = page.content.decode()
    for value in ("2026", "11", "여섯", "스무 분"):
        assert f'value="{value}"' in text
    assert "빠진 칸이 있습니다: 일" in text


def test_the_time_is_told_in_words_and_each_answer_can_be_changed(client: Client) -> None:
    answers = form(from_at="", length="20") | {
        "from_at_year": "2026",
        "from_at_month": "11",
        "from_at_day": "28",
        "from_at_time": "오후 6시",
    }
    del answers["from_at"]
    with time_machine.travel("2026-11-30 09:00+09:00", tick=False):
        page = walk(client, PATH, answers, until="list").content.decode()
        assert "2026년 11월 28일(토) 18:00부터 20분 (18:20까지)" in page
        answer = walk(client, PATH, answers, until="check")
    text = answer.content.decode()
    assert "2026년 11월 28일(토) 18:00부터 20분 (18:20까지)" in text
    assert "찍힌 사람" not in text, "of an agent only"
    for step in ("cameras", "when", "who", "what", "contact"):
        assert f'/{step}/"' in text


def test_yesterday_and_today_are_written_in_without_scripts_and_nothing_is_lost(client: Client) -> None:
    answer = walk(client, PATH, form(), until="when")
    path, yesterday = answer.request["PATH_INFO"], timezone.localdate() - timedelta(days=1)
    pressed = {"set-day": f"from_at|{yesterday}", "from_at_time": "1800", "length": "한 시간쯤"}
    page = client.post(path, pressed).content.decode()
    for value in (yesterday.year, yesterday.month, yesterday.day, "1800", "한 시간쯤"):
        assert f'value="{value}"' in page
    assert "오류" not in page


def test_who_was_an_agent_and_is_none_leaves_nothing_behind(client: Client) -> None:
    agent = {"relation": "x", "subject_name": "홍자녀", "subject_phone": "x", "subject_birth_on": "x"}
    answer = ask(client, requester_role="subject", **agent)
    assert answer.context["code"]
    assert ViewingRequest.objects.get().subject_name == "홍길동"


def test_a_camera_of_another_place_or_an_exempt_one_cannot_be_slipped_in(client: Client) -> None:
    other = make_place("B", "화곡로 2").cameras.get()
    hidden = Camera.objects.filter(site__number="A").order_by("pk").last()
    Camera.objects.filter(pk=hidden.pk).update(is_sign_exempt=True)
    for camera in (other, hidden):
        assert "cameras" in refused(client, form(cameras=[camera.pk]))


def test_a_proxy_names_who_was_filmed(client: Client) -> None:
    agent = {"relation": "어머니", "subject_name": "홍자녀", "subject_birth_on": "2018-03-04"}
    walk(client, PATH, form(requester_role="legal_representative", **agent))
    request = ViewingRequest.objects.get()
    assert (request.requester_name, request.subject_name, request.relation) == ("홍길동", "홍자녀", "어머니")


def test_two_numbers_open_it_and_nothing_else_does(client: Client) -> None:
    secret = ask(client).context["code"]
    request = ViewingRequest.objects.get()
    right = client.post(
        STATUS, {"receipt_number": request.receipt_number.lower(), "secret": secret.lower()}, follow=True
    )
    assert right.context["received"] == request
    assert "홍길동" not in right.content.decode()
    for number, word in (
        (request.receipt_number, "WRONGWRONG"),
        ("V000000-XXXXXX", secret),
        ("' OR 1=1", "x"),
    ):
        answer = client.post(STATUS, {"receipt_number": number, "secret": word}, follow=True)
        assert answer.context["received"] is None
    assert (
        client.get(STATUS, {"receipt_number": request.receipt_number, "secret": secret}).context["received"]
        is None
    )


def test_wrong_guesses_of_others_lock_no_right_receipt_out(client: Client) -> None:
    code = ask(client).context["code"]
    request = ViewingRequest.objects.get()
    for _ in range(22):
        wrong = client.post(
            STATUS, {"receipt_number": request.receipt_number, "secret": "WRONGWRONG"}, follow=True
        )
        assert wrong.context["received"] is None
    answer = client.post(STATUS, {"receipt_number": request.receipt_number, "secret": code}, follow=True)
    assert answer.context["received"] == request
    assert FloodMark.objects.filter(form="viewing_status").count() == 20


def test_older_footage_removed_cameras_and_whole_sites_are_received(client: Client) -> None:
    Camera.objects.update(state="removed", removed_on=timezone.localdate())
    long_ago = {"from_at": at(24 * 40), "length": "60"}
    answer = ask(client, cameras=[], **long_ago)
    assert answer.templates[0].name == "website/viewing_received.html"
    assert Hold.objects.count() == 3


def test_a_place_that_stores_nothing_promises_no_period(client: Client) -> None:
    Camera.objects.update(pipa25_ground=Pipa25Ground.NOT_STORED)
    page = client.get(PATH).content.decode()
    assert "영상을 저장하지 않습니다" in page
    assert "지나면 파기됩니다" not in page


def test_an_exempt_place_is_asked_for_without_being_told_of(client: Client) -> None:
    Camera.objects.update(is_sign_exempt=True)
    page = client.get(PATH).content.decode()
    assert "화곡로" not in page
    assert 'name="cameras"' not in page
    assert "촬영이 끝난 때부터" not in page, "nor how long its footage is kept"
    assert "/s/A/" not in page
    sent = ask(client, cameras=[])
    answer, code = sent.content.decode(), sent.context["code"]
    request = ViewingRequest.objects.get()
    assert request.cameras.count() == 3
    assert "A-1" not in answer
    assert (answer.count("이곳의 카메라"), "카메라 1" in answer) == (1, False), "nor how many they are"
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-1"))
    unconfirmed.confirm(request, "telephone", by=manager)
    identify(request, manager)
    request.refresh_from_db()
    notices.notify(decided(request, manager), viewing_letter(), by=manager)
    numbers = {"receipt_number": request.receipt_number, "secret": code}
    told = client.post(STATUS, numbers, follow=True).content.decode()
    assert (told.count("이곳의 카메라"), "A-1" in told) == (1, False)


def test_what_was_filed_before_any_answer_is_not_called_a_transfer(client: Client) -> None:
    code = ask(client).context["code"]
    request = ViewingRequest.objects.get()
    remedies.record(request, kind="appeal", number="2026-1", on=timezone.localdate(), by=OfficerFactory())
    numbers = {"receipt_number": request.receipt_number, "secret": code}
    page = client.post(STATUS, numbers, follow=True).content.decode()
    assert "답하기 전의 처리에 대하여" in page
    assert "이송에 대하여" not in page


def test_a_second_day_of_footage_from_one_address_is_held_until_an_officer_looks(client: Client) -> None:
    long = {"cameras": list(Camera.objects.values_list("pk", flat=True)[:2])}
    for _ in range(2):
        ask(client, from_at=at(49), length="23시간", **long)
    assert Hold.objects.count() == 4
    ask(client, from_at=at(26))
    assert Hold.objects.count() == 5
    assert ViewingRequest.objects.filter(needs_hold=True, holds_lapse_at__isnull=False).count() == 1
    assert not ViewingRequest.objects.order_by("pk").last().needs_hold, "an hour is held all the same"


# -- what the page says, state by state

PROMISE = "파기하지 않습니다"
UNKNOWN = "아직 확인하지 못했습니다"
NOTHING_GONE = "이 시스템이 파기한 파일은 없습니다"


def follow_up(client: Client, request: ViewingRequest, code: str) -> str:
    answer = client.post(STATUS, {"receipt_number": request.receipt_number, "secret": code}, follow=True)
    assert answer.context["received"] == request
    return " ".join(answer.content.decode().split())


def test_every_state_says_what_is_true_in_it(client: Client) -> None:
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = ask(client).context["code"]
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
    answer = ask(client, from_at=at(60), length="35시간", cameras=everything)
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
    code = ask(client).context["code"]
    due = timezone.localdate() - timedelta(days=2)
    DueDate.objects.update(due_on=due)
    assert f"답할 기한({due})이 2일 지났습니다." in follow_up(client, ViewingRequest.objects.get(), code)


def test_an_objection_its_due_day_and_its_answer_are_read_on_the_page(client: Client) -> None:
    """F8: what is pending, until when it is answered, how it was answered, and what is left."""
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = ask(client).context["code"]
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
    english = client.post(
        f"/en{STATUS}", {"receipt_number": request.receipt_number, "secret": code}, follow=True
    )
    assert "before these proceedings have ended: Administrative suit." in english.content.decode()


def test_a_dismissed_request_reads_why_and_how_to_object(client: Client) -> None:
    manager = OfficerFactory(department=DepartmentFactory(phone="02-2600-1234"))
    code = ask(client).context["code"]
    request = ViewingRequest.objects.get()
    waited_for(request)
    dismissal.dismiss([request], reason="전화번호가 없는 번호임", document_number="안전-3", by=manager)
    page = follow_up(client, ViewingRequest.objects.get(), code)
    assert "전화번호가 없는 번호임" in page
    assert "행정심판" in page


def test_answers_are_never_cached(client: Client) -> None:
    assert "no-store" in ask(client).headers["Cache-Control"]


def test_of_many_requests_of_one_address_some_are_received_and_none_of_another_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is over the limit is told when to come again and stays typed; it holds nothing, and nobody else's way is shut."""
    allowed = 3
    monkeypatch.setattr(viewing_request, "LIMITS", (floods.Limit(allowed, floods.KEPT),))
    addresses = [drafted(form()) for _ in range(allowed + 3)]
    answers = [send(client, address, REMOTE_ADDR="203.0.113.7") for address in addresses]
    assert ViewingRequest.objects.count() == Hold.objects.count() == DueDate.objects.open().count() == allowed
    last = answers[-1].content.decode()
    assert "분 뒤에 다시" in last
    assert "방문이나 우편으로도" in last
    assert "홍길동" in last
    assert send(client, addresses[-1], REMOTE_ADDR="203.0.113.8").context["code"]
    assert ViewingRequest.objects.count() == allowed + 1
