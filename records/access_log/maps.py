"""열 대응표: which column of a video system's log is which of ours, as data. Shipped ones have names, others are files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.korean import josa
from records.models import Act
from records.tabular import SEOUL, UnusableFile

SHIPPED = Path(__file__).parents[1] / "data" / "access_log_maps.toml"
FIELDS = (
    "at", "number", "account", "act", "camera", "target_from", "target_until", "place", "case_number", "content",
)  # fmt: skip
NEEDED = ("at", "account", "act")
FORMATS = ("table", "json", "cef")


@dataclass(frozen=True)
class LogMap:
    """`columns` gives for our field their column; those in `optional` may lack."""

    name: str
    label: str
    format: str
    zone: Any
    columns: Mapping[str, str]
    optional: frozenset[str]
    epoch: frozenset[str] = frozenset()
    acts: Mapping[str, str] = field(default_factory=dict)
    contains: tuple[tuple[str, str], ...] = ()
    ignored: frozenset[str] = frozenset()

    def act(self, text: str) -> str | None:
        """Our act for their word; empty for one that is ignored, None for one that nobody mapped."""
        key = text.replace(" ", "").lower()
        if found := self.acts.get(key):
            return found
        lower = text.lower()
        for part, act in self.contains:
            if part in lower:
                return act
        return "" if key in self.ignored else None


def get(name: str) -> LogMap:
    """A shipped map by its name, or one in a file of the office; `UnusableFile` says what is wrong with it."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return _only(path)
    raise UnusableFile(
        f"열 대응표가 없습니다: {name} (있는 것: {', '.join(sorted(shipped()))}, 또는 .toml 파일의 경로)"
    )


@cache
def shipped() -> Mapping[str, LogMap]:
    return _read(SHIPPED)


def _only(path: Path) -> LogMap:
    maps = _read(path)
    if len(maps) != 1:
        raise UnusableFile(f"열 대응표 파일에는 대응표가 하나 있어야 합니다: {path}")
    return next(iter(maps.values()))


def _read(path: Path) -> dict[str, LogMap]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableFile(f"열 대응표를 읽을 수 없습니다: {path} ({error})") from error
    return {name: _map(name, entry) for name, entry in raw.items()}


def _map(name: str, entry: Any) -> LogMap:
    try:
        columns = {ours: str(theirs) for ours, theirs in entry["columns"].items()}
        found = LogMap(
            name=name,
            label=entry.get("label", name),
            format=entry["format"],
            zone=SEOUL if entry.get("zone", "Asia/Seoul") == "Asia/Seoul" else ZoneInfo(entry["zone"]),
            columns={ours: theirs.removesuffix("*") for ours, theirs in columns.items()},
            optional=frozenset(ours for ours, theirs in columns.items() if theirs.endswith("*")),
            epoch=frozenset(entry.get("epoch", ())),
            acts={word.replace(" ", "").lower(): act for word, act in entry.get("acts", {}).items()},
            contains=tuple((part.lower(), act) for part, act in entry.get("contains", {}).items()),
            ignored=frozenset(word.replace(" ", "").lower() for word in entry.get("ignored", ())),
        )
    except (KeyError, AttributeError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
        raise UnusableFile(f"열 대응표 ‘{name}’{josa(name, '이/가')} 맞지 않습니다: {error}") from error
    unknown = sorted(set(found.columns) - set(FIELDS))
    lacking = [each for each in NEEDED if each not in found.columns]
    acts = {*found.acts.values(), *(act for _, act in found.contains)} - set(Act.values)
    if unknown or lacking or acts or found.format not in FORMATS:
        wrong = [*unknown, *lacking, *sorted(acts), *({found.format} - set(FORMATS))]
        raise UnusableFile(f"열 대응표 ‘{name}’에 모르거나 빠진 것이 있습니다: {', '.join(wrong)}")
    return found
