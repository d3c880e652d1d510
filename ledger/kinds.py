"""Korean labels of the kinds of entries. The app that owns a kind registers it when it is ready."""

import re

_SHAPE = re.compile(r"[a-z][a-z0-9_]*(?:[.:/-][a-z0-9_]+)*\Z")
MAX_LENGTH = 60

_labels: dict[str, str] = {}


def is_well_formed(kind: object) -> bool:
    return isinstance(kind, str) and len(kind) <= MAX_LENGTH and _SHAPE.match(kind) is not None


def register(kind: str, label: str) -> None:
    """Name `kind` for screens. Saying the same twice is fine, saying two things is a mistake in the code."""
    if not is_well_formed(kind):
        raise ValueError(f"not a kind: {kind!r}")
    if _labels.setdefault(kind, label) != label:
        raise ValueError(f"kind {kind!r} is already called {_labels[kind]!r}")


def label(kind: str) -> str:
    """The Korean label, or the kind itself when no app has named it."""
    return _labels.get(kind, kind)


def choices() -> list[tuple[str, str]]:
    """All registered kinds, for the filter of a list."""
    return sorted(_labels.items(), key=lambda pair: pair[1])
