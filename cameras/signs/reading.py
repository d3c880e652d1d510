"""Finding and reading QR codes in a photograph. NumPy in, text out; no files, no database.

A photograph from the street is turned, tilted, too dark, too bright, blurred or small. The finder of OpenCV copes with
turn and tilt; against the rest the picture is looked at again and again, prepared in another way each time, the
cheapest and likeliest first, until the wanted code is read or the time is up. A code that was found but not read is cut
out and looked at by itself. What is read has passed the code's own error correction: nothing is guessed.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

# Most signs are read at this length of the longer side; details and noise beyond it only cost time.
USUAL_SIDE = 1600
SMALLER_SIDE = 800
LARGEST_SIDE = 4800
# Of work; on a machine that is busy with other things the same work takes longer by the clock.
DEADLINE_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 6.0
# Of a code cut out by itself: several pixels for each of its modules.
CLOSE_UP_SIDES = (480, 320, 760)
MOST_CLOSE_UPS = 6
TURNS = (30, 60, 45, 15, 75)
# A sign seen from the side is narrower than high: widened along one direction it is nearly square again.
STRETCHES = ((0, 1.6), (90, 1.6), (45, 1.6), (135, 1.6))


@dataclass
class Reading:
    """`wanted` is the first text that was looked for; `texts` all that were read, `found` codes seen at all."""

    wanted: str | None = None
    texts: list[str] = field(default_factory=list)
    found: int = 0


def read(picture: Gray, is_wanted: Callable[[str], bool], *, seconds: float = DEADLINE_SECONDS) -> Reading:
    """Look for a code whose text is wanted; at least one look is taken, however short the time."""
    look = _Look(is_wanted, seconds)
    for prepared in _preparations(picture):
        look.at(prepared)
        if look.is_over:
            break
    return look.reading


class _Look:
    """One photograph being looked at: what was read so far, and how long it may still take."""

    def __init__(self, is_wanted: Callable[[str], bool], seconds: float) -> None:
        self.reading = Reading()
        self._is_wanted = is_wanted
        self._work_until = time.thread_time() + seconds
        self._wait_until = time.monotonic() + max(seconds, LONGEST_WAIT_SECONDS)
        self._close_ups = 0
        self._finders = (cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector())

    @property
    def is_over(self) -> bool:
        if self.reading.wanted is not None:
            return True
        return time.thread_time() >= self._work_until or time.monotonic() >= self._wait_until

    def at(self, picture: Gray) -> None:
        texts, corners = _detect(self._finders[0], picture)
        self._take(texts)
        unread = [quad for text, quad in zip(texts, corners, strict=False) if not text]
        self.reading.found = max(self.reading.found, len(corners))
        for quad in unread:
            if self.is_over or self._close_ups >= MOST_CLOSE_UPS:
                return
            self._close_ups += 1
            self._look_closer(picture, quad)

    def _look_closer(self, picture: Gray, quad: NDArray[np.float32]) -> None:
        for cut in _close_ups(picture, quad):
            for finder in self._finders:
                texts, _ = _detect(finder, cut)
                self._take(texts)
                if self.is_over:
                    return

    def _take(self, texts: list[str]) -> None:
        for text in texts:
            if text and text not in self.reading.texts:
                self.reading.texts.append(text)
                if self.reading.wanted is None and self._is_wanted(text):
                    self.reading.wanted = text


def _detect(finder: "cv2.QRCodeDetector | cv2.QRCodeDetectorAruco", picture: Gray) -> tuple[list[str], list]:
    """Texts (empty where a code was found but not read) and the corners of each code."""
    try:
        is_found, texts, corners, _ = finder.detectAndDecodeMulti(picture)
    except (cv2.error, UnicodeDecodeError):
        # The finder gives up on some pictures by an assertion of its own, and on codes that hold no text.
        return [], []
    if not is_found or corners is None:
        return [], []
    return list(texts), list(corners)


def _preparations(picture: Gray) -> Iterator[Gray]:
    """The picture prepared for one look after the other, the likeliest to help first."""
    usual = _to_side(picture, USUAL_SIDE)
    is_large = max(picture.shape) > USUAL_SIDE * 1.15
    yield usual
    if is_large:
        yield _to_side(picture, LARGEST_SIDE)
    yield _local_contrast(usual)
    larger = _to_side(picture, LARGEST_SIDE) if is_large else _enlarged(usual, 2)
    yield larger
    yield _stretched(usual)
    for angle, factor in STRETCHES:
        yield _widened(usual, angle, factor)
    yield _blurred(usual, 1.2)
    yield _sharpened(larger)
    yield _to_side(usual, SMALLER_SIDE)
    yield _thresholded(usual)
    yield _local_contrast(larger)
    yield _gray(cv2.medianBlur(usual, 5))
    yield _enlarged(_sharpened(usual, 3), 1.5)
    yield _thresholded(_blurred(usual, 2))
    yield _local_contrast(_gray(cv2.fastNlMeansDenoising(_to_side(usual, SMALLER_SIDE), None, 20, 5, 15)))
    for angle in TURNS:
        yield _turned(usual, angle)


def _close_ups(picture: Gray, quad: NDArray[np.float32]) -> Iterator[Gray]:
    """The code laid flat with white around it, at some sizes, each prepared in some ways."""
    centre = quad.mean(axis=0)
    # Wider than the code: the corners may be off, and its finder patterns need white around them.
    source = (centre + (quad - centre) * 1.25).astype(np.float32)
    for side in CLOSE_UP_SIDES:
        target = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
        matrix = cv2.getPerspectiveTransform(source, target)
        flat = _gray(
            cv2.warpPerspective(
                picture, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
            )
        )
        yield flat
        yield _sharpened(flat, side / 160)
        yield _stretched(_blurred(flat, side / 240))
        yield _thresholded(flat)


def _to_side(picture: Gray, side: int) -> Gray:
    """Smaller, so that the longer side is at most that; never larger."""
    factor = side / max(picture.shape)
    if factor >= 1:
        return picture
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return _gray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _enlarged(picture: Gray, factor: float) -> Gray:
    return _gray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))


def _local_contrast(picture: Gray) -> Gray:
    return _gray(cv2.createCLAHE(3.0, (8, 8)).apply(picture))


def _stretched(picture: Gray) -> Gray:
    """Full range of brightness, whatever the light was."""
    low, high = np.percentile(picture, (1, 99))
    if high - low < 2:
        return picture
    return _gray(np.clip((picture.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8))


def _blurred(picture: Gray, sigma: float) -> Gray:
    return _gray(cv2.GaussianBlur(picture, (0, 0), sigma))


def _sharpened(picture: Gray, sigma: float = 2) -> Gray:
    blurred = cv2.GaussianBlur(picture, (0, 0), sigma)
    return _gray(cv2.addWeighted(picture, 2.5, blurred, -1.5, 0))


def _thresholded(picture: Gray) -> Gray:
    block = max(11, (max(picture.shape) // 24) | 1)
    return _gray(cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, 5))


def _turned(picture: Gray, angle: float) -> Gray:
    height, width = picture.shape
    side = int(np.hypot(height, width)) + 1
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return _gray(cv2.warpAffine(picture, matrix, (side, side), borderValue=(255,)))


def _widened(picture: Gray, angle: float, factor: float) -> Gray:
    """Stretched along the direction of that angle."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((0, 0), angle, 1)[:, :2]
    linear = np.diag([factor, 1.0]) @ turn
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ linear.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    matrix = np.column_stack([linear, -low])
    size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
    return _gray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255,)))


def _gray(picture: "cv2.typing.MatLike") -> Gray:
    return np.asarray(picture, np.uint8)
