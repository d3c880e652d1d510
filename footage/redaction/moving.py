"""What moves: regions of a grey picture that differ from what stands still. Persons as a whole, and vehicles."""

import cv2
import numpy as np
import numpy.typing as npt

from footage.redaction.album import Album, Background, Gray

Boxes = npt.NDArray[np.float32]

# Of the pixels of a small picture that changed clearly: fewer are noise.
LEAST_PIXELS = 10
# A faint part belongs to a region when it hangs together with a clear one.
FAINT = 0.6
# Parts of one person above one another, with what looks like the background between them.
JOINED_UPWARDS = 9
JOINED_SIDEWAYS = 5
MOST_REGIONS = 400


class MovingRegions:
    """(n, 5) of x, y, width, height and the share of the box that changed, in pixels of the grey picture."""

    def __init__(self, album: Album) -> None:
        self.album = album

    def __call__(self, number: int, gray: Gray) -> Boxes:
        background = self.album.background(number)
        clear = _differing(gray, background)
        strong = clear > background.change
        faint = cv2.medianBlur((clear > background.change * FAINT).astype(np.uint8), 3)
        joined = cv2.morphologyEx(
            faint, cv2.MORPH_CLOSE, np.ones((JOINED_UPWARDS, JOINED_SIDEWAYS), np.uint8)
        )
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        strong &= np.asarray(faint) > 0
        pixels = np.bincount(labels[strong], minlength=count)
        chosen = [label for label in range(1, count) if pixels[label] >= LEAST_PIXELS]
        chosen = sorted(chosen, key=lambda label: -pixels[label])[:MOST_REGIONS]
        boxes = stats[chosen, :4].astype(np.float32).reshape(-1, 4)
        area = np.maximum(boxes[:, 2] * boxes[:, 3], 1)
        return np.column_stack([boxes, pixels[chosen] / area]).astype(np.float32)


def _differing(gray: Gray, background: Background) -> Gray:
    """By how much each pixel lies outside what stands still, as bright as the camera's own exposure makes it now."""
    gain, shift = _exposure(background.median[::8, ::8], gray[::8, ::8])
    as_then = np.clip((np.arange(256) - shift) / gain, 0, 255).round().astype(np.uint8)
    shown = cv2.LUT(gray, as_then)
    above, below = cv2.subtract(shown, background.brightest), cv2.subtract(background.darkest, shown)
    return np.asarray(cv2.max(above, below), np.uint8)


def _exposure(then: Gray, now: Gray) -> tuple[float, float]:
    """now ≈ gain · then + shift, by those pixels that agree on it: what moves is left out in the second round."""
    then, now = then.reshape(-1).astype(np.float64), now.reshape(-1).astype(np.float64)
    shift = float(np.median(now - then))
    gain = 1.0
    for _ in range(2):
        off = np.abs(now - (gain * then + shift))
        agreeing = off <= max(2 * float(np.median(off)), 2.0)
        some = then[agreeing]
        spread = float(some.var()) if len(some) else 0.0
        if spread < 1:
            break
        mean, goal = float(some.mean()), float(now[agreeing].mean())
        gain = float(np.clip(((some - mean) * (now[agreeing] - goal)).mean() / spread, 0.5, 2.0))
        shift = goal - gain * mean
    return gain, shift
