"""약속: the promises of the house as fractions, this quarter and as the last four were reported.

A promise is kept only where its records say so: what nobody counted is unknown, and of nothing nothing is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports import wording
from reports.tabulation import Figures

KEPT, BROKEN, UNKNOWN, NOTHING, NOT_TOLD = "지켜짐", "지켜지지 않음", "알 수 없음", "해당 없음", "세지 않음"
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
    now: Said
    before: Sequence[Said]


def promises(figures: Figures, earlier: Sequence[Figures]) -> list[Promise]:
    """`earlier`: the frozen figures of the quarters before, the newest first."""
    return [
        Promise(label, unit, said(figures), [said(one) for one in earlier]) for label, unit, said in PROMISES
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


def _proved(figures: Figures) -> Said:
    return _said(_number(figures, "proofs_right"), _number(figures, "proofs_due"))


def _held(figures: Figures) -> Said:
    gone = _number(figures, "footage_vanished_held")
    holds = [_number(figures, code) for code in ("holds_in_force", "holds_released")]
    if gone is None or None in holds:
        return Said(UNKNOWN)
    if gone:
        return Said(f"{wording.number(gone)}개 사라짐")
    return Said(KEPT if sum(count or 0 for count in holds) else NOTHING)


def _answered(figures: Figures) -> Said:
    decided, overdue = _number(figures, "requests_decided"), _number(figures, "requests_overdue")
    whole = None if decided is None or overdue is None else decided + overdue
    return _said(_number(figures, "requests_in_time"), whole)


def _looked(figures: Figures) -> Said:
    """No chapter counts who looked at footage, and on what ground."""
    return Said(NOT_TOLD)


def _duties(figures: Figures) -> Said:
    try:
        rows = figures.table("duties").rows
    except KeyError:
        return Said(UNKNOWN)
    if not rows:
        return Said(UNKNOWN)
    met, unmet = (sum(int(row[name] or 0) for row in rows) for name in ("met", "unmet"))
    return _said(met, met + unmet)


PROMISES: tuple[tuple[str, str, Callable[[Figures], Said]], ...] = (
    ("기간이 끝난 영상을 법이 정한 때에 파기", "파일", _destroyed),
    ("날마다 영상을 보고 적정으로 확인", "카메라 × 날", _proved),
    ("누군가 권리를 가진 영상(삭제 유예)을 보존", "", _held),
    ("주민의 열람등 청구를 기한 안에 통지", "청구", _answered),
    ("근거 없이 영상을 보지 않음", "", _looked),
    ("조례의 의무를 이행", "의무 × 대상", _duties),
)
