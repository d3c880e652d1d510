"""Layouts: what a path says about camera and time, in both directions.

A layout is a template of strftime codes with `{camera}`, or the name of a recorder whose template is known.
It reads a path from the top down, one folder at a time, so that a folder's own name already bounds the
files below it and whole branches need not be listed (`Layout.bounds`).

Where a wall-clock time names two instants (clocks set back) or none (set forward), both readings are kept:
a file counts as old only by the later one and is touched by a hold in either.

This module imports nothing of Django: the processes that destroy files load it alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from accounts.korean import josa
from footage.path_templates import CODES, MONTHS, ZONES, LayoutError, compile_template

SECOND = 1_000_000
HOUR = 3600 * SECOND
# No zone is further from UTC than this; a folder above a name with %z can be off by as much.
WIDEST_OFFSET = 15 * HOUR
# The neighbours of the first and the last year cannot all be said (another zone's date, the end of a file): such a
# time in a path is no time.
FIRST_YEAR, LAST_YEAR = 2, 9998
# Earlier and later reading of a start, in microseconds since 1970.
Span = tuple[int, int]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(NamedTuple):
    """What a path says: whose it is and when it starts (microseconds since 1970, earlier and later reading)."""

    keys: tuple[str, ...]
    first_us: int
    last_us: int

    @property
    def camera(self) -> str:
        return self.keys[0]

    @property
    def start(self) -> datetime:
        return instant(self.last_us)


def instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


class Cursor(NamedTuple):
    """How far a folder has come along a template, and what its path has said so far."""

    variant: int
    depth: int
    values: tuple[tuple[str, str], ...]
    is_open: bool = False


NAMED: dict[str, tuple[tuple[str, ...], str | None]] = {
    "frigate": (("recordings/%Y-%m-%d/%H/{camera}/%M.%S.mp4",), "UTC"),
    "frigate-0.11": (("recordings/%Y-%m/%d/%H/{camera}/%M.%S.mp4",), None),
    "mediamtx": (
        tuple(
            f"recordings/{{path}}/%Y-%m-%d_%H-%M-%S-%f{zone}.{extension}"
            for extension in ("mp4", "ts")
            for zone in ("", "%z")
        ),
        None,
    ),
    "shinobi": (
        tuple(f"{{any}}/{{camera}}/%Y-%m-%dT%H-%M-%S.{extension}" for extension in ("mp4", "webm", "mkv")),
        None,
    ),
    "kerberos": (
        tuple(
            f"{folder}%s_{{any}}_{name}_{{rest}}.mp4"
            for name in ("{camera}_{region}", "{word}_{any2}")
            for folder in ("data/recordings/", "recordings/", "")
        ),
        "UTC",
    ),
}


class Layout:
    """A storage's way of naming files, with the zone of its times."""

    def __init__(self, layout: str, timezone: str = "Asia/Seoul") -> None:
        self.name = layout
        templates, fixed_zone = NAMED.get(layout, ((layout,), None))
        self.zone = zone_named(fixed_zone or timezone)
        is_named = layout in NAMED
        if layout.strip() and not is_named and not set(layout) & set("%{/"):
            # A name, and not a known one: what a template lacks would explain nothing.
            raise LayoutError(
                f"없는 경로 형식입니다: {layout!r}. 쓸 수 있는 이름: {', '.join(NAMED)}. "
                "그 밖의 녹화기는 recordings/{camera}/%Y-%m-%d_%H-%M-%S.mp4처럼 직접 적습니다."
            )
        self.variants = tuple(compile_template(text, is_named=is_named) for text in templates)
        self.has_fixed_zone = fixed_zone is not None
        self._bounds: dict[Any, tuple[int | None, int | None] | None] = {}
        self._offsets: dict[str, dict[str, int]] = {}
        self._hours: dict[tuple[int, int, int, int], tuple[int, int] | None] = {}

    # Downwards: folder by folder, then the file name.

    def top(self) -> tuple[Cursor, ...]:
        return tuple(Cursor(index, 0, ()) for index in range(len(self.variants)))

    def enter(self, cursors: tuple[Cursor, ...], name: str) -> tuple[Cursor, ...]:
        """The cursors of the folder `name` inside a folder; empty when it does not fit the layout."""
        found: list[Cursor] = []
        name = composed(name)
        for cursor in cursors:
            found.extend(self._enter(cursor, name))
        return tuple(found)

    def _enter(self, cursor: Cursor, name: str) -> Iterator[Cursor]:
        variant = self.variants[cursor.variant]
        is_last = cursor.depth >= len(variant.folders)
        if is_last and variant.file.spans_folders:
            yield _extended(cursor, "above", name)
            return
        if cursor.is_open:
            # Only a date ends a path that may hold folders (`compile_template` sees to that).
            closed = list(self._enter(cursor._replace(is_open=False), name))
            yield from closed or [_extended(cursor, "path", name)]
            return
        if is_last:
            return
        part = variant.folders[cursor.depth]
        match = part.pattern.fullmatch(name)
        if match is None:
            return
        values = dict(cursor.values)
        if not _agree(values, match.groupdict()):
            return
        entered = Cursor(cursor.variant, cursor.depth + 1, tuple(values.items()), part.spans_folders)
        if self.bounds_of(entered) is not None:
            yield entered

    def is_leaf(self, cursors: tuple[Cursor, ...]) -> bool:
        """Whether files of the layout may lie directly in this folder."""
        return any(cursor.depth == len(self.variants[cursor.variant].folders) for cursor in cursors)

    def is_open(self, cursors: tuple[Cursor, ...]) -> bool:
        """Whether the folders below may be other cameras' (`a` and `a/b`)."""
        return any(cursor.is_open for cursor in cursors)

    def is_fixed(self, cursors: tuple[Cursor, ...]) -> bool:
        """Whether the folder is part of the template's own text (`recordings`): never removed."""
        return all(
            not cursor.is_open
            and all(part.is_literal for part in self.variants[cursor.variant].folders[: cursor.depth])
            for cursor in cursors
        )

    def keys_of(self, cursors: tuple[Cursor, ...]) -> tuple[str, ...]:
        """What the folder's own path says of the camera; empty when the file name says it."""
        for cursor in cursors:
            keys = _keys(dict(cursor.values))
            if keys:
                return keys
        return ()

    def read(self, cursors: tuple[Cursor, ...], name: str) -> Reading | None:
        """What the file `name` in a folder says; None when it does not fit the layout."""
        name = composed(name)
        for cursor in cursors:
            variant = self.variants[cursor.variant]
            if cursor.depth != len(variant.folders):
                continue
            match = variant.file.pattern.fullmatch(name)
            if match is None:
                continue
            values = dict(cursor.values)
            if not _agree(values, match.groupdict()):
                continue
            if "above" in values:
                values["path"] = f"{values['above']}/{values['path']}"
            span = self._span(values)
            keys = _keys(values)
            if span is not None and keys:
                return Reading(keys, span[0], span[1])
        return None

    def reader(self, cursors: tuple[Cursor, ...]) -> Callable[[str], Span | None]:
        """`read` for the many files of one folder whose path already says the camera: only their times.

        What the folder says is worked out once; millions of names are read in a sweep.
        """
        leaves = [c for c in cursors if c.depth == len(self.variants[c.variant].folders)]
        ways = [self._way(cursor) for cursor in leaves]
        if len(ways) == 1:
            return ways[0]

        def read(name: str) -> Span | None:
            for way in ways:
                span = way(name)
                if span is not None:
                    return span
            return None

        return read

    def _way(self, cursor: Cursor) -> Callable[[str], Span | None]:
        part = self.variants[cursor.variant].file
        values = dict(cursor.values)
        fields = frozenset(name for kind, name in part.tokens if kind == "field")
        if fields <= {"M", "S", "f"} and "H" in values and not fields & values.keys():
            base = self._hour(*_date(values), int(values["H"]))
            if base is not None:
                return self._within_hour(part.pattern, base)
        if {"Y", "m", "d", "H"} <= fields <= {
            "Y",
            "m",
            "d",
            "H",
            "M",
            "S",
            "f",
        } and not values.keys() & CODES.keys():
            return self._full_date(part.pattern)

        def read(name: str) -> Span | None:
            match = part.pattern.fullmatch(composed(name))
            if match is None:
                return None
            found = dict(values)
            return self._span(found) if _agree(found, match.groupdict()) else None

        return read

    def _within_hour(self, pattern: re.Pattern[str], base: Span) -> Callable[[str], Span | None]:
        """The folder says the hour, the name minute and second: the same few names over and over."""
        offsets = self._offsets.setdefault(pattern.pattern, {})
        start = base[0]

        def read(name: str) -> Span | None:
            offset = offsets.get(name)
            if offset is None:
                match = pattern.fullmatch(name)
                if match is None:
                    return None
                found = match.groupdict()
                minute, second = int(found.get("M", 0)), int(found.get("S", 0))
                if minute > 59 or second > 59:
                    return None
                offset = (minute * 60 + second) * SECOND + int(found.get("f", 0))
                if len(offsets) < 10_000:
                    offsets[name] = offset
            return start + offset, start + offset

        return read

    def _full_date(self, pattern: re.Pattern[str]) -> Callable[[str], Span | None]:
        """The name says everything."""
        order = sorted(pattern.groupindex, key=pattern.groupindex.__getitem__)
        places = {name: index for index, name in enumerate(order)}
        year, month, day, hour = (places[name] for name in "YmdH")
        minute, second, fraction = (places.get(name, -1) for name in "MSf")

        def read(name: str) -> Span | None:
            match = pattern.fullmatch(name)
            if match is None:
                return None
            found = [int(text) for text in match.groups()]
            found.append(0)
            if found[minute] > 59 or found[second] > 59:
                return None
            offset = (found[minute] * 60 + found[second]) * SECOND + found[fraction]
            try:
                base = self._hour(found[year], found[month], found[day], found[hour])
            except (ValueError, OverflowError):
                return None
            if base is None:
                values: dict[str, str] = {}
                return self._span(values) if _agree(values, match.groupdict()) else None
            return base[0] + offset, base[1] + offset

        return read

    def parse(self, path: str) -> Reading | None:
        """A whole path, relative to the storage's root."""
        *folders, name = path.split("/")
        cursors = self.top()
        for folder in folders:
            cursors = self.enter(cursors, folder)
            if not cursors:
                return None
        return self.read(cursors, name)

    def path(self, camera: str, start: datetime) -> str:
        """Where this layout would put a camera's file of that start (first variant)."""
        variant = self.variants[0]
        local = start.astimezone(self.zone)
        values = {code: local.strftime(f"%{code}") for code in CODES if code not in "szbLp"}
        values |= {
            "b": MONTHS[local.month - 1],
            "p": "AM" if local.hour < 12 else "PM",
            "L": f"{local.microsecond // 1000:03}",
            "digit": "0",
            "s": str(int(start.timestamp())),
            "z": local.strftime("%z"),
            "camera": camera,
            "path": camera,
            "word": camera,
            "any": "0",
            "any2": "0",
            "region": "0-0-0-0",
            "rest": "0_0",
        }
        if self.name == "shinobi" and "/" in camera:
            values["any"], values["camera"] = camera.split("/", 1)
        return "/".join(part.build(values) for part in (*variant.folders, variant.file))

    # Times.

    def bounds(self, cursors: tuple[Cursor, ...]) -> tuple[int | None, int | None]:
        """Start of the first and of the last file that a folder may hold; None where nothing bounds it."""
        firsts, lasts = [], []
        for cursor in cursors:
            first, last = self.bounds_of(cursor) or (None, None)
            firsts.append(first)
            lasts.append(last)
        first_us = None if None in firsts or not firsts else min(f for f in firsts if f is not None)
        last_us = None if None in lasts or not lasts else max(x for x in lasts if x is not None)
        return first_us, last_us

    def bounds_of(self, cursor: Cursor) -> tuple[int | None, int | None] | None:
        """As `bounds`, for one cursor; None when the folder names an impossible time."""
        # The same for every camera's folder of an hour: worked out once.
        key = cursor.variant, tuple(pair for pair in cursor.values if pair[0] in CODES)
        if key not in self._bounds:
            if len(self._bounds) > 4096:
                self._bounds.clear()
            self._bounds[key] = self._work_out_bounds(cursor, dict(key[1]))
        return self._bounds[key]

    def _work_out_bounds(
        self, cursor: Cursor, values: dict[str, str]
    ) -> tuple[int | None, int | None] | None:
        try:
            first, last = _wall_bounds(values)
        except ValueError:
            return None
        if first is None or last is None:
            return None, None
        has_zone = bool({"z", "Z"} & self.variants[cursor.variant].fields)
        slack = WIDEST_OFFSET if has_zone else 0
        zone = UTC if has_zone else self.zone
        try:
            return min(_readings(first, zone)) - slack, max(_readings(last, zone)) + slack
        except (OverflowError, ValueError):
            return None

    def _span(self, values: dict[str, str]) -> tuple[int, int] | None:
        """Both readings of a complete time."""
        if "s" in values:
            unit = SECOND // 1000 if len(values["s"]) == 13 else SECOND
            start = int(values["s"]) * unit + int(values.get("f", 0))
            return start, start
        try:
            year, month, day = _date(values)
            hour, minute, second = (int(values.get(unit, 0)) for unit in ("H", "M", "S"))
            fraction = int(values.get("f", 0))
            if "z" in values:
                wall = datetime(year, month, day, hour, minute, second, fraction, tzinfo=UTC)
                start = microseconds(wall) - _offset(values["z"])
                return start, start
            if minute > 59 or second > 59:
                return None
            base = self._hour(year, month, day, hour)
            if base is not None:
                start = (minute * 60 + second) * SECOND + fraction
                return base[0] + start, base[1] + start
            readings = _readings(datetime(year, month, day, hour, minute, second, fraction), self.zone)  # noqa: DTZ001
            return min(readings), max(readings)
        except (ValueError, OverflowError):
            return None

    def _hour(self, year: int, month: int, day: int, hour: int) -> tuple[int, int] | None:
        """The instant at which an hour starts, remembered; None when the zone's offset changes within it."""
        key = (year, month, day, hour)
        if key not in self._hours:
            if len(self._hours) > 4096:
                self._hours.clear()
            start = datetime(_possible(year), month, day, hour)  # noqa: DTZ001 - wall-clock time of the recorder
            end = start.replace(minute=59, second=59, microsecond=999_999)
            first, last = _readings(start, self.zone), _readings(end, self.zone)
            is_plain = len(set(first)) == 1 and len(set(last)) == 1 and last[0] - first[0] == HOUR - 1
            self._hours[key] = (first[0], first[0]) if is_plain else None
        return self._hours[key]


def folder_may_hold_due(first_us: int | None, cutoff_us: int, segment_us: int) -> bool:
    """Whether a folder's first possible file may have ended before the cutoff; unbounded folders may."""
    return first_us is None or first_us + segment_us < cutoff_us


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise LayoutError(
            f"시간대 {name!r}{josa(name, '을/를')} 알 수 없습니다. 예: Asia/Seoul, UTC"
        ) from None


def composed(name: str) -> str:
    """Hangul as the register writes it; some file systems and tools take its syllables apart."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _extended(cursor: Cursor, name: str, folder: str) -> Cursor:
    """A camera's path that goes on into a further folder."""
    values = dict(cursor.values)
    values[name] = f"{values[name]}/{folder}" if name in values else folder
    return cursor._replace(values=tuple(values.items()), is_open=True)


def _agree(values: dict[str, str], found: dict[str, str | None]) -> bool:
    """Adds what a step says; False when it contradicts an earlier step (two %Y that differ) or says nothing."""
    for name, value in found.items():
        if value is None or (name in {"any", "rest", "region"} and name in values):
            continue
        said = _in_other_words(name, value)
        if said is None or values.setdefault(said[0], said[1]) != said[1]:
            return False
    return _agrees_with_the_half_day(values)


def _in_other_words(name: str, value: str) -> tuple[str, str] | None:
    """A month's name as its number, milliseconds as microseconds, a zone's name as its offset, zeros in front."""
    if name == "b":
        return ("m", f"{MONTHS.index(value) + 1:02}") if value in MONTHS else None
    if name == "L":
        return "f", f"{value}000"
    if name == "Z":
        return "z", ZONES[value]
    return name, value.zfill(2) if name in "mdHMSI" else value


def _agrees_with_the_half_day(values: dict[str, str]) -> bool:
    """%I and %p are one hour as soon as both are known."""
    if not {"I", "p"} <= values.keys():
        return True
    hour = int(values["I"])
    if not 1 <= hour <= 12:
        return False
    is_afternoon = values["p"].lower() in {"pm", "오후"}
    hour = hour % 12 + 12 * is_afternoon
    return values.setdefault("H", f"{hour:02}") == f"{hour:02}"


def _keys(values: dict[str, str]) -> tuple[str, ...]:
    """The camera's key, and the longer one with its group in front where a recorder has groups."""
    if "path" in values:
        return (values["path"],)
    if "camera" not in values:
        return ()
    if "any" in values and "s" not in values:
        return values["camera"], f"{values['any']}/{values['camera']}"
    return (values["camera"],)


def _year(values: dict[str, str]) -> int:
    return _possible(int(values["Y"]) if "Y" in values else 2000 + int(values["y"]))


def _possible(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError
    return year


def _date(values: dict[str, str]) -> tuple[int, int, int]:
    year = _year(values)
    if "Y" in values and "y" in values and year % 100 != int(values["y"]):
        raise ValueError
    if "j" not in values:
        return year, int(values["m"]), int(values["d"])
    if values["j"] == "000":
        raise ValueError
    day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=int(values["j"]) - 1)
    if (
        day.year != year
        or ("m" in values and day.month != int(values["m"]))
        or ("d" in values and day.day != int(values["d"]))
    ):
        raise ValueError
    return day.year, day.month, day.day


def _wall_bounds(values: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    """First and last wall-clock time that agree with the units known so far, from the year down."""
    if "s" in values or not {"Y", "y"} & values.keys():
        return None, None
    year = _year(values)
    first = datetime(year, 1, 1)  # noqa: DTZ001 - wall-clock time of the recorder
    if "j" in values or {"m", "d"} <= values.keys():
        first = datetime(*_date(values))  # noqa: DTZ001
        step = timedelta(days=1)
    elif "m" in values:
        first = first.replace(month=int(values["m"]))
        return first, (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(microseconds=1)
    else:
        return first, datetime(year, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001
    for unit, name, length in (
        ("H", "hour", timedelta(hours=1)),
        ("M", "minute", timedelta(minutes=1)),
        ("S", "second", timedelta(seconds=1)),
        ("f", "microsecond", timedelta(microseconds=1)),
    ):
        if unit not in values:
            break
        first = first.replace(**{name: int(values[unit])})  # type: ignore[arg-type]
        step = length
    return first, first + step - timedelta(microseconds=1)


def _readings(wall: datetime, zone: tzinfo) -> tuple[int, int]:
    """The instants that a wall-clock time may mean: two at a clock change, else the same one twice."""
    if zone is UTC:
        start = microseconds(wall.replace(tzinfo=UTC))
        return start, start
    return tuple(  # type: ignore[return-value]
        microseconds(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)) for fold in (0, 1)
    )


def _offset(text: str) -> int:
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError
    value = (hours * 60 + minutes) * 60 * SECOND
    return -value if text[0] == "-" else value
