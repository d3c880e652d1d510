"""What a rule gives back, and where rules are listed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from records.access_log.month import DAY, HOUR, SEOUL_SECONDS, Frame, Month
from records.access_log.rarity import groups_to_read


@dataclass(frozen=True)
class Finding:
    """`rows` are places in `Month.events`; `account` is empty where the log itself is at fault."""

    rule: str
    account: str
    rows: tuple[int, ...]
    why: str
    score: float = 0.0


Check = Callable[[Month], Iterable[Finding]]


@dataclass(frozen=True)
class AccessRule:
    code: str
    title: str
    article: str
    check: Check


_rules: dict[str, AccessRule] = {}


def rule(title: str, article: str) -> Callable[[Check], Check]:
    """Registers a function under its name."""

    def register(check: Check) -> Check:
        _rules[check.__name__] = AccessRule(check.__name__, title, article, check)
        return check

    return register


def registered() -> list[AccessRule]:
    """Those of the modules that were imported: `catalogue` imports them all."""
    return list(_rules.values())


def day_of(at: Any) -> Any:
    """Number of the day in Seoul."""
    return (at + SEOUL_SECONDS) // DAY


def night_of(at: Any) -> Any:
    """Number of the day on whose evening the night began."""
    return (at + SEOUL_SECONDS - 12 * HOUR) // DAY


def is_night(month: Month, at: Frame) -> Frame:
    hour = (at + SEOUL_SECONDS) // HOUR % 24
    return (hour >= month.figures.night_from) | (hour < month.figures.night_until)


def by_person_and_day(
    month: Month, code: str, rows: Frame, words: str, *, least: int = 3, days: Any = day_of
) -> Iterator[Finding]:
    """Rows that nothing explains, a finding for each person and day that should be read."""
    if rows.empty:
        return
    keyed = rows.assign(day=days(rows["at"]))
    groups = keyed.groupby(["account", "day"], sort=False).indices
    counts = pd.Series({key: len(places) for key, places in groups.items()})
    all_days = pd.DataFrame({"account": month.events["account"], "day": days(month.events["at"])})
    units = len(all_days.drop_duplicates())
    chosen = groups_to_read(
        counts, units, least=least, rarity=month.figures.rarity, rest_rows=month.figures.rest_rows
    )
    for key in chosen:
        found = keyed.index[groups[key]]
        yield finding(month, code, int(key[0]), found, words.format(count=len(found)), float(len(found)))


def finding(month: Month, code: str, account: int, rows: Any, why: str, score: float = 0.0) -> Finding:
    return Finding(
        code, month.accounts[account], tuple(int(row) for row in np.sort(np.asarray(rows))), why, score
    )
