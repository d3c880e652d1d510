"""When the check of a sign lapses."""

import datetime as dt

import pytest
from django.utils import timezone

from cameras.models import Sign
from cameras.rules.signs import SIGN
from cameras.signs import due, overview
from ordinance.rules import Context
from tests.cameras import situations_of_signs

DAY = dt.timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [0, 1, 29])
def test_the_last_day_of_a_check_is_found_in_one_reading_of_the_figure(ahead, django_assert_num_queries):
    today = dt.date(2026, 11, 29)
    checked_on = overview.check_deadline(today + ahead * DAY)
    with django_assert_num_queries(1):
        last = due._lapses_on(checked_on, today)
    assert overview.check_deadline(last) <= checked_on < overview.check_deadline(last + DAY)
    assert last >= today + ahead * DAY


@pytest.mark.django_db
def test_a_sign_that_was_just_put_up_is_not_said_to_be_checked_too_late():
    site = situations_of_signs.a_site()
    sign = situations_of_signs.a_sign(site)
    today = timezone.localdate()

    def said() -> str:
        context = Context.today()
        rows = SIGN.unmet_subjects(context).annotate(what=SIGN.evidence(context))
        return SIGN.says(rows.get(site=site).what)

    Sign.objects.filter(pk=sign.pk).update(put_up_on=today)
    assert "아직 현장에서 사진으로 확인하지 않았습니다" in said()
    Sign.objects.filter(pk=sign.pk).update(put_up_on=today - 2000 * DAY, last_checked_on=today - 1500 * DAY)
    assert "정한 주기 안에" in said()
