"""The law screens: articles, holidays with their effect on open due dates, import, the calculator."""

import datetime
import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from ledger.models import Entry
from ordinance import deadlines, duedates, rules
from ordinance.models import Holiday
from ordinance.rules import Context
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    return client


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def open_matter():
    """A request received on Tuesday 2026-11-10: due on Friday 2026-11-20 by the Civil Act."""
    received = datetime.datetime(2026, 11, 10, 10, tzinfo=deadlines.SEOUL)
    return duedates.open_for("viewing_request", "2026-17", deadlines.civil(received, 10))


def test_the_31_articles_with_their_versions(portal):
    page = text(portal.get(reverse("ordinance:articles")))
    assert "조문 31개" in page
    assert "제24조" in page
    assert page.count("시행</a>") >= 3
    earlier = text(portal.get(reverse("ordinance:articles"), {"on": "2020-01-01"}))
    assert "시행 중인 조례가 없습니다" in earlier
    assert portal.get(reverse("ordinance:articles"), {"on": "2026-99-99"}).status_code == 200


def test_an_article_shows_its_figures_and_the_conflict_with_national_law(portal):
    page = text(portal.get(reverse("ordinance:article", args=[24])))
    assert "이 조문에서 온 기준값" in page
    assert "30일" in page
    assert portal.get(reverse("ordinance:article", args=[99])).status_code == 404


def test_parameters_and_grounds_say_where_they_come_from(portal):
    assert "제24조" in text(portal.get(reverse("ordinance:parameters")))
    grounds = text(portal.get(reverse("ordinance:grounds")))
    assert "제18조제2항" in grounds
    assert "게시 대상" in grounds


def test_a_new_holiday_shows_what_moves_before_it_moves(portal, open_matter):
    url = reverse("ordinance:holiday_add")
    given = {"on": "2026-11-20", "name": "임시공휴일", "kind": "temporary", "source": "관보"}

    asked = text(portal.post(url, given))
    assert "1건의 기한이 바뀝니다" in asked
    assert "2026-11-20 (금)" in asked
    assert "2026-11-23 (월)" in asked
    assert not Holiday.objects.filter(on="2026-11-20").exists()

    portal.post(url, {**given, "step": "apply"})
    open_matter.refresh_from_db()
    assert open_matter.due_on == datetime.date(2026, 11, 23)
    moved = text(portal.get(reverse("ordinance:due_dates"), {"moved": "1"}))
    assert "2026-11-20 (금) → 2026-11-23 (월)" in moved


def test_taking_a_holiday_out_moves_back(portal, open_matter):
    portal.post(
        reverse("ordinance:holiday_add"),
        {"on": "2026-11-20", "name": "임시공휴일", "kind": "temporary", "step": "apply"},
    )
    holiday = Holiday.objects.get(on="2026-11-20")
    url = reverse("ordinance:holiday_remove", args=[holiday.pk])
    assert "2026-11-23 → 2026-11-20" in text(portal.get(url))
    assert "필수" in text(portal.post(url, {}))
    portal.post(url, {"reason": "지정 취소"})
    open_matter.refresh_from_db()
    assert open_matter.due_on == datetime.date(2026, 11, 20)
    assert not Holiday.objects.filter(pk=holiday.pk).exists()


@pytest.mark.parametrize("on", ["2026-02-30", "", "어제", "9999-99-99"])
def test_a_day_that_does_not_exist_is_an_error_of_its_field(portal, on):
    page = text(portal.post(reverse("ordinance:holiday_add"), {"on": on, "name": "x", "kind": "temporary"}))
    assert "입력한 내용을 확인해 주세요" in page
    assert 'href="#id_on"' in page


def test_the_same_holiday_twice_is_refused(portal):
    holiday = Holiday.objects.filter(on="2026-12-25").first()
    given = {"on": "2026-12-25", "name": holiday.name, "kind": "national"}
    assert "이미 있습니다" in text(portal.post(reverse("ordinance:holiday_add"), given))


CSV = "날짜,이름,종류\n2026-11-20,임시공휴일,임시공휴일\n"


def upload(content: str, name: str = "holidays.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content.encode())}


def test_an_import_is_previewed_and_then_stored_as_it_was_shown(portal, open_matter):
    url = reverse("ordinance:holiday_import")
    preview = text(portal.post(url, upload(CSV)))
    assert "추가 1일" in preview
    assert "바뀔 기한 1건" in preview
    assert not Holiday.objects.filter(on="2026-11-20").exists()

    payload = re.search(r'name="payload" value="([^"]+)"', preview)[1]
    portal.post(url, {"confirmed": "1", "payload": payload})
    assert Holiday.objects.filter(on="2026-11-20", name="임시공휴일").exists()
    open_matter.refresh_from_db()
    assert open_matter.due_on == datetime.date(2026, 11, 23)


@pytest.mark.parametrize("payload", ["", "forged", "e30:1abcde:xyz"])
def test_a_forged_preview_stores_nothing(portal, payload):
    before = Holiday.objects.count()
    answer = portal.post(
        reverse("ordinance:holiday_import"), {"confirmed": "1", "payload": payload}, follow=True
    )
    assert "다시 골라" in text(answer)
    assert Holiday.objects.count() == before


@pytest.mark.parametrize(
    "content", ["", "\x00\x01\x02", "그냥 글입니다\n", "날짜,이름\n2026-13-01,없는 달\n"]
)
def test_every_error_of_a_file_is_shown(portal, content):
    before = Holiday.objects.count()
    answer = portal.post(reverse("ordinance:holiday_import"), upload(content))
    assert answer.status_code == 200
    assert "이대로 가져오기" not in text(answer)
    assert Holiday.objects.count() == before


def test_the_calculator_shows_how_it_counted(portal):
    page = text(
        portal.get(
            reverse("ordinance:deadline"),
            {"method": "petition", "on": "2026-09-22", "at": "23:59", "amount": "7", "unit": "days"},
        )
    )
    assert "셈에서 뺀 날" in page
    assert "추석" in page


@pytest.mark.parametrize(
    "given",
    [
        {"method": "civil", "on": "2026-09-22"},
        {"method": "nothing", "on": "2026-09-22", "amount": "3"},
        {"method": "civil", "on": "0001-01-01", "amount": "3", "unit": "years"},
        {"method": "petition", "on": "2026-09-22", "amount": "3"},
        {"method": "civil", "on": "2026-09-22", "amount": "999999999"},
        {"method": "civil", "on": "x" * 5000, "amount": "-1", "unit": "eons"},
    ],
)
def test_what_cannot_be_counted_is_said(portal, given):
    answer = portal.get(reverse("ordinance:deadline"), given)
    assert answer.status_code == 200
    assert "입력한 내용을 확인해 주세요" in text(answer)


def test_reading_the_calculator_stores_nothing(portal, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        portal.get(reverse("ordinance:deadline"), {"method": "civil", "on": "2026-09-22", "amount": "10"})
    writes = [
        q["sql"]
        for q in queries
        if not q["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert all("django_session" in sql for sql in writes)


# -- what the district decides for itself ----------------------------------------------------------------------


def test_a_resolution_is_asked_for_only_with_a_document_and_the_page_shows_it(portal):
    camera = CameraFactory(state="approved")
    url = reverse("ordinance:decide")
    assert "결정 문서 없음" in text(portal.get(url))
    assert "title" in portal.post(url, {"value": "True"}).context["form"].errors
    given = {
        "value": "True",
        "title": "설치 사업의 위원회 의결에 관한 방침",
        "number": "안전관리과-77",
        "on": "2026-01-05",
        "effective_on": "2026-01-05",
    }
    assert portal.post(url, given).status_code == 302
    page = text(portal.get(reverse("ordinance:parameters")))
    assert "설치 사업의 위원회 의결에 관한 방침 (안전관리과-77, 2026-01-05)" in page
    context = Context.today()
    assert set(rules.get("resolution").unmet_subjects(context)) == {camera}
    assert Entry.objects.filter(kind="ordinance.decided").exists()
