"""The process in which a clip is opened: without database, keys or Django, and within limits that the kernel keeps.

    python -I footage/redaction/process.py < request       (started by footage.redaction.run, never imported)

The request is one line of JSON. `job`: `redact` a file (`source`, `target`, `detectors`, `keep`, `style`, `recipe`: text, or null);
or, of kept files (`pieces`), `find` (`detectors`), `follow` what was drawn (`drawn`), `cover` as a `recipe` says into an open
file (`target`, `target_key`). Lines of JSON go out: `{"stage", "frame", "frames"}` now and then, and last either
`{"unusable": sentence}` or what was done.
"""

import json
import os
import resource
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

# A clip of an hour in 4K stays far below; a decoder that runs wild does not.
MEMORY_BYTES = 8 << 30
OUTPUT_BYTES = 64 << 30
TOLD_SECONDS = 0.5
# A stage that comes back from a library waits so long for one that runs Python (`footage.redaction.ahead`), in seconds.
SWITCH_SECONDS = 0.0005


def confine() -> None:
    for kind, most in [
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(kind, (most, most))


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Teller:
    """Progress, not more often than anybody reads it."""

    def __init__(self) -> None:
        self.told = 0.0

    def __call__(self, stage: str, frame: int, frames: int) -> None:
        now = time.monotonic()
        if now - self.told > TOLD_SECONDS:
            self.told = now
            say({"stage": stage, "frame": frame, "frames": frames})


def redact(wanted: dict[str, Any], tell: Teller) -> dict[str, Any]:
    from footage.redaction import recipe as recipes
    from footage.redaction import stages
    from footage.redaction.errors import UnusableClip

    source, target = Path(wanted["source"]), Path(wanted["target"])
    if wanted["recipe"] is None:
        _prepare(wanted["detectors"])
    surveyed = stages.survey(source, tell)
    digest = stages.digest(source)
    found: dict[str, Any] = {"tracks": [], "doubtful": []}
    if wanted["recipe"] is not None:
        recipe = recipes.read(wanted["recipe"])
        if recipe.source != digest:
            raise UnusableClip("처리 기록이 다른 원본의 것입니다 (SHA-256이 다릅니다).")
    else:
        tracks, doubts = stages.follow(surveyed, wanted["detectors"], tell)
        kept = sorted(set(wanted["keep"]))
        unknown = sorted(set(kept) - {track.number for track in tracks})
        if unknown:
            raise UnusableClip(
                f"없는 자취입니다: {', '.join(map(str, unknown))}. 이 영상의 자취는 1~{len(tracks)}입니다."
                if tracks
                else "이 영상에서 찾은 자취가 없어 남길 것도 없습니다."
            )
        boxes = stages.to_cover(surveyed, tracks, kept)
        recipe = stages.recipe_of(digest, wanted["style"], boxes, wanted["detectors"], kept)
        found = stages.described(surveyed, tracks, doubts)
    stages.write(surveyed, recipe, target, tell)
    return {
        "frames": len(surveyed.ticks),
        "length": surveyed.seconds,
        "source_sha256": digest,
        "sha256": stages.digest(target),
        "recipe": recipe.as_json(),
        "is_same_build": recipe.tools == stages.tools(),
        "warnings": surveyed.warnings,
        "most_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **found,
    }


def _prepare(detectors: list[str]) -> None:
    """The network takes a third of a second to load, for which the first reading of a clip need not wait."""
    from footage.redaction.centerface import CenterFace, NoModel

    def load() -> None:
        # What goes wrong is told when the network is used.
        with suppress(NoModel, ImportError):
            CenterFace(1.0)

    if "centerface" in detectors:
        threading.Thread(target=load, daemon=True).start()


def pieces(wanted: dict[str, Any]) -> list[Any]:
    """Kept files, opened with their keys as they are read; nothing of them lies plain on a disk."""
    from footage.redaction.clip import Piece
    from footage.vault.plain import Plain

    def opener(piece: dict[str, Any]) -> Any:
        key, file_id = bytes.fromhex(piece["key"]), bytes.fromhex(piece["file_id"])
        return lambda: Plain(open(piece["path"], "rb"), key=key, file_id=file_id)

    return [
        Piece(piece["name"], opener(piece), piece["from_s"], piece["until_s"], piece["starts_s"])
        for piece in wanted["pieces"]
    ]


def find(wanted: dict[str, Any], tell: Teller) -> dict[str, Any]:
    from footage.redaction import stages

    _prepare(wanted["detectors"])
    surveyed = stages.survey(pieces(wanted), tell)
    tracks, doubts = stages.follow(surveyed, wanted["detectors"], tell)
    recipe = stages.recipe_of("", "solid", [], wanted["detectors"], [])
    clip = surveyed.clip
    return {
        "size": [clip.width, clip.height],
        "moments": surveyed.moments,
        "tracks": [stages.boxes_of(track, clip) for track in tracks],
        "doubts": [[doubt.frame, doubt.track, doubt.reason] for doubt in doubts],
        "warnings": surveyed.warnings,
        "tools": recipe.tools,
        "models": recipe.models,
    }


def follow(wanted: dict[str, Any], tell: Teller) -> dict[str, Any]:
    from footage.redaction import drawn, stages

    surveyed = stages.survey(pieces(wanted), tell)
    regions = [drawn.Drawn(one["code"], one["frame"], tuple(one["box"])) for one in wanted["drawn"]]
    found = drawn.follow(surveyed, regions, tell)
    return {
        "followed": {one.code: {"first": one.first, "boxes": one.boxes, "lost": one.lost} for one in found}
    }


def cover(wanted: dict[str, Any], tell: Teller) -> dict[str, Any]:
    from footage.redaction import recipe as recipes
    from footage.redaction import stages
    from footage.redaction.scratch import Scratch

    surveyed = stages.survey(pieces(wanted), tell)
    recipe = recipes.read(wanted["recipe"])
    target = Scratch(wanted["target"], bytes.fromhex(wanted["target_key"]))
    stages.write(surveyed, recipe, target, tell)  # type: ignore[arg-type]
    return {
        "first_s": surveyed.moments[0][1],
        "seconds": surveyed.seconds,
        "frames": len(surveyed.ticks),
        "tools": stages.tools(),
    }


JOBS = {"redact": redact, "find": find, "follow": follow, "cover": cover}


def _is_damaged(error: Exception) -> bool:
    """Of a kept file; what it takes to know is loaded only now, since a plain file needs none of it."""
    from footage.vault.containers import Damaged

    return isinstance(error, (Damaged, FileNotFoundError))


def main() -> None:
    wanted = json.loads(sys.stdin.readline())
    # Nothing of the environment says where code comes from (-I); our own folder does.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from footage.redaction.centerface import NoModel
    from footage.redaction.errors import UnusableClip

    confine()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        say(JOBS[wanted["job"]](wanted, Teller()))
    except (UnusableClip, NoModel) as error:
        say({"unusable": str(error)})
    except MemoryError:
        say({"unusable": "영상을 여는 데 기억장치가 너무 많이 듭니다. 크기를 줄이거나 나누어 주십시오."})
    except Exception as error:
        if not _is_damaged(error):
            raise
        say({"unusable": "보관함의 사본이 없거나 온전하지 않습니다. 시스템 관리자에게 알리십시오."})
    # All is said and every file is closed; a thread that still loads or decodes ahead is not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
