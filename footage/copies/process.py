"""The process that reads footage for a copy: without database or Django, and within limits that the kernel keeps.

    python -I footage/copies/process.py < request       (started by footage.copies.rendering, never imported)

The request is one line of JSON: `pieces` of a kept file as footage.redaction.process reads them, `target` (number of an open
file) and `target_key`, `mark`, `font`. Lines of JSON go out: `{"stage", "frame", "frames"}` now and then, and last either
`{"unusable": sentence}` or what was done.
"""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

# Changed whenever the same source and mark would give other bytes.
VERSION = 1


def render(wanted: dict[str, Any], tell: Any) -> dict[str, Any]:
    from footage.copies.marking import Mark
    from footage.redaction import render as writing
    from footage.redaction.clip import Planes, Reading, open_clip
    from footage.redaction.errors import UnusableClip
    from footage.redaction.process import pieces
    from footage.redaction.scratch import Scratch
    from footage.redaction.stages import tools

    clip = open_clip(pieces(wanted))
    width, height = (size + size % 2 for size in (clip.width, clip.height))
    mark = Mark(wanted["mark"], wanted["font"], width, height)
    reading = Reading(clip)
    (piece,) = clip.pieces
    until_s = min(piece.until_s, clip.declared_seconds or math.inf)
    expected = round((until_s - piece.from_s) * clip.rate) if until_s < math.inf else 0
    count, last = 0, 0

    def pictures() -> Iterator[tuple[int, Planes]]:
        nonlocal count, last
        for frame in reading:
            count, last = count + 1, frame.tick
            yield frame.tick, mark.put(frame.planes)
            tell("render", count, expected)
        if not count:
            raise UnusableClip("이 구간에는 화면이 없습니다.")

    taller = replace(clip, width=width, height=height + mark.strip_height)
    target: Any = Scratch(wanted["target"], bytes.fromhex(wanted["target_key"]))
    writing.write(target, taller, pictures(), clip.nominal_ticks)
    return {
        "frames": count,
        "seconds": round((last + clip.nominal_ticks) / clip.ticks_per_second, 3),
        "damaged": reading.errors,
        "broke_off": reading.broke_off,
        "tools": {**tools(), "copy": str(VERSION)},
    }


def main() -> None:
    wanted = json.loads(sys.stdin.readline())
    # Nothing of the environment says where code comes from (-I); our own folder does.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from footage.redaction.errors import UnusableClip
    from footage.redaction.process import Teller, confine, say
    from footage.vault.containers import Damaged

    confine()
    try:
        say(render(wanted, Teller()))
    except UnusableClip as error:
        say({"unusable": str(error)})
    except (Damaged, FileNotFoundError):
        say({"unusable": "원천 영상이 증거 보관함에 없거나 온전하지 않습니다."})
    except MemoryError:
        say({"unusable": "영상을 여는 데 기억장치가 너무 많이 듭니다."})


if __name__ == "__main__":
    main()
