"""Guessing gets slower and binds nobody else, idle sessions end, and nothing of the portal is open without a login."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import login_delays
from accounts.login_delays import SLOWNESS
from accounts.models import LoginDelay
from accounts.roles import Role
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db

PASSWORD = "gangseo-2026"


def log_in(client, username, password, **extra):
    return client.post(reverse("wagtailadmin_login"), {"username": username, "password": password}, **extra)


def log_out(client):
    """As a person does; the test client's own way forgets every cookie."""
    client.post(reverse("wagtailadmin_logout"))


def is_logged_in(client):
    return client.get("/portal/").status_code == 200


def lines(kind):
    return [(entry.actor, entry.subject) for entry in Entry.objects.filter(kind=kind).order_by("sequence")]


def stranger(number):
    """A browser that nobody knows, from an address block of its own."""
    return Client(REMOTE_ADDR=f"203.0.{number}.7")


def test_the_right_password_opens_the_portal_and_is_on_record(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    assert log_in(client, officer.username, PASSWORD).status_code == 302
    assert is_logged_in(client)
    assert lines("officer.logged_in") == [(f"officer:{officer.pk}", f"officer:{officer.pk}")]


def test_guessing_one_account_from_many_addresses_gets_slower(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    now = timezone.now()
    evaluated = 0
    with time_machine.travel(now, tick=False) as clock:
        for number in range(60):
            log_in(stranger(number), officer.username, "wrong")
            clock.shift(timedelta(seconds=0.25))
        evaluated = Entry.objects.filter(kind="officer.login_failed").count()
        assert evaluated == 7
        answer = log_in(stranger(99), officer.username, PASSWORD)
    assert "기다려야 합니다" in answer.content.decode()
    assert lines("officer.login_failed") == [("system:login", f"officer:{officer.pk}")] * evaluated


def test_a_known_browser_is_not_kept_out_by_strangers():
    officer, office = OfficerFactory(role=Role.OFFICIAL), Client(REMOTE_ADDR="198.51.100.1")
    assert log_in(office, officer.username, PASSWORD).status_code == 302
    log_out(office)
    for number in range(20):
        log_in(stranger(number), officer.username, "wrong")
    assert "기다려야 합니다" in log_in(stranger(30), officer.username, PASSWORD).content.decode()
    assert log_in(office, officer.username, PASSWORD).status_code == 302


def test_a_known_browser_does_not_wait_for_its_neighbours():
    """One at the same address, with made-up names; nobody else's tries there are its own."""
    officer = OfficerFactory(role=Role.OFFICIAL)
    office, neighbour = Client(REMOTE_ADDR="198.51.100.1"), Client(REMOTE_ADDR="198.51.100.1")
    assert log_in(office, officer.username, PASSWORD).status_code == 302
    log_out(office)
    for number in range(25):
        log_in(neighbour, f"nobody{number}", "wrong")
    assert "기다려야 합니다" in log_in(neighbour, officer.username, PASSWORD).content.decode()
    assert log_in(office, officer.username, PASSWORD).status_code == 302


def test_a_known_browser_waits_for_its_own_failures(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    log_in(client, officer.username, PASSWORD)
    log_out(client)
    for _ in range(SLOWNESS["device"].free + 1):
        log_in(client, officer.username, "wrong")
    assert "기다려야 합니다" in log_in(client, officer.username, PASSWORD).content.decode()


def test_the_cookie_of_one_account_says_nothing_for_another(client):
    mine, other = OfficerFactory(role=Role.OFFICIAL), OfficerFactory(role=Role.OFFICIAL)
    log_in(client, mine.username, PASSWORD)
    log_out(client)
    for number in range(10):
        log_in(stranger(number), other.username, "wrong")
    assert "기다려야 합니다" in log_in(client, other.username, PASSWORD).content.decode()


def test_trying_during_the_wait_neither_counts_nor_prolongs_it(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(SLOWNESS["account"].free + 1):
            log_in(client, officer.username, "wrong")
        before = list(LoginDelay.objects.order_by("key").values_list("key", "failures", "until_at"))
        for _ in range(20):
            log_in(client, officer.username, "wrong")
        assert list(LoginDelay.objects.order_by("key").values_list("key", "failures", "until_at")) == before
        clock.shift(SLOWNESS["account"].first + timedelta(seconds=1))
        assert log_in(client, officer.username, PASSWORD).status_code == 302


def test_spraying_many_names_from_one_address_block_gets_slower():
    names = [OfficerFactory(role=Role.OFFICIAL).username for _ in range(30)]
    with time_machine.travel(timezone.now(), tick=False):
        for number, name in enumerate(names):
            log_in(Client(REMOTE_ADDR=f"2001:db8::{number:x}"), name, "wrong")
    assert Entry.objects.filter(kind="officer.login_failed").count() == SLOWNESS["address"].free + 1
    assert log_in(Client(REMOTE_ADDR="2001:db8:1::1"), names[0], PASSWORD).status_code == 302


def test_a_name_that_nobody_bears_is_not_kept(client):
    log_in(client, "my-secret-password", "x")
    assert lines("officer.login_failed") == [("system:login", "officer:unknown")]
    assert "my-secret" not in str(list(Entry.objects.values()))


def test_an_administrator_ends_the_wait(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    for _ in range(SLOWNESS["account"].free + 1):
        log_in(client, officer.username, "wrong")
    assert login_delays.lift(officer)
    assert log_in(client, officer.username, PASSWORD).status_code == 302


def test_what_no_wait_looks_at_is_forgotten(client):
    log_in(client, "x", "y")
    assert login_delays.forget_old() == 0
    with time_machine.travel(timezone.now() + login_delays.REMEMBERED + timedelta(minutes=1)):
        assert login_delays.forget_old() == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_judged():
    officer = OfficerFactory(role=Role.OFFICIAL)
    for _ in range(SLOWNESS["account"].free):
        log_in(stranger(1), officer.username, "wrong")
    LoginDelay.objects.exclude(key__startswith="account:").delete()

    def attempt(number):
        try:
            log_in(stranger(number), officer.username, "wrong")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(2, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Entry.objects.filter(kind="officer.login_failed").count() == SLOWNESS["account"].free + 1


def test_a_refused_screen_is_on_record_once_a_day(client):
    officer = OfficerFactory(role=Role.MONITORING_AGENT)
    client.force_login(officer)
    for _ in range(3):
        assert client.get(reverse("people:roles")).status_code == 403
    entry = Entry.objects.get(kind="officer.refused")
    assert entry.content["screen"] == "people:roles"
    assert entry.subject == f"officer:{officer.pk}"


def test_an_idle_session_ends(client, settings):
    officer = OfficerFactory(role=Role.OFFICIAL)
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        client.force_login(officer)
        for _ in range(3):  # every request starts the time anew
            clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE - 60))
            assert is_logged_in(client)
        clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
        assert not is_logged_in(client)


def test_an_account_without_a_role_stays_outside(client):
    client.force_login(OfficerFactory())
    assert not is_logged_in(client)


OPEN_WITHOUT_LOGIN = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
    "headless_preview",
}
EXAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000001", "path": "x"}


def portal_urls():
    """Every address below /portal/, with made-up arguments."""
    resolver = next(part for part in get_resolver().url_patterns if str(part.pattern) == "portal/")
    yield from walk(resolver, [], [])


def walk(resolver, namespaces, parts):
    for part in resolver.url_patterns:
        spaces = [*namespaces, part.namespace] if getattr(part, "namespace", None) else namespaces
        if isinstance(part, URLResolver):
            yield from walk(part, spaces, [*parts, part.pattern])
        elif isinstance(part, URLPattern) and part.name:
            yield ":".join([*spaces, part.name]), [*parts, part.pattern]


def arguments(patterns):
    known = {}
    for pattern in patterns:
        for name, converter in getattr(pattern, "converters", {}).items():
            known[name] = EXAMPLES[
                next(key for key in EXAMPLES if type(converter).__name__.lower().startswith(key))
            ]
    return known


def test_every_page_of_the_portal_needs_a_login(client):
    opened, seen = [], 0
    for name, patterns in portal_urls():
        if name in OPEN_WITHOUT_LOGIN:
            continue
        try:
            url = reverse(name, kwargs=arguments(patterns))
        except NoReverseMatch:  # a route by regular expression takes no made-up arguments
            continue
        seen += 1
        response = client.get(url)
        is_sent_to_login = response.status_code == 302 and "/portal/login/" in response["Location"]
        if not is_sent_to_login and response.status_code not in {401, 403, 404, 405}:
            opened.append(f"{name} {url}: {response.status_code}")
    assert seen > 100
    assert not opened
