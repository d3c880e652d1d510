import pytest

from reports import wording


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 KB"),
        (1_500_000, "1.50 MB"),
        (2 * 10**12, "2.00 TB"),
        (10**19, "10.00 EB"),
    ],
)
def test_size(count, text):
    assert wording.size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0초"),
        (0.4, "1초 미만"),
        (59, "59초"),
        (61, "1분 1초"),
        (3600, "1시간"),
        (7384, "2시간 3분"),
        (356_400, "4일 3시간"),
    ],
)
def test_duration(seconds, text):
    assert wording.duration(seconds) == text


def test_what_is_unknown_is_a_dash():
    assert wording.written(None, "count") == wording.written("", "text") == "–"
    assert wording.written(None, "count", "기록 없음") == "기록 없음"
    assert wording.written(0, "count", "기록 없음") == "0"
    assert wording.written(1_234_567, "count") == "1,234,567"
    assert wording.written("2026-09-30T15:00:00+00:00", "instant") == "2026. 10. 1. 00:00"
    assert wording.written("2026-09-30", "date") == "2026. 9. 30."
