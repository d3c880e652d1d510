"""Second stage: what was found picture by picture becomes tracks, each without a hole from its first picture to its last.

    tracker = Tracker(rate, size, scale, album)
    for each picture in order:  tracker.step(number, grey glance, what the detectors found)
    tracks, doubts = tracker.finish()

Between two looks a box goes where both looks say. When a track is seen for the first time, the pictures before are
searched for what it shows, back to where it is no longer there; when it is not seen any more, those that follow; when it
stood still for longer than these pictures reach, the album is asked. A track that begins or ends in the middle of the
picture, with nothing else over that place, is a doubt for a person to look at: nothing is dropped in silence.

Boxes are float32 arrays of x, y, width, height in pixels of the picture.
"""

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from footage.redaction.album import Album, Gray
from footage.redaction.detect import CLEAR_SCORE, HEAD, REGION, Found
from footage.redaction.walk import LEAST_TEXTURE, Box, Scale, Walk

Boxes = npt.NDArray[np.float32]

# How long a track that nobody sees and that cannot be followed waits to be seen again.
BRIDGE_SECONDS = 1.0
# How far back single pictures are kept; what stood still for longer is looked up in the album.
BACK_SECONDS = 3.0
# How long something is followed without being seen where it looks like the background: a picture on a wall, say, or
# where a person left; and longer where it had been seen for long, since who stands still becomes background.
UNSEEN_SECONDS, STANDING_SECONDS = 2.0, 30.0
LONG_SECONDS = 3.0
STILL_ALIKE = 0.80
# Below this share of the picture a region that was seen once or twice is a flicker, not a person.
FLICKER_SHARE = 0.0005
SURE_SEEN = 3
LIKELY_SCORE = 0.15
# A region that two tracks share is one person's when the younger had lived no longer than this and was a part in size.
SAME_SECONDS = 1.0
PART = 0.5
# Two that share a region for longer than this are told apart no more.
SHARED_SECONDS = 3.0
# A region does not become this many times its usual width or height at once: then it is two.
SUDDENLY_LARGER = 1.6
INSIDE = 0.7
CAMERA_MOVED = 0.6
AGAIN_SECONDS = 3.0
EDGE = 0.02


@dataclass(frozen=True)
class Series:
    """One box for each picture from `first` on."""

    kind: str
    first: int
    boxes: Boxes

    @property
    def last(self) -> int:
        return self.first + len(self.boxes) - 1

    def at(self, number: int) -> Box | None:
        return self.boxes[number - self.first] if self.first <= number <= self.last else None


@dataclass(frozen=True)
class Track:
    """A person or thing: its head and its region are two series of one track."""

    number: int
    series: tuple[Series, ...]

    @property
    def first(self) -> int:
        return min(series.first for series in self.series)

    @property
    def last(self) -> int:
        return max(series.last for series in self.series)

    def at(self, number: int) -> list[Box]:
        return [box for series in self.series if (box := series.at(number)) is not None]


@dataclass(frozen=True, order=True)
class Doubt:
    """A place to look at: picture, track (0: the whole picture), and why (`appeared`, `lost`, `crossed`, `shared`,
    `camera`)."""

    frame: int
    track: int
    reason: str


@dataclass
class _Open:
    """A track in the making. `entries`: box and whether a detector saw it there."""

    number: int
    kind: str
    entries: dict[int, tuple[Box, bool]]
    best: float
    seen: int = 1
    velocity: Box = field(default_factory=lambda: np.zeros(2, np.float32))
    usual: Box = field(default_factory=lambda: np.zeros(2, np.float32))
    core: Box | None = None
    met_at: int | None = None
    looked_back: bool = False
    crossed: list[int] = field(default_factory=list)
    first: int = field(init=False)
    last: int = field(init=False)
    last_seen: int = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.last = self.last_seen = next(iter(self.entries))

    @property
    def box(self) -> Box:
        return self.entries[self.last][0]

    def predicted(self, number: int) -> Box:
        box = self.box.copy()
        box[:2] += self.velocity * (number - self.last)
        return box

    def see(self, number: int, box: Box, score: float) -> None:
        since = number - self.last
        ratio = box[2:] / np.maximum(self.box[2:], 1)
        # A region that fell apart or grew together jumps; what walks keeps its pace.
        if since > 0 and (ratio < 1.3).all() and (ratio > 0.7).all():
            move = (centre(box) - centre(self.box)) / since
            self.velocity = (0.5 * self.velocity + 0.5 * move).astype(np.float32)
        self.usual = (
            (0.9 * self.usual + 0.1 * box[2:]).astype(np.float32) if self.seen > 1 else box[2:].copy()
        )
        self.entries[number] = (box, True)
        self.last = self.last_seen = number
        self.seen += 1
        self.best = max(self.best, score)

    def follow(self, number: int, box: Box) -> None:
        self.entries[number] = (box, False)
        self.first, self.last = min(self.first, number), max(self.last, number)


class Tracker:
    def __init__(
        self, rate: float, size: tuple[int, int], scale: float, album: Album, steps: dict[str, int]
    ) -> None:
        """`size`: width and height of the picture; `scale`: of the glance to it; `steps`: of each kind's looks."""
        self.rate, self.size, self.scale, self.album, self.steps = rate, size, scale, album, steps
        self.glances: deque[tuple[int, Gray]] = deque(maxlen=max(8, round(rate * BACK_SECONDS)))
        self.open: list[_Open] = []
        self.closed: list[_Open] = []
        self.camera: list[int] = []
        self.same: dict[int, int] = {}
        self.numbers = 0
        self.length = 0

    def step(self, number: int, glance: Gray, found: Sequence[Found]) -> None:
        self.glances.append((number, glance))
        self.length = number + 1
        for seen in found:
            if seen.kind == HEAD:
                self._heads(number, seen.boxes)
            else:
                self._regions(number, seen.boxes)
            for track in self._of(seen.kind):
                if not track.looked_back and self._is_sure(track):
                    self._look_back(track)
        self._close(number)

    def finish(self) -> tuple[list[Track], list[Doubt]]:
        for track in self.open:
            self._end(track)
        self.open = []
        return _Finishing(self).tracks()

    # ------------------------------------------------------------ heads: each box is one

    def _heads(self, number: int, boxes: Boxes) -> None:
        free = self._pair(number, self._of(HEAD), list(range(len(boxes))), boxes, reach=1.0)
        unseen = [track for track in self._of(HEAD) if track.last < number]
        for track in unseen:
            self._follow(track, number)
        free = self._pair(
            number,
            [track for track in unseen if not track.entries.get(number, (0, False))[1]],
            free,
            boxes,
            reach=0.8,
        )
        for place in free:
            self._begin(HEAD, number, boxes[place])

    def _pair(
        self, number: int, tracks: list[_Open], free: list[int], boxes: Boxes, reach: float
    ) -> list[int]:
        """The nearest first; boxes that no track took are left."""
        near = []
        for track in tracks:
            at = track.predicted(number)
            # The longer unseen, the farther it may have gone.
            allowed = reach * float(max(at[2], at[3])) * (1 + (number - track.last) / self.rate)
            for place in free:
                box = boxes[place]
                apart = float(np.hypot(*(centre(box) - centre(at))))
                ratio = float(box[3] / max(at[3], 1))
                if apart <= allowed and 0.4 < ratio < 2.5:
                    near.append((apart / allowed, track.number, place, track))
        taken: set[int] = set()
        done: set[int] = set()
        for _, name, place, track in sorted(near, key=lambda one: one[:3]):
            if name in done or place in taken:
                continue
            track.see(number, boxes[place, :4].copy(), float(boxes[place, 4]))
            taken.add(place)
            done.add(name)
        return [place for place in free if place not in taken]

    # ------------------------------------------------------------ regions: they fall apart and grow together

    def _regions(self, number: int, boxes: Boxes) -> None:
        width, height = self.size
        if _covered(boxes, width, height) > CAMERA_MOVED:
            self.camera.append(number)
        tracks = self._of(REGION)
        at = [track.predicted(number) for track in tracks]
        shares = np.zeros((len(tracks), len(boxes)), np.float32)
        for row, box in enumerate(at):
            shares[row] = _shares(box, boxes)
        linked = shares > 0.3
        mains = self._apart(tracks, linked, boxes)
        wanted: dict[int, list[int]] = {}
        for row, track in enumerate(tracks):
            places = [int(place) for place in np.nonzero(linked[row])[0]]
            if places:
                wanted[row] = self._parts(track, at[row], places, boxes, mains.get(row))
        taken = {place for places in wanted.values() for place in places}
        for row, places in wanted.items():
            hull = _hull(boxes[places, :4])
            tracks[row].see(number, hull, float(boxes[places, 4].max()))
        self._meet(number, tracks, wanted)
        for track in tracks:
            if track.last < number:
                self._follow(track, number)
        for place in range(len(boxes)):
            if place not in taken:
                self._begin(REGION, number, boxes[place])

    def _apart(self, tracks: list[_Open], linked: npt.NDArray[np.bool_], boxes: Boxes) -> dict[int, int]:
        """Tracks that shared a region and now find several: each takes one of its own, while there are any."""
        near = [
            (-_common(core, boxes[place, :4]), track.number, row, int(place))
            for row, track in enumerate(tracks)
            if (core := track.core) is not None
            for place in np.nonzero(linked[row])[0]
        ]
        mains: dict[int, int] = {}
        for _, _, row, place in sorted(near):
            if row not in mains and place not in mains.values():
                mains[row] = place
        return mains

    def _parts(self, track: _Open, at: Box, places: list[int], boxes: Boxes, main: int | None) -> list[int]:
        """Which of the regions over its place are this track: the nearest, and what lies within its usual size."""
        core = track.core if track.core is not None else at
        if main is None:
            main = max(places, key=lambda place: (_common(core, boxes[place, :4]), -place))
        parts = [main]
        for place in places:
            if place == main or _common(at, boxes[place, :4]) < INSIDE * _area(boxes[place]):
                continue
            hull = _hull(boxes[[*parts, place], :4])
            if track.core is None and (hull[2:] <= np.maximum(track.usual * SUDDENLY_LARGER, at[2:])).all():
                parts.append(place)
        return parts

    def _meet(self, number: int, tracks: list[_Open], wanted: dict[int, list[int]]) -> None:
        """Tracks over one region: the same person when one is young, else two whose places are remembered."""
        holders: dict[int, list[int]] = {}
        for row, places in wanted.items():
            for place in places:
                holders.setdefault(place, []).append(row)
        gone: set[int] = set()
        sharing: set[int] = set()
        for rows in holders.values():
            rows = sorted((row for row in rows if row not in gone), key=lambda row: tracks[row].number)
            if not rows:
                continue
            elder = tracks[rows[0]]
            for row in rows[1:]:
                younger = tracks[row]
                if self._is_part(younger, elder, number):
                    gone.add(row)
                    self.same[younger.number] = elder.number
                elif younger.met_at is not None and number - younger.met_at > SHARED_SECONDS * self.rate:
                    # One left, or both go together: what they share goes on as the elder's.
                    gone.add(row)
                    elder.crossed.append(number)
            stay = [row for row in rows if row not in gone]
            sharing.update(stay if len(stay) > 1 else [])
        for row, track in enumerate(tracks):
            if row not in wanted or row in gone:
                continue
            if row in sharing:
                if track.core is None:
                    track.core = _of_size(centre(track.box), np.minimum(track.usual, track.box[2:]))
                    track.met_at = number
                track.core[:2] += track.velocity
                track.core = _into(track.core, track.box)
            elif track.core is not None:
                if track.met_at is not None and track.met_at - track.first > SAME_SECONDS * self.rate:
                    track.crossed.append(number)
                track.core = track.met_at = None
                track.usual = track.box[2:].copy()
        for row in gone:
            self.open.remove(tracks[row])
            self._end(tracks[row])

    def _is_part(self, younger: _Open, elder: _Open, number: int) -> bool:
        """A leg, a bag, a shadow that was seen apart for a moment; or what is too small to be a person."""
        is_young = number - younger.first < SAME_SECONDS * self.rate
        is_part = float(np.prod(younger.usual)) < PART * float(np.prod(elder.usual))
        return (is_young and is_part) or self._is_small(younger)

    # ------------------------------------------------------------ one track

    def _of(self, kind: str) -> list[_Open]:
        return [track for track in self.open if track.kind == kind]

    def _begin(self, kind: str, number: int, found: Box) -> None:
        self.numbers += 1
        box = found[:4].copy()
        track = _Open(self.numbers, kind, {number: (box, True)}, float(found[4]))
        track.usual = box[2:].copy()
        self.open.append(track)

    def _is_sure(self, track: _Open) -> bool:
        if track.kind == HEAD:
            return track.best >= CLEAR_SCORE or (track.best >= LIKELY_SCORE and track.seen >= SURE_SEEN)
        return track.seen >= SURE_SEEN or _area(track.box) > FLICKER_SHARE * self.size[0] * self.size[1]

    def _close(self, number: int) -> None:
        longest = BRIDGE_SECONDS * self.rate
        over = [
            track for track in self.open if number - track.last > max(longest, 2 * self.steps[track.kind])
        ]
        for track in over:
            self.open.remove(track)
            self._end(track)

    def _end(self, track: _Open) -> None:
        if not self._is_sure(track):
            return
        if not track.looked_back:
            self._look_back(track)
        self.closed.append(track)

    def _follow(self, track: _Open, number: int) -> None:
        """From where it was last on, picture by picture, as long as what it shows is found again."""
        if track.last + self.steps[track.kind] < number and not track.entries[track.last][1]:
            return  # it was lost before this look: it waits to be seen again
        if number - track.last_seen > self._patience(track) and self._is_background(track.last, track.box):
            return
        later = [(at, glance) for at, glance in self.glances if track.last <= at <= number]
        for at, box in self._walk(track.box, later):
            track.follow(at, box)

    def _look_back(self, track: _Open) -> None:
        track.looked_back = True
        first = track.first
        box = track.entries[first][0]
        earlier = [(at, glance) for at, glance in reversed(self.glances) if at <= first]
        is_limited = self._is_small(track) or (track.kind == HEAD and self._is_background(first, box))
        for at, found in self._walk(box, earlier):
            if is_limited and first - at > UNSEEN_SECONDS * self.rate:
                return
            track.follow(at, found)
        if earlier and track.first == earlier[-1][0] and not is_limited:
            self._stood_before(track)

    def _patience(self, track: _Open) -> float:
        """For how many pictures something is followed unseen although it looks like the background by now."""
        lived = track.last_seen - track.first
        is_long = track.kind != HEAD and lived > LONG_SECONDS * self.rate and not self._is_small(track)
        return (STANDING_SECONDS if is_long else UNSEEN_SECONDS) * self.rate

    def _is_small(self, track: _Open) -> bool:
        """A flicker of leaves, tape or light: what keeps moving at one place and is smaller than a person."""
        return (
            track.kind != HEAD and float(np.prod(track.usual)) < FLICKER_SHARE * self.size[0] * self.size[1]
        )

    def _stood_before(self, track: _Open) -> None:
        """As long as the album, further back, shows the same at the same place."""
        reached = track.first
        box = track.entries[reached][0]
        glance = next((glance for at, glance in self.glances if at == reached), None)
        area = self._patch(box)
        if glance is None or area is None:
            return
        here = glance[area]
        if float(here.std()) < LEAST_TEXTURE:
            return
        for number, picture in zip(reversed(self.album.numbers), reversed(self.album.pictures), strict=True):
            if number >= reached:
                continue
            if float(cv2.matchTemplate(picture[area], here, cv2.TM_CCOEFF_NORMED)[0, 0]) < STILL_ALIKE:
                return
            track.follow(number, box.copy())

    def _walk(self, box: Box, glances: Sequence[tuple[int, Gray]]) -> list[tuple[int, Box]]:
        """Where the content of `box` in the first of these pictures is in the others, until it is not found."""
        if not glances:
            return []
        walk = Walk(Scale(self.size, self.scale), box, glances[0][1])
        found = []
        for number, glance in glances[1:]:
            moved = walk.step(glance)
            if moved is None:
                break
            found.append((number, moved))
        return found

    def _patch(self, box: Box) -> tuple[slice, slice] | None:
        return Scale(self.size, self.scale).patch(box)

    def _is_background(self, number: int, box: Box) -> bool:
        glance = next((glance for at, glance in reversed(self.glances) if at == number), None)
        area = self._patch(box)
        if glance is None or area is None:
            return True
        background = self.album.background(number)
        off = cv2.absdiff(glance[area], background.median[area]) > background.change[area]
        return float(off.mean()) < 0.15


class _Finishing:
    """Open tracks become series without holes; heads go to the persons whose heads they are; ends are judged."""

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        self.raw = sorted(tracker.closed, key=lambda track: track.number)
        self.series = {track.number: self._filled(track) for track in self.raw}

    def tracks(self) -> tuple[list[Track], list[Doubt]]:
        owner = self._owners()
        groups: dict[int, list[int]] = {}
        for number in self.series:
            person = owner.get(number, number)
            while person in self.tracker.same and self.tracker.same[person] in self.series:
                person = self.tracker.same[person]
            groups.setdefault(person, []).append(number)
        ordered = sorted(groups.values(), key=lambda members: (self._first(members), members[0]))
        tracks = [
            Track(place, tuple(self.series[member] for member in sorted(members)))
            for place, members in enumerate(ordered, start=1)
        ]
        places = {member: place for place, members in enumerate(ordered, start=1) for member in members}
        return tracks, sorted(set(self._doubts(tracks, places)))

    def _first(self, members: list[int]) -> int:
        return min(self.series[member].first for member in members)

    def _filled(self, track: _Open) -> Series:
        """Boxes for every picture: between two known ones in proportion, and each as large as its neighbours' hull."""
        numbers = np.array(sorted(track.entries))
        known = np.stack([track.entries[int(number)][0] for number in numbers])
        step = self.tracker.steps[track.kind]
        first, last = max(0, numbers[0] - step), min(self.tracker.length - 1, numbers[-1] + step)
        corners = known.copy()
        corners[:, 2:] += corners[:, :2]
        every = np.arange(first - step, last + step + 1)
        filled = np.stack([np.interp(every, numbers, corners[:, side]) for side in range(4)], axis=1)
        # Before the first and after the last look it goes on as it went for as long as a look may have missed it.
        reach = max(1, (step + 1) // 2)
        low = np.stack(
            [filled[step + shift : len(filled) - step + shift, :2] for shift in range(-reach, reach + 1)]
        )
        high = np.stack(
            [filled[step + shift : len(filled) - step + shift, 2:] for shift in range(-reach, reach + 1)]
        )
        top_left, bottom_right = low.min(axis=0), high.max(axis=0)
        boxes = np.concatenate([top_left, bottom_right - top_left], axis=1).astype(np.float32)
        for side, pace in (
            (slice(0, int(numbers[0] - first)), -1),
            (slice(len(boxes) - int(last - numbers[-1]), None), 1),
        ):
            count = len(boxes[side])
            if count:
                ahead = np.arange(count, 0, -1) if pace < 0 else np.arange(1, count + 1)
                boxes[side] = _stretched(boxes[side], self._pace(track, pace), ahead)
        return Series(track.kind, int(first), boxes)

    def _pace(self, track: _Open, direction: int) -> Box:
        """Pixels a picture at the beginning (-1, backwards) or the end (1)."""
        numbers = sorted(track.entries)
        ends = numbers[:3] if direction < 0 else numbers[-3:]
        if len(ends) < 2:
            return np.zeros(2, np.float32)
        move = centre(track.entries[ends[-1]][0]) - centre(track.entries[ends[0]][0])
        pace: Box = (direction * move / (ends[-1] - ends[0])).astype(np.float32)
        return pace

    def _owners(self) -> dict[int, int]:
        """Head → region whose person it is: the smallest in which it lies nearly always."""
        regions = [number for number, series in self.series.items() if series.kind != HEAD]
        owner: dict[int, int] = {}
        for number, head in self.series.items():
            if head.kind != HEAD:
                continue
            best: tuple[float, float, int] | None = None
            for other in regions:
                region = self.series[other]
                first, last = max(head.first, region.first), min(head.last, region.last)
                if last < first:
                    continue
                ours = head.boxes[first - head.first : last - head.first + 1]
                theirs = region.boxes[first - region.first : last - region.first + 1]
                middle = ours[:, :2] + ours[:, 2:] / 2
                inside = ((middle >= theirs[:, :2]) & (middle <= theirs[:, :2] + theirs[:, 2:])).all(axis=1)
                share = float(inside.sum()) / len(head.boxes)
                if share >= INSIDE:
                    size = float((theirs[:, 2] * theirs[:, 3]).mean())
                    best = min(best or (1.0, np.inf, 0), (-round(share, 1), size, other))
            if best:
                owner[number] = best[2]
        return owner

    def _doubts(self, tracks: list[Track], places: dict[int, int]) -> list[Doubt]:
        doubts = []
        for track in self.raw:
            series, place = self.series[track.number], places[track.number]
            if track.seen < SURE_SEEN:
                continue
            if series.first > 0 and self._is_bare(tracks, series, series.first - 1, series.boxes[0]):
                doubts.append(Doubt(series.first, place, "appeared"))
            if series.last < self.tracker.length - 1 and self._is_bare(
                tracks, series, series.last + 1, series.boxes[-1]
            ):
                doubts.append(Doubt(series.last, place, "lost"))
            doubts += [Doubt(number, place, "crossed") for number in self._spaced(track.crossed)]
        doubts += self._shared(tracks)
        doubts += [Doubt(number, 0, "camera") for number in self._spaced(self.tracker.camera)]
        return doubts

    def _spaced(self, numbers: list[int]) -> list[int]:
        """The first of each run: one look is enough for what repeats within seconds."""
        firsts: list[int] = []
        last = None
        for number in numbers:
            if last is None or number - last > AGAIN_SECONDS * self.tracker.rate:
                firsts.append(number)
            last = number
        return firsts

    def _is_bare(self, tracks: list[Track], series: Series, number: int, box: Box) -> bool:
        """Inside the picture, with nothing else over it."""
        width, height = self.tracker.size
        side = EDGE * max(width, height)
        x, y, wide, high = box
        if x <= side or y <= side or x + wide >= width - side or y + high >= height - side:
            return False
        for track in tracks:
            for other in track.series:
                there = other.at(number) if other is not series else None
                if there is not None and _common(there, box) >= 0.5 * _area(box):
                    return False
        return True

    def _shared(self, tracks: list[Track]) -> list[Doubt]:
        """Two heads at once in one track: keeping it would show both."""
        doubts = []
        for track in tracks:
            heads = sorted((one for one in track.series if one.kind == HEAD), key=lambda one: one.first)
            for earlier, later in itertools.pairwise(heads):
                both = min(earlier.last, later.last) - later.first
                if both > self.tracker.steps[HEAD] * 2:
                    doubts.append(Doubt(later.first, track.number, "shared"))
                    break
        return doubts


def centre(box: Box) -> Box:
    return np.asarray(box[:2] + box[2:4] / 2, np.float32)


def _area(box: Box) -> float:
    return float(max(box[2], 0) * max(box[3], 0))


def _common(one: Box, other: Box) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return float(max(wide, 0) * max(high, 0))


def _shares(box: Box, boxes: Boxes) -> Boxes:
    """What each has in common with `box`, as a share of the smaller of the two."""
    wide = np.minimum(box[0] + box[2], boxes[:, 0] + boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    high = np.minimum(box[1] + box[3], boxes[:, 1] + boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    smaller = np.minimum(box[2] * box[3], boxes[:, 2] * boxes[:, 3])
    shares: Boxes = np.clip(wide, 0, None) * np.clip(high, 0, None) / np.maximum(smaller, 1)
    return shares


def _hull(boxes: Boxes) -> Box:
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:4]).max(axis=0)
    return np.concatenate([low, high - low]).astype(np.float32)


def _of_size(middle: Box, size: Box) -> Box:
    return np.concatenate([middle - size / 2, size]).astype(np.float32)


def _into(box: Box, outer: Box) -> Box:
    """Moved so far that it lies inside, where it fits."""
    moved = box.copy()
    moved[:2] = np.clip(box[:2], outer[:2], np.maximum(outer[:2] + outer[2:] - box[2:], outer[:2]))
    return moved


def _stretched(boxes: Boxes, pace: Box, ahead: npt.NDArray[np.int_]) -> Boxes:
    """Each box drawn out to where it may be `ahead` pictures further on."""
    moved = boxes[:, :2] + ahead[:, None] * pace
    low = np.minimum(boxes[:, :2], moved)
    high = np.maximum(boxes[:, :2], moved) + boxes[:, 2:]
    return np.concatenate([low, high - low], axis=1).astype(np.float32)


def _covered(boxes: Boxes, width: int, height: int) -> float:
    """Which share of the picture lies under boxes."""
    mask = np.zeros((36, 64), bool)
    for x, y, wide, high in boxes[:, :4] * np.array([64 / width, 36 / height] * 2):
        mask[max(0, int(y)) : int(np.ceil(y + high)), max(0, int(x)) : int(np.ceil(x + wide))] = True
    return float(mask.mean())
