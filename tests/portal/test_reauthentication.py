"""본인 확인 before what cannot be taken back: asked once for a while, before the view, with nothing lost."""

import datetime as dt
import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone

from accounts.models import LoginDelay, SecondFactor
from config.urls import urlpatterns as ours
from ledger.models import Entry
from portal import access_record, second_factor
from portal.access import requires
from portal.models import FormDraft
from portal.reauthentication import asks_again
from portal.screens import filled_in, form_screen
from tests.accounts.test_second_factor import SECRET
from tests.portal.logins import PASSWORD, code_of, logged_in, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
# Destroying, letting go of what is held, publishing, handing over, giving rights.
IRREVERSIBLE = {
    "footage:sweep_now",
    "footage:sweep_run_here",
    "footage:confirm",
    "footage:folder",
    "footage:folder_confirm",
    "footage:shortening_confirm",
    "footage:storage_confirm",
    "footage:storage_lost",
    "footage:clock",
    "ledger:continuity",
    "copies:withdraw",
    "copies:decide",
    "redaction:check",
    "provision:approve",
    "provision:mayor_approve",
    "provision:mayor_refuse",
    "committee:written_close",
    "committee:minutes_lock",
    "viewing:not_freeze",
    "viewing:dismiss",
    "footage:hold_release",
    "viewing:release",
    "viewing:release_range",
    "provision:release",
    "provision:hand_over",
    "provision:publish",
    "copies:hand_over",
    "copies:open_download",
    "consultation:publish",
    "consultation:result_publish",
    "committee:minutes_publish",
    "policy:publish",
    "privacy:publish",
    "self_inspection:publish",
    "people:role_change_confirm",
    "people:account_holder",
    "reports:issue",
    "documents:send",
    "viewing:notify",
}
BURN = "/portal/burn/"
done: list[tuple[str, bytes]] = []


class BurnForm(forms.Form):
    reason = forms.CharField()
    paper = forms.FileField(required=False)


@requires("wagtailadmin.access_admin")
@asks_again
def burn(request: HttpRequest) -> HttpResponse:
    form = filled_in(request, BurnForm)
    return form_screen(request, form, _burn, title="태우기", back="/portal/", done="태웠습니다.")


def _burn(form: BurnForm) -> None:
    paper = form.cleaned_data["paper"]
    done.append((form.cleaned_data["reason"], paper.read() if paper else b""))


urlpatterns = [path("portal/burn/", burn), *ours]


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.fixture
def clock(time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    return lambda minutes: time_machine.move_to(start + dt.timedelta(minutes=minutes), tick=False)


@pytest.fixture
def person():
    return somebody()


@pytest.fixture
def portal(person) -> Client:
    return logged_in(person)


def hidden(page: str) -> dict[str, str]:
    """What the page sends again besides its token."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def names(resolver: URLResolver, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found |= names(each, f"{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern) and getattr(each.callback, "asks_again", False):
            found.add(f"{prefix}{each.name}")
    return found


def test_each_act_that_cannot_be_taken_back_asks():
    assert names(get_resolver("config.urls")) == IRREVERSIBLE


def test_shortly_after_the_login_nothing_is_asked(portal, clock, settings):
    clock(settings.REAUTHENTICATION_MINUTES - 1)
    assert portal.post(BURN, {"reason": "끝"}).status_code == 302
    assert done == [("끝", b"")]


def test_later_the_question_comes_first_and_nothing_is_lost(portal, person, clock):
    clock(11)
    assert "태우기" in portal.get(BURN).content.decode()
    paper = SimpleUploadedFile("목록.txt", "태울 것".encode())
    asked = portal.post(BURN, {"reason": "기간이 끝남", "paper": paper}).content.decode()
    assert "본인 확인" in asked
    assert done == []
    again = hidden(asked)
    assert again["reason"] == "기간이 끝남"
    wrong = portal.post(BURN, again | {"_proof-password": "wrong"}).content.decode()
    assert "비밀번호가 맞지 않습니다" in wrong
    assert done == []
    answer = portal.post(BURN, hidden(wrong) | {"_proof-password": PASSWORD})
    assert answer.status_code == 302
    assert done == [("기간이 끝남", "태울 것".encode())]
    assert portal.post(BURN, {"reason": "또"}).status_code == 302
    kinds = list(Entry.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds == [access_record.LOGGED_IN, access_record.FAILED, second_factor.PROVED]


def test_a_file_that_could_not_be_kept_stops_the_act(portal, clock):
    clock(11)
    paper = SimpleUploadedFile("꾸러미.exe", b"MZ\x00\x01")
    asked = portal.post(BURN, {"reason": "끝", "paper": paper}).content.decode()
    assert "다시 골라 주십시오" in asked
    answer = portal.post(BURN, hidden(asked) | {"_proof-password": PASSWORD})
    assert "파일을 다시 골라" in answer.content.decode()
    assert done == []


def test_who_gives_up_finds_what_was_typed_but_no_password(portal, person, clock):
    clock(11)
    opened = re.search(r'name="_opened" value="([^"]+)"', portal.get(BURN).content.decode())
    assert opened
    asked = portal.post(BURN, {"reason": "나중에", "_opened": opened[1]}).content.decode()
    portal.post(BURN, hidden(asked) | {"_proof-password": "wrong-but-secret"})
    content = str(FormDraft.objects.get().content)
    assert "나중에" in content
    assert "wrong-but-secret" not in content
    assert "form-draft" in portal.get(BURN).content.decode()
    portal.post(BURN, hidden(asked) | {"_proof-password": PASSWORD})
    assert not FormDraft.objects.exists()


def test_who_has_a_second_factor_shows_it_and_not_the_password(portal, person, clock):
    SecondFactor.objects.create(officer=person, secret=SECRET, confirmed_at=timezone.now())
    clock(11)
    assert "인증 번호" in portal.post(BURN, {"reason": "끝"}).content.decode()
    assert "본인 확인" in portal.post(BURN, {"reason": "끝", "_proof-password": PASSWORD}).content.decode()
    assert done == []
    assert portal.post(BURN, {"reason": "끝", "_proof-code": code_of(SECRET)}).status_code == 302
    clock(12)
    assert portal.post(BURN, {"reason": "또"}).status_code == 302
    clock(22)
    assert "본인 확인" in portal.post(BURN, {"reason": "셋"}).content.decode()
    assert [reason for reason, _ in done] == ["끝", "또"]


def test_guessing_gets_slower(portal, person, clock):
    clock(11)
    for _ in range(12):
        page = portal.post(BURN, {"reason": "끝", "_proof-password": "wrong"}).content.decode()
    assert "기다려야 합니다" in page
    assert LoginDelay.objects.exists()
    assert portal.post(BURN, {"reason": "끝", "_proof-password": PASSWORD}).status_code == 200
    assert done == []


def test_a_clock_that_goes_back_proves_nothing(portal, clock):
    clock(-5)
    assert "본인 확인" in portal.post(BURN, {"reason": "끝"}).content.decode()


def test_a_stranger_is_asked_to_log_in(portal):
    assert Client().post(BURN, {"_proof-password": PASSWORD}).url.startswith(reverse("wagtailadmin_login"))
    assert done == []
