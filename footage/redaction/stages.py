"""The three stages over one file, in three readings of it: never more than a few seconds of pictures are in memory.

First the album is filled and the file is judged; then regions are found and tracked; then they are covered and written.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import av

from footage.redaction import centerface, render
from footage.redaction.ahead import ahead
from footage.redaction.album import Album
from footage.redaction.clip import Clip, Piece, Planes, Reading, glance_scale, open_clip, piece_of
from footage.redaction.cover import Style, cover, to_pixels
from footage.redaction.detect import DETECTORS, find
from footage.redaction.errors import UnusableClip
from footage.redaction.recipe import Pixels, Recipe
from footage.redaction.track import Doubt, Track, Tracker

Progress = Callable[[str, int, int], None]
# Changed whenever the same clip would give other regions.
VERSION = 2
SHORTEST_GAP = 0.5


@dataclass(frozen=True)
class Surveyed:
    """What one reading of the whole clip said. `ticks`: when each picture is shown; `moments`: of which piece it is, and
    where it lies in the whole range in seconds."""

    clip: Clip
    album: Album
    ticks: list[int]
    moments: list[tuple[int, float]]
    warnings: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return (self.ticks[-1] + self.last_ticks) / self.clip.ticks_per_second

    @property
    def last_ticks(self) -> int:
        """The last picture is shown for as long as the one before."""
        return self.ticks[-1] - self.ticks[-2] if len(self.ticks) > 1 else self.clip.nominal_ticks

    @property
    def rate(self) -> float:
        """Pictures a second as they are, whatever the file says."""
        return len(self.ticks) / self.seconds


def survey(source: Path | Sequence[Piece], progress: Progress) -> Surveyed:
    """Raises UnusableClip when there is nothing that can be shown."""
    clip = open_clip([piece_of(source)] if isinstance(source, Path) else source)
    album = Album(float(clip.rate))
    reading = Reading(clip)
    ticks, moments = [], []
    for frame in ahead(reading):
        ticks.append(frame.tick)
        moments.append((frame.piece, round(frame.seconds, 4)))
        if album.wants(frame.number):
            album.add(frame.number, frame.planes.glance())
        progress("survey", frame.number + 1, 0)
    if not ticks:
        raise UnusableClip("화면을 한 장도 읽지 못했습니다. 파일이 손상되었습니다.")
    surveyed = Surveyed(clip, album, ticks, moments)
    album.frames_per_second = surveyed.rate
    surveyed.warnings.extend(_warnings(surveyed, reading))
    return surveyed


def _warnings(surveyed: Surveyed, reading: Reading) -> Iterator[str]:
    for problem in reading.unusable:
        yield f"{problem} 그 시간의 화면은 결과에 없습니다."
    # What a file says of its own length says nothing of a stretch of it.
    is_whole_file = len(surveyed.clip.pieces) == 1 and surveyed.clip.pieces[0].is_whole
    declared = surveyed.clip.declared_seconds if is_whole_file else None
    if declared and declared - surveyed.seconds > max(SHORTEST_GAP, 0.02 * declared):
        yield (
            f"파일에는 {declared:.1f}초라고 적혀 있으나 {surveyed.seconds:.1f}초까지만 읽혔습니다. "
            "저장되다 끊긴 파일일 수 있습니다. 읽힌 곳까지 처리합니다."
        )
    elif reading.broke_off:
        yield f"{surveyed.seconds:.1f}초 뒤로는 읽을 수 없습니다. 읽힌 곳까지 처리합니다."
    if reading.errors:
        yield f"손상되어 읽지 못한 조각이 {reading.errors:,}개 있습니다. 그 자리의 화면은 결과에 없습니다."
    if reading.untimed:
        yield (
            f"시각이 적히지 않은 화면이 {reading.untimed:,}장 있어 1초에 "
            f"{float(surveyed.clip.rate):g}장으로 셈했습니다."
        )


def follow(surveyed: Surveyed, names: Sequence[str], progress: Progress) -> tuple[list[Track], list[Doubt]]:
    clip = surveyed.clip
    detectors = [DETECTORS[name](clip, surveyed.album) for name in names]
    tracker = Tracker(
        rate=surveyed.rate,
        size=(clip.width, clip.height),
        scale=glance_scale(clip.width, clip.height),
        album=surveyed.album,
        steps={detector.kind: detector.step for detector in detectors},
    )
    for frame, found in find(Reading(clip), detectors):
        tracker.step(frame.number, frame.planes.glance(), found)
        progress("find", frame.number + 1, len(surveyed.ticks))
    return tracker.finish()


def to_cover(surveyed: Surveyed, tracks: Sequence[Track], kept: Collection[int]) -> list[tuple[Pixels, ...]]:
    """For each picture the boxes of all tracks but those that are kept visible."""
    clip = surveyed.clip
    boxes: list[list[Pixels]] = [[] for _ in surveyed.ticks]
    for track in tracks:
        if track.number in kept:
            continue
        for series in track.series:
            for number, box in enumerate(series.boxes, start=series.first):
                if pixels := to_pixels(box, clip.width, clip.height):
                    boxes[number].append(pixels)
    return [tuple(sorted(set(here))) for here in boxes]


def write(surveyed: Surveyed, recipe: Recipe, target: Path | BinaryIO, progress: Progress) -> None:
    """The result as the recipe says. Raises UnusableClip when the source is another."""
    ticks = surveyed.ticks
    if len(recipe.boxes) != len(ticks):
        raise UnusableClip("처리 기록과 영상의 화면 수가 다릅니다. 다른 영상의 기록입니다.")

    def pictures() -> Iterator[tuple[int, Planes]]:
        number = -1
        for number, frame in enumerate(ahead(Reading(surveyed.clip))):
            if number >= len(ticks) or frame.tick != ticks[number]:
                raise UnusableClip("영상이 읽을 때마다 다릅니다. 처리하는 동안 파일이 바뀌었을 수 있습니다.")
            yield frame.tick, cover(frame.planes, recipe.boxes[number], recipe.style)
            progress("write", number + 1, len(ticks))
        if number + 1 != len(ticks):
            raise UnusableClip("영상이 읽을 때마다 다릅니다. 처리하는 동안 파일이 바뀌었을 수 있습니다.")

    render.write(target, surveyed.clip, pictures(), surveyed.last_ticks)


def recipe_of(
    source: str, style: Style, boxes: list[tuple[Pixels, ...]], names: Sequence[str], kept: Sequence[int]
) -> Recipe:
    return Recipe(
        source=source,
        style=style,
        boxes=boxes,
        tools=tools(),
        models={name: centerface.digest() for name in names if name == "centerface"},
        kept=tuple(kept),
    )


def boxes_of(track: Track, clip: Clip) -> dict[str, Any]:
    """A track in whole pixels: of each of its series the number of its first picture and one box for each from there on,
    null outside the picture."""
    return {
        "track": track.number,
        "kinds": sorted({series.kind for series in track.series}),
        "series": [
            [series.first, [to_pixels(box, clip.width, clip.height) for box in series.boxes]]
            for series in track.series
        ],
    }


def tools() -> dict[str, str]:
    """What the bytes of a result depend on besides the recipe."""
    versions = {name: ".".join(map(str, version)) for name, version in av.library_versions.items()}
    return {"find": str(VERSION), "render": str(render.VERSION), "pyav": av.__version__, **versions}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(surveyed: Surveyed, tracks: Sequence[Track], doubts: Sequence[Doubt]) -> dict[str, Any]:
    """Tracks and doubtful places for a person who checks; seconds from the start."""
    ticks, per_second = surveyed.ticks, surveyed.clip.ticks_per_second

    def at(number: int) -> float:
        return round(ticks[number] / per_second, 3)

    return {
        "tracks": [
            {
                "track": track.number,
                "kinds": sorted({series.kind for series in track.series}),
                "first": track.first,
                "last": track.last,
                "from": at(track.first),
                "until": at(track.last),
            }
            for track in tracks
        ],
        "doubtful": [
            {"frame": doubt.frame, "at": at(doubt.frame), "track": doubt.track, "reason": doubt.reason}
            for doubt in doubts
        ],
    }
