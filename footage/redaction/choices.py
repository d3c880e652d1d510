"""What a person chose over what was found: which boxes of each picture are covered, and which moments are to be looked at.

`found` is what the process answered (`find`, and `follow` in its "followed"); a choice is plain data:

    {"style": "solid" | "mosaic",
     "mode": "tracks" (each track but `keep`) | "only" (everything but `keep`),
     "keep": [track, ...],
     "regions": [{"code", "kind": "fixed" | "moving" | "followed", "from", "until": pictures,
                  "keys": [[picture, [x, y, width, height]], ...]}, ...]}

A region is covered whatever is kept. Between two keys of a moving one it goes in proportion; a followed one has one key.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Any

from footage.redaction.errors import UnusableClip
from footage.redaction.recipe import Pixels

STYLES, MODES = ("solid", "mosaic"), ("tracks", "only")
KINDS = ("fixed", "moving", "followed")
# Of all regions together: boxes at single pictures, and pictures with a box. More, and a worker would do nothing else for
# minutes; half an hour at 25 pictures a second has room for forty regions from end to end.
MOST_REGIONS, MOST_KEYS, MOST_PLACES = 200, 5_000, 2_000_000
# Each is looked for in every picture, and the larger it is the longer that takes.
MOST_FOLLOWED, LARGEST_FOLLOWED = 30, 0.25
NOTHING: dict[str, Any] = {"style": "solid", "mode": "tracks", "keep": [], "regions": []}


def clean(given: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The same, checked against what was found; raises UnusableClip."""
    try:
        frames = len(found["moments"])
        known = {one["track"] for one in found["tracks"]}
        keep = sorted({int(track) for track in given["keep"]})
        regions = [_region(one, frames, found["size"]) for one in given["regions"]]
        choice = {
            "style": _one_of(given["style"], STYLES),
            "mode": _one_of(given["mode"], MODES),
            "keep": keep,
            "regions": regions,
        }
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnusableClip("알 수 없는 선택입니다. 화면을 새로 고치십시오.") from error
    if unknown := set(keep) - known:
        raise UnusableClip(f"없는 자취입니다: {', '.join(map(str, sorted(unknown)))}")
    codes = [region["code"] for region in regions]
    if len(codes) > MOST_REGIONS or len(set(codes)) != len(codes):
        raise UnusableClip(f"그린 곳은 {MOST_REGIONS}개까지입니다.")
    _refuse_too_much(regions, found["size"])
    return choice


def _refuse_too_much(regions: Sequence[Mapping[str, Any]], size: Sequence[int]) -> None:
    if sum(len(region["keys"]) for region in regions) > MOST_KEYS:
        raise UnusableClip(
            f"장면마다 고친 곳은 모두 {MOST_KEYS:,}개까지입니다. 고친 장면의 수를 줄이거나 시간을 나누어 따로 가리십시오."
        )
    if sum(region["until"] - region["from"] + 1 for region in regions) > MOST_PLACES:
        raise UnusableClip(
            f"그린 곳이 덮는 장면은 모두 {MOST_PLACES:,}장까지입니다. 그린 곳의 시작과 끝을 줄이거나, 겹치는 곳을 하나로 그리십시오."
        )
    followed = [region for region in regions if region["kind"] == "followed"]
    if len(followed) > MOST_FOLLOWED:
        raise UnusableClip(
            f"따라가게 그리는 곳은 {MOST_FOLLOWED}개까지입니다. 나머지는 한곳에 두거나 장면마다 고치십시오."
        )
    most = LARGEST_FOLLOWED * size[0] * size[1]
    if any(box[2] * box[3] > most for region in followed for _, box in region["keys"]):
        raise UnusableClip("따라가게 그리는 곳은 화면의 4분의 1까지입니다. 작게 그리거나 한곳에 두십시오.")


def _one_of(value: Any, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return str(value)


def _region(given: Mapping[str, Any], frames: int, size: Sequence[int]) -> dict[str, Any]:
    if len(given["keys"]) > MOST_KEYS:
        raise UnusableClip(f"장면마다 고친 곳은 {MOST_KEYS:,}개까지입니다.")
    keys = sorted((int(frame), _box(box, size)) for frame, box in given["keys"])
    first, last = int(given["from"]), int(given["until"])
    code, kind = str(given["code"]), _one_of(given["kind"], KINDS)
    if not (keys and 0 <= first <= last < frames and 0 < len(code) <= 40):
        raise ValueError(code)
    if not all(0 <= frame < frames for frame, _ in keys) or (kind != "moving" and len(keys) > 1):
        raise ValueError(code)
    return {"code": code, "kind": kind, "from": first, "until": last, "keys": [[*key] for key in keys]}


def _box(given: Sequence[Any], size: Sequence[int]) -> list[int]:
    """Inside the picture, with even edges as chroma needs."""
    x, y, width, height = (int(side) for side in given)
    left, top = max(0, x) // 2 * 2, max(0, y) // 2 * 2
    right, bottom = min(size[0], x + width), min(size[1], y + height)
    if right - left < 2 or bottom - top < 2:
        raise ValueError("box outside the picture")
    return [left, top, right - left, bottom - top]


# ---------------------------------------------------------------- what is covered


def boxes(found: Mapping[str, Any], choice: Mapping[str, Any]) -> list[tuple[Pixels, ...]]:
    """Of each picture. `UnusableClip` where a region was not followed yet."""
    width, height = found["size"]
    frames = len(found["moments"])
    covered: list[set[Pixels]] = [set() for _ in range(frames)]
    kept: list[list[Pixels]] = [[] for _ in range(frames)]
    for track in found["tracks"]:
        is_kept = track["track"] in choice["keep"]
        for frame, box in _of_track(track):
            if is_kept:
                kept[frame].append(box)
            else:
                covered[frame].add(box)
    if choice["mode"] == "only":
        for frame in range(frames):
            covered[frame].update(around(kept[frame], width, height))
    for region in choice["regions"]:
        for frame, box in of_region(region, found):
            covered[frame].add(box)
    return [tuple(sorted(here)) for here in covered]


def _of_track(track: Mapping[str, Any]) -> Iterator[tuple[int, Pixels]]:
    for first, series in track["series"]:
        for frame, box in enumerate(series, start=first):
            if box is not None:
                yield frame, (box[0], box[1], box[2], box[3])


def of_region(region: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[tuple[int, Pixels]]:
    """Its box in each picture in which it covers something."""
    if region["kind"] == "followed":
        followed = found.get("followed", {}).get(region["code"])
        if followed is None:
            raise UnusableClip(
                "따라가도록 그린 곳을 아직 따라가지 않았습니다. ‘그린 곳 따라가기’를 먼저 하십시오."
            )
        places = enumerate(followed["boxes"], start=followed["first"])
        yield from (
            (frame, tuple(box)) for frame, box in places if region["from"] <= frame <= region["until"]
        )
        return
    keys: list[tuple[int, list[int]]] = [(frame, box) for frame, box in region["keys"]]
    frames = [frame for frame, _ in keys]
    for frame in range(region["from"], region["until"] + 1):
        yield frame, _between(keys, bisect_left(frames, frame), frame)


def _between(keys: Sequence[tuple[int, Sequence[int]]], place: int, frame: int) -> Pixels:
    """Before the first key and after the last it stays; between two it holds both of its neighbours' edges in proportion.

    `place`: of the first key at or after the frame.
    """
    box: Sequence[float] = keys[min(place, len(keys) - 1)][1]
    if 0 < place < len(keys):
        (first, before), (last, after) = keys[place - 1], keys[place]
        share = (frame - first) / (last - first)
        box = [one + (other - one) * share for one, other in zip(before, after, strict=True)]
    left, top = int(box[0]) // 2 * 2, int(box[1]) // 2 * 2
    right, bottom = -(-ceil(box[0] + box[2]) // 2) * 2, -(-ceil(box[1] + box[3]) // 2) * 2
    return left, top, right - left, bottom - top


def around(holes: Iterable[Pixels], width: int, height: int) -> list[Pixels]:
    """Boxes that cover the whole picture but these, in strips between their upper and lower edges."""
    open_ = list(holes)
    edges = sorted({0, height, *(y for _, y, _, _ in open_), *(y + high for _, y, _, high in open_)})
    found: list[Pixels] = []
    for top, bottom in pairwise(edges):
        spans = sorted((x, x + wide) for x, y, wide, high in open_ if y <= top and bottom <= y + high)
        at = 0
        for left, right in spans:
            if left > at:
                found.append((at, top, left - at, bottom - top))
            at = max(at, right)
        if at < width:
            found.append((at, top, width - at, bottom - top))
    return found


# ---------------------------------------------------------------- what is to be looked at


def doubts(found: Mapping[str, Any], choice: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`frame`, `at` (seconds of the range), `track` (0: the whole picture), `region` and `reason`, in order of time.

    Where everything but the kept is covered, only these and the picture as a whole can be wrong.
    """
    moments = found["moments"]
    rows = [
        (frame, track, "", reason)
        for frame, track, reason in found["doubts"]
        if choice["mode"] == "tracks" or track in (0, *choice["keep"])
    ]
    for region in choice["regions"]:
        lost = found.get("followed", {}).get(region["code"], {}).get("lost", ())
        rows += [(frame, 0, region["code"], "drawn") for frame in lost if region["kind"] == "followed"]
    return [
        {"frame": frame, "at": moments[frame][1], "track": track, "region": region, "reason": reason}
        for frame, track, region, reason in sorted(rows)
    ]
