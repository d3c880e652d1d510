"""The calendar behind a secret address: right by RFC 5545, and dead for everybody but who holds the secret."""

import datetime
import json

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import role_changes
from casework.models import RoleChange
from ledger.models import Entry
from ordinance import due
from ordinance.due import DueItem
from portal import calendar_feeds
from portal.models import CalendarEvent, CalendarFeed
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(monkeypatch):
    given: list[DueItem] = []
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(given)})
    return given


@pytest.fixture
def kim():
    return OfficerFactory(role=Role.OFFICIAL)


@pytest.fixture
def secret(kim):
    return calendar_feeds.make(kim, by=kim)


def path(secret: str) -> str:
    return reverse("calendar_feed", args=[secret])


def read(client, secret: str) -> icalendar.Calendar:
    answer = client.get(path(secret))
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content)


def events(client, secret: str) -> list[icalendar.Event]:
    return read(client, secret).walk("VEVENT")


def test_the_dated_items_are_days_in_the_calendar(client, secret, items, settings):
    settings.PUBLIC_URL = "https://cctv.example.kr"
    long_title = "안내판, 점검; 그리고 \\ 역사선 " + "가나다라마바사아자차카타파하" * 12
    items += [
        DueItem("cameras.signs", long_title, "민원인 홍길동", due_on=datetime.date(2026, 12, 31), count=2,
                url_name="cameras:list", article="조례 제9조"),
        DueItem("b", "두 줄\r\n제목\nDTSTART:19700101", due_on=datetime.date(2026, 12, 1)),
        DueItem("c", "날짜 없는 일"),
    ]  # fmt: skip
    answer = client.get(path(secret))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    assert "홍길동" not in answer.content.decode()
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0"
    assert str(calendar["x-wr-timezone"]) == "Asia/Seoul"
    second, first = sorted(calendar.walk("VEVENT"), key=lambda event: event["dtstart"].dt)
    assert str(first["summary"]) == f"{long_title} (2건)"
    assert first["dtstart"].dt == datetime.date(2026, 12, 31)
    assert first["dtend"].dt == datetime.date(2027, 1, 1)
    assert first["dtstart"].params["VALUE"] == "DATE"
    assert str(first["url"]) == f"https://cctv.example.kr{reverse('cameras:list')}"
    assert "조례 제9조" in str(first["description"])
    assert str(second["summary"]) == "두 줄 제목 DTSTART:19700101"
    assert second["dtstart"].dt == datetime.date(2026, 12, 1)
    assert first["dtstamp"].dt.utcoffset() == datetime.timedelta(0)


def test_an_event_keeps_its_name_and_its_changes_are_numbered(client, secret, items):
    items.append(DueItem("a", "할 일", due_on=datetime.date(2026, 12, 1)))
    (first,) = events(client, secret)
    (again,) = events(client, secret)
    assert again.to_ical() == first.to_ical()
    assert first["sequence"] == 0

    items[:] = [DueItem("a", "다른 말", due_on=datetime.date(2026, 12, 1))]
    (renamed,) = events(client, secret)
    assert renamed["uid"] == first["uid"]
    assert renamed["sequence"] == 0
    assert renamed["dtstamp"].dt >= first["dtstamp"].dt

    items[:] = [DueItem("a", "다른 말", due_on=datetime.date(2026, 11, 20))]
    (moved,) = events(client, secret)
    assert (moved["uid"], moved["sequence"]) == (first["uid"], 1)
    items.clear()
    assert events(client, secret) == []
    items.append(DueItem("a", "다시", due_on=datetime.date(2026, 12, 24)))
    assert events(client, secret)[0]["sequence"] == 2


def test_one_uid_a_matter(client, secret, items):
    items += [
        DueItem("a", "이른 일", due_on=datetime.date(2026, 12, 1)),
        DueItem("a", "늦은 일", due_on=datetime.date(2026, 12, 9)),
        DueItem("b", "다른 일", due_on=datetime.date(2026, 12, 1)),
    ]
    found = events(client, secret)
    assert len({str(event["uid"]) for event in found}) == len(found) == 2
    assert "이른 일 외 1건" in {str(event["summary"]) for event in found}


def test_an_empty_calendar_is_a_calendar(client, secret, items):
    assert read(client, secret).walk("VEVENT") == []


def test_only_what_the_officer_may_open_and_is_not_anothers(client, items):
    agent = OfficerFactory(role=Role.MONITORING_AGENT)
    secret = calendar_feeds.make(agent, by=agent)
    day = datetime.date(2026, 12, 1)
    items += [
        DueItem("a", "파기 실패", url_name="footage:proofs", due_on=day),
        DueItem("b", "남의 일", officer_id=OfficerFactory().pk, due_on=day),
        DueItem("c", "내 일", officer_id=agent.pk, due_on=day),
    ]
    assert [str(event["summary"]) for event in events(client, secret)] == ["내 일"]


def test_the_secret_is_long_and_only_its_digest_is_kept(kim, secret):
    assert len(secret) >= 43  # 256 bits in base64
    feed = CalendarFeed.objects.get()
    stored = [str(getattr(feed, field.attname)) for field in feed._meta.concrete_fields]
    assert not any(secret in value for value in stored)
    assert feed.secret_digest == calendar_feeds.digest(secret)


def test_revoked_unknown_and_ended_get_one_answer(client, kim, secret, items):
    alive = client.get(path(secret))
    assert alive.status_code == 200
    unknown = client.get(path("x" * 43))
    calendar_feeds.revoke(kim, by=kim)
    revoked = client.get(path(secret))
    fresh = calendar_feeds.make(kim, by=kim)
    assert client.get(path(fresh)).status_code == 200
    kim.deactivate()
    ended = client.get(path(fresh))
    for answer in (revoked, ended):
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content
        assert answer.headers == unknown.headers
    assert client.head(path(fresh)).status_code == 404


def test_an_account_that_is_opened_again_has_no_address(client, kim, secret, items):
    chief = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    client.force_login(chief)
    client.post(reverse("people:officer_active", args=[kim.pk]))
    client.post(reverse("people:officer_active", args=[kim.pk]))
    second = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    role_changes.confirm(RoleChange.objects.get(officer=kim), by=second)
    kim.refresh_from_db()
    assert kim.is_active
    assert client.get(path(secret)).status_code == 404
    assert Entry.objects.filter(kind="calendar_feed.revoked", actor=f"officer:{chief.pk}").count() == 1


def test_without_a_role_the_calendar_is_dead_too(client, kim, secret, items):
    kim.groups.clear()
    assert client.get(path(secret)).status_code == 404


def test_a_new_address_ends_the_old_one(client, kim, secret, items):
    newer = calendar_feeds.make(kim, by=kim)
    assert newer != secret
    assert client.get(path(secret)).status_code == 404
    assert client.get(path(newer)).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(officer=kim, secret_digest="1" * 64, made_at=timezone.now(), made_by=kim)


def test_the_digest_opens_nothing(client, kim, secret, items):
    """Whoever has a copy of the database has no calendar."""
    assert client.get(path(CalendarFeed.objects.get().secret_digest)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_an_address_is_for_reading(client, secret, items, method):
    assert getattr(client, method)(path(secret)).status_code == 405


def test_making_and_revoking_stand_in_the_ledger_without_the_secret(kim, secret):
    chief = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    calendar_feeds.revoke(kim, by=chief)
    assert not calendar_feeds.revoke(kim, by=chief)
    made, revoked = Entry.objects.filter(kind__startswith="calendar_feed.").order_by("sequence")
    feed = CalendarFeed.objects.get()
    assert (made.kind, made.actor) == ("calendar_feed.made", f"officer:{kim.pk}")
    assert (revoked.kind, revoked.actor) == ("calendar_feed.revoked", f"officer:{chief.pk}")
    for entry in (made, revoked):
        assert entry.subject == f"officer:{kim.pk}"
        assert json.loads(entry.payload) == {"calendar_feed": feed.pk}


def test_the_screen_asks_shows_the_address_once_and_takes_it_back(client, kim, items):
    client.force_login(kim)
    make, settings_page = reverse("agenda:feed_make"), reverse("agenda:settings")
    assert "한 번만" in client.get(make).content.decode()
    assert not CalendarFeed.objects.exists()
    answer = client.post(make)
    page = answer.content.decode()
    secret = page.partition("/calendar/")[2].partition(".ics")[0]
    assert client.get(path(secret)).status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert secret not in client.get(settings_page).content.decode()
    assert "바로 끊깁니다" in client.get(make).content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}" in client.get(settings_page).content.decode()

    revoke = reverse("agenda:feed_revoke")
    assert "폐기할까요" in client.get(revoke).content.decode()
    assert client.get(path(secret)).status_code == 200
    client.post(revoke)
    assert client.get(path(secret)).status_code == 404
    assert "쓰고 있는 달력 주소가 없습니다" in client.post(revoke, follow=True).content.decode()


def test_an_administrator_ends_the_address_of_another_and_makes_none(client, kim, secret, items):
    """Who has it reads that person's matters without a login."""
    client.force_login(OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    shown = client.get(reverse("agenda:delivery")).content.decode()
    assert kim.get_full_name() in shown
    assert "calendar/new/" not in shown
    made = reverse("agenda:officer_feed_revoke", args=[kim.pk]).replace("/revoke/", "/new/")
    assert client.post(made).status_code == 404
    assert client.get(path(secret)).status_code == 200
    client.post(reverse("agenda:officer_feed_revoke", args=[kim.pk]))
    assert client.get(path(secret)).status_code == 404


def test_the_calendar_of_a_superuser_is_out_of_reach(client, items):
    root = OfficerFactory(is_superuser=True)
    client.force_login(OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    assert client.post(reverse("agenda:officer_feed_revoke", args=[root.pk])).status_code == 403


def test_providers_are_asked_once_and_many_items_take_no_more_queries(
    client, secret, monkeypatch, django_assert_max_num_queries
):
    asked, given = [], [DueItem("a", "하나", due_on=datetime.date(2026, 12, 1))]

    def provider(now, officer=None):
        asked.append(officer)
        return iter(given)

    monkeypatch.setattr(due, "_providers", {"test": provider})
    client.get(path(secret))
    assert len(asked) == 1
    with django_assert_max_num_queries(12) as few:
        client.get(path(secret))
    allowed = len(few)
    given += [DueItem(f"b{n}", "여럿", due_on=datetime.date(2026, 12, 1)) for n in range(300)]
    client.get(path(secret))
    assert CalendarEvent.objects.count() == 301
    with django_assert_max_num_queries(allowed):
        assert len(events(client, secret)) == 301
