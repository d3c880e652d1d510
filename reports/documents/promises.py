"""약속: five promises of the house as fractions, this time and as the four times before were reported.

A promise is kept only where its records say so: what nobody counted is unknown, and of nothing nothing is said. Each says
what it is counted out of, from which records, and which article it keeps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports import wording
from reports.tabulation import Figures

KEPT, BROKEN, UNKNOWN, NOTHING, NOT_TOLD = "지켜짐", "지켜지지 않음", "알 수 없음", "해당 없음", "보고 없음"
MOST_BEFORE = 4


@dataclass(frozen=True)
class Said:
    """Of how many how many were as promised, and the word for it."""

    word: str
    part: int | None = None
    whole: int | None = None

    def __str__(self) -> str:
        if self.part is None or self.whole is None:
            return self.word
        return f"{wording.number(self.part)}/{wording.number(self.whole)}"


@dataclass(frozen=True)
class Promise:
    label: str
    unit: str
    source: str
    article: str
    now: Said
    # The oldest first; a time that was not reported has its word.
    before: Sequence[Said]

    @property
    def trend(self) -> str:
        """Against the time before: ▲ a greater share, ▼ a smaller one; empty where one of the two is not known."""
        last = self.before[-1] if self.before else Said(NOT_TOLD)
        if None in (self.now.part, last.part) or not self.now.whole or not last.whole:
            return ""
        now, then = (self.now.part or 0) * last.whole, (last.part or 0) * self.now.whole
        return "▲" if now > then else "▼" if now < then else "="

    def frozen(self) -> dict[str, Any]:
        return asdict(self) | {"trend": self.trend}


def thaw(frozen: Mapping[str, Any]) -> Promise:
    """A promise as a report froze it."""
    values = {name: value for name, value in frozen.items() if name != "trend"}
    values["now"] = Said(**frozen["now"])
    values["before"] = [Said(**one) for one in frozen["before"]]
    return Promise(**values)


def promises(figures: Figures, earlier: Sequence[Figures | None]) -> list[Promise]:
    """`earlier`: the frozen figures of the times before, the newest first; None where nothing was reported."""
    before = list(reversed(earlier))
    return [
        Promise(
            label,
            unit,
            source,
            article,
            said(figures),
            [said(one) if one else Said(NOT_TOLD) for one in before],
        )
        for label, unit, source, article, said in PROMISES
    ]


def _number(figures: Figures, code: str) -> int | None:
    """None as well where an earlier report did not have the figure."""
    try:
        value = figures.value(code)
    except KeyError:
        return None
    return int(value) if isinstance(value, int | float) else None


def _said(part: int | None, whole: int | None) -> Said:
    if part is None or whole is None:
        return Said(UNKNOWN)
    if not whole:
        return Said(NOTHING)
    return Said(KEPT if part == whole else BROKEN, part, whole)


def _destroyed(figures: Figures) -> Said:
    whole, wrong = _number(figures, "destroyed_files"), _number(figures, "kept_unlawfully")
    return _said(None if whole is None or wrong is None else whole - wrong, whole)


def _held(figures: Figures) -> Said:
    """Losses are counted in files, holds in holds: of a loss it is not known how many holds it struck."""
    gone = _number(figures, "footage_vanished_held")
    holds = [_number(figures, code) for code in ("holds_in_force", "holds_released")]
    if gone is None or None in holds:
        return Said(UNKNOWN)
    if gone:
        return Said(f"{wording.number(gone)}개 사라짐")
    whole = sum(count or 0 for count in holds)
    return _said(whole, whole)


def _answered(figures: Figures) -> Said:
    decided, overdue = _number(figures, "requests_decided"), _number(figures, "requests_overdue")
    whole = None if decided is None or overdue is None else decided + overdue
    return _said(_number(figures, "requests_in_time"), whole)


def _looked(figures: Figures) -> Said:
    return _said(_number(figures, "looks_with_matter"), _number(figures, "looks"))


def _duties(figures: Figures) -> Said:
    try:
        rows = figures.table("duties").rows
    except KeyError:
        return Said(UNKNOWN)
    if not rows:
        return Said(UNKNOWN)
    met, unmet = (sum(int(row[name] or 0) for row in rows) for name in ("met", "unmet"))
    return _said(met, met + unmet)


PROMISES: tuple[tuple[str, str, str, str, Callable[[Figures], Said]], ...] = (
    ("기간이 끝난 영상을 법이 정한 때에 파기", "파기한 파일", "파기 목록", "조례 제24조제1항", _destroyed),
    ("누군가 권리를 가진 영상을 보존", "삭제 유예", "삭제 유예 기록, 원장", "조례 제24조제1항 각 호", _held),
    (
        "주민의 열람등 청구를 기한 안에 통지",
        "청구",
        "열람등 청구 기록",
        "조례 제22조제2항, 법 제35조",
        _answered,
    ),
    ("사건이 있을 때만 영상을 재생", "이 시스템의 재생", "영상 재생 기록", "조례 제23조제2항", _looked),
    ("조례의 의무를 이행", "의무 × 대상", "조례 점검 기록", "조례 제4조~제31조", _duties),
)
