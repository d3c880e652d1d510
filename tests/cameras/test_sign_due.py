"""When the check of a sign lapses."""

import datetime as dt

import pytest

from cameras.signs import due, overview

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
