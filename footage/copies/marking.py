"""The mark that says whose copy it is: a line below the picture, which covers nothing of it, and the same faintly across it.

Whoever cuts the line off still has the other one. Pure: planes in, planes out, the same for the same text, font and size.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from footage.redaction.clip import Plane, Planes

# Of the picture's height; the line is as wide as the picture, so a long text is set smaller.
STRIP, ACROSS = 18, 24
SMALLEST = 8
# Where it runs across, in parts of the height, and how strongly.
ROWS = (1 / 3, 2 / 3)
STRENGTH = 90
DARK, LIGHT, NO_COLOUR = 16, 235, 128
Alpha = npt.NDArray[np.uint16]


class Mark:
    """For pictures of one size (even, upright)."""

    def __init__(self, text: str, font: str, width: int, height: int) -> None:
        self.width, self.height = width, height
        strip = _line(text, font, width, max(height // STRIP, SMALLEST + 4))
        self.strip_height = strip.shape[0] + strip.shape[0] % 2
        self.strip: Plane = np.full((self.strip_height, width), DARK, np.uint8)
        self.strip[: strip.shape[0]] = DARK + strip * (LIGHT - DARK) // 255
        self.across: Alpha = _line(text, font, width, max(height // ACROSS, SMALLEST + 4)) * STRENGTH // 255
        self.tops = [min(int(height * row), height - self.across.shape[0]) for row in ROWS]

    def put(self, planes: Planes) -> Planes:
        y = planes.y.copy()
        for top in self.tops:
            _blend(y[top : top + self.across.shape[0]], self.across)
        grey: Plane = np.full((self.strip_height // 2, self.width // 2), NO_COLOUR, np.uint8)
        return Planes(
            np.concatenate([y, self.strip]),
            np.concatenate([planes.u, grey]),
            np.concatenate([planes.v, grey]),
        )


def _blend(band: Plane, alpha: Alpha) -> None:
    """Light letters with a dark edge to the right and below: seen on snow and at night."""
    edge = np.zeros_like(alpha)
    edge[1:, 1:] = alpha[:-1, :-1]
    darker = band.astype(np.uint16) * (255 - edge) // 255
    band[:] = (darker * (255 - alpha) + LIGHT * alpha) // 255


def _line(text: str, font: str, width: int, height: int) -> Alpha:
    """Letters of 255 on 0, in the middle of a strip of that size."""
    size = max(height * 3 // 4, SMALLEST)
    letters = ImageFont.truetype(font, size)
    while size > SMALLEST and letters.getlength(text) > width - 8:
        size -= 1
        letters = ImageFont.truetype(font, size)
    lines = _broken(text, letters, width - 8)
    page = Image.new("L", (width, max(height, len(lines) * (size + 4))))
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        at = (page.height - len(lines) * (size + 4)) // 2 + number * (size + 4) + 1
        draw.text(((width - letters.getlength(line)) // 2, at), line, 255, font=letters)
    return np.asarray(page, np.uint16)


def _broken(text: str, letters: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A picture that is too narrow for one line gets several; nothing of the mark is left out."""
    lines = [""]
    for letter in text:
        if lines[-1] and letters.getlength(lines[-1] + letter) > width:
            lines.append("")
        lines[-1] += letter
    return lines
