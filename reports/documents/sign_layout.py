"""Where things stand on a sign, in millimetres of the printed sheet, and how large its text may be.

A sign is one sheet: whatever the register says must fit. The text is set as large as its box allows; when even the
smallest legible size is too much, long lists are cut and the code leads to the rest.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports import fonts

# Of the width of a letter as high as the text: the widest that the families have, with a little to spare.
SPARE = 1.06
LINE_HEIGHT = 1.34
STEP = 0.96


@dataclass(frozen=True)
class Box:
    """A place on the sheet, from its upper left corner, in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def style(self) -> str:
        return f"left:{self.x:.2f}mm;top:{self.y:.2f}mm;width:{self.width:.2f}mm;height:{self.height:.2f}mm"

    def scaled(self, factor: float) -> "Box":
        return Box(self.x * factor, self.y * factor, self.width * factor, self.height * factor)


@dataclass(frozen=True)
class Layout:
    """One size of sign. `unit` is what lengths of the style sheet count in (1 mm on A4)."""

    width: float
    height: float
    unit: float
    header: Box
    facts: Box
    aside: Box
    code: Box
    foot: Box
    label_width: float
    largest_text: float
    smallest_text: float

    def scaled(self, factor: float, width: float, height: float) -> "Layout":
        boxes = {
            name: getattr(self, name).scaled(factor) for name in ("header", "facts", "aside", "code", "foot")
        }
        return replace(
            self,
            **boxes,
            width=width,
            height=height,
            unit=self.unit * factor,
            label_width=self.label_width * factor,
            largest_text=self.largest_text * factor,
            # A larger sheet is read from farther away, so its smallest text grows too.
            smallest_text=self.smallest_text * factor,
        )


_A4 = Layout(
    width=210,
    height=297,
    unit=1,
    header=Box(8, 8, 194, 40),
    facts=Box(8, 52, 194, 128),
    aside=Box(8, 184, 88, 92),
    code=Box(102, 182, 100, 100),
    foot=Box(8, 283, 194, 8),
    label_width=38,
    largest_text=8.4,
    smallest_text=2.6,
)
LAYOUTS = {
    "A4": _A4,
    "A3": _A4.scaled(math.sqrt(2), 297, 420),
    "600x400": Layout(
        width=600,
        height=400,
        unit=2,
        header=Box(15, 15, 570, 84),
        facts=Box(15, 108, 345, 262),
        aside=Box(372, 326, 213, 44),
        code=Box(372, 108, 213, 213),
        foot=Box(15, 376, 570, 14),
        label_width=72,
        largest_text=17,
        smallest_text=5,
    ),
}


@dataclass(frozen=True)
class Value:
    """One value of a line: in Korean, in English where that is known, and the cameras that it holds for."""

    text: str
    english: str = ""
    cameras: str = ""

    def __str__(self) -> str:
        return (
            self.text
            + (f" / {self.english}" if self.english else "")
            + (f" ({self.cameras})" if self.cameras else "")
        )

    def clipped(self, longest: int) -> "Value":
        """Shorter, and without its English where there is no room for both."""
        return self if len(str(self)) <= longest else Value(clip(str(replace(self, english="")), longest))


@dataclass(frozen=True)
class Row:
    """A line of the sign: what it is, in both languages, and its values, one below the other."""

    label: str
    english: str
    values: tuple[Value, ...]
    # How many of the values were left out.
    left_out: int = 0
    # The first to be cut where room is short: it differs from camera to camera.
    is_cut_first: bool = False

    def cut(self, most: int) -> "Row":
        kept = self.values[:most]
        return replace(self, values=kept, left_out=self.left_out + len(self.values) - len(kept))


@dataclass(frozen=True)
class Fitted:
    """Rows that fit into the box at this size of text, in millimetres."""

    rows: tuple[Row, ...]
    text: float
    # The least height of a row, so that few short rows fill their box.
    row_height: float = 0


def fit(rows: Sequence[Row], layout: Layout) -> Fitted:
    """The largest text at which the rows fit; lists and then single texts are cut when none does."""
    for most_first, most in (
        (1_000, 1_000),
        (24, 1_000),
        (12, 1_000),
        (6, 1_000),
        (6, 12),
        (5, 6),
        (3, 3),
        (2, 2),
    ):
        shorter = tuple(row.cut(most_first if row.is_cut_first else most) for row in rows)
        text = layout.largest_text
        while text >= layout.smallest_text:
            if height(shorter, text, layout) <= layout.facts.height:
                return Fitted(shorter, text, _spread(shorter, text, layout))
            text *= STEP
    return _shorten(tuple(row.cut(2) for row in rows), layout)


def _shorten(rows: tuple[Row, ...], layout: Layout) -> Fitted:
    """Texts without end: each is cut to fewer and fewer characters."""
    text = layout.smallest_text
    for longest in (240, 160, 120, 80, 50, 30, 15):
        shorter = tuple(
            replace(row, values=tuple(value.clipped(longest) for value in row.values)) for row in rows
        )
        if height(shorter, text, layout) <= layout.facts.height:
            break
    return Fitted(shorter, text)


def _spread(rows: Sequence[Row], text: float, layout: Layout) -> float:
    """The height of one-line rows when all rows together fill the box; never much more than twice the text."""
    heights = [row_height(row, text, layout) for row in rows]
    least = min(heights)
    while least < min(3.6 * text, layout.facts.height):
        if sum(max(one, least * 1.03) for one in heights) > layout.facts.height * 0.98:
            break
        least *= 1.03
    return least


def clip(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def height(rows: Sequence[Row], text: float, layout: Layout) -> float:
    """How high the rows are when set in this size, on the safe side."""
    return sum(row_height(row, text, layout) for row in rows)


def row_height(row: Row, text: float, layout: Layout) -> float:
    room = layout.facts.width - layout.label_width - 5 * layout.unit
    label_room = layout.label_width - 4 * layout.unit
    lines = sum(line_count(str(value), text, room) for value in row.values) + bool(row.left_out)
    label = line_count(row.label, text * 0.8, label_room) * 0.8 * LINE_HEIGHT
    label += line_count(row.english, text * 0.5, label_room) * 0.5 * LINE_HEIGHT
    return max(lines * LINE_HEIGHT, label) * text + 2.6 * layout.unit


def line_count(value: str, text: float, room: float) -> int:
    """How many lines a text takes; words are kept whole, so the end of a line may stay empty."""
    full = width(value) * text * SPARE / room
    return max(1, math.ceil(full + (0.12 if full > 1 else 0) * full))


def width(value: str) -> float:
    """Of a text, in letter heights."""
    widths = _widths()
    return sum(widths.get(ord(letter), 1.0) for letter in value)


@functools.cache
def _widths() -> dict[int, float]:
    """Advance of each character of the family that documents are set in."""
    from fontTools.ttLib import TTFont

    path = fonts.font_file(fonts.korean_family())
    with TTFont(path, fontNumber=0, lazy=True) as font:
        per_em, advances = font["head"].unitsPerEm, font["hmtx"]
        return {code: advances[name][0] / per_em for code, name in font.getBestCmap().items()}
