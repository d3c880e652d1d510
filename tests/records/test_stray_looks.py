"""Where everybody has an area, looks outside of it that gather around the own home are found, whatever the routine weighs."""

from types import SimpleNamespace

import pandas as pd
import pytest

from records.access_log.rules import habits

PERSONS, AREA, EACH, STRAYS = 12, 20, 80, 30
# Four cameras of the first person's own area, twelve of the neighbours'.
HOME = set(range(17, 33))
MONTH = SimpleNamespace(
    figures=SimpleNamespace(rarity=20), accounts=["", *(f"agent{n}" for n in range(1, PERSONS + 1))]
)


def month_of(extra: list[tuple[int, int]]) -> pd.DataFrame:
    """Each person gives each camera of the own area 80 looks, and 30 to cameras elsewhere, spread evenly."""
    rows = []
    for person in range(1, PERSONS + 1):
        first = (person - 1) * AREA + 1
        rows += [(person, camera) for camera in range(first, first + AREA) for _ in range(EACH)]
        rows += [(person, (first - 1 + AREA + n * 7) % (PERSONS * AREA) + 1) for n in range(STRAYS)]
    frame = pd.DataFrame(rows + extra, columns=["account", "camera"])
    return frame.assign(at=range(len(frame)))


@pytest.mark.parametrize(("looks_at_home", "found"), [(0, []), (36, ["agent1"])])
def test_looks_outside_the_area_that_gather_at_home(looks_at_home, found):
    outside = sorted(HOME)[4:]
    extra = [(1, outside[n % len(outside)]) for n in range(looks_at_home)]
    homes = {1: [HOME], 5: [set(range(95, 111))]}
    findings = list(habits._strays_at_homes(MONTH, month_of(extra), homes, set(), "실시간"))
    assert [each.account for each in findings] == found
    for each in findings:
        assert looks_at_home <= len(each.rows) <= looks_at_home + 4
