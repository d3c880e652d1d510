"""Stages side by side: the same items in the same order, and what goes wrong in one of them is told."""

import threading

import pytest

from footage.redaction.ahead import WAITING, ahead

pytestmark = pytest.mark.once


def test_stages_hand_on_everything_in_order_and_end_together():
    made = []

    def numbers():
        for number in range(50):
            made.append(number)
            yield number

    assert list(ahead(number * 2 for number in ahead(numbers()))) == list(range(0, 100, 2))
    made.clear()
    some = ahead(number for number in ahead(numbers()))
    assert next(some) == 0
    some.close()
    assert len(made) <= 2 * WAITING + 5, "no stage runs far ahead"
    assert not any("(make)" in thread.name for thread in threading.enumerate())


def test_what_goes_wrong_in_a_stage_is_raised_where_it_is_waited_for():
    def broken():
        yield 1
        raise ValueError("the third stage")

    with pytest.raises(ValueError, match="third"):
        list(ahead(ahead(ahead(broken()))))
