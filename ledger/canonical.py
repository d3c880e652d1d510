"""From what a caller hands over to the one text that is stored and hashed.

The canonical form is described in `docs/ledger.md`. In short: an object, keys sorted by code point,
no spaces, UTF-8 with only the escapes that JSON demands, whole numbers of at most 64 bits, finite
binary64 numbers in their shortest form. What has no such form is refused here, before any row exists,
and on both databases alike (PostgreSQL stores no NUL, neither stores a lone surrogate).
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from ledger import kinds
from ledger.errors import RefusedEntry

MAX_ACTOR = 100
MAX_SUBJECT = 200
MAX_PAYLOAD_BYTES = 1 << 20
MAX_DEPTH = 32
INT64 = range(-(1 << 63), 1 << 63)

_ACTOR = re.compile(r"[a-z][a-z0-9_-]*:\S+\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_SURROGATE = re.compile("[\ud800-\udfff]")


def instant_text(at: datetime) -> str:
    """`at` in UTC with microseconds: the only way in which the ledger writes a time."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def check_instant(at: object) -> datetime:
    if not isinstance(at, datetime) or at.tzinfo is None or at.utcoffset() is None:
        raise RefusedEntry("원장의 시각은 시간대가 있는 datetime이어야 합니다.")
    try:
        utc = at.astimezone(UTC)
        # A plain datetime: a subclass (pandas has one, with nanoseconds) may be written differently.
        return datetime.combine(
            utc.date(), time(utc.hour, utc.minute, utc.second, utc.microsecond), tzinfo=UTC
        )
    except (OverflowError, ValueError) as error:
        raise RefusedEntry("원장의 시각이 표현할 수 있는 범위를 벗어났습니다.") from error


def check_references(kind: object, actor: object, subject: object) -> None:
    """The three short columns: references, never names, always one line of printable text."""
    if not (isinstance(kind, str) and isinstance(actor, str) and isinstance(subject, str)):
        raise RefusedEntry(f"종류, 행위자, 대상은 문자열이어야 합니다: {kind!r}, {actor!r}, {subject!r}")
    _check_kind(str.__str__(kind))
    _check_actor(str.__str__(actor))
    _check_line("대상", subject, MAX_SUBJECT)


# Bulk entries repeat a few kinds and actors; what is refused is not remembered.
@lru_cache(maxsize=1024)
def _check_kind(kind: str) -> None:
    if not kinds.is_well_formed(kind):
        raise RefusedEntry(f"원장 기록의 종류가 올바르지 않습니다: {kind!r}")


@lru_cache(maxsize=1024)
def _check_actor(actor: str) -> None:
    _check_line("행위자", actor, MAX_ACTOR)
    if not _ACTOR.match(actor):
        raise RefusedEntry(f"행위자는 'officer:12'와 같은 참조여야 합니다: {actor!r}")


def _check_line(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise RefusedEntry(f"{name}: {limit}자를 넘습니다.")
    if _CONTROL.search(text) or _SURROGATE.search(text):
        raise RefusedEntry(f"{name}에 제어 문자나 깨진 문자가 있습니다: {text!r}")


def payload_text(payload: Mapping[str, Any]) -> str:
    """The canonical JSON text of `payload`."""
    if not isinstance(payload, dict):
        raise RefusedEntry("원장 기록의 내용은 JSON 객체(dict)여야 합니다.")
    _check_value(payload, 0)
    try:
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusedEntry(f"원장 기록의 내용을 JSON으로 쓸 수 없습니다: {error}") from error
    if size > MAX_PAYLOAD_BYTES:
        raise RefusedEntry(f"원장 기록의 내용이 {MAX_PAYLOAD_BYTES:,}바이트를 넘습니다.")
    return text


def _check_value(value: object, depth: int) -> None:
    """Refuse what `json.dumps` would quietly change or what another reader would read differently."""
    if depth > MAX_DEPTH:
        raise RefusedEntry(f"원장 기록의 내용이 {MAX_DEPTH}단계보다 깊습니다.")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        # Of an IntegerChoices member: a range finds only plain numbers without counting through it.
        if int(value) not in INT64:
            raise RefusedEntry("64비트를 넘는 정수는 문자열로 적어야 합니다.")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise RefusedEntry(f"JSON 객체의 이름은 문자열이어야 합니다: {key!r}")
            _check_text(key)
            _check_value(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_value(item, depth + 1)
    elif value is not None and not isinstance(value, float):
        raise RefusedEntry(f"JSON에 없는 종류의 값입니다: {type(value).__name__}")


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise RefusedEntry("원장 기록의 내용에 NUL 문자가 있습니다.")
    if not text.isascii() and _SURROGATE.search(text):
        raise RefusedEntry("원장 기록의 내용에 깨진 문자(짝 없는 서로게이트)가 있습니다.")
