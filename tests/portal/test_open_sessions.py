"""접속: one for a person unless the setting allows more, seen and ended by the person, worth nothing at the next request."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecondFactor
from accounts.roles import Role
from ledger.models import Entry
from portal import devices, open_sessions
from portal.models import PortalSession, SessionEnd
from tests.accounts.factories import OfficerFactory
from tests.accounts.test_second_factor import SECRET
from tests.portal.logins import code_of, logged_in, somebody

pytestmark = pytest.mark.django_db
HOME, LOGIN, OWN = reverse("wagtailadmin_home"), reverse("wagtailadmin_login"), reverse("own_login")
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


@pytest.fixture
def person():
    return somebody()


@pytest.fixture
def three_allowed(settings):
    settings.SESSIONS_PER_PERSON = 3


def ended() -> list[str]:
    return [
        entry.content["session_end"]
        for entry in Entry.objects.filter(kind=open_sessions.ENDED).order_by("sequence")
    ]


def test_a_new_login_ends_the_older_one_and_both_are_told(person):
    older = logged_in(person, HTTP_USER_AGENT=CHROME)
    assert older.get(HOME).status_code == 200
    newer = logged_in(person)
    assert "접속을 끝냈습니다(크롬, 윈도우)" in newer.get(HOME).content.decode()
    answer = older.get(HOME, follow=True)
    assert answer.redirect_chain[0][0].startswith(LOGIN)
    assert "다른 곳에서 로그인하여 이 접속을 끝냈습니다" in answer.content.decode()
    assert newer.get(HOME).status_code == 200
    assert ended() == ["newer"]


def test_what_an_ended_session_sends_is_not_done(person):
    older = logged_in(person)
    newer = logged_in(person)
    assert older.post(OWN).url.startswith(LOGIN)
    assert newer.get(HOME).status_code == 200
    assert older.get(HOME).status_code == 302


def test_a_request_that_was_under_way_brings_no_session_back(person):
    """It saves what it read before: the mark is of an ended row all the same."""
    older = logged_in(person)
    before = Session.objects.get(session_key=older.session.session_key).session_data
    key = older.session.session_key
    logged_in(person)
    older.get(HOME)
    Session.objects.update_or_create(
        session_key=key,
        defaults={"session_data": before, "expire_date": timezone.now() + dt.timedelta(hours=1)},
    )
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get(HOME).status_code == 302


def test_whoever_knows_only_the_password_puts_nobody_out(person):
    older = logged_in(person)
    SecondFactor.objects.create(officer=person, secret=SECRET, confirmed_at=timezone.now())
    waiting = logged_in(person)
    assert older.get(HOME).status_code == 200
    waiting.post(reverse("second_factor:code"), {"code": "000000"})
    assert older.get(HOME).status_code == 200
    waiting.post(reverse("second_factor:code"), {"code": code_of(SECRET)})
    assert waiting.get(HOME).status_code == 200
    assert older.get(HOME).status_code == 302


def test_the_person_sees_the_own_sessions_and_ends_one(person, three_allowed):
    other = logged_in(person, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9")
    own = logged_in(person, HTTP_USER_AGENT=CHROME)
    shown = own.get(OWN).content.decode()
    assert "파이어폭스, 리눅스" in shown
    assert "192.0.2.9" in shown
    mark = PortalSession.objects.get(device="파이어폭스, 리눅스").mark
    own.post(OWN, {"session": str(mark)})
    assert "접속 1개를 끝냈습니다" in own.get(OWN).content.decode()
    assert "‘로그인과 접속’에서 이 접속을 끝냈습니다" in other.get(HOME, follow=True).content.decode()
    assert own.get(HOME).status_code == 200
    assert ended() == ["owner"]


def test_all_others_end_at_once_and_the_own_one_stays(person, three_allowed):
    others = [logged_in(person) for _ in range(2)]
    own = logged_in(person)
    assert ended() == []
    own.post(OWN)
    assert [client.get(HOME).status_code for client in others] == [302, 302]
    assert own.get(HOME).status_code == 200
    assert ended() == ["owner", "owner"]


def test_beyond_the_number_the_one_that_was_idle_longest_ends(person, three_allowed):
    first, second, third = (logged_in(person) for _ in range(3))
    PortalSession.objects.filter(mark=second.session[open_sessions.MARK]).update(
        last_act_at=timezone.now() - dt.timedelta(minutes=9)
    )
    logged_in(person)
    assert [client.get(HOME).status_code for client in (first, second, third)] == [200, 302, 200]


@pytest.mark.parametrize("sent", ["", "x" * 5000, "0", "00000000-0000-4000-8000-000000000000"])
def test_nobody_ends_anothers_session(sent, person):
    other = OfficerFactory(role=Role.OFFICIAL)
    theirs = Client()
    theirs.force_login(other)
    own = logged_in(person)
    own.post(OWN, {"session": sent or theirs.session[open_sessions.MARK]})
    assert theirs.get(HOME).status_code == 200
    assert own.get(HOME).status_code == 200
    assert ended() == []


def test_an_administrator_sees_and_ends_them_with_a_reason_on_record(person, three_allowed, mailoutbox):
    person.email = "kim@gangseo.example"
    person.save()
    wrong = logged_in(person, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9")
    right = logged_in(person, HTTP_USER_AGENT=CHROME)
    administrator, official = (
        OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR),
        OfficerFactory(role=Role.OFFICIAL),
    )
    client, address = Client(), reverse("people:officer_sessions", args=[person.pk])
    client.force_login(administrator)
    assert "파이어폭스, 리눅스, 192.0.2.9" in client.get(address).content.decode()
    mark = str(PortalSession.objects.get(device="파이어폭스, 리눅스").mark)
    assert "필수" in client.post(address, {"sessions": mark, "reason": " "}).content.decode()
    client.post(address, {"sessions": mark, "reason": "모르는 주소의 접속이라는 신고"})
    assert "시스템 관리자가 이 접속을 끝냈습니다" in wrong.get(HOME, follow=True).content.decode()
    assert right.get(HOME).status_code == 200
    line = Entry.objects.get(kind=open_sessions.ENDED)
    assert (line.actor, line.subject) == (f"officer:{administrator.pk}", f"officer:{person.pk}")
    assert (line.content["session_end"], line.content["reason"]) == (
        "administrator", "모르는 주소의 접속이라는 신고",
    )  # fmt: skip
    assert "kim@gangseo.example" in [mail.to[0] for mail in mailoutbox]
    own = client.get(reverse("people:officer_sessions", args=[administrator.pk]))
    assert own.status_code == 403
    client.force_login(official)
    assert client.get(address).status_code == 403


def test_a_changed_password_ends_the_others(person, three_allowed):
    other = logged_in(person)
    open_sessions.end_all(person, SessionEnd.PASSWORD)
    answer = other.get(HOME, follow=True)
    assert "비밀번호가 바뀌어" in answer.content.decode()


def test_a_session_that_bears_no_mark_is_nobodys(person):
    client = logged_in(person)
    session = client.session
    del session[open_sessions.MARK]
    session.save()
    assert client.get(HOME).status_code == 302


def test_logging_out_closes_the_row(person):
    client = logged_in(person)
    client.post(reverse("wagtailadmin_logout"))
    assert PortalSession.objects.get().ended_how == SessionEnd.LOGGED_OUT
    assert list(open_sessions.of(person)) == []


def test_the_last_act_is_a_persons_and_written_once_a_minute(person, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = logged_in(person)
    client.get(HOME)
    for later, background, noted in ((30, False, 0), (120, True, 0), (180, False, 180)):
        time_machine.move_to(start + dt.timedelta(seconds=later), tick=False)
        client.get(HOME, headers={"X-Background": "1"} if background else {})
        row = PortalSession.objects.get()
        assert (row.last_act_at - row.begun_at).total_seconds() == noted, later


def test_rows_go_after_their_time(person):
    logged_in(person)
    assert open_sessions.forget_old() == 0
    PortalSession.objects.update(last_act_at=timezone.now() - open_sessions.KEPT - dt.timedelta(days=1))
    assert open_sessions.forget_old() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CHROME, "크롬, 윈도우"),
        (FIREFOX, "파이어폭스, 리눅스"),
        ("Mozilla/5.0 (Macintosh) Safari/600", "사파리, 맥"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537 Edg/150.0", "엣지, 윈도우"),
        ("<script>", devices.UNKNOWN),
        ("", devices.UNKNOWN),
    ],
)
def test_devices_in_words(said, words):
    assert devices.words(said) == words
