"""First stage: which regions of a picture are to be hidden. Detectors are handed in; NumPy in and out.

A detector is asked about every `step`-th picture. Faces are grown to heads here, and moving regions by a margin, so that
from now on a box is what will be covered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from footage.redaction.ahead import ahead
from footage.redaction.album import Album
from footage.redaction.centerface import CenterFace, Place
from footage.redaction.clip import Clip, Frame, glance_scale
from footage.redaction.moving import MovingRegions

Boxes = npt.NDArray[np.float32]
HEAD, REGION = "head", "region"

# deface's own default; a face that is once seen so clearly is followed down to the lower score.
CLEAR_SCORE = 0.2
FAINT_SCORE = 0.1
MOTION_SECONDS = 0.1
# Faces are looked for at every fourth look for motion of a slow camera, every second of a fast one.
LEAST_FACE_STEP = 4
# In between faces are looked for where something moves and where there were some; as often as this everywhere.
EVERYWHERE_SECONDS = 1.0
# Around what moves or was a face: in shares of its size, and pixels, since the network sees its surroundings.
AROUND, LEAST_AROUND = 0.5, 32
# From this share of the picture on, looking everywhere costs no more.
NEARLY_ALL = 0.75
# How much larger than the face a head is on each side: left and right, above, below. In shares of width and height.
HEAD_MARGIN = (0.40, 0.60, 0.35)
REGION_MARGIN = (0.12, 0.15, 0.08)
LEAST_MARGIN = 2.0  # pixels of the picture in which was looked


@dataclass(frozen=True)
class Found:
    """What one detector saw in one picture: (n, 5) of x, y, width, height, score in its pixels, already grown."""

    kind: str
    boxes: Boxes


@dataclass(frozen=True)
class Detector:
    """`look` is given the picture and what the detectors before it found in it."""

    name: str
    kind: str
    step: int
    look: Callable[[Frame, Sequence[Found]], Boxes]


Looked = tuple[Frame, list[Found]]


def find(frames: Iterable[Frame], detectors: Sequence[Detector]) -> Iterator[Looked]:
    """Each picture with what was found in it. Each detector is a thread, a few pictures ahead of the next one."""
    looked: Iterator[Looked] = ahead((frame, []) for frame in frames)
    for detector in detectors:
        looked = ahead(_looked(looked, detector))
    return looked


def _looked(frames: Iterator[Looked], detector: Detector) -> Iterator[Looked]:
    for frame, found in frames:
        if frame.number % detector.step == 0:
            found = [*found, Found(detector.kind, detector.look(frame, found))]
        yield frame, found


def moving(clip: Clip, album: Album) -> Detector:
    regions = MovingRegions(album)
    scale = glance_scale(clip.width, clip.height)

    def look(frame: Frame, _: Sequence[Found]) -> Boxes:
        boxes = grown(regions(frame.number, frame.planes.glance()), REGION_MARGIN)
        boxes[:, :4] /= scale
        return boxes

    return Detector("moving", REGION, _motion_step(clip), look)


def centerface(clip: Clip, _: Album) -> Detector:
    faces = CenterFace(FAINT_SCORE)
    motion = _motion_step(clip)
    step = motion * max(2, -(-LEAST_FACE_STEP // motion))
    everywhere = max(1, round(float(clip.rate) * EVERYWHERE_SECONDS / step)) * step
    latest = np.empty((0, 5), np.float32)

    def look(frame: Frame, found: Sequence[Found]) -> Boxes:
        nonlocal latest
        regions = [seen.boxes for seen in found if seen.kind == REGION]
        places = None
        if regions and frame.number % everywhere:
            places = around(np.concatenate([latest, *regions]), clip.width, clip.height)
        latest = faces(frame.planes.rgb(), places)
        return grown(latest, HEAD_MARGIN)

    return Detector("centerface", HEAD, step, look)


def _motion_step(clip: Clip) -> int:
    return max(1, round(float(clip.rate) * MOTION_SECONDS))


# What `--detector` may name; all of them by default.
DETECTORS: dict[str, Callable[[Clip, Album], Detector]] = {"moving": moving, "centerface": centerface}


def around(boxes: Boxes, width: int, height: int) -> list[Place] | None:
    """Places of the picture that hold these boxes with what is around them; None when that is nearly all of it."""
    more = np.maximum(boxes[:, 2:4] * AROUND, LEAST_AROUND)
    low = np.floor(np.clip(boxes[:, :2] - more, 0, None)).astype(int)
    high = np.ceil(np.minimum(boxes[:, :2] + boxes[:, 2:4] + more, (width, height))).astype(int)
    places: list[Place] = []
    for place in [
        (int(x), int(y), int(right), int(bottom)) for (x, y), (right, bottom) in zip(low, high, strict=True)
    ]:
        if place[2] <= place[0] or place[3] <= place[1]:
            continue
        # Two that are cheaper as one become one, as long as there are such.
        while other := next(
            (other for other in places if _cost(_both(place, other)) <= _cost(place) + _cost(other)), None
        ):
            places.remove(other)
            place = _both(place, other)
        places.append(place)
    return places if sum(map(_cost, places)) < NEARLY_ALL * width * height else None


def _both(one: Place, other: Place) -> Place:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _cost(place: Place) -> int:
    """Pixels that the network works on; a call has a price of its own."""
    return (-(-(place[2] - place[0]) // 32)) * (-(-(place[3] - place[1]) // 32)) * 32 * 32 + 64 * 64


def grown(boxes: Boxes, margin: tuple[float, float, float]) -> Boxes:
    """Larger by these shares of their width (each side) and height (above, below), and by some pixels at least."""
    sides, above, below = margin
    result = boxes.copy()
    beside = np.maximum(boxes[:, 2] * sides, LEAST_MARGIN)
    over = np.maximum(boxes[:, 3] * above, LEAST_MARGIN)
    under = np.maximum(boxes[:, 3] * below, LEAST_MARGIN)
    result[:, 0] -= beside
    result[:, 1] -= over
    result[:, 2] += 2 * beside
    result[:, 3] += over + under
    return result
