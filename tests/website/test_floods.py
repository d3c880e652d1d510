"""Limits of public forms: a flood waits, a household is never locked out, no address is kept."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from website import floods
from website.models import FloodMark

pytestmark = pytest.mark.django_db
LIMITS = (floods.Limit(3, timedelta(minutes=10)), floods.Limit(5, timedelta(days=1)))


def request(address: str = "203.0.113.7", **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def age_all(by: timedelta) -> None:
    for mark in FloodMark.objects.all():
        mark.at -= by
        mark.save()


def test_the_limit_is_reached_and_passes_by_itself() -> None:
    for _ in range(3):
        assert floods.refusal(request(), "x", LIMITS) == ""
        floods.mark(request(), "x")
    assert "10분 뒤" in floods.refusal(request(), "x", LIMITS)
    age_all(timedelta(minutes=7))
    assert "3분 뒤" in floods.refusal(request(), "x", LIMITS)
    age_all(timedelta(minutes=4))
    assert floods.refusal(request(), "x", LIMITS) == ""


def test_trying_again_does_not_prolong_it() -> None:
    for _ in range(3):
        floods.mark(request(), "x")
    first = floods.refusal(request(), "x", LIMITS)
    for _ in range(50):
        floods.refusal(request(), "x", LIMITS)
    assert floods.refusal(request(), "x", LIMITS) == first
    assert FloodMark.objects.count() == 3


def test_the_days_limit_holds_too() -> None:
    for _ in range(5):
        floods.mark(request(), "x")
        age_all(timedelta(minutes=30))
    assert floods.refusal(request(), "x", LIMITS) != ""


def test_neighbours_and_other_forms_are_not_touched() -> None:
    for _ in range(3):
        floods.mark(request(), "x")
    assert floods.refusal(request("203.0.113.8"), "x", LIMITS) == ""
    assert floods.refusal(request(), "y", LIMITS) == ""


def test_one_household_of_ipv6_is_one_sender() -> None:
    assert floods.source_of(request("2001:db8:1:2::1")) == floods.source_of(request("2001:db8:1:2:ffff::9"))
    assert floods.source_of(request("2001:db8:1:2::1")) != floods.source_of(request("2001:db8:1:3::1"))
    assert floods.source_of(request("::ffff:203.0.113.7")) == floods.source_of(request("203.0.113.7"))


def test_no_address_is_kept_and_marks_are_gone_after_a_day() -> None:
    floods.mark(request(), "x")
    mark = FloodMark.objects.get()
    assert "203.0.113.7" not in f"{mark.source}{mark.form}"
    assert floods.forget() == 0
    age_all(timedelta(days=1, seconds=1))
    assert floods.forget() == 1


def test_a_forged_header_does_not_change_the_sender() -> None:
    forged = request(**{"X-Forwarded-For": "198.51.100.1"})
    assert floods.source_of(forged) == floods.source_of(request())


@pytest.mark.parametrize("address", ["", "not an address", "999.1.1.1", "unix:"])
def test_an_address_that_is_none_is_one_sender(address: str) -> None:
    assert floods.source_of(request(address)) == floods.source_of(request("nonsense"))


def test_marks_of_long_ago_do_not_count() -> None:
    FloodMark.objects.create(
        form="x", source=floods.source_of(request()), at=timezone.now() - timedelta(days=3)
    )
    assert floods.refusal(request(), "x", (floods.Limit(1, timedelta(days=1)),)) == ""
