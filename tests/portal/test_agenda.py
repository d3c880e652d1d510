"""할 일과 기한: sorted by when, only one's own, narrowed by the address, and no query more for many items."""

import csv
import datetime
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.roles import Role
from ledger.models import Entry
from ordinance import due
from ordinance.due import DueItem, Severity
from ordinance.models import Holiday
from portal import agenda
from portal.agenda import Bucket, Stage
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
LIST, MONTH = reverse("agenda:list"), reverse("agenda:month")
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def items(monkeypatch):
    """Only these items are due."""
    given: list[DueItem] = []
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(given)})
    return given


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def text_of(client, url, **query) -> str:
    return client.get(url, query).content.decode()


@pytest.mark.parametrize(
    ("severity", "offset", "stage", "bucket"),
    [
        ("failed", None, Stage.FAILED, Bucket.FAILED),
        ("failed", 40, Stage.FAILED, Bucket.FAILED),
        ("overdue", None, Stage.OVERDUE, Bucket.OVERDUE),
        ("due", -1, Stage.OVERDUE, Bucket.OVERDUE),
        ("due", 0, Stage.TODAY, Bucket.TODAY),
        ("due", None, Stage.TODAY, Bucket.UNDATED),
        ("due", 1, Stage.SOON, Bucket.WEEK),
        ("due", 7, Stage.SOON, Bucket.WEEK),
        ("due", 8, Stage.SOON, Bucket.MONTH),
        ("due", 30, Stage.SOON, Bucket.MONTH),
        ("due", 31, Stage.SOON, Bucket.LATER),
        ("info", -5, Stage.INFO, Bucket.UNDATED),
        ("info", 3, Stage.INFO, Bucket.WEEK),
    ],
)
def test_the_date_says_how_pressing_it_is(severity, offset, stage, bucket):
    due_on = None if offset is None else TODAY + datetime.timedelta(days=offset)
    item = DueItem("a", "일", severity=severity, due_on=due_on)
    assert agenda.stage(item, TODAY) == stage
    assert agenda.bucket(item, TODAY) == bucket


def test_groups_stand_in_the_order_of_their_days(client, official, items):
    items += [
        DueItem("a", "나중 일", due_on=days(90)),
        DueItem("b", "한 주 안의 일", due_on=days(3)),
        DueItem("c", "날짜 없는 일"),
        DueItem("d", "늦은 일", due_on=days(-2), article="조례 제9조", since=timezone.now()),
        DueItem("e", "오늘의 일", due_on=days(0), url_name="cameras:list"),
        DueItem("f", "한 달 안의 일", due_on=days(20)),
        DueItem("g", "위험한 일", severity=Severity.FAILED),
    ]
    page = text_of(client, LIST)
    order = ["위험한 일", "늦은 일", "오늘의 일", "한 주 안의 일", "한 달 안의 일", "나중 일", "날짜 없는 일"]
    assert sorted(order, key=page.index) == order
    assert "2일 지남" in page
    assert "3일 남음" in page
    assert "오늘까지" in page
    assert "근거 조례 제9조" in page
    assert f"{days(0):%Y-%m-%d}" in page.partition("늦은 일")[2].partition("오늘의 일")[0]
    assert f'href="{reverse("cameras:list")}"' in page


def test_what_one_may_not_open_is_not_there(client, items):
    items += [
        DueItem("a", "파기 실패", url_name="footage:proofs", due_on=days(1)),
        DueItem("b", "함께 할 일", due_on=days(1)),
    ]
    for role, sees in ((Role.AUDITOR, True), (Role.MONITORING_AGENT, False)):
        client.force_login(OfficerFactory(role=role))
        month = f"{days(1):%Y-%m}"
        for page in (text_of(client, LIST), text_of(client, MONTH, month=month)):
            assert ("파기 실패" in page) is sees
            assert "함께 할 일" in page


def test_own_matters_come_first_and_those_of_others_on_demand(client, official, items):
    other = OfficerFactory(last_name="남궁", first_name="수")
    items += [
        DueItem("a", "함께 할 일", due_on=days(1)),
        DueItem("b", "내가 맡은 일", due_on=days(5), officer_id=official.pk),
        DueItem("c", "남이 맡은 일", due_on=days(2), officer_id=other.pk),
    ]
    page = text_of(client, LIST)
    assert page.index("내가 맡은 일") < page.index("함께 할 일")
    assert "남이 맡은 일" not in page
    everyone = text_of(client, LIST, whose="everyone")
    assert "남이 맡은 일" in everyone
    assert "담당 남궁수" in everyone
    assert "함께 할 일" not in text_of(client, LIST, whose="own")


def test_narrowed_by_kind_and_article(client, official, items):
    items += [
        DueItem("cameras.signs", "안내판 점검", article="조례 제9조", due_on=days(1)),
        DueItem("footage.x", "자동삭제 확인", article="조례 제24조", due_on=days(1)),
        DueItem("cameras.y", "계약 만료", kind="위탁 계약", due_on=days(1)),
    ]
    assert [entry.kind for entry in agenda.seen_by(official, timezone.now())] == [
        "카메라 대장",
        "위탁 계약",
        "영상 보관·파기",
    ]
    found = text_of(client, LIST, kind="위탁 계약")
    assert "계약 만료" in found
    assert "안내판 점검" not in found
    found = text_of(client, LIST, article="조례 제9조")
    assert "안내판 점검" in found
    assert "자동삭제 확인" not in found
    assert "조건에 맞는 할 일이 없습니다" in text_of(client, LIST, article="조례 제9조", kind="위탁 계약")


def test_a_filter_that_makes_no_sense_is_said_and_narrows_nothing(client, official, items):
    items.append(DueItem("a", "할 일 하나", due_on=days(1)))
    page = text_of(client, LIST, kind="없는 종류")
    assert "입력한 내용을 확인해 주세요" in page
    assert "할 일 하나" in page


def test_calm_when_there_is_nothing(client, official, items):
    assert "해야 할 일도, 다가오는 기한도 없습니다" in text_of(client, LIST)
    assert "기한이 없습니다" in text_of(client, MONTH)


def test_text_of_items_is_escaped(client, official, items):
    items.append(DueItem("a", "<script>alert(1)</script>", "<b>", due_on=days(0)))
    for url in (LIST, MONTH):
        assert "<script>alert(1)" not in text_of(client, url)


def test_the_month_shows_days_holidays_and_keeps_the_filter(client, official, items):
    Holiday.objects.create(
        on=datetime.date(2031, 3, 3), name="임시의 날", kind=Holiday.Kind.TEMPORARY, source="시험"
    )
    items += [
        DueItem("a", "삼월의 일", due_on=datetime.date(2031, 3, 31), kind="가"),
        DueItem("b", "사월의 일", due_on=datetime.date(2031, 4, 1), kind="나"),
        DueItem("c", "날짜 없음", kind="가"),
    ]
    page = text_of(client, MONTH, month="2031-03", kind="가")
    assert "삼월의 일" in page
    assert "사월의 일" not in page
    assert "임시의 날" in page
    assert "정해지지 않은 일 1건" in page
    assert "month=2031-02" in page
    assert "month=2031-04" in page
    assert 'name="month" value="2031-03"' in page
    # 1 March 2031 is a Saturday: the seventh column of a week that begins on Sunday.
    assert "a-days--from6" in page


@pytest.mark.parametrize("month", ["", "2026-13", "1776-07", "9999-12", "x" * 5000, "2026-11-01"])
def test_a_month_that_is_none_is_this_one(client, official, items, month):
    answer = client.get(MONTH, {"month": month})
    assert answer.status_code == 200
    assert f"{timezone.localdate().year}년" in answer.content.decode()


def test_the_first_page_leads_here(client, official, items):
    assert f'href="{LIST}"' in text_of(client, reverse("wagtailadmin_home"))


@pytest.mark.parametrize("url", [LIST, MONTH])
def test_many_items_take_no_more_queries_than_one(
    client, official, items, url, django_assert_max_num_queries
):
    someone, another = OfficerFactory(), OfficerFactory()
    items.append(DueItem("a", "하나", due_on=days(0), officer_id=someone.pk, url_name="cameras:list"))
    client.get(url, {"whose": "everyone"})
    with django_assert_max_num_queries(40) as few:
        client.get(url, {"whose": "everyone"})
    items += [
        DueItem("a", f"일 {number}", due_on=days(0), officer_id=another.pk, url_name="footage:sweeps")
        for number in range(200)
    ]
    with django_assert_max_num_queries(len(few)):
        assert "일 199" in text_of(client, url, whose="everyone")


# -- leaving as a spreadsheet -----------------------------------------------------------------------------------

EXPORT = reverse("agenda:export")


@pytest.fixture
def filled(items, official):
    other = OfficerFactory(role=Role.OFFICIAL)
    items += [
        DueItem("a", "나중 일", due_on=days(90), article="조례 제8조", count=1_200),
        DueItem(
            "b", "=늦은 일", detail="자세한 말", due_on=days(-2), article="조례 제9조", since=timezone.now()
        ),
        DueItem("c", "내가 맡은 일", officer_id=official.pk),
        DueItem("d", "남이 맡은 일", officer_id=other.pk),
        DueItem("e", "못 여는 일", url_name="agenda:delivery"),
    ]
    return other


def test_the_workbook_holds_what_the_list_shows_in_its_order(client, filled):
    answer = client.post(f"{EXPORT}?whose=everyone", {"purpose": "report", "detail": "", "format": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    head, *rows = book.get_sheet_by_name("자료").to_python()
    assert head[:5] == ["긴급도", "할 일", "건수", "내용", "기한"]
    assert [row[1] for row in rows] == ["=늦은 일", "나중 일", "내가 맡은 일", "남이 맡은 일"]
    late, later, own, others = rows
    today = timezone.localdate()
    assert late[2:9] == [1, "자세한 말", days(-2), -2, today, late[7], "조례 제9조"]
    assert (later[0], later[2], later[5]) == ("그 뒤", 1_200, 90)
    assert (own[9], others[9]) == ("내 일", str(filled))
    about = dict(book.get_sheet_by_name("출력 정보").to_python())
    assert about["조건"] == "whose=everyone"


def test_the_file_is_narrowed_like_the_list_and_leaves_a_line_without_its_words(client, filled):
    page = text_of(client, LIST, article="조례 제9조")
    assert f"{EXPORT}?article=" in page
    address = f"{EXPORT}?article=조례 제9조"
    answer = client.post(address, {"purpose": "report", "detail": "", "format": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["'=늦은 일"]
    said = Entry.objects.get(kind="portal.exported").payload
    assert json.loads(said)["rows"] == 1
    assert "늦은" not in said


def test_no_file_without_a_purpose(client, filled):
    answer = client.post(EXPORT, {"purpose": "", "detail": "", "format": "xlsx"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["purpose"]
    assert not Entry.objects.filter(kind="portal.exported").exists()
