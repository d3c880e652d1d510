"""패스키: registered after a proof, beside the password and alone; never twice, by another, from elsewhere, or after its end."""

from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import login_delays
from accounts import second_factor as factors
from accounts.models import Passkey, SecondFactor
from ledger.models import Entry
from portal import access_record, passkey_questions, second_factor
from portal.reauthentication import PROVED_AT
from tests.accounts.soft_key import SoftKey
from tests.accounts.test_second_factor import SECRET
from tests.portal import logins
from tests.portal.logins import PASSWORD, code_of, somebody
from tests.portal.test_second_factor import kinds

pytestmark = pytest.mark.django_db
HOME, LOGIN = reverse("wagtailadmin_home"), reverse("wagtailadmin_login")
OPTIONS, ENTER = reverse("second_factor:passkey_options"), reverse("second_factor:passkey_login")
# The address that the keys are bound to.
AT_HOME = {"HTTP_HOST": "localhost:8000"}
ADD, CODE = reverse("second_factor:passkey_add"), reverse("second_factor:code")


@pytest.fixture
def person():
    return somebody(email="kim@gangseo.example")


def browser() -> Client:
    return Client(**AT_HOME)


def logged_in(officer) -> Client:
    return logins.logged_in(officer, **AT_HOME)


def question(client: Client, wanted: str) -> dict:
    return client.post(OPTIONS, {"for": wanted}).json()


def registered(officer, name: str = "노트북") -> SoftKey:
    """By the screens, from a session of the grace."""
    key, client = SoftKey(), logged_in(officer)
    sent = {"name": name, "assertion": key.made(question(client, "register"))}
    assert "지금 한 번만" in client.post(ADD, sent).content.decode()
    return key


def enter(client: Client, answer: str, **more) -> str:
    """Where the answer to the question of the login leads."""
    return client.post(ENTER, {"assertion": answer, **more}).headers["Location"]


def test_the_first_key_brings_recovery_codes_and_is_asked_for_next_time(person):
    key = registered(person)
    row = Passkey.objects.get()
    assert (row.officer, row.name, row.last_used_at) == (person, "노트북", None)
    assert factors.codes_left(person) == 10
    assert "두 번째 인증이 바뀌었습니다" in [each.subject for each in mail.outbox]
    client = logged_in(person)
    assert client.get(HOME).url.startswith(CODE)
    assert "패스키로 확인" in client.get(CODE).content.decode()
    asked = question(client, "check")
    assert [each["id"] for each in asked["allowCredentials"]] == [row.credential]
    assert client.post(CODE, {"assertion": key.answer(asked, is_verified=False)}).url == HOME
    assert client.get(HOME).status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert "노트북" in client.get(reverse("own_login")).content.decode()
    assert kinds() == [second_factor.PASSKEY_ADDED, second_factor.PASSED]


def test_a_key_alone_logs_in_under_a_new_session_key(person):
    key, client = registered(person), browser()
    asked = question(client, "login")
    assert "allowCredentials" not in asked
    assert asked["userVerification"] == "required"
    before = client.session.session_key
    assert enter(client, key.answer(asked), next=reverse("own_login")) == reverse("own_login")
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200
    assert Entry.objects.filter(kind=access_record.LOGGED_IN, subject=f"officer:{person.pk}").count() == 2


def test_a_key_that_did_not_look_who_holds_it_does_not_log_in_alone(person):
    key, client = registered(person), browser()
    assert enter(client, key.answer(question(client, "login"), is_verified=False)) == LOGIN
    assert client.get(HOME).status_code == 302


def test_the_same_answer_is_worth_nothing_the_second_time(person):
    key, client = registered(person), browser()
    answer = key.answer(question(client, "login"))
    assert enter(client, answer) == HOME
    client.logout()
    assert enter(client, answer) == LOGIN
    question(client, "login")
    assert enter(client, answer) == LOGIN
    other = browser()
    question(other, "login")
    assert enter(other, answer) == LOGIN


def test_an_answer_to_another_question_is_none(person):
    """Of a person who is logged in already, a stranger's login question is refused; a check is no login."""
    key, client = registered(person), logged_in(person)
    assert client.post(OPTIONS, {"for": "login"}).status_code == 400
    answer = key.answer(question(client, "check"))
    assert browser().post(OPTIONS, {"for": "check"}).status_code == 400
    client.cookies.pop("sessionid", None)
    assert enter(client, answer) == LOGIN


def test_an_old_question_is_answered_no_more(person, time_machine):
    key, client = registered(person), browser()
    answer = key.answer(question(client, "login"))
    time_machine.move_to(timezone.now() + timezone.timedelta(minutes=6))
    assert enter(client, answer) == LOGIN


def test_the_key_of_another_opens_nothing(person):
    registered(person)
    other = registered(somebody(username="lee"))
    client = logged_in(person)
    answer = other.answer(question(client, "check"))
    assert "패스키로 확인하지 못했습니다" in client.post(CODE, {"assertion": answer}).content.decode()
    assert client.get(HOME).status_code == 302
    assert kinds()[-1] == second_factor.FAILED


def test_who_a_key_says_to_be_must_be_who_registered_it(person):
    key, other = registered(person), registered(somebody(username="lee"))
    client = browser()
    key.handle = other.handle
    assert enter(client, key.answer(question(client, "login"))) == LOGIN


@pytest.mark.parametrize(
    ("origin", "rp"),
    [
        ("https://portal.example.com", "localhost"),
        ("http://localhost:9000", "localhost"),
        ("http://sub.localhost:8000", "localhost"),
        ("http://localhost:8000", "example.com"),
    ],
)
def test_an_answer_given_elsewhere_is_refused(origin, rp, person):
    key, client = registered(person), browser()
    key.origin, key.rp = origin, rp
    assert enter(client, key.answer(question(client, "login"))) == LOGIN
    assert client.get(HOME).status_code == 302


def test_a_counter_that_goes_back_is_a_copy(person):
    key = registered(person)
    first = browser()
    assert enter(first, key.answer(question(first, "login"), counts=5)) == HOME
    for counts in (0, -3):
        client = browser()
        assert enter(client, key.answer(question(client, "login"), counts=counts)) == LOGIN


def test_a_key_that_does_not_count_is_taken(person):
    key = registered(person)
    for _ in range(2):
        client = browser()
        assert enter(client, key.answer(question(client, "login"), counts=0)) == HOME


def test_a_removed_key_and_that_of_an_ended_account_open_nothing(person):
    key, kept = registered(person), SoftKey()
    client = logged_in(person)
    client.post(CODE, {"assertion": key.answer(question(client, "check"))})
    proved(client, ADD, key)
    client.post(ADD, {"name": "보안 키", "assertion": kept.made(question(client, "register"))})
    address = reverse("second_factor:passkey_remove", args=[Passkey.objects.get(name="노트북").pk])
    assert "본인 확인" in client.post(address).content.decode()
    proved(client, address, kept)
    assert "없앨까요" in client.get(address).content.decode()
    assert client.post(address).url == reverse("own_login")
    assert [each.name for each in Passkey.objects.all()] == ["보안 키"]
    stranger = browser()
    assert enter(stranger, key.answer(question(stranger, "login"))) == LOGIN
    assert enter(stranger, kept.answer(question(stranger, "login"))) == HOME
    person.deactivate()
    stranger = browser()
    assert enter(stranger, kept.answer(question(stranger, "login"))) == LOGIN


def proved(client: Client, address: str, key: SoftKey) -> None:
    answer = key.answer(question(client, "check"))
    sent = {"_proof-assertion": answer, "_proof-code": "", "_proof-opens": "1"}
    assert client.post(address, sent).url == address


def test_an_open_session_adds_and_removes_no_key(person):
    key = registered(person)
    client = logged_in(person)
    client.post(CODE, {"assertion": key.answer(question(client, "check"))})
    thief = SoftKey()
    sent = {"name": "도둑", "assertion": thief.made(question(client, "register"))}
    assert "본인 확인" in client.post(ADD, sent).content.decode()
    address = reverse("second_factor:passkey_remove", args=[Passkey.objects.get().pk])
    assert "본인 확인" in client.post(address).content.decode()
    assert [each.name for each in Passkey.objects.all()] == ["노트북"]


def test_the_only_factor_stays_and_nobody_elses_is_found(person):
    key = registered(person)
    registered(somebody(username="lee"))
    client = logged_in(person)
    client.post(CODE, {"assertion": key.answer(question(client, "check"))})
    theirs = reverse("second_factor:passkey_remove", args=[Passkey.objects.last().pk])
    proved(client, theirs, key)
    assert client.post(theirs).status_code == 404
    own = reverse("second_factor:passkey_remove", args=[Passkey.objects.first().pk])
    client.post(own)
    assert "하나뿐인 두 번째 인증" in client.get(reverse("own_login")).content.decode()
    assert Passkey.objects.count() == 2


def test_beside_an_app_the_codes_stay_and_names_are_told_apart(person):
    SecondFactor.objects.create(officer=person, secret=SECRET, confirmed_at=timezone.now(), recovery=["x"])
    client = logged_in(person)
    client.post(CODE, {"code": code_of(SECRET)})
    for name, wanted in (("노트북", 302), ("노트북", 200), ("", 200)):
        session = client.session
        session["factors_proved_at"] = timezone.now().timestamp()
        session.save()
        sent = {"name": name, "assertion": SoftKey().made(question(client, "register"))}
        assert client.post(ADD, sent).status_code == wanted, name
    assert [each.name for each in Passkey.objects.all()] == ["노트북"]
    assert factors.codes_left(person) == 1


@pytest.mark.parametrize(
    "sent", ["", "null", "[]", "{}", '{"id": 1}', "x" * 30_000, '{"rawId": "AA", "response": {}}']
)
def test_rubbish_is_refused(sent, person):
    registered(person)
    client = browser()
    question(client, "login")
    assert enter(client, sent) == LOGIN
    waiting = logged_in(person)
    assert waiting.post(CODE, {"assertion": sent}).status_code == 200
    assert waiting.get(HOME).status_code == 302


def test_two_officials_take_all_factors_away(person):
    registered(person)
    assert factors.remove(person)
    assert not factors.has(person)
    assert logged_in(person).get(HOME).status_code == 200


def test_elsewhere_no_key_is_offered(person):
    registered(person)
    assert "패스키로 로그인" in browser().get(LOGIN).content.decode()
    assert "패스키로 로그인" not in Client().get(LOGIN).content.decode()
    client = Client()
    client.post(LOGIN, {"username": person.username, "password": PASSWORD})
    assert "http://localhost:8000 주소로 열었을 때" in client.get(CODE).content.decode()


def test_a_number_is_no_address_for_keys(person, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert "패스키로 로그인" not in Client(HTTP_HOST="127.0.0.1:8000").get(LOGIN).content.decode()


def test_the_session_keeps_no_answered_question(person):
    key, client = registered(person), browser()
    enter(client, key.answer(question(client, "login")))
    assert "passkey_question" not in client.session
    assert PROVED_AT in client.session


def test_strangers_fill_no_table_with_questions(person, settings):
    """A question is a row of the database: so many of an address an hour, each for minutes; a login by password is no shorter for it."""
    with mock.patch.dict(
        login_delays.SLOWNESS, question=login_delays.Slowness(2, login_delays.MINUTE, login_delays.MINUTE)
    ):
        client = browser()
        assert [browser().post(OPTIONS, {"for": "login"}).status_code for _ in range(4)] == [
            200,
            200,
            200,
            429,
        ]
        assert client.post(OPTIONS, {"for": "login"}, REMOTE_ADDR="198.51.100.7").status_code == 200
    assert client.session.get_expiry_age() == passkey_questions.ANSWERED_WITHIN_SECONDS
    client.post(LOGIN, {"username": person.username, "password": PASSWORD}, **AT_HOME)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
