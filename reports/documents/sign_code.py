"""The QR code of a sign: as large as its box allows, with the quiet zone that readers need, as one vector path."""

from dataclasses import dataclass

import segno

# ISO/IEC 18004 asks for four modules of white around the code.
QUIET_ZONE = 4
# A phone at two metres sees about 1.6 pixels a millimetre: smaller modules are lost, so less correction is better then.
SMALLEST_MODULE_MM = 1.3
LEVELS = ("H", "Q", "M", "L")


@dataclass(frozen=True)
class Code:
    """`modules` to a side, quiet zone included; `path` draws the dark ones, one unit each."""

    modules: int
    level: str
    path: str

    def module_mm(self, side_mm: float) -> float:
        return side_mm / self.modules


def code(address: str, side_mm: float) -> Code:
    """The code of an address on a box of that side: the highest correction whose modules are large enough."""
    made = [_code(address, level) for level in LEVELS]
    return next((one for one in made if one.module_mm(side_mm) >= SMALLEST_MODULE_MM), made[-1])


def _code(address: str, level: str) -> Code:
    symbol = segno.make(address, error=level, micro=False, boost_error=True)
    matrix = [[bool(cell) for cell in row] for row in symbol.matrix]
    return Code(
        modules=len(matrix) + 2 * QUIET_ZONE,
        level=str(symbol.error),
        path="".join(_runs(row, line) for line, row in enumerate(matrix)),
    )


def _runs(row: list[bool], line: int) -> str:
    """Dark modules that touch are one rectangle, so that no hairline shows between them."""
    parts, start = [], None
    for column, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = column
        elif not is_dark and start is not None:
            parts.append(
                f"M{start + QUIET_ZONE} {line + QUIET_ZONE}h{column - start}v1H{start + QUIET_ZONE}z"
            )
            start = None
    return "".join(parts)
