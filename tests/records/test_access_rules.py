"""Rules of the access log's review on tables of their own: what counts as far more, as silence, as explained."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from records.access_log import explaining
from records.access_log.month import HOUR, MINUTE
from records.access_log.rules import habits, log
from records.models import Act

pytestmark = pytest.mark.once


def test_a_camera_looked_at_again_and_again_in_an_hour_stands_out_where_a_day_does_not() -> None:
    begin = 480_000 * HOUR
    routine = [
        {"account": 1, "camera": camera, "at": begin + day * 24 * HOUR + look * 3 * HOUR + camera}
        for day in range(20)
        for camera in range(1, 41)
        for look in range(4)
    ]
    burst = [{"account": 1, "camera": 7, "at": begin + HOUR + 4 * MINUTE * n} for n in range(12)]
    looks = pd.DataFrame([*routine, *burst])
    keyed = looks.assign(day=looks["at"] // (24 * HOUR), hour=looks["at"] // HOUR)
    pairs = habits._expected(looks)
    assert list(habits._crowded(keyed, pairs, "day", 10, 14)) == []
    assert list(habits._crowded(keyed, pairs, "hour", 10, 17)) == [(1, 7, begin // HOUR + 1)]


def test_hours_in_which_nobody_had_a_shift_are_no_silence() -> None:
    figures = SimpleNamespace(silence=HOUR, shift_tolerance=30 * MINUTE)
    shift = (np.array([8 * HOUR - 30 * MINUTE]), np.array([16 * HOUR + 30 * MINUTE]))
    month = SimpleNamespace(figures=figures, duty_from=0, duty_until=48 * HOUR, shifts={1: shift, 2: shift})
    begin, until = np.array([15, 9, 20]) * HOUR, np.array([30, 13, 21]) * HOUR
    assert list(log._attended(month, begin, until)) == [HOUR, 4 * HOUR, HOUR]
    month.duty_from = None
    assert list(log._attended(month, begin, until)) == [15 * HOUR, 4 * HOUR, HOUR], "no roster tells nothing"


def test_where_cases_are_always_named_an_incident_nearby_excuses_no_row_without_one() -> None:
    near = np.ones(40, bool)
    for named, excused in ((39, 39), (30, 40)):
        events = pd.DataFrame({"case": [1] * named + [0] * (40 - named)})
        month = SimpleNamespace(events=events, acts=lambda *acts: pd.Series(np.ones(40, bool)))
        left = near & ~explaining._unnamed_among_named(month, Act.PLAYBACK, near)
        assert left.sum() == excused
