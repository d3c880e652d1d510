"""자체점검 (Guideline art. 48): owed by 31 March, item by item, frozen when signed off, found when it is missing."""

import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.roles import Role
from casework.refusals import Refused
from ledger import append
from ledger.models import Entry
from ordinance import due
from ordinance.periods import SEOUL
from records.models import ItemResult, SelfInspection
from records.self_inspection import calendar, inspecting, items
from reports.documents import self_inspection as document
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.ordinance.duties import assess, covered, open_findings, today, unmet
from tests.reports import pdf_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER)


@pytest.fixture
def in_use():
    """The office began to work with the system this year."""
    return append.record("sample.begun", actor="system:test", subject="sample:x", payload={})


@pytest.fixture
def long_in_use(monkeypatch):
    """… and here some years ago: the ledger's first line cannot be made older by a test."""
    monkeypatch.setattr(calendar, "first_year", lambda: today().year - 3)


def finished(inspection: SelfInspection, by) -> SelfInspection:
    for item in items.ITEMS:
        inspecting.finish_item(inspection, item.code, result=ItemResult.IN_ORDER, words="", by=by)
    return inspection


def signed_off(year: int, by) -> SelfInspection:
    return inspecting.sign_off(finished(inspecting.begin(year, by=by), by), opinion="이상 없음", by=by)


# -- when -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "last_day"),
    [
        (2025, dt.date(2026, 3, 31)),  # Tuesday
        (2026, dt.date(2027, 3, 31)),  # Wednesday
        (2028, dt.date(2029, 4, 2)),  # 31 March 2029 is a Saturday: the Monday after (Civil Act 161)
    ],
)
def test_the_report_is_due_by_31_march_of_the_next_year(year, last_day):
    assert calendar.due_on(year) == last_day


def test_only_years_since_the_office_works_with_the_system_are_owed(in_use):
    began = timezone.localtime(in_use.at).year
    assert calendar.last_owed(dt.date(began, 12, 31)) is None
    assert calendar.last_owed(calendar.due_on(began)) is None
    assert calendar.last_owed(calendar.due_on(began) + dt.timedelta(days=1)) == began
    assert covered("self_inspection") == set()
    assert covered("self_inspection", on=dt.date(began + 1, 12, 31)) == {"gangseo"}


def test_from_the_first_of_january_on_it_is_to_be_done(long_in_use, manager):
    def said(now):
        return {item.code: item for item in due.collect(now) if item.kind == "자체점검"}

    year = today().year - 1
    new_year = timezone.make_aware(dt.datetime.combine(dt.date(year + 1, 1, 1), dt.time(9)))
    item = said(new_year)["records.self_inspection"]
    assert (item.severity, item.due_on) == ("due", calendar.due_on(year))
    late = timezone.make_aware(dt.datetime.combine(calendar.due_on(year), dt.time(9))) + dt.timedelta(days=1)
    assert said(late)["records.self_inspection"].severity == "overdue"
    inspection = signed_off(year, manager)
    inspecting.report(inspection, on=today(), document="안전관리과-1", by=manager)
    assert set(said(new_year)) == {"records.self_inspection_publication"}
    inspecting.publish(inspection, on=today(), place="누리집 공지", by=manager)
    assert said(new_year) == {}


# -- the acts ---------------------------------------------------------------------------------------------------


def test_each_of_the_eight_is_finished_by_a_person_with_what_the_system_knows(manager, monkeypatch):
    year = today().year - 1
    monkeypatch.setattr(calendar, "first_year", lambda: year)
    with time_machine.travel(dt.datetime(year, 12, 30, 12, tzinfo=SEOUL)):
        CameraFactory.create_batch(2)
        assess()
    # What happens in the next year is none of that one.
    CameraFactory()
    assess()
    inspection = inspecting.begin(year, by=manager)
    assert [item.code for item in inspection.items.all()] == [
        "policy",
        "manager",
        "cameras",
        "footage",
        "contracts",
        "requests",
        "measures",
        "necessity",
    ]
    with pytest.raises(Refused, match="아직 점검하지 않은 항목이 있습니다: 운영·관리 방침"):
        inspecting.sign_off(inspection, opinion="", by=manager)
    for result in (ItemResult.NOT_IN_ORDER, ItemResult.NOT_APPLICABLE):
        with pytest.raises(Refused, match="내용과 조치를 적습니다"):
            inspecting.finish_item(inspection, "cameras", result=result, words=" ", by=manager)
    made = inspecting.finish_item(
        inspection, "cameras", result=ItemResult.NOT_IN_ORDER, words="안내판 2대 설치 예정", by=manager
    )
    known = {fact["label"]: (fact["value"], fact["is_in_order"]) for fact in made.facts}
    assert known["연말에 운영·중지 중이던 카메라"] == ("2대", None)
    assert known["제9조 안내판"] == (f"대상 2, 미이행 2, 예외 0 ({year}-12-30 점검)", False)


def test_a_year_without_records_is_neither_zero_nor_in_order(manager):
    CameraFactory()
    assess()
    year = today().year - 1
    known = {fact["label"]: fact for item in items.ITEMS for fact in items.facts(item, year)}
    for label in (
        "연말에 시행 중이던 방침",
        "연말에 운영·중지 중이던 카메라",
        "그 해에 철거",
        "자동삭제 확인",
        "그 해에 건 삭제 유예",
        "접수한 열람등 청구",
        "기한을 넘긴 답변",
    ):
        assert (known[label]["value"], known[label]["is_in_order"]) == ("기록 없음", None), label
    assert known["조례 점검"]["value"].startswith("기록 없음")


def test_what_was_signed_off_is_frozen_and_stands_in_the_ledger(manager):
    inspection = signed_off(today().year - 1, manager)
    line = Entry.objects.get(kind=inspecting.SIGNED_OFF)
    assert f'"sha256":"{inspection.digest}"' in line.payload.replace(" ", "")
    before = inspecting.contents(inspection)
    with pytest.raises(Refused, match="확정한 점검은 고칠 수 없습니다"):
        inspecting.finish_item(inspection, "policy", result=ItemResult.IN_ORDER, words="", by=manager)
    CameraFactory()
    inspection.refresh_from_db()
    assert inspecting.contents(inspection) == before
    assert manager.get_full_name() not in str(before)


def test_a_second_version_needs_a_reason_and_leaves_the_first(manager):
    year = today().year - 1
    first = inspecting.begin(year, by=manager)
    with pytest.raises(Refused, match="진행 중입니다"):
        inspecting.begin(year, by=manager, reason="정정")
    inspecting.sign_off(finished(first, manager), opinion="", by=manager)
    with pytest.raises(Refused, match="다시 점검하는 이유"):
        inspecting.begin(year, by=manager)
    assert str(inspecting.begin(year, by=manager, reason="정정")) == f"{year}년 자체점검 제2판"


def test_a_year_that_is_not_over_is_not_inspected(manager):
    with pytest.raises(Refused, match="그 해가 지난 뒤에"):
        inspecting.begin(today().year, by=manager)
    assert not SelfInspection.objects.exists()


# -- the rule ---------------------------------------------------------------------------------------------------


def test_the_finding_closes_with_the_act_that_reports(long_in_use, manager):
    year = calendar.last_owed(today())
    assert inspecting.fault(today()) == "none"
    assess()
    assert open_findings("self_inspection") == {"gangseo"}
    inspection = inspecting.begin(year, by=manager)
    assert inspecting.fault(today()) == "unsigned"
    inspecting.sign_off(finished(inspection, manager), opinion="", by=manager)
    assert inspecting.fault(today()) == "unreported"
    with pytest.raises(Refused, match="확정한 날부터 오늘까지"):
        inspecting.report(inspection, on=today() + dt.timedelta(days=1), document="", by=manager)
    inspecting.report(inspection, on=today(), document="안전관리과-1", by=manager)
    assert unmet("self_inspection") == set()
    assert open_findings("self_inspection") == set()
    # Guideline 48 asks for the result on the website, too.
    inspection.refresh_from_db()
    by = calendar.publish_by(inspection)
    assert (inspecting.fault(by), inspecting.fault(by + dt.timedelta(days=1))) == ("", "unpublished")
    inspecting.publish(inspection, on=today(), place="누리집 공지사항 12", by=manager)
    assert inspecting.fault(by + dt.timedelta(days=1)) == ""


# -- on screen and paper ----------------------------------------------------------------------------------------


def test_the_whole_way_on_the_screens(client, manager):
    client.force_login(manager)
    year = today().year - 1
    answer = client.post(reverse("self_inspection:begin"), {"year": year, "reason": ""})
    inspection = SelfInspection.objects.get()
    assert answer.url == reverse("self_inspection:page", args=[inspection.pk])
    for item in items.ITEMS:
        sent = {"result": "not_applicable", "words": "해당하는 시설이 없음"}
        client.post(reverse("self_inspection:item", args=[inspection.pk, item.code]), sent)
    client.post(reverse("self_inspection:sign_off", args=[inspection.pk]), {"opinion": "대체로 적정"})
    client.post(
        reverse("self_inspection:report", args=[inspection.pk]), {"on": today(), "document": "안전관리과-7"}
    )
    client.post(
        reverse("self_inspection:publish", args=[inspection.pk]),
        {"on": today(), "place": "누리집 공지사항 12"},
    )
    body = client.get(answer.url).content.decode()
    for told in (
        "대체로 적정",
        "안전관리과-7",
        "누리집 공지사항 12",
        "해당하는 시설이 없음",
        inspection.items.get(code="measures").facts[0]["value"],
    ):
        assert told in body


def test_the_paper_and_the_workbook_say_the_same(manager):
    inspection = signed_off(today().year - 1, manager)
    made = document.pdf_of(inspection)
    assert document.pdf_of(inspection) == made
    reader = pdf_checks.read(made)
    pdf_checks.assert_archivable(reader)
    pdf_checks.assert_accessible(reader)
    sheet = load_workbook(io.BytesIO(document.xlsx_of(inspection))).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [item.title for item in items.ITEMS]
    assert {row[3] for row in rows} == {"적정"}
