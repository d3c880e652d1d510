"""지연: how long a destroyed file lay there although it could have been destroyed, and what kept it for the rest.

A sweep measures how far a file is past the end of its period. Not all of that is lateness of the sweep: for a while a
hold may have been in force, a longer period than today's, a folder about which nobody had decided, a disk that was not
there. Each of them explains the time in which it *was* so, from its beginning to its end, and no other: a hold that was
placed after the file was overdue makes nothing of the time before it lawful. What none explains is the sweep's own
lateness. So it is with the periods: a file that was overdue under a shorter one has been late, though the period was
lengthened before the sweep came.

Only blocks with files that are late are asked, and those of cameras whose period was changed since the files were made.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.db.models.functions import Coalesce

from cameras.models import Camera
from footage.blocks import LATE_US, Bundle, Outcome
from footage.layouts import Layout, instant, microseconds
from footage.models import Hold, ShortenedCamera, Storage, UnclaimedFolder
from footage.retention import DAY
from ordinance import parameters

# Holds and longer periods keep footage lawfully; the others do not.
HOLD, PERIOD, DECISION, STORAGE, SWEEP = "hold", "period", "decision", "storage", "sweep"
LAWFUL = frozenset({HOLD, PERIOD})


class Span(NamedTuple):
    """From when until when something kept files; of holds those of [from, until) in the footage."""

    begun_us: int
    ended_us: int
    from_us: int = 0
    until_us: int = 0


class PeriodChange(NamedTuple):
    """Another period than the one before it applied from an instant on.

    For what was recorded before a shorter one was noted (`footage.shortenings`) it applied from `settled_us` on, the
    second person's word; None: it has not.
    """

    at_us: int
    days_before: int
    noted_us: int | None = None
    settled_us: int | None = None

    def begun_us(self, start_us: int) -> int | None:
        """From when on it counted for a file of that start."""
        is_older = self.noted_us is not None and start_us < self.noted_us
        return self.settled_us if is_older else self.at_us


@dataclass(frozen=True)
class Hindrances:
    """What kept the files of some cameras, after an instant, in one storage."""

    holds: Mapping[int, list[Span]]
    # Newest first.
    periods: Mapping[int, list[PeriodChange]]
    decisions: Mapping[str, Span]
    absence: Span | None = None

    def __bool__(self) -> bool:
        return bool(self.holds or self.periods or self.decisions or self.absence)

    def beyond(
        self, camera: int, keys: Iterable[str], start_us: int, end_us: int, due_us: int, at_us: int
    ) -> dict[str, int]:
        """How long the file stayed past its period, by cause (`SWEEP`: nothing kept it)."""
        kept = [
            (HOLD, hold)
            for hold in self.holds.get(camera, ())
            if hold.from_us < end_us and start_us < hold.until_us
        ]
        kept += [(DECISION, self.decisions[key]) for key in keys if key in self.decisions]
        if self.absence is not None:
            kept.append((STORAGE, self.absence))
        changes = self.periods.get(camera, ())
        if not kept and not changes:
            return {SWEEP: max(0, at_us - due_us)}
        long: dict[str, int] = defaultdict(int)
        for begin_us, until_us, overdue_us in _by_period(changes, start_us, end_us, due_us, at_us):
            # Within a longer period that was shortened since: beyond today's, and lawful.
            long[PERIOD] += max(0, overdue_us - max(begin_us, due_us))
            for one_us, other_us in _pieces(overdue_us, until_us, kept):
                long[_cause(one_us, kept)] += other_us - one_us
        return dict(long)


def _by_period(
    changes: Iterable[PeriodChange], start_us: int, end_us: int, due_us: int, at_us: int
) -> Iterator[tuple[int, int, int]]:
    """The times of the periods, newest first: from, until, and since when in it the file was overdue (its end: never)."""
    until_us, period_us = at_us, due_us
    for change in changes:
        begun_us = change.begun_us(start_us)
        if begun_us is not None and begun_us < until_us:
            yield begun_us, until_us, min(max(period_us, begun_us), until_us)
            until_us = begun_us
        period_us = end_us + change.days_before * DAY
    if end_us < until_us:
        yield end_us, until_us, min(max(period_us, end_us), until_us)


def _pieces(begin_us: int, until_us: int, kept: Iterable[tuple[str, Span]]) -> Iterator[tuple[int, int]]:
    """The time between two instants, cut where something begins or ceases to keep the file."""
    edges = {
        edge for _, span in kept for edge in (span.begun_us, span.ended_us) if begin_us < edge < until_us
    }
    if begin_us < until_us:
        yield from pairwise(sorted({begin_us, until_us} | edges))


def _cause(at_us: int, kept: Iterable[tuple[str, Span]]) -> str:
    """What kept a file at an instant; a hold before all others, since it alone is lawful."""
    found = {cause for cause, span in kept if span.begun_us <= at_us < span.ended_us}
    return next((cause for cause in (HOLD, DECISION, STORAGE) if cause in found), SWEEP)


def explain(
    outcome: Outcome,
    bundles: Iterable[Bundle],
    *,
    storage: Storage,
    layout: Layout,
    segment_us: int,
    at: datetime,
) -> None:
    """Fill in the outcome's lateness, counted from when each file could be destroyed, and the time beyond by cause."""
    if outcome.beyond is not None:
        return
    outcome.beyond = {}
    if not outcome.destroyed:
        return
    late = outcome.destroyed - outcome.on_time
    cameras = {day[0] for day in outcome.days}
    since = instant(min(day[4] for day in outcome.days) + segment_us)
    periods = _periods(cameras, since, at)
    if not late and not periods:
        return
    margin_us = _margin_us()
    found = _hindrances(storage, cameras, periods, since, at)
    if not found and outcome.late_us <= margin_us:
        outcome.beyond[SWEEP] = [late, outcome.over_us, outcome.late_us]
        outcome.unlawful = late
        return
    _Measure(outcome, found, layout, segment_us, microseconds(at), margin_us).all(bundles)


class _Measure:
    """File by file."""

    def __init__(
        self,
        outcome: Outcome,
        hindrances: Hindrances,
        layout: Layout,
        segment_us: int,
        at_us: int,
        margin_us: int,
    ) -> None:
        self.outcome = outcome
        self.hindrances = hindrances
        self.layout = layout
        self.segment_us = segment_us
        self.at_us = at_us
        self.margin_us = margin_us
        self.beyond: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])

    def all(self, bundles: Iterable[Bundle]) -> None:
        struck = {number for number, _ in self.outcome.struck}
        self.outcome.on_time = self.outcome.late_us = 0
        number = 0
        for bundle in bundles:
            keys = self._keys(bundle)
            for start_us in bundle.starts:
                if number not in struck:
                    self._file(bundle, keys, start_us)
                number += 1
        self.outcome.beyond = dict(self.beyond)

    def _keys(self, bundle: Bundle) -> tuple[str, ...]:
        if not self.hindrances.decisions:
            return ()
        name = bundle.names[0]
        reading = self.layout.parse(f"{bundle.folder}/{name}" if bundle.folder else name)
        return reading.keys if reading is not None else ()

    def _file(self, bundle: Bundle, keys: tuple[str, ...], start_us: int) -> None:
        end_us = start_us + self.segment_us
        due_us = end_us + self.at_us - bundle.cutoff_us
        long = self.hindrances.beyond(bundle.camera, keys, start_us, end_us, due_us, self.at_us)
        late_us = long.get(SWEEP, 0)
        self.outcome.late_us = max(self.outcome.late_us, late_us)
        self.outcome.on_time += late_us <= LATE_US
        self.outcome.beyond_margin += late_us > self.margin_us
        told = {cause: long_us for cause, long_us in long.items() if long_us > LATE_US}
        self.outcome.unlawful += any(cause not in LAWFUL for cause in told)
        for cause, long_us in told.items():
            self._add(cause, long_us)

    def _add(self, cause: str, long_us: int) -> None:
        sums = self.beyond[cause]
        sums[0] += 1
        sums[1] += long_us
        sums[2] = max(sums[2], long_us)


def _margin_us() -> int:
    """How long after a file can be destroyed the guideline leaves for it."""
    return int(parameters.value("destruction_margin_days").value) * DAY


def _hindrances(
    storage: Storage,
    cameras: Collection[int],
    periods: Mapping[int, list[PeriodChange]],
    since: datetime,
    at: datetime,
) -> Hindrances:
    """Of files that ended after `since` at the earliest."""
    return Hindrances(
        _holds(cameras, since, at), periods, _decisions(storage, since, at), _absence(storage, since, at)
    )


def _holds(cameras: Collection[int], since: datetime, at: datetime) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    ended = Hold.objects.filter(camera__in=cameras, released_at__gt=since, placed_at__lt=at)
    columns = ("camera", "placed_at", "released_at", "from_at", "until_at")
    for camera, placed_at, released_at, from_at, until_at in ended.values_list(*columns):
        if released_at is not None:
            instants = (placed_at, released_at, from_at, until_at)
            found[camera].append(Span(*map(microseconds, instants)))
    return dict(found)


def _decisions(storage: Storage, since: datetime, at: datetime) -> dict[str, Span]:
    """Folders that were settled: until then nobody could destroy what lies in them.

    It takes two persons: it is settled when the second one has confirmed.
    """
    settled = storage.unclaimed.exclude(decision=UnclaimedFolder.Decision.OPEN).annotate(
        settled_at=Coalesce("confirmed_at", "decided_at")
    )
    rows = settled.filter(settled_at__gt=since, settled_at__lte=at).values_list(
        "key", "first_seen_at", "settled_at"
    )
    return {key: Span(microseconds(seen_at), microseconds(settled_at)) for key, seen_at, settled_at in rows}


def _absence(storage: Storage, since: datetime, at: datetime) -> Span | None:
    """The last absence. One from before its beginning was noted counts as the whole time up to the return."""
    returned_at, gone_at = storage.returned_at, storage.last_absent_since
    if returned_at is None or not since < returned_at <= at:
        return None
    return Span(microseconds(gone_at or since), microseconds(returned_at))


def _periods(cameras: Collection[int], since: datetime, at: datetime) -> dict[int, list[PeriodChange]]:
    """Changes of the period since an instant, newest first, from the register's history."""
    changed = Camera.history.filter(
        id__in=cameras, history_date__gt=since, history_date__lte=at, history_type="~"
    ).order_by()
    touched = set(changed.values_list("id", flat=True))
    if not touched:
        return {}
    noted = _noted(touched, at)
    found: dict[int, list[PeriodChange]] = {}
    history = Camera.history.filter(id__in=touched, history_date__lte=at).order_by(
        "id", "history_date", "history_id"
    )
    before: tuple[int, int] | None = None
    for camera, changed_at, days in history.values_list("id", "history_date", "retention_days"):
        if before is not None and before[0] == camera and before[1] != days and changed_at > since:
            at_us, days_before = microseconds(changed_at), before[1]
            settled = [] if days > days_before else noted.get((camera, days_before), [])
            last = next((one for one in reversed(settled) if one[0] <= at_us), (None, None))
            found.setdefault(camera, []).insert(0, PeriodChange(at_us, days_before, *last))
        before = camera, days
    return found


def _noted(cameras: Collection[int], at: datetime) -> dict[tuple[int, int], list[tuple[int, int | None]]]:
    """By camera and period before: when a shorter one was noted, and since when it counts for what was there already."""
    found: dict[tuple[int, int], list[tuple[int, int | None]]] = defaultdict(list)
    rows = ShortenedCamera.objects.filter(camera__in=cameras, shortening__at__lte=at)
    columns = ("camera", "days_before", "shortening__at", "shortening__confirmed_at")
    for camera, days, noted_at, confirmed_at in rows.order_by("shortening__at", "pk").values_list(*columns):
        settled_us = None if confirmed_at is None else microseconds(confirmed_at)
        found[camera, days].append((microseconds(noted_at), settled_us))
    return found
