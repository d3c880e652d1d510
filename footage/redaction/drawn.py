"""Regions that a person drew in one picture and that are to be followed from there, both ways."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from footage.redaction.album import Gray
from footage.redaction.clip import Reading, glance_scale
from footage.redaction.cover import to_pixels
from footage.redaction.recipe import Pixels
from footage.redaction.stages import Progress, Surveyed
from footage.redaction.walk import Box, Scale, Walk

# How far back single pictures are kept: what was there longer is drawn again at another picture.
BACK_SECONDS, MOST_KEPT = 30.0, 750
EDGE = 0.02


@dataclass(frozen=True)
class Drawn:
    """`code` names it; `box` in pixels of picture `frame`."""

    code: str
    frame: int
    box: Pixels


@dataclass
class Followed:
    """Boxes of the pictures from `first` on; `lost`: pictures behind which it was lost inside the picture."""

    code: str
    first: int
    boxes: list[Pixels]
    lost: list[int] = field(default_factory=list)


def follow(surveyed: Surveyed, drawn: Sequence[Drawn], progress: Progress) -> list[Followed]:
    """Each as far as its content is found, back and ahead."""
    clip = surveyed.clip
    scale = Scale((clip.width, clip.height), glance_scale(clip.width, clip.height))
    earlier: deque[Gray] = deque(maxlen=max(8, min(MOST_KEPT, round(surveyed.rate * BACK_SECONDS))))
    walks: list[tuple[Walk, Followed]] = []
    done: list[Followed] = []
    by_frame: dict[int, list[Drawn]] = {}
    for one in drawn:
        by_frame.setdefault(one.frame, []).append(one)
    for frame in Reading(clip):
        glance = frame.planes.glance()
        for walk, found in walks:
            _go_on(walk, found, glance, frame.number, scale)
        walks = [(walk, found) for walk, found in walks if not walk.is_lost]
        for one in by_frame.get(frame.number, ()):
            box = np.array(one.box, np.float32)
            found = _back(one, box, glance, earlier, scale)
            done.append(found)
            walks.append((Walk(scale, box, glance), found))
        earlier.append(glance)
        progress("follow", frame.number + 1, len(surveyed.ticks))
    return done


def _back(one: Drawn, box: Box, glance: Gray, earlier: Sequence[Gray], scale: Scale) -> Followed:
    walk = Walk(scale, box, glance)
    boxes = [one.box]
    for before in reversed(earlier):
        moved = walk.step(before)
        pixels = to_pixels(moved, *scale.size) if moved is not None else None
        if pixels is None:
            break
        boxes.append(pixels)
    boxes.reverse()
    first = one.frame - len(boxes) + 1
    found = Followed(one.code, first, boxes)
    if first > 0 and not _at_edge(boxes[0], scale):
        found.lost.append(first)
    return found


def _go_on(walk: Walk, found: Followed, glance: Gray, number: int, scale: Scale) -> None:
    moved = walk.step(glance)
    pixels = to_pixels(moved, *scale.size) if moved is not None else None
    if pixels is not None:
        found.boxes.append(pixels)
        return
    walk.is_lost = True
    if not _at_edge(found.boxes[-1], scale):
        found.lost.append(number - 1)


def _at_edge(box: Pixels, scale: Scale) -> bool:
    """Who leaves the picture is not lost in it."""
    x, y, width, height = box
    wide, high = scale.size
    return (
        x <= EDGE * wide
        or y <= EDGE * high
        or x + width >= (1 - EDGE) * wide
        or y + height >= (1 - EDGE) * high
    )
