"""Instants as people type them: ISO 8601; without an offset it is Seoul time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from footage.errors import UnusableInput

SEOUL = ZoneInfo("Asia/Seoul")


def parse_instant(text: str) -> datetime:
    """`2026-03-01`, `2026-03-01T09:00`, `…Z`, `…+09:00`. A date alone is its midnight."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnusableInput(
            f"시각을 읽을 수 없습니다: {text!r}. 예: 2026-03-01T09:00:00+09:00 (시간대를 생략하면 한국 시각)"
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=SEOUL)
    try:
        at = found.astimezone(UTC)
        at + timedelta(days=4000), at - timedelta(days=4000)
    except OverflowError:
        raise UnusableInput(f"다룰 수 없는 시각입니다: {text!r}") from None
    return at


def parse_range(from_text: str, until_text: str) -> tuple[datetime, datetime]:
    """A half-open range [from, until)."""
    from_at, until_at = parse_instant(from_text), parse_instant(until_text)
    if from_at >= until_at:
        raise UnusableInput("끝 시각(--until)은 시작 시각(--from)보다 뒤여야 합니다.")
    return from_at, until_at
