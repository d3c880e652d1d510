"""A passkey in a real browser, with a key of its own (WebAuthn's virtual authenticator): registered, beside the password, alone."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts.models import Passkey
from accounts.roles import Role
from tests.accounts.factories import OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_portal import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def at_home(settings, live_server, strict_visitor) -> Visitor:
    """Keys are bound to a name, not to a number: the office's address is that of the visit."""
    address = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.PUBLIC_URL = address
    settings.CSRF_TRUSTED_ORIGINS = [address]
    strict_visitor.address = address
    return strict_visitor


def plug_in_key(page) -> tuple:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, added["authenticatorId"]


def test_a_passkey_is_registered_and_logs_in(at_home):
    officer = OfficerFactory(role=Role.OFFICIAL)
    page = at_home.page
    devtools, key = plug_in_key(page)
    log_in(at_home, officer)
    at_home.open(reverse("own_login"))
    page.get_by_role("link", name="패스키 등록…").click()
    page.fill("#id_name", "내 노트북")
    page.get_by_role("button", name="패스키 만들기").click()
    page.get_by_text("지금 한 번만").wait_for()
    assert Passkey.objects.get().name == "내 노트북"

    page.context.clear_cookies()
    log_in(at_home, officer)
    at_home.open(HOME)
    page.get_by_role("button", name="패스키로 확인").click()
    page.wait_for_url(f"{at_home.address}{HOME}")

    page.context.clear_cookies()
    wanted = reverse("own_login")
    at_home.open(wanted)
    page.get_by_role("button", name="패스키로 로그인").click()
    page.wait_for_url(f"{at_home.address}{wanted}")
    assert page.get_by_text("내 노트북").is_visible()

    page.get_by_role("link", name="내 노트북 없애기").click()
    assert page.get_by_role("heading", name="본인 확인").is_visible()
    page.get_by_role("button", name="패스키로 확인").click()
    page.get_by_role("heading", name="패스키 없애기").wait_for()
    assert at_home.errors == []
    assert at_home.strays == []

    page.context.clear_cookies()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    at_home.open(wanted)
    page.get_by_role("button", name="패스키로 로그인").click()
    page.get_by_text("패스키 확인을 마치지 못했습니다").wait_for()
