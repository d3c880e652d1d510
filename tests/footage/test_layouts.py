"""Layouts in both directions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.layouts import NAMED, Layout, LayoutError, folder_may_hold_due, instant, microseconds
from footage.unlinker import Sweeper

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("layout", "path", "camera", "start"),
    [
        ("frigate", "recordings/2026-11-20/03/정문 1/04.05.mp4", "정문 1", "2026-11-20T03:04:05+00:00"),
        ("frigate-0.11", "recordings/2026-11/20/03/gate/04.05.mp4", "gate", "2026-11-20T03:04:05+09:00"),
        (
            "mediamtx",
            "recordings/site/1/2026-11-20_03-04-05-123456.mp4",
            "site/1",
            "2026-11-20T03:04:05.123456+09:00",
        ),
        ("mediamtx", "recordings/a/2026-11-20_03-04-05-000000+0200.mp4", "a", "2026-11-20T03:04:05+02:00"),
        ("mediamtx", "recordings/a/2026-11-20_03-04-05-000000Z.ts", "a", "2026-11-20T03:04:05+00:00"),
        ("shinobi", "group/monitor/2026-11-20T03-04-05.mp4", "monitor", "2026-11-20T03:04:05+09:00"),
        (
            "kerberos",
            "data/recordings/1763607845_6-967003_gate_2_200-200-400-400_24_769.mp4",
            "gate_2",
            "2025-11-20T03:04:05+00:00",
        ),
        ("{camera}/%Y/%m/%d/%H%M%S.mp4", "c1/2026/11/20/030405.mp4", "c1", "2026-11-20T03:04:05+09:00"),
        ("%Y%m%d/{camera}_%H-%M.mkv", "20261120/a_b_03-04.mkv", "a_b", "2026-11-20T03:04:00+09:00"),
        ("{camera}/%Y-%j-%H.mp4", "c/2026-324-03.mp4", "c", "2026-11-20T03:00:00+09:00"),
        ("{camera}/%s.mp4", "c/1763607845.mp4", "c", "2025-11-20T03:04:05+00:00"),
        ("{camera}/%Y-%m-%d/%H.%M%z.mp4", "c/2026-11-20/03.04+09:00.mp4", "c", "2026-11-20T03:04:00+09:00"),
    ],
)
def test_reads_a_path(layout, path, camera, start):
    reading = Layout(layout, "Asia/Seoul").parse(path)
    assert reading is not None
    assert (reading.camera, reading.start) == (camera, datetime.fromisoformat(start))


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        ("frigate", "recordings/2026-11-20/03/gate/04.05.mp4.tmp"),
        ("frigate", "recordings/2026-11-20/03/gate/4.5.mp4"),
        ("frigate", "recordings/2026-13-20/03/gate/04.05.mp4"),
        ("frigate", "recordings/2026-02-30/03/gate/04.05.mp4"),
        ("frigate", "recordings/2026-11-20/24/gate/04.05.mp4"),
        ("frigate", "recordings/2026-11-20/03/gate/60.00.mp4"),
        ("frigate", "recordings/2026-11-20/03/gate/deeper/04.05.mp4"),
        ("frigate", "recordings/2026-11-20/03/04.05.mp4"),
        ("frigate", "clips/2026-11-20/03/gate/04.05.mp4"),
        ("frigate", "recordings/0000-11-20/03/gate/04.05.mp4"),
        ("frigate", "recordings/0001-01-01/00/gate/04.05.mp4"),
        ("frigate", "recordings/9999-12-31/23/gate/59.59.mp4"),
        ("frigate-0.11", "recordings/9999-12/31/23/gate/59.59.mp4"),
        ("mediamtx", "recordings/a/9999-12-31_23-59-59-999999.mp4"),
        ("mediamtx", "recordings/a/9999-12-31_23-59-59-999999-0900.mp4"),
        ("mediamtx", "recordings/a/0001-01-01_00-00-00-000000.mp4"),
        ("shinobi", "group/monitor/9999-12-31T23-59-59.mp4"),
        ("{camera}/%Y-%j-%H.mp4", "c/9999-365-23.mp4"),
        ("{camera}/%Y/%m/%d.mp4", "c/9999/12/31.mp4"),
        ("frigate", "recordings/٢٠٢٦-11-20/03/gate/04.05.mp4"),
        ("mediamtx", "recordings/2026-11-20_03-04-05-000000.mp4"),
        ("mediamtx", "recordings/a/2026-11-20_03-04-05-000000+9900.mp4"),
        ("{camera}/%Y/%Y-%m-%d.mp4", "c/2025/2026-11-20.mp4"),
        ("{camera}/%Y-%j.mp4", "c/2026-366.mp4"),
    ],
)
def test_does_not_read_what_does_not_fit(layout, path):
    assert Layout(layout).parse(path) is None


@pytest.mark.parametrize(
    "template",
    [
        "",
        " ",
        "/{camera}/%Y%m%d.mp4",
        "{camera}/%Y%m%d/",
        "{camera}//%Y%m%d.mp4",
        "../{camera}/%Y%m%d.mp4",
        "%Y%m%d/%H.mp4",
        "{camera}/{camera}/%Y%m%d.mp4",
        "{camera}/%m%d.mp4",
        "{camera}/%Y%d.mp4",
        "{camera}/%Y%m.mp4",
        "{camera}/%Y%m%d-%M.mp4",
        "{camera}/%Y%m%d-%H-%S.mp4",
        "{camera}/%Y%m%d-%I.mp4",
        "{camera}%s.mp4",
        "%s{camera}.mp4",
        "{camera}/%Y%Y%m%d.mp4",
        "{kamera}/%Y%m%d.mp4",
        "{camera}/%Y%m%d.mp4 ",
        "{camera}/%Y%m%d.mp4%",
        "{camera",
        "{path}/%Y/%m%d.mp4",
        "x{path}/%Y%m%d.mp4",
    ],
)
def test_refuses_templates_that_say_too_little_or_two_things(template):
    with pytest.raises(LayoutError):
        Layout(template)


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(
        LayoutError, match=r"없는 경로 형식.*frigate, frigate-0\.11, mediamtx, shinobi, kerberos"
    ):
        Layout("nvr-3000")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "/etc/passwd", "../UTC", "Asia/Seoul\x00"])
def test_refuses_zones_that_do_not_exist(zone):
    with pytest.raises(LayoutError):
        Layout("{camera}/%Y%m%d.mp4", zone)


ZONES = ["UTC", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
TEMPLATES = [
    *NAMED,
    "{camera}/%Y/%m/%d/%H-%M-%S.mp4",
    "%Y-%m-%d/{camera}/%H%M%S_%f.mkv",
    "{camera}/%Y-%m-%d_%H-%M-%S%z.mp4",
    "%y%j/{camera}.%H.%M.%S.ts",
]
INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
KEYS = st.text("abcXYZ019-_ 가힣뷁", min_size=1, max_size=12).filter(
    lambda key: key.strip() == key and "_" not in key
)


@given(
    st.sampled_from(TEMPLATES),
    st.sampled_from(ZONES),
    KEYS,
    INSTANTS,
)
def test_both_directions_agree(template, zone, key, start):
    """What `path` writes `parse` reads; in the hour that the clock repeats, as one of its two readings."""
    layout = Layout(template, zone)
    start = start.replace(microsecond=0)
    reading = layout.parse(layout.path(key, start))
    assert reading is not None
    assert reading.camera == key
    assert microseconds(start) in (reading.first_us, reading.last_us)


@given(
    st.sampled_from(TEMPLATES),
    st.sampled_from(ZONES),
    INSTANTS,
)
def test_every_folder_on_the_way_bounds_the_file(template, zone, start):
    """Pruning must never hide a due file: both readings lie within the bounds of each folder above."""
    layout = Layout(template, zone)
    path = layout.path("key", start.replace(microsecond=0))
    reading = layout.parse(path)
    cursors = layout.top()
    for folder in path.split("/")[:-1]:
        cursors = layout.enter(cursors, folder)
        first_us, last_us = layout.bounds(cursors)
        assert first_us is None or first_us <= reading.first_us
        assert last_us is None or last_us >= reading.last_us
        assert folder_may_hold_due(first_us, reading.last_us + 600_000_001, 600_000_000)


def test_a_folder_whose_first_file_cannot_be_due_is_not_listed():
    layout = Layout("frigate")
    cursors = layout.enter(layout.enter(layout.top(), "recordings"), "2026-11-20")
    first_us, last_us = layout.bounds(cursors)
    assert instant(first_us) == datetime(2026, 11, 20, tzinfo=UTC)
    assert instant(last_us) == datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=UTC)
    assert not folder_may_hold_due(first_us, first_us + 600_000_000, 600_000_000)
    assert folder_may_hold_due(first_us, first_us + 600_000_001, 600_000_000)


def test_a_time_that_the_clock_shows_twice_counts_from_the_later():
    """ZoneMinder#849, frigate#2158: at the end of summer time 01:30 is two instants."""
    reading = Layout("{camera}/%Y%m%d/%H%M.mp4", "America/New_York").parse("c/20261101/0130.mp4")
    assert reading.last_us - reading.first_us == 3600 * 1_000_000
    assert reading.start == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_time_that_the_clock_skipped_is_read_without_being_early():
    reading = Layout("{camera}/%Y%m%d/%H%M.mp4", "America/New_York").parse("c/20260308/0230.mp4")
    assert reading.last_us - reading.first_us == 3600 * 1_000_000


def test_frigate_is_utc_whatever_zone_is_given():
    assert Layout("frigate", "Asia/Seoul").zone.key == "UTC"


def test_shinobi_cameras_are_known_with_and_without_their_group():
    assert Layout("shinobi").parse("grp/mon/2026-11-20T03-04-05.mp4").keys == ("mon", "grp/mon")


def test_layout_text_is_taken_literally():
    layout = Layout("rec.%%/{camera}/%Y+%m+%d.mp4")
    assert layout.parse("rec.%/a/2026+11+20.mp4") is not None
    assert layout.parse("recX%/a/2026+11+20.mp4") is None


def test_the_hands_of_the_sweep_need_no_django():
    """footage.unlinking_process is started for every big sweep; it must not load Django."""
    import subprocess
    import sys

    code = "import sys, footage.unlinking_process; sys.exit(any(n == 'django' or n.startswith('django.') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert Sweeper is not None


def test_microseconds_and_back():
    at = datetime(2026, 11, 20, 3, 4, 5, 6, tzinfo=SEOUL)
    assert instant(microseconds(at)) == at
    assert microseconds(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=1)) == 1_000_000
