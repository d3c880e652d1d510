"""When too few stand duty: exact to the microsecond, over midnight, with shifts that overlap or follow each other.

    gaps(shifts, begin, end, least=1)

A shift is [start, end) of one person; whoever stands in two at once counts as one. Seoul has had no summer time since
1988, so a day of duty has 24 hours.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Start, end, and who.
Shift = tuple[dt.datetime, dt.datetime, int]


@dataclass(frozen=True)
class Gap:
    """From when until when `count` persons stood, fewer than the least."""

    from_at: dt.datetime
    until_at: dt.datetime
    count: int

    @property
    def length(self) -> dt.timedelta:
        return self.until_at - self.from_at


def gaps(shifts: Iterable[Shift], begin: dt.datetime, end: dt.datetime, *, least: int) -> list[Gap]:
    """Every stretch of [begin, end) with fewer than `least` persons, in order; neighbours with the same count are one."""
    if least <= 0 or end <= begin:
        return []
    found: list[Gap] = []
    for from_at, until_at, count in _counts(shifts, begin, end):
        if count >= least:
            continue
        if found and found[-1].until_at == from_at and found[-1].count == count:
            found[-1] = Gap(found[-1].from_at, until_at, count)
        else:
            found.append(Gap(from_at, until_at, count))
    return found


def _counts(
    shifts: Iterable[Shift], begin: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime, int]]:
    """How many persons stand from one change to the next."""
    change: dict[dt.datetime, int] = defaultdict(int)
    for start, until in _stretches(shifts):
        if start < end and until > begin:
            change[max(start, begin)] += 1
            change[min(until, end)] -= 1
    at, count = begin, change.pop(begin, 0)
    change.setdefault(end, 0)
    for moment in sorted(change):
        yield at, moment, count
        at, count = moment, count + change[moment]


def _stretches(shifts: Iterable[Shift]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Each person's shifts without what they have in common."""
    by_person: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for start, until, person in shifts:
        by_person[person].append((start, until))
    for own in by_person.values():
        own.sort()
        start, until = own[0]
        for later_start, later_until in own[1:]:
            if later_start > until:
                yield start, until
                start, until = later_start, later_until
            until = max(until, later_until)
        yield start, until
