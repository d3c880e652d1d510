"""A day or a moment that is typed is what it says, or nothing."""

from datetime import date

from casework import typed_moments


def test_a_day_without_separators_has_eight_figures():
    for text in ("2027-01-20", "2027.1.20", "2027년 1월 20일", "20270120", "2027 1 20"):
        assert typed_moments.day(text) == date(2027, 1, 20), text
    for text in ("202711", "2027111", "202611", "2027-13-01", ""):
        assert typed_moments.day(text) is None, text
    assert typed_moments.moment("202611 1830") is None
    assert f"{typed_moments.moment('20270120 1830'):%Y-%m-%d %H:%M}" == "2027-01-20 18:30"
