"""Path templates: strftime codes with `{camera}`, compiled step by step, and refused where they are ambiguous.

Written as strftime writes, and besides: `%-m` and its like (without a leading zero), `%L` (milliseconds), `%s` (seconds
or milliseconds since 1970), `{any}` (what does not matter, such as a second time or an event's number), `{rest}` (as
`{any}`, with separators in it) and `{digit}`. What the steps of a path say is read by `footage.layouts`. This module imports nothing of Django.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from accounts.korean import josa

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
    "s": r"(?P<s>[0-9]{9,11}|[0-9]{13})",
    "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
    "I": r"(?P<I>[0-9]{2})",
    "p": r"(?P<p>[AaPp][Mm]|오전|오후)",
    "b": r"(?P<b>[A-Z][a-z]{2})",
    "L": r"(?P<L>[0-9]{3})",
    "Z": r"(?P<Z>UTC|GMT|KST|JST)",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Short names of zones mean several things elsewhere; these mean one.
ZONES = {"UTC": "+0000", "GMT": "+0000", "KST": "+0900", "JST": "+0900"}
WHOLE = {"F": "%Y-%m-%d", "T": "%H:%M:%S"}
SHORT = frozenset("mdHMSI")
# What another code says in other words.
SAID_BY = {"m": "b", "f": "L", "z": "Z"}
OPEN_WIDTH = {"s", "z", "camera", "path", "any"}
FREE_FIELDS = {"camera", "path", "any", "rest", "digit"}
IGNORED = {"any", "rest", "digit"}
FIELD_PATTERNS = {
    "camera": r"(?P<camera>[^/]+)",
    "path": r"(?P<path>[^/]+)",
    "any": r"(?P<any>[^/_]+)",
    "any2": r"[^/_]+",
    "word": r"(?P<camera>[^/_]+)",
    "region": r"(?P<region>-?[0-9]+(?:--?[0-9]+){3})",
    "rest": r"(?P<rest>[0-9A-Za-z-]+(?:_[0-9A-Za-z-]+)*_?)",
    "digit": r"[0-9]",
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
        ".ubv",
        ".wav",
        ".webm",
        ".webp",
        ".wmv",
    ]
)
TOKEN = re.compile(r"%(?P<code>-?.)|\{(?P<field>[^{}]*)\}|(?P<text>[^%{}]+)|(?P<bad>.)", re.S)


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
    unpadded: frozenset[str] = frozenset()

    def build(self, values: dict[str, str]) -> str:
        return "".join(
            text if kind == "text" else self._spell(text, values[text]) for kind, text in self.tokens
        )

    def _spell(self, name: str, value: str) -> str:
        return str(int(value)) if name in self.unpadded else value


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
    for code, meaning in WHOLE.items():
        text = re.sub(rf"(?<!%)((?:%%)*)%{code}", rf"\g<1>{meaning}", text)
    text = unicodedata.normalize("NFC", text)
    steps = text.split("/")
    if not is_media(text):
        raise LayoutError(
            "경로 형식은 영상 파일의 확장자로 끝나야 합니다. 그 밖의 파일은 파기하지 않습니다. "
            f"쓸 수 있는 것: {' '.join(sorted(MEDIA_ENDINGS))}"
        )
    if any(step in {"", ".", ".."} for step in steps):
        raise LayoutError("경로 형식에 빈 단계나 '.', '..'을 쓸 수 없습니다.")
    parts = [
        _compile_part(step, is_named=is_named, is_file=number == len(steps))
        for number, step in enumerate(steps, start=1)
    ]
    fields = frozenset(name for part in parts for kind, name in part.tokens if kind == "field")
    _require_fields(parts, fields | {name for name, other in SAID_BY.items() if other in fields})
    for part, following in pairwise(parts[:-1]):
        if part.spans_folders and not _ends_a_path(following):
            raise LayoutError(
                "경로 형식이 모호합니다: {path} 바로 아래의 폴더에는 날짜(%d)가 있고 다른 항목이 없어야 {path}가 어디서 끝나는지 압니다."
            )
    return Template(tuple(parts[:-1]), parts[-1], fields, text)


def _ends_a_path(part: Part) -> bool:
    """Whether a folder's name tells by itself that it is no part of the camera's path any more."""
    names = {name for kind, name in part.tokens if kind == "field"}
    return bool(names & {"d", "j", "s"}) and not names & {"camera", "any", "rest"}


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
    if ("I" in fields) != ("p" in fields):
        raise LayoutError("경로 형식에 12시간제의 시(%I)와 오전·오후(%p)는 함께 있어야 합니다.")
    if "I" in fields and "H" in fields:
        raise LayoutError("경로 형식이 모호합니다: 시가 %H와 %I로 두 번 나옵니다.")
    if "I" in fields:
        fields |= {"H"}
    if "M" in fields and "H" not in fields and "s" not in fields:
        raise LayoutError("경로 형식에 분(%M)은 있으나 시(%H)가 없습니다.")
    if "S" in fields and "M" not in fields and "s" not in fields:
        raise LayoutError("경로 형식에 초(%S)는 있으나 분(%M)이 없습니다.")


def _compile_part(step: str, *, is_named: bool, is_file: bool) -> Part:
    spelled = tuple(_tokens(step, is_named=is_named))
    unpadded = frozenset(name[1:] for kind, name in spelled if kind == "field" and name.startswith("-"))
    tokens = tuple((kind, name.removeprefix("-") if kind == "field" else name) for kind, name in spelled)
    names = [name for kind, name in tokens if kind == "field"]
    _refuse_neighbours(tokens, unpadded)
    spans = ("field", "path") in tokens
    if spans and len(tokens) > 1 and not (is_file and tokens[0] == ("field", "path")):
        raise LayoutError("{path}는 한 단계를 홀로 차지하거나 파일 이름의 맨 앞에 있어야 합니다.")
    if spans and is_file and len(tokens) == 1:
        raise LayoutError("{path}만으로 된 파일 이름에는 시각이 없습니다.")
    told = [name for name in names if is_named or name not in IGNORED]
    if len(told) != len(set(told)):
        raise LayoutError(
            "경로 형식이 모호합니다: 한 단계에 같은 항목이 두 번 나옵니다. 뒤의 시각(끝난 때)은 {any}로 적습니다."
        )
    if not is_named:
        _refuse_ignored(tokens)
    pattern = "".join(_pattern(tokens, place, unpadded, is_named=is_named) for place in range(len(tokens)))
    if tokens == (("field", "any"),):
        pattern = "(?P<any>[^/]+)" if is_named else "[^/]+"
    if is_file:
        pattern = _as_file(pattern, tokens, is_named=is_named)
    return Part(re.compile(pattern), tokens, not names, spans, unpadded)


def _refuse_neighbours(tokens: tuple[tuple[str, str], ...], unpadded: frozenset[str]) -> None:
    for (kind, name), (next_kind, next_name) in pairwise(tokens):
        if kind == next_kind == "field" and name == next_name and name != "digit":
            raise LayoutError("경로 형식이 모호합니다: 같은 항목이 잇달아 나옵니다.")
        if (
            kind == next_kind == "field"
            and ({name, next_name} & {"camera", "path"})
            and {name, next_name} <= OPEN_WIDTH
        ):
            raise LayoutError(
                f"경로 형식이 모호합니다: {name}{josa(name, '과/와')} {next_name} 사이에 구분 글자가 없습니다."
            )
        if (kind == "field" and name in unpadded and _may_begin_with_digit(next_kind, next_name)) or (
            next_kind == "field" and next_name in unpadded and _may_end_with_digit(kind, name)
        ):
            raise LayoutError("경로 형식이 모호합니다: 앞에 0이 없는 수 곁에 구분 글자가 없습니다.")


def _may_begin_with_digit(kind: str, name: str) -> bool:
    return name[0].isdigit() if kind == "text" else name not in {"p", "b", "Z"}


def _may_end_with_digit(kind: str, name: str) -> bool:
    return name[-1].isdigit() if kind == "text" else name not in {"p", "b", "Z"}


def _refuse_ignored(tokens: tuple[tuple[str, str], ...]) -> None:
    """What does not matter must end where something that matters begins."""
    for place, (kind, name) in enumerate(tokens):
        if kind != "field" or name not in {"any", "rest"}:
            continue
        if any(
            neighbour[0] == "field"
            for neighbour in (*tokens[max(place - 1, 0) : place], *tokens[place + 1 :][:1])
        ):
            raise LayoutError(f"경로 형식이 모호합니다: {{{name}}} 앞뒤에는 구분 글자가 있어야 합니다.")
        if name == "rest" and any(other == "field" for other, _ in tokens[place + 1 :]):
            raise LayoutError("경로 형식이 모호합니다: {rest} 뒤에는 다른 항목이 올 수 없습니다.")
        if name == "rest" and {("field", "camera"), ("field", "path")} & set(tokens):
            raise LayoutError(
                "경로 형식이 모호합니다: 카메라와 {rest}가 한 단계에 있으면 카메라가 어디서 끝나는지 알 수 없습니다."
            )


def _pattern(
    tokens: tuple[tuple[str, str], ...], place: int, unpadded: frozenset[str], *, is_named: bool
) -> str:
    kind, name = tokens[place]
    if kind == "text":
        return re.escape(name)
    if name in unpadded:
        return rf"(?P<{name}>[0-9]{{1,2}})"
    if name in CODES:
        return CODES[name]
    if name == "any" and not is_named:
        # Without the letters that part it from its neighbours, so that it can be read in one way only.
        before = tokens[place - 1][1][-1] if place else ""
        after = tokens[place + 1][1][0] if place + 1 < len(tokens) else ""
        return f"[^/{re.escape(before)}{re.escape(after)}]+"
    if name == "rest" and not is_named:
        return "[^/]+"
    return FIELD_PATTERNS[name]


def _as_file(pattern: str, tokens: tuple[tuple[str, str], ...], *, is_named: bool) -> str:
    """Recorders write MP4 as well as mp4, and hide a file that is not finished behind a dot until it is renamed."""
    kind, last = tokens[-1]
    ending = last[last.rfind(".") :] if kind == "text" and "." in last else ""
    if ending:
        pattern = f"{pattern.removesuffix(re.escape(ending))}(?i:{re.escape(ending)})"
    kind, first = tokens[0]
    return rf"\.?{pattern}" if not is_named and kind == "field" and first in CODES else pattern


def _tokens(step: str, *, is_named: bool) -> Iterator[tuple[str, str]]:
    allowed = set(FIELD_PATTERNS) if is_named else FREE_FIELDS
    for match in TOKEN.finditer(step):
        code, field, text = match["code"], match["field"], match["text"]
        if text is not None:
            yield "text", text
        elif code == "%":
            yield "text", "%"
        elif code in CODES or (code is not None and code[0] == "-" and code[1] in SHORT):
            yield "field", code
        elif code is not None:
            raise LayoutError(
                f"경로 형식의 %{code}는 쓸 수 없습니다. 쓸 수 있는 것: %{', %'.join([*CODES, *WHOLE])}"
            )
        elif field in allowed:
            yield "field", field
        else:
            raise LayoutError(
                f"경로 형식의 {match.group()!r}{josa(match.group(), '을/를')} 알 수 없습니다. 카메라는 {{camera}}로 씁니다."
            )
