"""The annex: what nobody put on record of a camera is not zero."""

import pytest
import time_machine

from reports import annex
from reports.figures.context import Reach
from reports.period import Period
from tests.footage.factories import CameraFactory
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
BEGAN = seoul(2026, 10, 5, 9)


def line(period: str):
    (volume,) = annex.Annex(Reach(Period.parse(period), seoul(2026, 11, 30, 9))).volumes()
    return volume.lines[0]


def test_of_a_quarter_before_the_register_nothing_is_said_of_its_footage():
    with time_machine.travel(BEGAN):
        CameraFactory()
    told = line("2026Q3")
    assert (told.destroyed, told.holds, told.proofs) == ("기록 없음", "기록 없음", "기록 없음")
    data = annex.Annex(Reach(Period.parse("2026Q3"), seoul(2026, 11, 30, 9))).rows[0]
    proofs = ("proofs_due", "proofs", "proofs_right", "proofs_wrong", "proofs_unseen")
    assert {data[name] for name in proofs} == {None}
    told = line("2026Q4")
    assert (told.holds, told.proofs) != ("기록 없음", "기록 없음")


def test_on_the_day_on_which_the_register_began_nothing_was_due_yet():
    """As the report says: no camera is called one of which nothing had to be proved."""
    with time_machine.travel(seoul(2026, 11, 30, 8)):
        CameraFactory()
    assert line("2026Q4").proofs == "기록 없음"
