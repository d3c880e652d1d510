"""Cameras of one site as rows of the dataset: which belong to one row, and what that row says of them.

Export writes what is told here, and import compares with it, so a register that was exported imports back
without a change even where officials gave the cameras of one row different texts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from cameras.dataset_text import tidy
from cameras.dataset_values import code, plain
from cameras.models import Camera

# What a row says of its cameras beyond its kind.
TEXT_FIELDS = (
    "phone",
    "filming_direction",
    "local_government_code",
    "dataset_update_kind",
    "provider_code",
    "provider_name",
)
TIME_FIELDS = ("reference_on", "dataset_updated_at", "dataset_modified_at")
SHARED_FIELDS = (*TEXT_FIELDS, *TIME_FIELDS)
KIND_FIELDS = ("dataset_purpose", "pixel_10k", "retention_days", "installed_month")

# How the readers of the dataset read a text again: both sides are compared so.
_AS_READ = {
    "phone": lambda text: plain(tidy(text)),
    "local_government_code": lambda text: code(tidy(text)),
    "provider_code": lambda text: code(tidy(text)),
}

_LONGEST: dict[str, int] = {
    name: getattr(Camera._meta.get_field(name), "max_length", 0) for name in TEXT_FIELDS
}


def shared_text(field: str, texts: Iterable[str]) -> str:
    """The one text, or the different ones in a row; the first alone when they do not fit the column."""
    as_read = _AS_READ.get(field, tidy)
    different = [text for text in dict.fromkeys(map(as_read, texts)) if text]
    if len(different) <= 1:
        return different[0] if different else ""
    joined = as_read(", ".join(different))
    return joined if len(joined) <= _LONGEST[field] else different[0]


def shared_time(times: Iterable[date | datetime | None]) -> Any:
    known = [time for time in times if time is not None]
    return max(known) if known else None


def shared_value(field: str, values: Sequence[Any]) -> Any:
    first = values[0]
    if field in TIME_FIELDS:
        if all(value == first for value in values):
            return _whole_second(first)
        return _whole_second(shared_time(values))
    return shared_text(field, values)


def _whole_second(time: Any) -> Any:
    """The dataset knows no fractions of a second."""
    return time.replace(microsecond=0) if isinstance(time, datetime) and time.microsecond else time
