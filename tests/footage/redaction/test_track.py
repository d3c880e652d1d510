"""The three stages with detectors of the test: NumPy in, NumPy out, no file and no model."""

import itertools

import numpy as np
import pytest

from footage.redaction import centerface
from footage.redaction.album import Album
from footage.redaction.clip import Planes
from footage.redaction.cover import cover
from footage.redaction.detect import HEAD, REGION, Found
from footage.redaction.track import Tracker
from tests.footage.redaction import clips

RATE = 10.0


def tracked(pictures, seen, *, kind=HEAD, step=3):
    """Tracks and doubts; `seen(number)` is what the detector says of a picture: boxes with a score."""
    greys = [np.ascontiguousarray(picture[:, :, 0]) for picture in pictures]
    album = Album(RATE)
    for number, grey in enumerate(greys):
        album.add(number, grey)
    tracker = Tracker(RATE, (clips.WIDTH, clips.HEIGHT), 1.0, album, {kind: step})
    for number, grey in enumerate(greys):
        boxes = seen(number) if number % step == 0 else None
        found = [] if boxes is None else [Found(kind, np.array(boxes, np.float32).reshape(-1, 5))]
        tracker.step(number, grey, found)
    return tracker.finish()


def square(number, pace=2, start=20):
    return [start + pace * number, 40, clips.SIDE, clips.SIDE, 0.9]


def holds(track, number, box):
    return any(
        there[0] <= box[0] + 1
        and there[1] <= box[1] + 1
        and there[0] + there[2] >= box[0] + box[2] - 1
        and there[1] + there[3] >= box[1] + box[3] - 1
        for there in track.at(number)
    )


def test_a_track_reaches_back_and_ahead_to_where_nobody_looked():
    """The detector sees the walker in the middle third only; it is visible all the time."""
    pictures = [clips.picture(20 + 2 * number) for number in range(45)]
    tracks, _ = tracked(pictures, lambda number: [square(number)] if 15 <= number <= 30 else [])
    assert len(tracks) == 1
    assert all(holds(tracks[0], number, square(number)) for number in range(45))


def test_who_stood_still_for_long_before_is_looked_up_in_the_album():
    """Still for nine seconds, which is longer than single pictures are kept, then walking and seen for the first time."""
    places = [20] * 90 + [20 + 2 * number for number in range(30)]
    pictures = [clips.picture(x) for x in places]
    tracks, _ = tracked(
        pictures,
        lambda number: [[places[number], 40, clips.SIDE, clips.SIDE, 0.5]] if number > 90 else [],
        kind=REGION,
        step=1,
    )
    assert any(
        all(holds(track, number, [places[number], 40, clips.SIDE, clips.SIDE]) for number in range(120))
        for track in tracks
    )


def test_between_two_looks_no_picture_is_bare_though_one_look_missed_it():
    pictures = [clips.picture(20 + 2 * number) for number in range(45)]
    tracks, _ = tracked(pictures, lambda number: [] if number in {18, 21} else [square(number)])
    assert len(tracks) == 1
    assert all(holds(tracks[0], number, square(number)) for number in range(45))


def test_what_vanishes_inside_the_picture_is_a_doubt():
    pictures = [clips.picture(20 + 2 * number if number < 24 else None) for number in range(60)]
    tracks, doubts = tracked(pictures, lambda number: [square(number)] if number < 24 else [])
    assert [doubt.reason for doubt in doubts] == ["lost"]
    assert 23 <= tracks[0].last < 40


def test_a_single_faint_sight_is_no_track():
    pictures = [clips.picture(None)] * 12
    tracks, doubts = tracked(pictures, lambda number: [[50, 30, 12, 12, 0.12]] if number == 6 else [])
    assert (tracks, doubts) == ([], [])


@pytest.mark.parametrize("style", ["solid", "mosaic"])
def test_what_is_covered_cannot_be_told_from_another(style):
    """Two contents with the same means give the same pixels; what is around them is left alone."""
    random = np.random.default_rng(3)
    one = random.integers(0, 256, (64, 64), dtype=np.uint8)
    other = one.copy()
    other[16:48, 16:48] = one[16:48, 16:48].reshape(2, 16, 2, 16)[:, ::-1, :, ::-1].reshape(32, 32)
    grey = np.full((32, 32), 128, np.uint8)
    first, second = (cover(Planes(luma, grey, grey), [(16, 16, 32, 32)], style).y for luma in (one, other))
    assert np.array_equal(first, second)
    assert len(np.unique(first[16:48, 16:48])) <= 4
    around = np.ones((64, 64), bool)
    around[16:48, 16:48] = False
    assert np.array_equal(first[around], one[around])


def test_the_model_takes_any_size_and_tiles_leave_no_gap():
    faces = centerface.CenterFace(0.2)
    for size in ((96, 160), (61, 333)):
        assert faces(np.zeros((*size, 3), np.uint8)).shape[1] == 5
    for length in (16, 1_280, 1_281, 1_920, 3_840, 8_192):
        spans = centerface.spans(length)
        assert spans[0][0] == 0
        assert spans[-1][1] == length
        assert all(end - begin <= centerface.TILE for begin, end in spans)
        assert all(
            later[0] <= earlier[1] - centerface.OVERLAP // 2 for earlier, later in itertools.pairwise(spans)
        )
