"""Third stage: the pixels of a region are overwritten. No blur: what was there cannot be calculated back.

Solid, or a mosaic of at most CELLS cells across the shorter side of each box, each of one colour.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from footage.redaction.clip import Planes

Style = Literal["solid", "mosaic"]
STYLES: tuple[Style, ...] = ("solid", "mosaic")
CELLS = 4
LEAST_CELL = 16
GREY = (40, 128, 128)  # luma and the two colours


def to_pixels(box: npt.NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int] | None:
    """(x, y, width, height) in whole pixels, even at the left and top as chroma needs, inside the picture; None outside."""
    left, top = max(0, int(np.floor(box[0])) // 2 * 2), max(0, int(np.floor(box[1])) // 2 * 2)
    right = min(width, -(-int(np.ceil(box[0] + box[2])) // 2) * 2)
    bottom = min(height, -(-int(np.ceil(box[1] + box[3])) // 2) * 2)
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def cover(planes: Planes, boxes: Sequence[tuple[int, int, int, int]], style: Style = "solid") -> Planes:
    """A new picture with these boxes overwritten; the given one is left as it is."""
    covered = Planes(planes.y.copy(), planes.u.copy(), planes.v.copy())
    for plane, source, value, share in (
        (covered.y, planes.y, GREY[0], 1),
        (covered.u, planes.u, GREY[1], 2),
        (covered.v, planes.v, GREY[2], 2),
    ):
        for x, y, width, height in boxes:
            area = slice(y // share, -(-(y + height) // share)), slice(x // share, -(-(x + width) // share))
            if style == "solid":
                plane[area] = value
            else:
                cell = max(LEAST_CELL, -(-min(width, height) // CELLS)) // share
                plane[area] = coarse(source[area], cell)
    return covered


def coarse(area: npt.NDArray[np.uint8], cell: int) -> npt.NDArray[np.uint8]:
    """Cells of one value each, the mean of what was there, in steps of eight."""
    rows, columns = np.arange(0, area.shape[0], cell), np.arange(0, area.shape[1], cell)
    sums = np.add.reduceat(np.add.reduceat(area.astype(np.uint32), rows, axis=0), columns, axis=1)
    high, wide = np.diff([*rows, area.shape[0]]), np.diff([*columns, area.shape[1]])
    means = (sums // (high[:, None] * wide[None, :])).astype(np.uint8) // 8 * 8
    return np.repeat(np.repeat(means, high, axis=0), wide, axis=1)
