"""Idle sessions end, and a script that polls does not keep them alive."""

import datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from portal import idle
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def at(monkeypatch):
    """Set the clock that the portal reads."""
    start = timezone.now()

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(idle.timezone, "now", lambda: start + datetime.timedelta(seconds=seconds))

    set_to(0)
    return set_to


@pytest.fixture
def portal(client):
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    return client


def test_an_idle_session_ends(portal, at):
    assert portal.get(HOME).status_code == 200

    at(settings.SESSION_COOKIE_AGE + 1)
    answer = portal.get(HOME, follow=True)

    assert answer.redirect_chain[0][0].startswith(reverse("wagtailadmin_login"))


def test_every_act_of_a_person_starts_the_time_anew(portal, at):
    for seconds in range(0, 3 * settings.SESSION_COOKIE_AGE, settings.SESSION_COOKIE_AGE - 60):
        at(seconds)
        assert portal.get(HOME).status_code == 200


def test_polling_is_no_act(portal, at):
    portal.get(HOME)
    for seconds in range(60, settings.SESSION_COOKIE_AGE, 60):
        at(seconds)
        assert portal.get(HOME, headers={"X-Background": "1"}).status_code == 200

    at(settings.SESSION_COOKIE_AGE + 1)
    answer = portal.get(HOME, headers={"X-Background": "1"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("wagtailadmin_login"))
    assert "자동으로 로그아웃" in answer.content.decode()


def test_remember_me_does_not_lengthen_a_session(client, at):
    OfficerFactory(username="kim", role=Role.AUDITOR)
    client.post(
        reverse("wagtailadmin_login"), {"username": "kim", "password": "gangseo-2026", "remember": "on"}
    )
    assert client.get(HOME).status_code == 200
    assert client.session.get_expire_at_browser_close()

    at(settings.SESSION_COOKIE_AGE + 1)
    assert client.get(HOME).status_code == 302


def test_after_a_day_everybody_logs_in_again(portal, at):
    """However busy: a session that somebody took along does not last for ever."""
    step = settings.SESSION_COOKIE_AGE - 60
    for seconds in range(0, int(settings.SESSION_LIFETIME_HOURS * 3600), step):
        at(seconds)
        assert portal.get(HOME).status_code == 200
    at(settings.SESSION_LIFETIME_HOURS * 3600 + 1)
    answer = portal.get(HOME, follow=True)
    assert "10시간이 지나" in answer.content.decode()
