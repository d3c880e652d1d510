"""A request that belongs on another route goes on there with the days of that route's law, counted from its first receipt."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from ledger.models import Entry
from ordinance import deadlines, holidays
from ordinance.due import Severity
from ordinance.models import DueDate
from ordinance.periods import written_day
from records.models import ViewingRequest, ViewingTransfer
from records.viewing import (
    against_ledger,
    keeping,
    lateness,
    notices,
    objections,
    progress,
    providers,
    routes,
)
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records.situations import decided, identify, letter, received, secured, viewing_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(db):
    return OfficerFactory(role=Role.OFFICIAL)


def state_of(request) -> str:
    return ViewingRequest.objects.get(pk=request.pk).state


def next_of(request):
    return next_steps.of(ViewingRequest.objects.get(pk=request.pk), timezone.now())


def transferred(camera, manager, *, to="disclosure", came_at=None, **more):
    request = received(camera)
    if came_at is not None:
        ViewingRequest.objects.filter(pk=request.pk).update(received_at=came_at)
        request.refresh_from_db()
    routes.transfer(
        request, letter(reply="문서를 청구하셨습니다."), to=to, new_number="공개-7", by=manager, **more
    )
    return request


def clock_of(request):
    return lateness.of(ViewingRequest.objects.get(pk=request.pk)).route


@pytest.mark.parametrize(
    ("to", "rule", "citation"),
    [
        ("disclosure", "disclosure", "공공기관의 정보공개에 관한 법률 제11조제1항"),
        ("petition", "petition", "민원 처리에 관한 법률 시행령 제15조"),
    ],
)
def test_on_another_route_the_days_of_its_law_run_from_the_first_receipt(
    camera, manager, to, rule, citation
) -> None:
    came_at = timezone.now() - timedelta(days=2)
    request = transferred(camera, manager, to=to, came_at=came_at)
    (due,) = DueDate.objects.open()
    asked = deadlines.for_route(to, came_at)
    assert (due.rule, due.start_on, due.due_on) == (rule, timezone.localdate(came_at), asked.due_on)
    told = request.notices.get().reply
    assert citation in told
    assert written_day(due.due_on) in told
    assert written_day(timezone.localdate(came_at)) in told
    assert clock_of(request).due_on == due.due_on
    assert (next_of(request).verb, next_of(request).due_on) == ("이송한 경로의 답 기록하기", due.due_on)
    assert keeping.of(request, timezone.localdate()).why == "elsewhere"
    assert not ViewingRequest.objects.get(pk=request.pk).is_open
    assert against_ledger.fault(request) == ""


def test_a_petition_of_another_kind_has_its_own_number_of_days(camera, manager) -> None:
    request = transferred(camera, manager, to="petition", days=7)
    assert DueDate.objects.open().get().amount == 7
    assert "제15조" not in request.notices.get().reply, "the usual provision is not that of this kind"
    other = received(CameraFactory())
    for days in (0, routes.LONGEST + 1):
        with pytest.raises(ValidationError, match="처리기간"):
            routes.transfer(other, letter(), to="petition", new_number="1", days=days, by=manager)
    with pytest.raises(ValidationError, match="그 기관이 셉니다"):
        routes.transfer(other, letter(), to="other_body", new_number="1", days=7, by=manager)
    assert not other.transfers.exists()


def test_another_body_counts_its_own_days(camera, manager) -> None:
    request = transferred(camera, manager, to="other_body")
    assert not DueDate.objects.open().exists()
    assert next_of(request) is None
    with pytest.raises(ValidationError, match="다른 경로로 이송하여"):
        routes.answer(request, on=timezone.localdate(), document_number="1", by=manager)
    assert keeping.of(request, timezone.localdate()).why == "way_open"


def test_what_is_late_there_is_told_wherever_the_request_is_seen(camera, manager, client) -> None:
    request = transferred(camera, manager, came_at=timezone.now() - timedelta(days=60))
    sentence = lateness.of(request).sentences[-1]
    assert "정보공개 청구" in sentence
    assert "지났습니다" in sentence
    (item,) = providers.open_requests(timezone.now())
    assert item.severity == Severity.OVERDUE
    client.force_login(manager)
    listed = client.get(f"{reverse('viewing:list')}?due=late").context["rows"]
    assert [row.receipt_number for row, _clocks, _step in listed] == [request.receipt_number]
    page = client.get(reverse("viewing:request", args=[request.pk])).content.decode()
    assert sentence in page
    assert "이송한 경로의 기한" in page


def test_the_answer_there_stops_the_clock_and_its_remedies_keep_the_footage(
    camera, manager, official
) -> None:
    request = transferred(camera, manager)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="이송한 날"):
        routes.answer(request, on=today - timedelta(days=1), document_number="1", by=official)
    with pytest.raises(ValidationError, match="문서의 번호"):
        routes.answer(request, on=today, document_number=" ", by=official)
    routes.answer(request, on=today, document_number="정보공개과-3", by=official)
    assert not DueDate.objects.open().exists()
    assert next_of(request) is None
    kept = keeping.of(ViewingRequest.objects.get(pk=request.pk), today)
    assert kept.why == "way_open"
    assert kept.until >= today + timedelta(days=180), "nobody here knows when that answer arrived"
    assert against_ledger.fault(request) == ""
    with pytest.raises(ValidationError, match="이미 답한"):
        routes.transfer(request, letter(), to="petition", new_number="1", by=manager)
    with pytest.raises(ValidationError, match="가 있는 청구가 아닙니다"):
        routes.take_back(request, letter(), by=manager)
    request.transfers.update(ended_on=today - timedelta(days=300))
    assert "이송" in against_ledger.fault(request), "who sets the day of the answer back lets nothing go"


def test_disclosure_takes_longer_once_and_only_if_told_in_its_days(camera, manager, official) -> None:
    request = transferred(camera, manager)
    first = DueDate.objects.open().get()
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="10일까지"):
        routes.extend(request, on=today, days=11, document_number="연장-1", by=official)
    routes.extend(request, on=today, days=10, document_number="연장-1", by=official)
    longer = DueDate.objects.open().get()
    assert longer.due_on == deadlines.disclosure(first.due_on + timedelta(days=1), 10).due_on
    with pytest.raises(ValidationError, match="늘린 적이 없는"):
        routes.extend(request, on=today, days=1, document_number="연장-2", by=official)
    assert against_ledger.fault(request) == ""
    petition = transferred(CameraFactory(), manager, to="petition")
    with pytest.raises(ValidationError, match="정보공개 청구로 이송하여"):
        routes.extend(petition, on=today, days=1, document_number="연장-1", by=official)


def test_a_request_goes_from_route_to_route_and_comes_back_with_its_first_day(camera, manager) -> None:
    came_at = timezone.now() - timedelta(days=1)
    request = transferred(camera, manager, came_at=came_at)
    with pytest.raises(ValidationError, match="이미 정보공개 청구로"):
        routes.transfer(request, letter(), to="disclosure", new_number="8", by=manager)
    routes.transfer(request, letter(), to="petition", new_number="민원-9", by=manager)
    assert [each.outcome for each in request.transfers.all()] == ["moved_on", ""]
    assert DueDate.objects.open().get().rule == "petition"
    routes.take_back(request, letter(reply="영상을 청구하신 것으로 봅니다."), by=manager)
    assert state_of(request) == "received"
    due = DueDate.objects.open().get()
    assert (due.rule, due.start_on) == ("civil", timezone.localdate(came_at))
    assert due.due_on == deadlines.for_route("pipa_viewing", came_at).due_on
    assert written_day(due.due_on) in request.notices.last().reply
    assert lateness.of(ViewingRequest.objects.get(pk=request.pk)).answer.due == due
    assert keeping.of(ViewingRequest.objects.get(pk=request.pk), timezone.localdate()).why == "undecided"
    assert against_ledger.fault(request) == ""
    identify(request, manager)
    told = decided(secured(request, manager), manager)
    notices.notify(told, viewing_letter(), by=manager)
    assert not DueDate.objects.open().exists()


def test_a_transfer_that_is_objected_to_and_upheld_comes_back(camera, manager) -> None:
    request = transferred(camera, manager)
    remedy = objections.file(request, on=timezone.localdate(), document_number="이의-1", by=manager)
    assert remedy.against == "transfer"
    other = OfficerFactory(role=Role.CCTV_MANAGER, department=manager.department)
    objections.answer(remedy, letter(document_number="이의-답"), outcome="upheld", by=other)
    assert request.transfers.get().outcome == "taken_back"
    assert state_of(request) == "received"
    assert [due.purpose.split("-")[0] for due in DueDate.objects.open()] == ["reopened"]
    assert against_ledger.fault(request) == ""


def test_days_off_move_the_clock_of_the_other_route(camera, manager) -> None:
    request = transferred(camera, manager)
    before = clock_of(request).due_on
    holidays.add(before, "임시공휴일", by=f"officer:{manager.pk}")
    assert clock_of(request).due_on > before


def test_a_long_letter_keeps_its_first_day(camera, manager) -> None:
    request = received(camera)
    with pytest.raises(ValidationError, match="줄이십시오"):
        routes.transfer(
            request, letter(reply="가" * notices.MAX_TEXT), to="petition", new_number="1", by=manager
        )
    assert state_of(request) == "received"
    assert not request.transfers.exists()


def test_requests_that_were_sent_on_before_have_their_row(camera, manager) -> None:
    request, back = transferred(camera, manager), transferred(CameraFactory(), manager)
    remedy = objections.file(back, on=timezone.localdate(), document_number="이의-1", by=manager)
    other = OfficerFactory(role=Role.CCTV_MANAGER, department=manager.department)
    objections.answer(remedy, letter(document_number="이의-답"), outcome="upheld", by=other)
    fields = ("request", "to", "number", "on", "by", "ended_on", "outcome")
    before = sorted(ViewingTransfer.objects.values_list(*fields))
    ViewingTransfer.objects.all().delete()
    assert Entry.objects.filter(kind="records.viewing_transferred").count() == 2
    importlib.import_module("records.migrations.0033_transfers_of_before").write(apps, None)
    assert sorted(ViewingTransfer.objects.values_list(*fields)) == before
    assert against_ledger.fault(request) == ""


def test_the_progress_says_no_answer_was_given_before_the_other_route_gave_it(camera, manager):
    def telling(request):
        found = progress.steps(request, lateness.of(request), timezone.now())[2]
        return found.standing, found.text

    request = transferred(camera, manager)
    standing, text = telling(request)
    assert standing == "now"
    assert "이송한 경로" in text
    routes.answer(request, on=timezone.localdate(), document_number="공개-2", by=manager)
    assert telling(request) == ("done", "이송한 경로에서 답을 알려 드렸습니다.")
