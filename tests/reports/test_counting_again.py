"""A quarter that is over counts the same whenever it is counted, whatever is done later; and against plain SQL."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cameras.enums import CameraState
from cameras.models import Camera
from footage.models import DailyProof, Hold
from reports.annex import OF_NO_CAMERA, Annex
from reports.figures import for_period
from reports.figures.context import Reach
from reports.period import SEOUL, Period
from tests.reports import situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
SOON = seoul(2026, 10, 2, 9)
LATER = seoul(2026, 11, 28, 9)
STATES = (CameraState.PLANNED, CameraState.OPERATING, CameraState.SUSPENDED, CameraState.REMOVED)
RESULTS = DailyProof.Result.values

days = st.integers(0, (LAST - FIRST).days)
hours = st.integers(0, 23)
moves = st.lists(st.tuples(days, hours, st.sampled_from(STATES)), max_size=5)
proofs = st.dictionaries(days, st.sampled_from(RESULTS), max_size=20)
cameras = st.lists(st.tuples(moves, proofs), min_size=1, max_size=3)
LATER_ACTS = ("suspend", "remove", "relocate", "shorten", "release", "hold")


def at(day: int, hour: int) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), SEOUL) + timedelta(hours=hour)


def live(ordinal: int, moves, proofs) -> Camera:
    """A camera that was planned before the quarter and went through these states."""
    camera = situations.camera(f"S-{ordinal}", state=CameraState.PLANNED, at=seoul(2026, 6, 1))
    for day, hour, state in sorted(moves):
        camera.state = state
        camera.removed_on = date(2026, 9, 1) if state == CameraState.REMOVED else None
        camera._history_date = at(day, hour)
        camera.save()
    for day, result in proofs.items():
        situations.proofs([camera], FIRST + timedelta(days=day), 1)
        DailyProof.objects.filter(camera=camera, on=FIRST + timedelta(days=day)).update(result=result)
    situations.hold(camera, seoul(2026, 8, 1))
    return camera


def act(camera: Camera, what: str, ordinal: int) -> None:
    """Something that an officer does after the quarter."""
    camera._history_date = seoul(2026, 11, 2, 10)
    if what == "suspend":
        camera.state = CameraState.SUSPENDED
    elif what == "remove":
        camera.state, camera.removed_on = CameraState.REMOVED, date(2026, 8, 15)
    elif what == "shorten":
        camera.retention_days = 7
    elif what == "relocate":
        camera.site = situations.camera(f"elsewhere-{ordinal}", at=seoul(2026, 11, 1)).site
        camera.number = f"{camera.site.number}-9"
        camera.ordinal = 9
    elif what == "release":
        Hold.objects.filter(camera=camera).update(released_at=seoul(2026, 11, 2))
    elif what == "hold":
        situations.hold(camera, seoul(2026, 11, 3))
    camera.save()


def of_the_quarter(now: datetime) -> dict[str, object]:
    figures = for_period("2026Q3", now=now)
    found: dict[str, object] = {
        figure.code: figure.value for _, figure in figures.figures() if figure.is_flow
    }
    for code in (
        "proofs_by_month",
        "expected_and_found",
        "proof_causes",
        "holds_by_ground",
        "destruction_by_month",
    ):
        found[code] = figures.table(code).rows
    return found


def classes(lives) -> dict[str, int]:
    """The four classes by going through every camera and day."""
    counts = dict.fromkeys(("due", "in_order", "not_in_order", "not_seen", "missing"), 0)
    for moves, proofs in lives:
        for day in range((LAST - FIRST).days + 1):
            before = [state for on, hour, state in sorted(moves) if at(on, hour) < at(day, 0)]
            if before and before[-1] == CameraState.OPERATING:
                counts["due"] += 1
                counts[proofs.get(day, "missing")] += 1
    return counts


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lives=cameras, acts=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(LATER_ACTS)), max_size=6))
def test_nothing_done_later_changes_a_quarter_that_is_over(lives, acts):
    with transaction.atomic():
        made = [live(ordinal, *one) for ordinal, one in enumerate(lives)]
        situations.sweep(seoul(2026, 8, 8), destroyed=9, on_time=4, lateness=7_200, camera=made[0])
        before = of_the_quarter(SOON)
        expected = classes(lives)
        # Before any camera was to be proved nothing was recorded.
        is_recorded = bool(expected["due"])
        names = {
            "due": "due",
            "right": "in_order",
            "wrong": "not_in_order",
            "unseen": "not_seen",
            "missing": "missing",
        }
        for name, oracle in names.items():
            assert before[f"proofs_{name}"] == (expected[oracle] if is_recorded else None), name
        for ordinal, (place, what) in enumerate(acts):
            act(made[place % len(made)], what, ordinal)
        assert of_the_quarter(LATER) == before
        transaction.set_rollback(True)


def test_the_annex_adds_up_to_the_report_with_a_line_for_files_of_no_camera():
    one, other = situations.cameras(2)
    situations.sweep(seoul(2026, 8, 1), destroyed=7, size=70, camera=one)
    situations.sweep(seoul(2026, 8, 2), destroyed=4, size=40, camera=other)
    situations.sweep(seoul(2026, 8, 3), destroyed=8, size=80)
    figures = for_period("2026Q3", now=SOON)
    annex = Annex(Reach(Period.parse("2026Q3"), SOON))
    rows = list(csv.DictReader(io.StringIO(annex.csv().decode("utf-8-sig"))))
    assert sum(int(row["분기 중 파기 파일 수"]) for row in rows) == figures.value("destroyed_files") == 19
    (nobody,) = [row for row in rows if row["카메라 번호"] == OF_NO_CAMERA]
    assert nobody["분기 중 파기 파일 수"] == "8"
    # It is no camera, but it is a line of the last volume.
    assert len(annex) == 2
    assert [line.number for volume in annex.volumes() for line in volume.lines][-1] == OF_NO_CAMERA


def test_figures_against_plain_sql():
    situations.district(30)
    figures = for_period("2026Q3", now=SOON)
    counted = {
        "proofs_right": "SELECT count(*) FROM footage_dailyproof WHERE result = 'in_order'",
        "proofs_wrong": "SELECT count(*) FROM footage_dailyproof WHERE result = 'not_in_order'",
        "destroyed_files": "SELECT sum(destroyed) FROM footage_manifestblock",
        "holds_in_force": "SELECT count(*) FROM footage_hold WHERE released_at IS NULL",
        "cameras": "SELECT count(*) FROM cameras_camera WHERE state IN ('installed', 'operating', 'suspended')",
        "footage_files": "SELECT sum(segments) FROM footage_footageday",
    }
    with connection.cursor() as cursor:
        for code, sql in counted.items():
            cursor.execute(sql)
            assert figures.value(code) == int(cursor.fetchone()[0]), code


def test_blocks_written_before_causes_were_recorded_say_so():
    made = situations.sweep(seoul(2026, 8, 1), destroyed=10, on_time=4, lateness=9 * 86_400)
    block = made.blocks.get()
    del block.outcome["beyond"], block.outcome["beyond_margin"]
    block.save()
    figures = for_period("2026Q3", now=SOON)
    told = {figure.code: figure for _, figure in figures.figures()}
    assert told["destroyed_files"].value == 10
    assert told["destroyed_unknown"].value == 6
    for code in ("destroyed_late", "worst_lateness", "beyond_margin", "kept_unlawfully"):
        assert (told[code].value, told[code].absent) == (None, "기록 없음"), code
    (row,) = figures.table("kept_beyond").rows
    assert (row["judged"], row["files"], row["hours"]) == ("기록 없음", 6, None)


def test_an_interim_quarter_has_no_month_that_has_not_begun():
    situations.sweep(seoul(2026, 8, 1), destroyed=5, size=5)
    figures = for_period("2026Q3", now=seoul(2026, 8, 10))
    assert [row["label"] for row in figures.table("destruction_by_month").rows] == [
        "2026-07",
        "2026-08 (10일까지)",
    ]


def test_an_interim_report_is_not_what_a_whole_quarter_is_compared_with():
    situations.sweep(seoul(2026, 5, 1), destroyed=5, size=5)
    situations.sweep(seoul(2026, 6, 20), destroyed=6, size=6)
    interim = for_period("2026Q2", now=seoul(2026, 5, 10))
    figures = for_period("2026Q3", now=SOON, earlier=interim)
    previous = {figure.code: figure.previous for _, figure in figures.figures()}
    assert figures.previous_is_recounted
    assert previous["destroyed_files"] == 11
    assert figures.previous_as_of == interim.as_of


def test_a_moved_camera_is_an_installed_one_at_another_address():
    standing, plan, gone, corrected = (situations.camera(name, at=seoul(2026, 6, 1)) for name in "SPGC")
    Camera.history.filter(id=plan.pk).update(state=CameraState.PLANNED)
    Camera.history.filter(id=gone.pk).update(state=CameraState.REMOVED)
    for camera in (standing, plan, gone):
        camera.site.road_address = f"서울특별시 강서구 공항대로 {camera.pk}"
        camera.site._history_date = seoul(2026, 8, 1)
        camera.site.save()
    corrected.site.latitude = Decimal("37.551")
    corrected.site._history_date = seoul(2026, 8, 1)
    corrected.site.save()
    figures = for_period("2026Q3", now=SOON)
    assert (figures.value("moved"), figures.value("moved_sites")) == (1, 3)
    assert figures.value("corrected_sites") == 1


def test_plans_are_no_installed_cameras():
    situations.cameras(3)
    situations.camera("P", state=CameraState.PLANNED, installed_month=None)
    figures = for_period("2026Q3", now=SOON)
    assert (figures.value("cameras"), figures.value("cameras_planned")) == (3, 1)
    assert "unknown" not in {row["key"] for row in figures.table("by_age").rows}
    assert sum(row["cameras"] for row in figures.table("by_state").rows) == 4
