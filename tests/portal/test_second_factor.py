"""The second factor at the login: asked once, nothing before it, registered after the grace, taken away by two."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import login_delays
from accounts import second_factor as factors
from accounts.models import SecondFactor
from accounts.roles import Role
from casework import role_changes
from casework.refusals import Refused
from ledger.models import Entry
from portal import second_factor
from tests.accounts.factories import OfficerFactory
from tests.accounts.test_second_factor import SECRET
from tests.portal.logins import PASSWORD, code_of, logged_in, somebody

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def person():
    return somebody()


@pytest.fixture
def registered(person):
    SecondFactor.objects.create(officer=person, secret=SECRET, confirmed_at=timezone.now())
    return person


def kinds() -> list[str]:
    return list(
        Entry.objects.filter(kind__in=second_factor.KINDS).order_by("sequence").values_list("kind", flat=True)
    )


def test_the_password_alone_opens_nothing(registered):
    client = logged_in(registered)
    asked = client.get(reverse("cameras:list"))
    assert asked.url == f"{reverse('second_factor:code')}?next=%2Fportal%2Fcameras%2F"
    assert client.post(reverse("second_factor:register")).url == reverse("second_factor:code")
    sent = client.post(reverse("agenda:delivery"), {})
    assert sent.url.startswith(reverse("wagtailadmin_login"))
    wrong = client.post(reverse("second_factor:code"), {"code": "000000"})
    assert "맞지 않거나" in wrong.content.decode()
    before = client.session.session_key
    right = client.post(
        reverse("second_factor:code"), {"code": code_of(SECRET), "next": reverse("cameras:list")}
    )
    assert right.url == reverse("cameras:list")
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200
    assert kinds() == [second_factor.FAILED, second_factor.PASSED]


def test_it_leads_to_no_other_site(registered):
    client = logged_in(registered)
    for wanted in ("https://example.com/portal/", "//example.com/portal/", "/second-factor/"):
        assert (
            f'value="{HOME}"' in client.get(reverse("second_factor:code"), {"next": wanted}).content.decode()
        )


def test_a_recovery_code_lets_in_and_says_how_many_are_left(registered):
    code = factors.renew_codes(registered)[0]
    client = logged_in(registered)
    client.post(reverse("second_factor:code"), {"code": code})
    assert "남은 복구 번호는 9개" in client.get(HOME).content.decode()
    assert kinds() == [second_factor.RECOVERED]


def test_an_app_is_registered_and_the_codes_are_shown_once(person):
    client = logged_in(person)
    assert client.get(HOME).status_code == 200
    shown = client.get(reverse("second_factor:register")).content.decode()
    assert "<svg" in shown
    secret = factors.offered(person)
    done = client.post(reverse("second_factor:register"), {"code": code_of(secret)}).content.decode()
    assert "지금 한 번만" in done
    assert factors.has(person)
    assert client.get(HOME).status_code == 200
    assert kinds() == [second_factor.ADDED]
    # The next session is asked.
    assert logged_in(person).get(HOME).url.startswith(reverse("second_factor:code"))


def entered(officer) -> Client:
    """Logged in with password and code."""
    client = logged_in(officer)
    client.post(reverse("second_factor:code"), {"code": code_of(SECRET)})
    return client


@pytest.fixture
def clock(time_machine):
    """A minute later a code of the app is another one."""
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    return lambda seconds: time_machine.move_to(start + dt.timedelta(seconds=seconds), tick=False)


def test_an_open_session_does_not_replace_the_app(registered, clock):
    """Not even right after its login: whoever took it over has no code."""
    client = entered(registered)
    asked = client.get(reverse("second_factor:register")).content.decode()
    assert "본인 확인" in asked
    assert "<svg" not in asked
    assert factors.offered(registered) == ""
    factors.offer(registered)
    sent = client.post(reverse("second_factor:register"), {"code": code_of(factors.offered(registered))})
    assert "본인 확인" in sent.content.decode()
    wrong = client.post(reverse("second_factor:register"), {"_proof-code": "000000", "_proof-opens": "1"})
    assert "맞지 않거나" in wrong.content.decode()
    assert SecondFactor.objects.get().secret == SECRET
    assert kinds() == [second_factor.PASSED, second_factor.FAILED]


def test_a_code_of_now_lets_replace_the_app_once(registered, clock):
    client = entered(registered)
    clock(60)
    proved = client.post(
        reverse("second_factor:register"), {"_proof-code": code_of(SECRET), "_proof-opens": "1"}
    )
    assert proved.url == reverse("second_factor:register")
    assert "<svg" in client.get(proved.url).content.decode()
    secret = factors.offered(registered)
    done = client.post(reverse("second_factor:register"), {"code": code_of(secret)})
    assert "지금 한 번만" in done.content.decode()
    assert str(SecondFactor.objects.get().secret) == secret
    assert "본인 확인" in client.get(reverse("second_factor:register")).content.decode()
    assert kinds() == [second_factor.PASSED, second_factor.PROVED, second_factor.ADDED]


def test_the_code_of_the_login_is_no_second_proof(registered, clock):
    client = entered(registered)
    again = client.post(
        reverse("second_factor:register"), {"_proof-code": code_of(SECRET), "_proof-opens": "1"}
    )
    assert "이미 쓴 번호" in again.content.decode()


def test_a_recovery_code_proves_too_and_is_used_up(registered, clock):
    code = factors.renew_codes(registered)[0]
    client = entered(registered)
    sent = {"_proof-code": code, "_proof-opens": "1"}
    assert client.post(reverse("second_factor:register"), sent).status_code == 302
    client.session.flush()
    other = entered_with(registered, factors.renew_codes(registered)[0])
    assert "이미 쓴 번호" in other.post(reverse("second_factor:register"), sent).content.decode()


def entered_with(officer, code: str) -> Client:
    client = logged_in(officer)
    client.post(reverse("second_factor:code"), {"code": code})
    return client


def test_new_recovery_codes_are_asked_for_as_well(registered, clock):
    old = factors.renew_codes(registered)[0]
    client = entered(registered)
    assert "본인 확인" in client.post(reverse("second_factor:codes")).content.decode()
    clock(60)
    client.post(reverse("second_factor:codes"), {"_proof-code": code_of(SECRET), "_proof-opens": "1"})
    assert "새로 만들면" in client.get(reverse("second_factor:codes")).content.decode()
    assert "지금 한 번만" in client.post(reverse("second_factor:codes")).content.decode()
    assert "본인 확인" in client.post(reverse("second_factor:codes")).content.decode()
    clock(120)
    waiting = logged_in(registered)
    assert "맞지 않거나" in waiting.post(reverse("second_factor:code"), {"code": old}).content.decode()


def test_a_proof_for_the_factors_lasts_its_minutes(registered, clock, settings):
    client = entered(registered)
    clock(60)
    client.post(reverse("second_factor:register"), {"_proof-code": code_of(SECRET), "_proof-opens": "1"})
    clock(60 + settings.REAUTHENTICATION_MINUTES * 60 + 1)
    assert "본인 확인" in client.get(reverse("second_factor:register")).content.decode()


def test_the_first_app_takes_the_password_where_the_login_is_long_ago(person, clock, settings):
    client = logged_in(person)
    clock(settings.REAUTHENTICATION_MINUTES * 60 + 1)
    sent = {"_proof-password": "wrong", "_proof-opens": "1"}
    assert "비밀번호가 맞지 않습니다" in client.post(reverse("second_factor:register"), sent).content.decode()
    sent["_proof-password"] = PASSWORD
    assert client.post(reverse("second_factor:register"), sent).status_code == 302
    assert "<svg" in client.get(reverse("second_factor:register")).content.decode()


def test_after_the_grace_one_registers_first(person, settings):
    settings.SECOND_FACTOR_GRACE_DAYS = 0
    client = logged_in(person)
    assert client.get(HOME).url.startswith(reverse("second_factor:register"))
    client.get(reverse("second_factor:register"))
    client.post(reverse("second_factor:register"), {"code": code_of(factors.offered(person))})
    assert client.get(HOME).status_code == 200


def test_who_lost_everything_registers_anew_when_two_have_said_so(registered):
    asker, confirmer = (OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR) for _ in range(2))
    client = Client()
    client.force_login(asker)
    client.post(reverse("people:officer_factor", args=[registered.pk]))
    change = role_changes.RoleChange.objects.get(officer=registered)
    assert factors.has(registered)
    with pytest.raises(Refused):
        role_changes.confirm(change, by=asker)
    role_changes.confirm(change, by=confirmer)
    assert not factors.has(registered)
    assert logged_in(registered).get(HOME).status_code == 200
    with pytest.raises(Refused, match="등록한 두 번째 인증이 없습니다"):
        role_changes.ask_factor_removal(registered, by=asker)


def test_nobody_changes_both_the_password_and_the_second_factor_of_somebody(registered):
    asker, confirmer, third = (OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR) for _ in range(3))
    address = reverse("people:password_link", args=[registered.pk])
    browsers = {}
    for officer in (asker, confirmer, third):
        browsers[officer] = Client()
        browsers[officer].force_login(officer)

    def makes(officer) -> bool:
        return "한 번만, 하루 동안만" in browsers[officer].post(address).content.decode()

    assert makes(asker)
    change = role_changes.ask_factor_removal(registered, by=asker)
    with pytest.raises(Refused, match="비밀번호 설정 주소를 만든 지 하루가"):
        role_changes.confirm(change, by=confirmer)
    role_changes.withdraw(change, by=asker)

    change = role_changes.ask_factor_removal(registered, by=confirmer)
    role_changes.confirm(change, by=third)
    assert not makes(confirmer)
    assert not makes(third)
    assert "다른 시스템 관리자가" in browsers[third].get(address).content.decode()
    assert makes(asker)
    SecondFactor.objects.create(officer=registered, secret=SECRET, confirmed_at=timezone.now())
    assert makes(third), "the person has one again"


def test_what_is_typed_as_a_name_at_the_login_keeps_nobody_from_the_second_factor(registered):
    client, stranger = logged_in(registered), Client(REMOTE_ADDR="203.0.113.9")
    for name in (
        registered.username,
        f"second-factor {registered.username}",
        f"factor:{registered.username}",
    ):
        for _ in range(9):
            stranger.post(reverse("wagtailadmin_login"), {"username": name, "password": "guessed"})
    answer = client.post(reverse("second_factor:code"), {"code": code_of(SECRET)})
    assert answer.status_code == 302
    assert client.get(HOME).status_code == 200


def test_an_administrator_ends_the_waiting_of_the_second_factor_too(registered):
    client = logged_in(registered)
    for _ in range(7):
        client.post(reverse("second_factor:code"), {"code": "000000"})
    assert "초 뒤에" in client.post(reverse("second_factor:code"), {"code": code_of(SECRET)}).content.decode()
    assert login_delays.lift(registered)
    assert client.post(reverse("second_factor:code"), {"code": code_of(SECRET)}).status_code == 302
