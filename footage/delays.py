"""지연: since when a destroyed file could have been destroyed, and why it stayed until then.

A sweep measures how far a file is past the end of its period. That is no lateness of the sweep where something else
kept the file: a hold that was released since, a longer period that was shortened since, a folder about which nobody
had decided, a disk that was not there. Lateness counts from the last of these instants. The time between the end of
the period and that instant is kept beside it, by cause, so that each hour that a file lay there too long is told once.

Only blocks with files that are late are asked: nearly all are on time. A file that several causes kept counts for the
one that ended last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models.functions import Coalesce

from cameras.models import Camera
from footage.blocks import LATE_US, Bundle, Outcome
from footage.layouts import Layout, instant, microseconds
from footage.models import Hold, Storage, UnclaimedFolder
from footage.retention import DAY
from ordinance import parameters

# Holds and longer periods keep footage lawfully; the others do not.
HOLD, PERIOD, DECISION, STORAGE, SWEEP = "hold", "period", "decision", "storage", "sweep"


class Release(NamedTuple):
    from_us: int
    until_us: int
    released_us: int


class Shortening(NamedTuple):
    """Another period than the one before it applied from an instant on."""

    at_us: int
    days_before: int


@dataclass(frozen=True)
class Hindrances:
    """What kept the files of some cameras, after an instant, in one storage."""

    releases: Mapping[int, list[Release]]
    # Newest first.
    periods: Mapping[int, list[Shortening]]
    decisions: Mapping[str, int]
    returned_us: int

    def __bool__(self) -> bool:
        return bool(self.releases or self.periods or self.decisions or self.returned_us)

    def free(
        self, camera: int, keys: Iterable[str], start_us: int, end_us: int, due_us: int
    ) -> tuple[int, str]:
        """From when a file could be destroyed, and what kept it until then (`SWEEP`: nothing)."""
        candidates = [(due_us, SWEEP), (self._by_period(camera, end_us, due_us), PERIOD)]
        candidates += [
            (release.released_us, HOLD)
            for release in self.releases.get(camera, ())
            if release.from_us < end_us and start_us < release.until_us
        ]
        candidates += [(self.decisions[key], DECISION) for key in keys if key in self.decisions]
        if self.returned_us:
            candidates.append((self.returned_us, STORAGE))
        return max(candidates, key=lambda found: found[0])

    def _by_period(self, camera: int, end_us: int, due_us: int) -> int:
        """Under the periods as they were: since when the file has been due without a break."""
        since_us = due_us
        for change in self.periods.get(camera, ()):
            if since_us > change.at_us:
                break
            due_before_us = end_us + change.days_before * DAY
            if due_before_us >= change.at_us:
                return change.at_us
            since_us = due_before_us
        return since_us


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
    late = outcome.destroyed - outcome.on_time
    if not late:
        return
    margin_us = _margin_us()
    found = _hindrances(storage, {day[0] for day in outcome.days}, at, microseconds(at) - outcome.late_us)
    if not found and outcome.late_us <= margin_us:
        outcome.beyond[SWEEP] = [late, outcome.over_us, outcome.late_us]
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
        free_us, cause = self.hindrances.free(bundle.camera, keys, start_us, end_us, due_us)
        late_us = self.at_us - free_us
        self.outcome.late_us = max(self.outcome.late_us, late_us)
        if late_us <= LATE_US:
            self.outcome.on_time += 1
        else:
            self._add(SWEEP, late_us)
        if free_us - due_us > LATE_US:
            self._add(cause, free_us - due_us)
        self.outcome.beyond_margin += late_us > self.margin_us

    def _add(self, cause: str, long_us: int) -> None:
        sums = self.beyond[cause]
        sums[0] += 1
        sums[1] += long_us
        sums[2] = max(sums[2], long_us)


def _margin_us() -> int:
    """How long after a file can be destroyed the guideline leaves for it."""
    return int(parameters.value("destruction_margin_days").value) * DAY


def _hindrances(storage: Storage, cameras: Collection[int], at: datetime, since_us: int) -> Hindrances:
    """Of files whose period ended after `since_us` at the earliest."""
    since = instant(since_us)
    returned = storage.returned_at
    return Hindrances(
        _releases(cameras, since, at),
        _periods(cameras, since, at),
        {
            key: microseconds(settled_at)
            # Destruction needs a second person: it is settled when that one has confirmed.
            for key, settled_at in storage.unclaimed.exclude(decision=UnclaimedFolder.Decision.OPEN)
            .annotate(settled_at=Coalesce("confirmed_at", "decided_at"))
            .filter(settled_at__gt=since, settled_at__lte=at)
            .values_list("key", "settled_at")
        },
        microseconds(returned) if returned is not None and since < returned <= at else 0,
    )


def _releases(cameras: Collection[int], since: datetime, at: datetime) -> dict[int, list[Release]]:
    found: dict[int, list[Release]] = defaultdict(list)
    released = Hold.objects.filter(camera__in=cameras, released_at__gt=since, released_at__lte=at)
    for camera, from_at, until_at, released_at in released.values_list(
        "camera", "from_at", "until_at", "released_at"
    ):
        if released_at is not None:
            instants = microseconds(from_at), microseconds(until_at), microseconds(released_at)
            found[camera].append(Release(*instants))
    return dict(found)


def _periods(cameras: Collection[int], since: datetime, at: datetime) -> dict[int, list[Shortening]]:
    """Changes of the period since an instant, newest first, from the register's history."""
    found: dict[int, list[Shortening]] = {}
    history = Camera.history.filter(id__in=cameras, history_date__lte=at).order_by(
        "id", "history_date", "history_id"
    )
    before: tuple[int, int] | None = None
    for camera, changed_at, days in history.values_list("id", "history_date", "retention_days"):
        if before is not None and before[0] == camera and before[1] != days and changed_at > since:
            found.setdefault(camera, []).insert(0, Shortening(microseconds(changed_at), before[1]))
        before = camera, days
    return found
