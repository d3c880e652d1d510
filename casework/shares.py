"""비율: a part of a whole in percent, the only way in which anything here rounds one.

Half up to one decimal, as the office counts; with more decimals where one would turn less than all into 100 or more
than none into 0.
"""

from decimal import ROUND_HALF_UP, Decimal


def percent(part: int, whole: int) -> float | None:
    """How many per cent of a whole; nothing of nothing is no share."""
    if whole <= 0:
        return None
    digits = 1
    while (found := _rounded(part, whole, digits)) in (0, 100) and 0 < part != whole:
        digits += 1
    return float(found)


def written(percent: float) -> str:
    """With the decimals that `percent` gave it, one at the least: 56.3%, 100.0%, 99.98%."""
    one = f"{percent:.1f}"
    return f"{one if float(one) == percent else f'{Decimal(str(percent)):f}'}%"


def _rounded(part: int, whole: int, digits: int) -> Decimal:
    exact = Decimal(100 * part) / Decimal(whole)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
