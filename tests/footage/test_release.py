"""What releasing holds would let go is told before it is done: together, and in part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from footage import holds
from tests.footage.factories import CameraFactory, HoldFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def days(number: float):
    return NOW - timedelta(days=number)


@pytest.fixture
def camera():
    return CameraFactory(retention_days=30)


def hold(camera, first, last):
    return HoldFactory(camera=camera, from_at=days(first), until_at=days(last))


def would_go(*released):
    return holds.would_become_due(released, NOW)


def test_two_holds_of_one_range_go_together_and_not_one_alone(camera):
    first, second = hold(camera, 40, 35), hold(camera, 40, 35)
    assert would_go(first) == []
    assert would_go(first, second) == [first, second]


def test_what_others_cover_between_them_stays(camera):
    mine = hold(camera, 40, 34)
    hold(camera, 41, 37)
    assert would_go(mine) == [mine]
    hold(camera, 37, 33)
    assert would_go(mine) == []
    hold(CameraFactory(retention_days=30), 41, 33)
    assert would_go(mine) == []


def test_only_what_is_past_the_period_counts(camera):
    young, over = hold(camera, 29, 20), hold(camera, 31, 20)
    assert would_go(young) == []
    assert would_go(over) == [over]
    hold(camera, 31, 30)
    assert would_go(over) == []


@pytest.mark.parametrize("count", [1, 5])
def test_it_is_one_query(camera, count, django_assert_num_queries):
    mine = [hold(camera, 40, 35) for _ in range(count)]
    with django_assert_num_queries(1):
        assert would_go(*mine) == mine
