"""Photographs of signs go when their period is over; the check stays, and so does whatever is still needed."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cameras import tasks
from cameras.models import Sign, SignCheck
from cameras.signs import checking, hanging, photo_erasure
from ledger.models import Entry
from ordinance.models import Parameter
from tests.accounts.factories import OfficerFactory
from tests.cameras.situations_of_signs import (
    a_sign,
    a_sign_with_a_refused_photograph,
    a_site,
    of_sign,
    photograph,
)
from tests.ordinance.duties import today, unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory(role=Role.OFFICIAL)


def checked(site, by, *, days_ago: int, shade: int = 200) -> SignCheck:
    """A photograph that was taken and counted that many days ago; the sign was made before."""
    if not Sign.objects.filter(site=site, retired_on__isnull=True).exists():
        a_sign(site, by)
    found = checking.check(of_sign(site, shade=shade), by=by, site=site)
    assert found.outcome == SignCheck.Outcome.READ
    return aged(found, days_ago)


def aged(check: SignCheck, days_ago: int) -> SignCheck:
    at = timezone.now() - dt.timedelta(days=days_ago)
    stated = check.stated_on and check.stated_on - dt.timedelta(days=days_ago)
    SignCheck.objects.filter(pk=check.pk).update(checked_at=at, taken_at=at, stated_on=stated)
    return SignCheck.objects.get(pk=check.pk)


def files_of(check: SignCheck) -> list[bool]:
    """Whether original and copy are on the disk, by the names that the check had."""
    return [file.storage.exists(file.name) for file in (check.photo, check.public_photo)]


@pytest.fixture
def erase(django_capture_on_commit_callbacks):
    def act(now=None) -> photo_erasure.Erased:
        with django_capture_on_commit_callbacks(execute=True):
            return photo_erasure.erase_due(now)

    return act


def test_an_old_photograph_goes_and_the_check_stays(officer, erase):
    site = a_site()
    old = checked(site, officer, days_ago=366)
    new = checked(site, officer, days_ago=1, shade=180)
    assert erase() == photo_erasure.Erased(1, 2)
    after = SignCheck.objects.get(pk=old.pk)
    assert files_of(old) == [False, False]
    assert files_of(new) == [True, True]
    assert (after.photo.name, after.public_photo.name) == ("", "")
    assert after.photo_erased_at is not None
    facts = (
        "outcome",
        "taken_at",
        "checked_at",
        "checked_by_id",
        "photo_sha256",
        "latitude",
        "distance_metres",
        "sign_id",
    )
    assert all(getattr(after, name) == getattr(old, name) for name in facts)
    entry = Entry.objects.get(kind=photo_erasure.KIND_ERASED)
    assert json.loads(entry.payload)["checks"] == [old.pk]
    assert json.loads(entry.payload)["photos"] == [old.photo_sha256]
    assert erase() == photo_erasure.Erased(0, 0)
    assert Entry.objects.filter(kind=photo_erasure.KIND_ERASED).count() == 1


def test_the_latest_photograph_of_a_sign_in_use_stays_however_old(officer, erase):
    """Else the rule `sign` would be broken by the erasure itself."""
    site = a_site()
    a_sign(site, officer)
    earlier, latest = checked(site, officer, days_ago=900), checked(site, officer, days_ago=800, shade=180)
    # A refused one that came later does not count as the latest.
    refused = aged(checking.check(photograph("https://example.org/"), by=officer, site=site), 700)
    Sign.objects.update(last_checked_on=today())
    camera = site.cameras.get().number
    assert unmet("sign", camera) == set()
    assert erase().checks == 2
    assert files_of(latest) == [True, True]
    assert files_of(earlier) == files_of(refused) == [False, False]
    assert unmet("sign", camera) == set()


def test_when_the_sign_comes_down_its_last_photograph_goes_too(officer, erase):
    site = a_site()
    last = checked(site, officer, days_ago=400)
    assert erase().checks == 0
    hanging.retire(Sign.objects.get(), on=today(), reason="훼손", by=officer)
    assert erase().checks == 1
    assert files_of(last) == [False, False]


def test_a_photograph_within_its_period_stays(officer, erase):
    site = a_site()
    young = checked(site, officer, days_ago=364)
    hanging.retire(Sign.objects.get(), on=today(), reason="훼손", by=officer)
    assert erase().checks == 0
    assert files_of(young) == [True, True]
    assert erase(timezone.now() + dt.timedelta(days=2)).checks == 1


def test_the_period_is_that_of_the_profile(officer, erase):
    site = a_site()
    checked(site, officer, days_ago=50)
    checked(site, officer, days_ago=1, shade=180)
    assert erase().checks == 0
    Parameter.objects.filter(code=photo_erasure.PERIOD).update(value=40)
    assert erase().checks == 1


def test_a_refused_photograph_that_was_confirmed_by_hand_keeps_its_file(officer, erase):
    """Both checks name one file: it stays as long as either of them needs it."""
    site = a_site()
    _, refused = a_sign_with_a_refused_photograph(site, officer)
    refused = aged(refused, 500)
    confirmed = checking.confirm(refused, reason="코드가 긁혔음", by=officer, stated_on=today())
    assert confirmed.photo.name == refused.photo.name
    assert erase() == photo_erasure.Erased(0, 0)
    assert files_of(refused) == [True, True]
    # It is the latest of the sign in use: still needed a year later.
    aged(confirmed, 400)
    assert erase() == photo_erasure.Erased(0, 0)
    checked(site, officer, days_ago=1)
    assert erase() == photo_erasure.Erased(2, 2)
    assert files_of(refused) == [False, False]


def test_a_shared_file_goes_with_the_last_check_of_it(officer, erase, monkeypatch):
    site = a_site()
    _, refused = a_sign_with_a_refused_photograph(site, officer)
    confirmed = checking.confirm(refused, reason="코드가 긁혔음", by=officer, stated_on=today())
    aged(refused, 500), aged(confirmed, 500)
    checked(site, officer, days_ago=1)
    monkeypatch.setattr(photo_erasure, "ERASED_AT_ONCE", 1)
    assert erase() == photo_erasure.Erased(2, 2)
    assert files_of(refused) == [False, False]


def test_an_erased_photograph_is_not_confirmed_by_hand(officer, erase, client):
    site = a_site()
    _, refused = a_sign_with_a_refused_photograph(site, officer)
    refused = aged(refused, 400)
    assert erase().checks == 1
    # The page was opened before the night.
    with pytest.raises(ValidationError, match="파기"):
        checking.confirm(refused, reason="코드가 긁혔음", by=officer, stated_on=today())
    assert SignCheck.objects.count() == 1
    client.force_login(officer)
    page = client.get(reverse("signs:outcome", args=[refused.pk]))
    assert "보관기간이 지나" in page.content.decode()
    assert page.context["form"] is None
    assert client.get(reverse("signs:picture", args=[refused.pk])).status_code == 404
    assert client.get(reverse("signs:original", args=[refused.pk])).status_code == 404


def test_one_that_is_confirmed_between_the_question_and_the_lock_stays(officer, erase, monkeypatch):
    site = a_site()
    _, refused = a_sign_with_a_refused_photograph(site, officer)
    aged(refused, 400)
    ask = photo_erasure.due

    def ask_then_confirm(now=None):
        if SignCheck.objects.filter(outcome=SignCheck.Outcome.BY_HAND).exists():
            return ask(now)
        keys = list(ask(now).values_list("pk", flat=True))
        checking.confirm(refused, reason="코드가 긁혔음", by=officer, stated_on=today())
        return SignCheck.objects.filter(pk__in=keys)

    monkeypatch.setattr(photo_erasure, "due", ask_then_confirm)
    assert erase() == photo_erasure.Erased(0, 0)
    assert files_of(refused) == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_erases_nothing(officer, monkeypatch):
    site = a_site()
    old = checked(site, officer, days_ago=400)
    checked(site, officer, days_ago=1, shade=180)

    def fail(*args, **kwargs):
        raise RuntimeError("ledger is away")

    monkeypatch.setattr(photo_erasure.append, "record", fail)
    with pytest.raises(RuntimeError):
        photo_erasure.erase_due()
    assert SignCheck.objects.get(pk=old.pk).photo.name == old.photo.name
    assert files_of(old) == [True, True]


def test_looking_erases_nothing(officer, capsys):
    site = a_site()
    old = checked(site, officer, days_ago=400)
    checked(site, officer, days_ago=1, shade=180)
    call_command("erase_sign_photos", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"dry_run": True, "checks": 1, "files": 2}
    assert files_of(old) == [True, True]
    call_command("erase_sign_photos", "--json")
    assert json.loads(capsys.readouterr().out) == {"dry_run": False, "checks": 1, "files": 2}


def test_as_many_questions_for_many_as_for_one(officer):
    def one_more(number: int) -> None:
        site = a_site()
        checked(site, officer, days_ago=400, shade=190 + number)
        checked(site, officer, days_ago=1, shade=100 + number)

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            tasks.erase_sign_photos()
        return len(captured)

    one_more(0)
    with_one = questions()
    for number in range(1, 5):
        one_more(number)
    assert SignCheck.objects.exclude(photo="").count() == 9
    assert questions() == with_one
    assert SignCheck.objects.exclude(photo="").count() == 5
