"""What was covered, as canonical JSON: with the original, enough to make the same bytes again.

The digest of the original, the versions of what drew and encoded, the digest of the model that proposed, the style, and
for each picture the boxes in pixels of the upright picture. Boxes stand as runs, since most do not change for some pictures.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footage.redaction.cover import STYLES, Style
from footage.redaction.errors import UnusableClip

Pixels = tuple[int, int, int, int]
FORMAT = 1
LARGEST_BYTES = 400 << 20


@dataclass(frozen=True)
class Recipe:
    """`boxes[n]`: what is covered in picture n. `tools`: names and versions; `models`: SHA-256 by detector."""

    source: str
    style: Style
    boxes: Sequence[tuple[Pixels, ...]]
    tools: dict[str, str]
    models: dict[str, str]
    kept: tuple[int, ...] = ()

    def as_json(self) -> str:
        runs: list[list[Any]] = []
        for boxes in self.boxes:
            plain = [list(box) for box in boxes]
            if runs and runs[-1][1] == plain:
                runs[-1][0] += 1
            else:
                runs.append([1, plain])
        content = {
            "format": FORMAT,
            "source": self.source,
            "style": self.style,
            "tools": self.tools,
            "models": self.models,
            "kept": list(self.kept),
            "boxes": runs,
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> Recipe:
    """Raises UnusableClip."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT or content["style"] not in STYLES:
            raise UnusableClip("다른 판의 처리 기록입니다. 이 판에서는 다시 만들 수 없습니다.")
        boxes: list[tuple[Pixels, ...]] = []
        for count, run in content["boxes"]:
            same = tuple(_pixels(box) for box in run)
            boxes += [same] * count
        return Recipe(
            source=str(content["source"]),
            style=content["style"],
            boxes=boxes,
            tools=dict(content["tools"]),
            models=dict(content["models"]),
            kept=tuple(content["kept"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableClip("처리 기록(recipe)으로 읽을 수 없는 파일입니다.") from error


def _pixels(box: Any) -> Pixels:
    x, y, width, height = (int(side) for side in box)
    if min(x, y) < 0 or min(width, height) <= 0:
        raise ValueError("box outside the picture")
    return x, y, width, height
