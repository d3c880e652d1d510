import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import shares


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (36, 64, "56.3%"),
        (1, 8, "12.5%"),
        (1, 2000, "0.1%"),
        (1, 2001, "0.05%"),
        (9_998, 10_000, "99.98%"),
        (999_999, 1_000_000, "99.9999%"),
        (1, 1_000_000, "0.0001%"),
        (0, 7, "0.0%"),
        (7, 7, "100.0%"),
        (1, 3, "33.3%"),
    ],
)
def test_half_up_and_never_less_than_all_as_all(part, whole, text):
    assert shares.written(shares.percent(part, whole)) == text


def test_nothing_of_nothing_is_no_share():
    assert shares.percent(0, 0) is None


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_only_all_is_all_and_only_none_is_none(part, whole):
    part = min(part, whole)
    found = shares.percent(part, whole)
    assert (found == 100) == (part == whole)
    assert (found == 0) == (part == 0)
    assert shares.written(found).startswith("100") == (part == whole)
    assert abs(found - 100 * part / whole) <= 0.05 + 1e-9
