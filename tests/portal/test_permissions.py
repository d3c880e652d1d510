"""Every view below /portal/ for every role and for visitors, from one table; and that the table is complete."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from accounts.roles import Role
from tests.portal import portal_views, world
from tests.portal.permissions import ANONYMOUS, MAY_GET, MAY_SEND, NOT_IN_THE_SAMPLE, OWN, REGISTERS
from tests.portal.portal_views import View

# The mark gives every test a savepoint of its own inside the transaction that holds the sample world.
pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a scaled image to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

VIEWS = portal_views.portal_views()
OURS = {**OWN, **REGISTERS}
OWN_VIEWS = [view for view in VIEWS if view.name in OURS]
WHO = [ANONYMOUS, *Role]


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[world.World]:
    """The world is built once; each test takes back what it did."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(folder)), transaction.atomic():
        built = world.build()
        built.media = str(folder)
        yield built
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sessions(sample, django_db_blocker) -> dict[Role, str]:
    """Everybody logs in once."""
    keys = {}
    with django_db_blocker.unblock():
        for role, officer in sample.officers.items():
            client = Client()
            client.force_login(officer)
            keys[role] = client.session.session_key
    return keys


@pytest.fixture
def visit(sample, sessions, settings):
    """Send a request as somebody."""
    settings.MEDIA_ROOT = sample.media

    def send(view: View, who: Role | None, method: str) -> HttpResponse:
        client = Client()
        if who is not ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
        answer = client.generic(method, portal_views.address(view, sample.values(view.name)))
        if answer.streaming:
            answer.getvalue()  # read to the end, so that the test client closes it without the connection
        return answer

    return send


def _id(value: object) -> str:
    return value.name if isinstance(value, View) else str(value or "anonymous")


def test_every_view_has_a_line_and_every_line_a_view():
    known = set(portal_views.names())
    assert sorted(known - MAY_GET.keys()) == [], "views without a line in tests/portal/permissions.py"
    assert sorted(MAY_GET.keys() - known) == [], "lines of views that do not exist"
    assert sorted(MAY_SEND.keys() - OURS.keys()) == []
    assert sorted(NOT_IN_THE_SAMPLE - known) == []


@pytest.mark.parametrize("who", WHO, ids=_id)
@pytest.mark.parametrize("view", VIEWS, ids=_id)
def test_who_may_open(view, who, visit):
    answer = visit(view, who, "GET")

    if who in MAY_GET[view.name]:
        assert not _is_refused(answer), f"{who} is refused"
        assert answer.status_code != 404 or view.name in NOT_IN_THE_SAMPLE
    elif answer.status_code == 405:
        # A view that takes POST only says so to everybody; whom it refuses is tested below.
        assert view.name in OURS
    else:
        assert _is_refused(answer), f"{who} is let in with {answer.status_code}"
        _check_the_manner(view, who, answer)


@pytest.mark.parametrize("who", WHO, ids=_id)
@pytest.mark.parametrize("view", OWN_VIEWS, ids=_id)
def test_who_may_send(view, who, visit):
    answer = visit(view, who, "POST")

    if who in MAY_SEND.get(view.name, MAY_GET[view.name]):
        assert not _is_refused(answer), f"{who} is refused"
    else:
        assert _is_refused(answer), f"{who} is let in with {answer.status_code}"
        _check_the_manner(view, who, answer)


def _is_refused(answer: HttpResponse) -> bool:
    """403, or Wagtail's way: to the login page, or home with a message."""
    if answer.status_code == 403:
        return True
    if answer.status_code != 302:
        return False
    target = answer.headers["Location"].partition("?")[0]
    if target == reverse("wagtailadmin_login"):
        return True
    return target == reverse("wagtailadmin_home") and answer.wsgi_request.path != reverse(
        "wagtailadmin_login"
    )


def _check_the_manner(view: View, who: Role | None, answer: HttpResponse) -> None:
    """Visitors are sent to the login page; our views say 403 in Korean, Wagtail's redirect."""
    if who is ANONYMOUS:
        assert answer.headers["Location"].startswith(reverse("wagtailadmin_login"))
    elif view.name in OURS:
        assert answer.status_code == 403
        assert "권한" in answer.content.decode()
    else:
        assert answer.status_code == 302
