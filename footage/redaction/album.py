"""Small grey pictures spread evenly over the whole clip: what stands still, and what stood where before.

A first reading fills it, however long the clip is, with at most MOST pictures; the background at a time is the median
of those within WINDOW_SECONDS around it, so that what does not move for most of that time belongs to the background.
"""

import threading
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

MOST = 240
WINDOW_SECONDS = 300
BLOCK_SECONDS = 60
# Pictures of which a median is taken; more do not change it.
ENOUGH = 61

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Background:
    """What stands still: the darkest and brightest that a pixel may be (a pixel's width of shaking allowed), the
    median itself, and by how much a pixel must leave that range to have changed."""

    median: Gray
    darkest: Gray
    brightest: Gray
    change: Gray


class Album:
    """Filled with `add`, in order; then asked with `around` and `background`."""

    def __init__(self, frames_per_second: float) -> None:
        self.frames_per_second = frames_per_second
        self.every = 1
        self.numbers: list[int] = []
        self.pictures: list[Gray] = []
        self._blocks: dict[int, Background] = {}
        self._one_at_a_time = threading.Lock()

    def add(self, number: int, gray: Gray) -> None:
        if number % self.every:
            return
        if len(self.numbers) == MOST:
            self.every *= 2
            keep = [place for place, kept in enumerate(self.numbers) if kept % self.every == 0]
            self.numbers = [self.numbers[place] for place in keep]
            self.pictures = [self.pictures[place] for place in keep]
            if number % self.every:
                return
        self.numbers.append(number)
        self.pictures.append(gray)

    def wants(self, number: int) -> bool:
        return number % self.every == 0

    def background(self, number: int) -> Background:
        block = int(number / self.frames_per_second // BLOCK_SECONDS)
        with self._one_at_a_time:
            if block not in self._blocks:
                # Blocks are asked for one after the other, by a stage that is a few pictures ahead and one that is behind.
                kept = [(at, ground) for at, ground in self._blocks.items() if at == block - 1]
                self._blocks = dict([*kept, (block, self._background_of(block))])
            return self._blocks[block]

    def _background_of(self, block: int) -> Background:
        middle = (block + 0.5) * BLOCK_SECONDS * self.frames_per_second
        reach = WINDOW_SECONDS / 2 * self.frames_per_second
        first, last = self.numbers[0], self.numbers[-1]
        # At the ends the window is as long as elsewhere.
        middle = min(max(middle, first + reach), max(last - reach, first + reach))
        near = [
            picture
            for number, picture in zip(self.numbers, self.pictures, strict=True)
            if abs(number - middle) <= reach
        ]
        if len(near) > ENOUGH:
            near = [near[place] for place in np.linspace(0, len(near) - 1, ENOUGH).round().astype(int)]
        stack = np.stack(near)
        median = np.median(stack, axis=0).astype(np.uint8)
        spread = np.median(cv2.absdiff(stack, np.broadcast_to(median, stack.shape).copy()), axis=0)
        around = np.ones((3, 3), np.uint8)
        noise = cv2.blur(spread.astype(np.float32), (5, 5))
        return Background(
            median=median,
            darkest=np.asarray(cv2.erode(median, around), np.uint8),
            brightest=np.asarray(cv2.dilate(median, around), np.uint8),
            change=np.clip(3 * noise, LEAST_CHANGE, MOST_CHANGE).astype(np.uint8),
        )


# In steps of grey. Noise of a night picture lies below the upper bound, a dark coat on asphalt above the lower.
LEAST_CHANGE, MOST_CHANGE = 9, 24
