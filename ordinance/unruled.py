"""Articles without a rule: why there is nothing to judge, in our own words (`data/duties/<profile>.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import models

from ordinance.parameters import active_profile

FOLDER = Path(__file__).parent / "data" / "duties"


class Kind(models.TextChoices):
    """What takes the place of a rule."""

    NONE = "none", "판단할 의무 없음"
    BUILT_IN = "built_in", "시스템이 지킴"
    ACT = "act", "건마다 확인"


@dataclass(frozen=True)
class Unruled:
    number: int
    kind: Kind
    reason: str


def reasons(profile: str | None = None) -> Mapping[int, Unruled]:
    """By article; empty for a profile whose articles are not on record."""
    return _read(active_profile() if profile is None else profile)


@cache
def _read(profile: str) -> Mapping[int, Unruled]:
    path = FOLDER / f"{profile}.toml"
    if not path.is_file():
        return {}
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    return {row["number"]: Unruled(row["number"], Kind(row["kind"]), row["reason"]) for row in rows}
