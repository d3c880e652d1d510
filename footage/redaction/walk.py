"""Where the content of a box goes from one small grey picture to the next, forwards or backwards, until it is not found."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from footage.redaction.album import Gray

Box = npt.NDArray[np.float32]

# How alike two pictures of the same thing are (normalised correlation): one picture later, and since it was last seen.
ALIKE_NEXT, ALIKE_SEEN = 0.70, 0.45
LEAST_TEXTURE = 4.0
LEAST_PATCH = 12


@dataclass(frozen=True)
class Scale:
    """`size`: width and height of the picture; `glance`: how large the small one is against it."""

    size: tuple[int, int]
    glance: float

    def patch(self, box: Box) -> tuple[slice, slice] | None:
        """Where the box is in a glance, with something around it when it is small; None outside the picture."""
        width, height = round(self.size[0] * self.glance), round(self.size[1] * self.glance)
        x, y, wide, high = box * self.glance
        more_x, more_y = max(0.0, LEAST_PATCH - wide) / 2, max(0.0, LEAST_PATCH - high) / 2
        left, right = max(0, int(x - more_x)), min(width, int(np.ceil(x + wide + more_x)))
        top, bottom = max(0, int(y - more_y)), min(height, int(np.ceil(y + high + more_y)))
        if right - left < 6 or bottom - top < 6:
            return None
        return slice(top, bottom), slice(left, right)


@dataclass
class Walk:
    """Begins at `box` in the picture `glance`; `step` is given the pictures after it, one by one."""

    scale: Scale
    box: Box
    glance: Gray
    is_lost: bool = field(init=False)
    _seen: Gray = field(init=False)
    _latest: Gray = field(init=False)

    def __post_init__(self) -> None:
        area = self.scale.patch(self.box)
        self.is_lost = area is None
        if area is None:
            return
        self._top, self._left = area[0].start, area[1].start
        self._offset = np.array(
            [self.box[0] * self.scale.glance - self._left, self.box[1] * self.scale.glance - self._top]
        )
        self._seen = self._latest = self.glance[area]
        self.is_lost = float(self._seen.std()) < LEAST_TEXTURE

    def step(self, glance: Gray) -> Box | None:
        """The box in this picture; None from where it is lost on."""
        if self.is_lost:
            return None
        high, wide = self._latest.shape
        reach_y, reach_x = max(4, high // 2), max(4, wide // 2)
        y0, x0 = max(0, self._top - reach_y), max(0, self._left - reach_x)
        around = glance[y0 : self._top + high + reach_y, x0 : self._left + wide + reach_x]
        alike = cv2.matchTemplate(around, self._latest, cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, y) = cv2.minMaxLoc(alike)
        self._top, self._left = y0 + y, x0 + x
        self._latest = glance[self._top : self._top + high, self._left : self._left + wide]
        self.is_lost = (
            best < ALIKE_NEXT
            or float(self._latest.std()) < LEAST_TEXTURE
            or float(cv2.matchTemplate(self._latest, self._seen, cv2.TM_CCOEFF_NORMED)[0, 0]) < ALIKE_SEEN
        )
        if self.is_lost:
            return None
        moved = self.box.copy()
        moved[:2] = (np.array([self._left, self._top]) + self._offset) / self.scale.glance
        return moved
