"""Path templates: strftime codes with `{camera}`, compiled step by step, and refused where they are ambiguous.

What the steps of a path say is read by `footage.layouts`. This module imports nothing of Django.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

CODES = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>[0-9]{2})",
    "d": r"(?P<d>[0-9]{2})",
    "j": r"(?P<j>[0-9]{3})",
    "H": r"(?P<H>[0-9]{2})",
    "M": r"(?P<M>[0-9]{2})",
    "S": r"(?P<S>[0-9]{2})",
    "f": r"(?P<f>[0-9]{6})",
    "s": r"(?P<s>[0-9]{9,11})",
    "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
}
OPEN_WIDTH = {"s", "z", "camera", "path", "any"}
FIELD_PATTERNS = {
    "camera": r"(?P<camera>[^/]+)",
    "path": r"(?P<path>[^/]+)",
    "any": r"(?P<any>[^/_]+)",
    "any2": r"[^/_]+",
    "word": r"(?P<camera>[^/_]+)",
    "region": r"(?P<region>-?[0-9]+(?:--?[0-9]+){3})",
    "rest": r"(?P<rest>[0-9A-Za-z-]+(?:_[0-9A-Za-z-]+)*)",
}
# What recorders write: video, its stills and its sound. Nothing with another ending is ever unlinked, whatever template
# somebody thinks of (docs/footage.md).
MEDIA_ENDINGS = frozenset(
    [
        ".264",
        ".265",
        ".3gp",
        ".aac",
        ".asf",
        ".avi",
        ".dav",
        ".flv",
        ".gif",
        ".h264",
        ".h265",
        ".hevc",
        ".jpeg",
        ".jpg",
        ".m2ts",
        ".m4a",
        ".m4s",
        ".m4v",
        ".mjpeg",
        ".mjpg",
        ".mkv",
        ".mov",
        ".mp3",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".ogg",
        ".ogv",
        ".png",
        ".ps",
        ".ts",
        ".wav",
        ".webm",
        ".webp",
        ".wmv",
    ]
)
TOKEN = re.compile(r"%(?P<code>.)|\{(?P<field>[^{}]*)\}|(?P<text>[^%{}]+)|(?P<bad>.)", re.S)


class LayoutError(ValueError):
    """The template or zone cannot be used; the message tells a person why."""


def is_media(template: str) -> bool:
    """Whether every file that a template can name ends like a recording: with text of its own, not with a field."""
    stem, dot, ending = template.rpartition(".")
    return bool(stem) and f"{dot}{ending}".lower() in MEDIA_ENDINGS


@dataclass(frozen=True)
class Part:
    """One step of the path: a folder name, or the file name at the end."""

    pattern: re.Pattern[str]
    tokens: tuple[tuple[str, str], ...]
    is_literal: bool
    spans_folders: bool = False

    def build(self, values: dict[str, str]) -> str:
        return "".join(text if kind == "text" else values[text] for kind, text in self.tokens)


@dataclass(frozen=True)
class Template:
    folders: tuple[Part, ...]
    file: Part
    fields: frozenset[str]
    text: str


def compile_template(text: str, *, is_named: bool = False) -> Template:
    if not text or text != text.strip() or "\x00" in text:
        raise LayoutError("경로 형식이 비어 있거나 앞뒤에 빈칸이 있습니다.")
    if text.startswith("/") or text.endswith("/"):
        raise LayoutError("경로 형식은 저장소 폴더를 기준으로 하며 '/'로 시작하거나 끝날 수 없습니다.")
    steps = text.split("/")
    if not is_media(text):
        raise LayoutError(
            "경로 형식은 영상 파일의 확장자로 끝나야 합니다. 그 밖의 파일은 파기하지 않습니다. "
            f"쓸 수 있는 것: {' '.join(sorted(MEDIA_ENDINGS))}"
        )
    if any(step in {"", ".", ".."} for step in steps):
        raise LayoutError("경로 형식에 빈 단계나 '.', '..'을 쓸 수 없습니다.")
    parts = [_compile_part(step, is_named=is_named) for step in steps]
    fields = frozenset(name for part in parts for kind, name in part.tokens if kind == "field")
    _require_fields(parts, fields)
    if any(part.spans_folders for part in parts[:-2]) or parts[-1].spans_folders:
        raise LayoutError("{path}는 파일 이름 바로 위 단계에만 쓸 수 있습니다.")
    return Template(tuple(parts[:-1]), parts[-1], fields, text)


def _require_fields(parts: list[Part], fields: frozenset[str]) -> None:
    cameras = [
        name
        for part in parts
        for kind, name in part.tokens
        if kind == "field" and name in {"camera", "path", "word"}
    ]
    if len(cameras) != 1:
        raise LayoutError("경로 형식에는 {camera}가 꼭 한 번 있어야 합니다.")
    if "s" not in fields:
        if not fields & {"Y", "y"}:
            raise LayoutError("경로 형식에 연도(%Y)가 없습니다.")
        if "j" not in fields and not {"m", "d"} <= fields:
            raise LayoutError("경로 형식에 월(%m)과 일(%d)이 있어야 합니다.")
    if "M" in fields and "H" not in fields and "s" not in fields:
        raise LayoutError("경로 형식에 분(%M)은 있으나 시(%H)가 없습니다.")
    if "S" in fields and "M" not in fields and "s" not in fields:
        raise LayoutError("경로 형식에 초(%S)는 있으나 분(%M)이 없습니다.")


def _compile_part(step: str, *, is_named: bool) -> Part:
    tokens = tuple(_tokens(step, is_named=is_named))
    for (kind, name), (next_kind, next_name) in pairwise(tokens):
        if (
            kind == next_kind == "field"
            and ({name, next_name} & {"camera", "path"})
            and {name, next_name} <= OPEN_WIDTH
        ):
            raise LayoutError(
                f"경로 형식이 모호합니다: {name}과(와) {next_name} 사이에 구분 글자가 없습니다."
            )
        if kind == next_kind == "field" and name == next_name:
            raise LayoutError("경로 형식이 모호합니다: 같은 항목이 잇달아 나옵니다.")
    spans = ("field", "path") in tokens
    if spans and len(tokens) > 1:
        raise LayoutError("{path}는 한 단계를 홀로 차지해야 합니다.")
    names = [name for kind, name in tokens if kind == "field"]
    if len(names) != len(set(names)):
        raise LayoutError("경로 형식이 모호합니다: 한 단계에 같은 항목이 두 번 나옵니다.")
    pattern = "".join(
        re.escape(name) if kind == "text" else (CODES.get(name) or FIELD_PATTERNS[name])
        for kind, name in tokens
    )
    if tokens == (("field", "any"),):
        pattern = "(?P<any>[^/]+)"
    return Part(re.compile(pattern), tokens, not names, spans)


def _tokens(step: str, *, is_named: bool) -> Iterator[tuple[str, str]]:
    allowed = set(FIELD_PATTERNS) if is_named else {"camera", "path"}
    for match in TOKEN.finditer(step):
        code, field, text = match["code"], match["field"], match["text"]
        if text is not None:
            yield "text", text
        elif code == "%":
            yield "text", "%"
        elif code in CODES:
            yield "field", code
        elif code is not None:
            raise LayoutError(f"경로 형식의 %{code}는 쓸 수 없습니다. 쓸 수 있는 것: %{', %'.join(CODES)}")
        elif field in allowed:
            yield "field", field
        else:
            raise LayoutError(
                f"경로 형식의 {match.group()!r}을(를) 알 수 없습니다. 카메라는 {{camera}}로 씁니다."
            )
