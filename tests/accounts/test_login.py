"""Login failures lock out, idle sessions end, and nothing of the portal is open without a login."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.roles import Role
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db

PASSWORD = "gangseo-2026"


@pytest.fixture
def lockout(settings):
    settings.AXES_ENABLED = True
    return settings


def log_in(client, username, password):
    return client.post(reverse("wagtailadmin_login"), {"username": username, "password": password})


def is_logged_in(client):
    return client.get("/portal/").status_code == 200


def test_the_right_password_opens_the_portal(client, lockout):
    officer = OfficerFactory(role=Role.OFFICIAL)
    assert log_in(client, officer.username, PASSWORD).status_code == 302
    assert is_logged_in(client)


def test_five_failures_lock_the_account_even_for_the_right_password(client, lockout):
    officer = OfficerFactory(role=Role.OFFICIAL)
    for _ in range(lockout.AXES_FAILURE_LIMIT):
        response = log_in(client, officer.username, "wrong")
    assert response.status_code == 429
    assert "잠" in response.content.decode()
    assert log_in(client, officer.username, PASSWORD).status_code == 429
    assert not is_logged_in(client)


def test_the_lock_opens_by_itself_and_binds_nobody_else(client, lockout):
    officer, colleague = OfficerFactory(role=Role.OFFICIAL), OfficerFactory(role=Role.OFFICIAL)
    for _ in range(lockout.AXES_FAILURE_LIMIT):
        log_in(client, officer.username, "wrong")
    assert log_in(client, colleague.username, PASSWORD).status_code == 302
    client.logout()
    with time_machine.travel(timezone.now() + timedelta(hours=lockout.AXES_COOLOFF_TIME, minutes=1)):
        assert log_in(client, officer.username, PASSWORD).status_code == 302


def test_an_idle_session_ends(client, settings):
    officer = OfficerFactory(role=Role.OFFICIAL)
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        for _ in range(3):  # every request starts the time anew
            clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE - 60))
            assert is_logged_in(client)
        clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
        assert not is_logged_in(client)


def test_an_account_without_a_role_stays_outside(client):
    client.force_login(OfficerFactory(), backend="django.contrib.auth.backends.ModelBackend")
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
