"""Codes of an app and recovery codes: the published vectors, once each, slowly where somebody guesses."""

import datetime as dt

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts import second_factor
from accounts.login_delays import MustWait
from accounts.models import SecondFactor
from accounts.roles import Role
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
# RFC 6238, appendix B: the secret "12345678901234567890" and its six last digits at these seconds.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = ((59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037"))


@pytest.fixture
def asked():
    return RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")


def at(time_machine, second: int) -> None:
    time_machine.move_to(dt.datetime.fromtimestamp(second, dt.UTC), tick=False)


def registered(**more) -> SecondFactor:
    officer = OfficerFactory(role=Role.OFFICIAL)
    return SecondFactor.objects.create(officer=officer, secret=SECRET, confirmed_at=timezone.now(), **more)


@pytest.mark.parametrize(("second", "code"), VECTORS)
def test_codes_are_those_of_the_standard(second, code, asked, time_machine):
    at(time_machine, second)
    row = registered()
    assert second_factor.check(asked, row.officer, code) == second_factor.Passed()
    row.refresh_from_db()
    assert row.last_step == second // 30


def test_a_code_works_once_and_half_a_minute_around(asked, time_machine):
    row = registered()
    for late, works in ((-60, False), (30, True), (31, False)):
        at(time_machine, 1_111_111_109 + late)
        if works:
            second_factor.check(asked, row.officer, "081 804")
            continue
        with pytest.raises(second_factor.WrongCode):
            second_factor.check(asked, row.officer, "081804")
    at(time_machine, 1_234_567_890 + 60)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(asked, row.officer, "005924")


def test_an_offered_key_counts_when_its_code_was_typed_and_the_former_one_until_then(asked, time_machine):
    at(time_machine, 59)
    row = registered()
    second_factor.offer(row.officer)
    with pytest.raises(second_factor.WrongCode):
        second_factor.accept(asked, row.officer, "000000")
    second_factor.check(asked, row.officer, "287082")
    row.refresh_from_db()
    assert row.secret == SECRET
    SecondFactor.objects.filter(pk=row.pk).delete()
    fresh = SecondFactor.objects.create(officer=row.officer, offered=SECRET)
    assert not second_factor.has(row.officer)
    codes = second_factor.accept(asked, row.officer, "287082")
    assert len(set(codes)) == 10
    fresh.refresh_from_db()
    assert (fresh.secret, fresh.offered) == (SECRET, "")


def test_a_recovery_code_works_once_and_new_ones_end_the_old(asked):
    row = registered()
    first, second, *_ = second_factor.renew_codes(row.officer)
    row.refresh_from_db()
    assert first.replace("-", "") not in str(row.recovery)
    assert second_factor.check(asked, row.officer, first.upper()) == second_factor.Passed(
        second_factor.ProofWay.RECOVERY_CODE, 9
    )
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(asked, row.officer, first)
    second_factor.renew_codes(row.officer)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(asked, row.officer, second)


def test_who_guesses_waits_and_nobody_elses_password_does(asked):
    row = registered()
    for _ in range(6):
        with pytest.raises(second_factor.WrongCode):
            second_factor.check(asked, row.officer, "000000")
    with pytest.raises(MustWait):
        second_factor.check(asked, row.officer, "000000")
    elsewhere = RequestFactory().post("/", REMOTE_ADDR="198.51.100.9")
    with pytest.raises(MustWait):
        second_factor.check(elsewhere, row.officer, "000000")
    second_factor.login_delays.begin(elsewhere, row.officer.username)


def test_who_must_have_one():
    must = {role for role in Role if second_factor.must_have(OfficerFactory(role=role))}
    assert must == set(Role)


def test_the_key_lies_sealed(django_db_blocker):
    registered()
    stored = SecondFactor.objects.values_list("secret", flat=True).get()
    assert SECRET not in getattr(stored, "token", "")
