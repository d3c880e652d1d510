"""How much more often something happened than chance would have it, and what of it a person should read.

`surprise(n, expected)` is the exponent of Chernoff's bound for a Poisson count: with d = n·ln(n/expected) − n + expected,
chance gives n or more with a probability below e^−d. Honest work is not Poisson: favourite cameras, busy nights. So
the bar is never below twice of what one in a thousand of the same month's counts reaches.
"""

from typing import Any

import numpy as np
import pandas as pd

from records.access_log.month import Frame

COMMON_SHARE = 0.999


def surprise(counts: Any, expected: Any) -> Any:
    n, mean = np.asarray(counts, float), np.maximum(np.asarray(expected, float), 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = n * np.log(n / mean) - n + mean
    return np.where(n > mean, value, 0.0)


def bar(values: Any, least: float) -> float:
    """What a surprise must exceed, among all those of the month."""
    if len(values) < 1_000:
        return least
    return max(least, 2 * float(np.quantile(values, COMMON_SHARE)))


def far_out(values: Frame, least: float, *, is_tight: bool = False) -> Frame:
    """Values beyond the far fence of Tukey (third quartile + 3 interquartile ranges) and beyond `least`.

    Tight: half as much again as what all but two in a hundred have is far out too. Where more than one in a hundred lies
    out there, that is how these figures are: then three times the 99th percentile.
    """
    if values.empty:
        return values.astype(bool)
    low, high = np.quantile(values, [0.25, 0.75])
    fence = high + 3 * (high - low)
    if is_tight:
        fence = min(fence, 1.5 * float(np.quantile(values, 0.98)))
    fence = max(least, fence)
    if (values > fence).mean() > 0.01 and (values > fence).sum() > 10:
        fence = max(fence, 3 * float(np.quantile(values, 0.99)))
    return values > fence


def groups_to_read(counts: Frame, units: int, *, least: int, rarity: float, rest_rows: int) -> pd.Index:
    """Of groups of rows that nothing explains: those that stand out, and the rest too where it is short enough to read.

    `units` is the number of groups in which it could have happened. A long rest is what honest work leaves unexplained in
    this office; it is counted and not listed.
    """
    if counts.empty:
        return counts.index
    # What most groups have: the groups that stand out do not raise it.
    common = counts[counts <= max(least, counts.median())].sum() / max(units, 1)
    expected = max(common, 1 / max(units, 1))
    out = (counts >= least) & (surprise(counts, expected) > rarity)
    if counts[~out].sum() <= rest_rows:
        return counts.index
    return counts.index[out]
