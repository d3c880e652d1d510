"""What a person does on the page of the request: nothing without both numbers, nothing that is not open to them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.roles import Role
from casework.models import InnerNote, Message
from ordinance.models import DueDate
from records.models import ViewingRequest
from records.viewing import appointments, claims, identity, intake, objections, postponement, talking
from records.viewing.history import TOLD
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import (
    application,
    confirmed,
    decided,
    letter,
    office_hour,
    refused_about,
    told_about,
)
from website import floods

pytestmark = pytest.mark.django_db
STATUS = "/viewing-request/status/"


@pytest.fixture
def camera():
    return CameraFactory()


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


def opened(client, request: ViewingRequest):
    """The page, as whoever holds both numbers opens it."""
    code = "ABCDEFGHJK"
    digest = claims.digest_of_code(request.receipt_number, code)
    ViewingRequest.objects.filter(pk=request.pk).update(claim_digest=digest)
    return client.post(STATUS, {"receipt_number": request.receipt_number, "secret": code}, follow=True)


def sent(client, page, code: str, **given):
    address = f"{STATUS}of/{page.context['pass']}/{code}/"
    fields = {"submission": page.context["submission"], **{f"{code}-{k}": v for k, v in given.items()}}
    return client.post(address, fields, follow=True)


def codes(page) -> set[str]:
    return {act.code for act, _form, _is_open in page.context["acts"]}


def test_one_writes_with_a_paper_and_reads_the_answer_and_never_a_note(client, camera, manager) -> None:
    request = intake.receive(application(camera)).request
    page = opened(client, request)
    paper = SimpleUploadedFile("위임장.txt", "위임합니다".encode())
    answer = sent(client, page, "message", text="위임장을 냅니다.", files=paper)
    assert "보냈습니다" in answer.content.decode()
    message = Message.objects.get()
    assert (message.text, message.attachments.get().name) == ("위임장을 냅니다.", "위임장.txt")
    talking.say(request, "잘 받았습니다.", by=manager)
    talking.note(request, "내부에서만 볼 것", by=manager)
    page = opened(client, request).content.decode()
    assert "잘 받았습니다." in page
    assert "내부에서만" not in page
    assert InnerNote.objects.count() == 1
    assert Message.objects.filter(by=manager, read_at__isnull=False).exists(), "the person has seen it"


def test_papers_that_are_refused_again_and_again_are_not_looked_at_for_ever(
    client, camera, monkeypatch
) -> None:
    """Looking into a paper costs the office the same, whether it is taken or not."""
    monkeypatch.setattr(floods, "TRIES", (floods.Limit(2, timedelta(minutes=10)),))
    page = opened(client, intake.receive(application(camera)).request)
    answers = []
    for _ in range(3):
        broken = SimpleUploadedFile("서류.pdf", b"no paper")
        answers.append(sent(client, page, "message", text="서류", files=broken).content.decode())
    assert ["PDF 파일이 아닙니다" in answer for answer in answers] == [True, True, False]
    assert "너무 많이 보내셨" in answers[2]
    assert "보냈습니다" in sent(client, page, "message", text="글만").content.decode()
    assert Message.objects.count() == 1


def test_a_pass_opens_one_request_for_an_hour_and_not_after_a_new_code(
    client, camera, manager, time_machine
) -> None:
    request = confirmed(camera, manager)
    page = opened(client, request)
    for wrong in ("nonsense", page.context["pass"][:-2]):
        answer = client.post(f"{STATUS}of/{wrong}/withdraw/", {"withdraw-is_sure": "on"})
        assert answer.status_code == 403
        assert client.get(f"{STATUS}of/{wrong}/").status_code == 403
    identity.issue_new_code(request, by=manager)
    assert sent(client, page, "withdraw", is_sure="on").status_code == 403
    page = opened(client, request)
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert sent(client, page, "withdraw", is_sure="on").status_code == 403
    assert ViewingRequest.objects.get(pk=request.pk).state == "identified"


def test_what_may_be_done_follows_the_request(client, camera, manager) -> None:
    waiting, granted, refused = (
        confirmed(camera, manager),
        told_about(camera, manager),
        refused_about(camera, manager),
    )
    assert codes(opened(client, waiting)) == {"message", "contact", "withdraw"}
    assert codes(opened(client, granted)) == {"message", "contact", "wish", "object"}
    assert codes(opened(client, refused)) == {"message", "contact", "object"}


def test_one_withdraws_objects_and_asks_for_another_day(client, camera, manager) -> None:
    waiting, granted, refused = (
        confirmed(camera, manager),
        told_about(camera, manager),
        refused_about(camera, manager),
    )
    unsure = sent(client, opened(client, waiting), "withdraw")
    assert unsure.context["acts"]
    assert ViewingRequest.objects.get(pk=waiting.pk).state == "identified"
    gone = sent(client, opened(client, waiting), "withdraw", is_sure="on").content.decode()
    assert "취하하셔서 알려 드릴 답이 없습니다." in gone
    assert "결정을 알려 드리지 않고 끝났습니다." in gone
    when = office_hour(4)
    sent(client, opened(client, granted), "wish", wished_at=f"{when:%Y-%m-%dT%H:%M}")
    assert granted.appointments.get().wished_at is not None
    page = sent(client, opened(client, refused), "object", words="저는 찍혔습니다.")
    assert "이의신청을 접수했습니다" in page.content.decode()
    assert refused.remedies.get().recorded_by is None


def test_an_objection_that_was_answered_is_not_offered_again(client, camera, manager) -> None:
    request = refused_about(camera, manager)
    assert "object" in codes(opened(client, request))
    remedy = objections.file(request, on=timezone.localdate(), words="다시 보아 주십시오.")
    assert "object" not in codes(opened(client, request))
    other = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2"))
    objections.answer(remedy, letter(document_number="이의-답"), outcome="rejected", by=other)
    assert "object" not in codes(opened(client, request)), "the ways that are left stand in its letter"


def test_who_objected_to_a_postponement_may_object_to_the_silence_after_it(client, camera, manager) -> None:
    request = confirmed(camera, manager)
    until = timezone.localdate() + timedelta(days=5)
    postponement.postpone(request, letter(), ground="masking", reason="가림 처리", until=until, by=manager)
    remedy = objections.file(request, on=timezone.localdate(), words="지금 보겠습니다.")
    other = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2"))
    objections.answer(remedy, letter(document_number="이의-답"), outcome="rejected", by=other)
    assert "object" not in codes(opened(client, request))
    DueDate.objects.open().update(due_on=timezone.localdate() - timedelta(days=1))
    page = opened(client, request)
    assert "object" in codes(page)
    sent(client, page, "object", words="답이 없습니다.")
    assert request.remedies.latest("pk").against == "silence"


def test_of_footage_that_was_let_go_no_other_day_is_offered(client, camera, manager) -> None:
    request = told_about(camera, manager)
    request.appointments.update(at=timezone.now() - timedelta(hours=1))
    appointments.miss(request.appointments.get(), note="", by=manager)
    page = opened(client, request)
    assert "wish" in codes(page)
    assert "다른 일시를 요청하실 수 있습니다" in page.content.decode()
    ViewingRequest.objects.update(holds_released_at=timezone.now())
    page = opened(client, request)
    assert "wish" not in codes(page)
    assert "다른 일시를 요청하실 수 있습니다" not in page.content.decode()


def test_a_day_that_is_over_is_not_promised(client, camera, manager) -> None:
    request = told_about(camera, manager)
    request.appointments.update(at=timezone.now() - timedelta(hours=2))
    text = opened(client, request).content.decode()
    assert "정한 일시" in text
    assert "오셔서 보시면 됩니다" not in text
    assert "내 달력에 넣기" not in text


def test_what_is_wrong_comes_back_with_what_was_typed(client, camera, manager) -> None:
    page = opened(client, confirmed(camera, manager))
    answer = sent(client, page, "message", text="제 번호는 800501-1234567입니다")
    assert "주민등록번호" in answer.content.decode()
    assert "800501-1234567" in answer.content.decode()
    assert not Message.objects.exists()
    answer = sent(client, page, "contact", requester_phone="")
    assert "바뀐 연락처가 없습니다." in answer.content.decode()


def test_the_course_says_nothing_of_a_decision_that_was_not_notified(client, camera, manager) -> None:
    request = decided(confirmed(camera, manager), manager)
    page = opened(client, request)
    assert [step for _on, step in page.context["steps"]][-1] == "본인·대리인 확인"
    assert not {"decide", "prepare", "send_back", "finish"} & {str(event) for event in TOLD}
    assert page.context["next_sentence"] == "담당자가 결정을 알려 드립니다."
    assert page.context["reckoning"], "how the day was counted"


def test_an_appointment_goes_into_a_calendar_with_a_reminder_and_no_name(client, camera, manager) -> None:
    import base64

    page = opened(client, told_about(camera, manager))
    ((_appointment, link),) = page.context["appointments"]
    entry = base64.b64decode(link.partition("base64,")[2]).decode()
    assert "BEGIN:VALARM" in entry
    assert "홍길동" not in entry


def test_a_double_click_is_one_message_and_going_back_finds_the_page(client, camera) -> None:
    page = opened(client, intake.receive(application(camera)).request)
    address = page.request["PATH_INFO"]
    for _ in range(2):
        answer = sent(client, page, "message", text="한 번만")
        assert "보냈습니다" in answer.content.decode()
    assert Message.objects.count() == 1
    assert client.get(f"{address}message/", follow=True).context["received"]
    assert client.get(f"/en{address}message/", follow=True).request["PATH_INFO"] == f"/en{address}"
    assert client.get(f"{STATUS}message/", follow=True).status_code == 200
    assert client.get("/viewing-request/copy/", follow=True).status_code == 200


def test_messages_are_counted_by_the_request_and_a_remedy_never(client, camera, manager, monkeypatch) -> None:
    monkeypatch.setattr(floods, "USUAL", (floods.Limit(1, timedelta(minutes=10)),))
    monkeypatch.setattr(floods.refusal, "__defaults__", (floods.USUAL,))
    one, other = refused_about(camera, manager), refused_about(camera, manager)
    assert "보냈습니다" in sent(client, opened(client, one), "message", text="가").content.decode()
    again = sent(client, opened(client, one), "message", text="나").content.decode()
    assert "이 접수번호로 짧은 시간에 너무 많이" in again
    assert "보냈습니다" in sent(client, opened(client, other), "message", text="다").content.decode()
    page = sent(client, opened(client, one), "object", words="저는 찍혔습니다.")
    assert "이의신청을 접수했습니다" in page.content.decode()


def test_what_was_written_when_the_hour_was_over_is_sent_once_both_numbers_are_shown_again(
    client, camera, time_machine
) -> None:
    request, other = intake.receive(application(camera)).request, intake.receive(application(camera)).request
    page, code = opened(client, request), "ABCDEFGHJK"
    opened(client, other)
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    paper = SimpleUploadedFile("위임장.txt", "위임합니다".encode())
    answer = sent(client, page, "message", text="오래 쓴 글", files=paper)
    assert (answer.status_code, Message.objects.count()) == (403, 0)
    assert "그대로 있으며" in answer.content.decode()
    late = answer.context["late"]
    numbers = {"receipt_number": other.receipt_number, "secret": code, "late": late}
    client.post(STATUS, numbers)
    assert Message.objects.count() == 0, "of that request alone"
    typed = {"receipt_number": f" {request.receipt_number.lower()} ", "secret": " ABCDE FGHJK", "late": late}
    answer = client.post(STATUS, typed, follow=True)
    assert "보냈습니다" in answer.content.decode()
    message = Message.objects.get()
    assert (message.text, message.attachments.get().name) == ("오래 쓴 글", "위임장.txt")
    client.post(STATUS, typed)
    assert Message.objects.count() == 1
