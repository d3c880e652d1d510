"""Thread, objection, appointment and fee, duplicates, duties and yearly figures of requests."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import loose_files, persons, threads
from casework.models import Attachment, InnerNote, Message
from ledger.models import Entry
from ordinance.models import DueDate, Parameter
from ordinance.rules import Context
from records.models import ViewingRequest
from records.official_ledgers import personal_video
from records.viewing import (
    against_ledger,
    appointments,
    duplicates,
    fees,
    figures,
    identity,
    keeping,
    leaving,
    notices,
    objections,
    providers,
    rules,
    supplement,
    talking,
    yearly,
)
from records.viewing.fees import Fee
from records.viewing.intake import Person
from records.viewing.states import SUBJECT_KIND
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import (
    ADDRESS,
    NAME,
    answered,
    confirmed,
    decided,
    letter,
    objected,
    office_hour,
    received,
    refused_about,
    seen_now,
    shown,
    told_about,
    viewing_letter,
    waited_for,
)

pytestmark = pytest.mark.django_db


def another_manager(like) -> object:
    return OfficerFactory(role=Role.CCTV_MANAGER, department=like.department)


def last_payload(kind: str) -> dict:
    return json.loads(Entry.objects.filter(kind=kind).last().payload)


# -- the thread


def test_both_sides_write_and_notes_are_never_among_what_the_person_reads(camera, manager) -> None:
    request = received(camera)
    talking.ask(request, f"{NAME}입니다. 언제 볼 수 있나요?")
    (item,) = providers.messages(timezone.now())
    assert item.url_name == "viewing:thread"
    talking.note(request, "수사 의뢰를 검토함", by=manager)
    talking.say(request, "다음 주에 알려 드립니다.", by=manager)
    assert not list(providers.messages(timezone.now())), "an answer shows that it was read"
    texts = [each.text for each in threads.messages(SUBJECT_KIND, request.receipt_number)]
    assert len(texts) == 2
    assert not any("수사" in text for text in texts)
    assert not Entry.objects.filter(payload__contains=NAME).exists()
    assert against_ledger.fault(request) == ""


def test_what_is_empty_or_too_much_is_refused(camera) -> None:
    request = received(camera)
    with pytest.raises(ValidationError, match="내용을 적거나"):
        talking.ask(request, "  ")
    for number in range(talking.MOST_UNREAD):
        talking.ask(request, f"{number}")
    with pytest.raises(ValidationError, match="읽을 때까지"):
        talking.ask(request, "또")
    program = SimpleUploadedFile("위임장.pdf", b"MZ\x90\x00")
    with pytest.raises(ValidationError, match="PDF"):
        talking.ask(received(camera), "", [program])


def test_with_the_person_go_the_words_and_the_papers(camera, manager) -> None:
    request = refused_about(camera, manager)
    talking.ask(request, "위임장입니다.", [SimpleUploadedFile("위임장.txt", "위임합니다".encode())])
    talking.note(request, "확인함", by=manager)
    request.moves.update(at=timezone.now() - timedelta(days=2000))
    assert persons.erase_due()["viewing_request"] == 1
    assert [each.text for each in Message.objects.all()] == [""]
    assert [each.text for each in InnerNote.objects.all()] == [""]
    Attachment.objects.update(added_at=timezone.now() - timedelta(days=2))
    assert loose_files.erase_due().files == 1
    request.refresh_from_db()
    assert request.person_digest == ""
    with pytest.raises(ValidationError, match="파기한 청구"):
        talking.ask(request, "아직 있나요?")


def test_a_contact_is_changed_and_the_ledger_names_only_the_columns(camera) -> None:
    request = received(camera)
    talking.change_contact(request, {"requester_phone": "010-9999-0000", "requester_address": ""})
    found = ViewingRequest.objects.get(pk=request.pk)
    assert (found.requester_phone, found.requester_address) == ("010-9999-0000", ADDRESS)
    assert last_payload("records.viewing_contact_changed")["fields"] == ["requester_phone"]
    with pytest.raises(ValidationError, match="바뀐"):
        talking.change_contact(found, {"requester_phone": "010-9999-0000"})


def test_another_time_is_asked_for_and_an_officer_gives_it(camera, manager) -> None:
    request = told_about(camera, manager)
    appointment = request.appointments.get()
    with pytest.raises(ValidationError, match="뒤의 일시"):
        talking.wish(appointment, timezone.now() - timedelta(hours=1))
    saturday = office_hour(3) + timedelta(days=(5 - office_hour(3).weekday()) % 7)
    for closed in (saturday, office_hour(3).replace(hour=3), office_hour(3).replace(hour=18)):
        with pytest.raises(ValidationError, match="근무시간"):
            talking.wish(appointment, closed)
    talking.wish(appointment, office_hour(3))
    (item,) = providers.appointments(timezone.now())
    assert "청구인이 원하는 일시" in item.detail
    moved = appointments.move(
        appointment, at=timezone.now() + timedelta(days=3), place="센터", note="전화로 정함", by=manager
    )
    assert moved.wished_at is None


# -- objection


def test_who_decided_does_not_answer_the_objection(camera, manager) -> None:
    remedy = objected(refused_about(camera, manager), manager)
    sent = letter(document_number="안전-1", way="hand")
    with pytest.raises(ValidationError, match="다른 사람"):
        objections.answer(remedy, sent, outcome="rejected", by=manager)
    objections.answer(remedy, sent, outcome="rejected", by=another_manager(manager))


def test_a_closing_is_not_judged_by_who_closed(camera, manager) -> None:
    from records.viewing import dismissal

    request = waited_for(received(camera, wants_web_notice=True))
    dismissal.dismiss([request], reason="연락이 닿지 않음", by=manager)
    remedy = objections.file(request, on=timezone.localdate(), words="전화를 받지 못했습니다.")
    assert objections.first_deciders(remedy) == {manager.pk}


def test_the_person_objects_on_the_website_once_and_the_footage_stays(camera, manager) -> None:
    request = refused_about(camera, manager)
    with pytest.raises(ValidationError, match="왜 이의가"):
        objections.file(request, on=timezone.localdate(), words=" ")
    remedy = objections.file(request, on=timezone.localdate(), words=f"{NAME}은 찍혔습니다.")
    assert DueDate.objects.open().get().amount == 14
    assert keeping.of(request, timezone.localdate()).why == "remedy"
    with pytest.raises(ValidationError, match="이미 접수"):
        objections.file(request, on=timezone.localdate(), words="다시")
    assert not Entry.objects.filter(payload__contains=NAME).exists()
    assert against_ledger.fault(request) == ""
    answered(remedy, manager)
    assert against_ledger.fault(request) == ""


# -- the viewing and its fee


def held(request):
    appointment = request.appointments.get(result="")
    appointment.at = timezone.now() - timedelta(hours=1)
    appointment.save(update_fields=["at"])
    return appointment


def test_what_was_shown_is_on_record_and_one_line_of_the_official_ledger(camera, manager) -> None:
    Parameter.objects.filter(code="viewing_fee_copy").update(value=500)
    request = told_about(camera, manager)
    appointment = held(request)
    with pytest.raises(ValidationError, match="영수증"):
        appointments.show(appointment, seen_now(fee=Fee("copy", 2)), by=manager)
    appointments.show(
        appointment,
        seen_now(fee=Fee("copy", 2, receipt_number="수-1"), note="보험 제출용 사본 2개"),
        by=manager,
    )
    appointment.refresh_from_db()
    assert (appointment.fee, appointment.receipt_number, appointment.ended_by) == (1000, "수-1", manager)
    today = timezone.localdate()
    (line,) = [each for each in personal_video.lines(today, today) if each.kind == "viewing"]
    assert "전자파일 사본 2" in line.form
    assert "보험 제출용" in line.reason
    assert "열람 ~ " in line.form
    assert line.period == ""


@pytest.mark.parametrize(
    ("fee", "won", "codes"),
    [
        (Fee("copy", 3), 1500, {"receipt"}),
        (Fee("copy", 3, receipt_number="1"), 1500, set()),
        (Fee("copy", 3, exemption="office"), 0, set()),
        (Fee("copy", 3, exemption="office", receipt_number="1"), 0, {"receipt"}),
        (Fee("viewing"), 0, set()),
        (Fee("copy", 0), 0, {"units"}),
        (Fee("nothing"), None, {"form"}),
        (Fee("copy", exemption="kindness"), 0, {"exemption"}),
    ],
)
def test_a_fee_is_what_the_ordinance_says_and_nothing_where_the_office_caused_it(db, fee, won, codes) -> None:
    Parameter.objects.filter(code="viewing_fee_copy").update(value=500)
    today = timezone.localdate()
    assert {each.code for each in fees.check(fee, today)} == codes
    if won is not None:
        assert fees.amount(fee, today) == won


def test_a_viewing_has_a_time_somebody_who_came_and_a_confirmation(camera, manager) -> None:
    appointment = held(told_about(camera, manager))
    now = timezone.now()
    for wrong, says in (
        ({"until": now + timedelta(hours=1)}, "뒤입니다"),
        ({"until": now - timedelta(hours=2)}, "시작한 때보다 뒤여야"),
        ({"attendance": "police"}, "누가 왔는지"),
        ({"signature_way": "screen"}, "서명이 없습니다"),
    ):
        with pytest.raises(ValidationError, match=says):
            appointments.show(appointment, seen_now(**wrong), by=manager)
    assert not appointment.request.moves.filter(event="show").exists()


# -- the same request twice


def test_a_second_request_of_one_person_is_shown_joined_and_identified_for_itself(camera, manager) -> None:
    first, second = confirmed(camera, manager), received(camera)
    other = received(camera, requester=Person("성춘향", "010-1", date(1981, 1, 1), ADDRESS))
    elsewhere = received(CameraFactory())
    assert duplicates.of(second) == [first]
    with pytest.raises(ValidationError, match="같은 사람"):
        duplicates.join(other, first, by=manager)
    with pytest.raises(ValidationError, match="같은 사람"):
        duplicates.join(elsewhere, first, by=manager)
    duplicates.join(second, first, by=manager)
    second.refresh_from_db()
    assert (second.joined_to, second.identified_at) == (first, None)
    assert identity.refuse_unidentified(second)
    with pytest.raises(ValidationError, match="이미 다른"):
        duplicates.join(first, second, by=manager)


# -- duties


def unmet(rule) -> dict[str, str]:
    context = Context.today()
    rows = rule.unmet_subjects(context).annotate(why=rule.evidence(context))
    return dict(rows.values_list("receipt_number", "why"))


def test_each_request_meets_its_days_or_is_named(camera, manager) -> None:
    waiting, late, withdrawn = (received(camera) for _ in range(3))
    in_time, answered_late = told_about(camera, manager), told_about(camera, manager)
    yesterday = timezone.localdate() - timedelta(days=1)
    DueDate.objects.filter(
        subject_number__in=[late.receipt_number, answered_late.receipt_number, withdrawn.receipt_number]
    ).update(due_on=yesterday)
    leaving.withdraw(withdrawn, on=timezone.localdate())
    assert unmet(rules.REQUEST_ANSWERED) == {
        late.receipt_number: "overdue",
        answered_late.receipt_number: "late",
    }
    context = Context.today()
    covered = set(rules.REQUEST_ANSWERED.subjects(context).values_list("pk", flat=True))
    assert in_time.pk in covered
    assert waiting.pk not in covered, "not applicable while there is time"
    assert set(rules.REQUEST_ANSWERED.exclusion.rows(context)) == {withdrawn}


def test_nothing_is_told_of_footage_to_somebody_unknown_without_being_named(camera, manager) -> None:
    known, unknown, later = (told_about(camera, manager) for _ in range(3))
    refused = refused_about(camera, manager)
    ViewingRequest.objects.filter(pk=unknown.pk).update(identified_at=None)
    later.moves.filter(event="identify").update(at=timezone.now() + timedelta(minutes=5))
    assert unmet(rules.REQUEST_IDENTITY) == {unknown.receipt_number: "nobody", later.receipt_number: "later"}
    context = Context.today()
    assert known in set(rules.REQUEST_IDENTITY.subjects(context))
    assert refused in set(rules.REQUEST_IDENTITY.exclusion.rows(context))


# -- the year's figures


def test_the_figures_of_a_year_are_counted_from_what_happened(camera, manager, client) -> None:
    refused_about(camera, manager)
    granted = told_about(camera, manager)
    shown(granted, manager)
    objected(refused_about(CameraFactory(), manager), manager)
    leaving.withdraw(
        received(camera, channel="post"), on=timezone.localdate(), document_number="1", by=manager
    )
    year = timezone.localdate().year
    found = {(line.group, line.item): line.value for line in yearly.lines(year)}
    assert found["접수", "계"] == 4
    assert (found["접수 경로", "누리집"], found["접수 경로", "우편·팩스"]) == (3, 1)
    assert (found["결정", "열람: 거절"], found["결정", "열람: 허용"]) == (2, 1)
    assert (found["답한 청구", "계"], found["답한 청구", "접수부터 통지까지 가장 긴 것"]) == (3, 0)
    assert (found["불복", "이의신청"], found["답하지 않고 끝남", "취하"]) == (1, 1)
    assert found["유예", "유예한 영상"] == 4.0
    assert sum(value for (group, _), value in found.items() if group == "거절 사유") == 2
    client.force_login(manager)
    page = client.get(reverse("viewing:figures"))
    assert page.status_code == 200
    for kind in ("csv", "xlsx"):
        sent = {"purpose": "publication", "format": kind}
        address = reverse("viewing:figures_export")
        choices = [
            value for value, _ in client.get(address).context["form"].fields["purpose"].choices if value
        ]
        answer = client.post(address, sent | {"purpose": choices[0], "detail": "공개"})
        assert answer.status_code == 200
        assert NAME.encode() not in answer.getvalue()


def test_what_was_asked_for_beside_or_withdrawn_is_no_answer(camera, manager) -> None:
    asked = confirmed(camera, manager)
    supplement.ask(asked, letter(), until=supplement.usual_day(timezone.localdate()), by=manager)
    leaving.withdraw(received(CameraFactory()), on=timezone.localdate())
    refused_about(CameraFactory(), manager)
    year = timezone.localdate().year
    assert (figures.answered(year), figures.answered(year - 1)) == (1, 0)


def test_a_year_without_requests_has_figures_too(db) -> None:
    found = {(line.group, line.item): line.value for line in yearly.lines(2020)}
    assert found["답한 청구", "접수부터 통지까지 가운데 값"] is None
    assert found["접수", "계"] == 0


def test_two_cannot_answer_at_once(camera, manager) -> None:
    """The row is held: the second act sees what the first one did."""
    request = decided(confirmed(camera, manager), manager)
    stale = ViewingRequest.objects.get(pk=request.pk)
    notices.notify(request, viewing_letter(), by=manager)
    with pytest.raises(ValidationError, match="할 수 없습니다"):
        notices.notify(stale, viewing_letter(), by=manager)
    assert request.notices.count() == 1
