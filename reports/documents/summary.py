"""쉬운 요약: two pages for residents, from the frozen figures alone.

Each sentence is made of figures that are known. Where one of them is not, another sentence says so: nothing is said of what
nobody counted, and none of it sounds like zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports import wording
from reports.pdf import compose
from reports.period import SEOUL, Period
from reports.tabulation import Figures

TITLE = "쉽게 읽는 CCTV 운영 보고"
ELSEWHERE = "녹화기나 관제 화면에서 직접 본 것은 이 수에 없습니다."


@dataclass(frozen=True)
class Question:
    """What a resident asks, and the answers, a sentence each."""

    asked: str
    answers: Sequence[str]


def questions(figures: Figures) -> list[Question]:
    tell = _Teller(figures)
    when = Period.parse(figures.period).label
    counted_on = wording.day(datetime.fromisoformat(figures.as_of).astimezone(SEOUL).date())
    return [
        Question(
            "우리 구의 카메라는 몇 대입니까?",
            [
                tell(
                    f"{counted_on} 현재 {{cameras}}대가 설치되어 있고, 그 가운데 {{cameras_operating}}대가 운영 중으로 등록되어 있습니다."
                ),
                tell(
                    f"{when}에 대장에 {{added}}대(설치 전의 계획 포함)를 새로 올리고 {{removed}}대를 철거했습니다."
                ),
            ],
        ),
        Question(
            "찍은 영상은 언제 지웁니까?",
            [
                "법과 조례가 정한 보관기간이 지나면 지워야 합니다. 다른 법령이 더 오래 보관하게 하거나 누군가 그 영상에 권리가 있으면 그동안 남겨 둡니다.",
                tell(f"{when}에 영상 파일 {{destroyed_files}}개를 지웠습니다."),
                _late(tell),
            ],
        ),
        Question(
            "지우지 않고 남겨 둔 영상이 있습니까?",
            [
                tell("열람 청구나 수사 같은 까닭으로 지우지 않고 남겨 둔 구간이 {holds_in_force}건입니다."),
                _gone(tell),
            ],
        ),
        Question(
            "내가 찍힌 영상을 볼 수 있습니까?",
            [
                "볼 수 있습니다. 다른 사람의 권리를 해칠 우려처럼 법이 정한 까닭이 있으면 제한됩니다. 누리집의 ‘영상 열람 청구’나 구청 "
                "창구에서 청구하면 구는 법이 정한 기한 안에 답하여야 합니다.",
                tell(f"{when}에 {{requests_received}}건을 청구받았습니다."),
                _overdue(tell),
            ],
        ),
        Question(
            "다른 기관이 내 영상을 가져갑니까?",
            [
                tell(
                    f"{when}에 경찰 같은 기관과 부서에 내보내거나 보인 것이 {{handed_over}}건입니다. 법과 조례가 정한 까닭이 있을 때만 줄 수 있습니다."
                ),
                _copies(tell),
            ],
        ),
        Question("직원이 영상을 함부로 보지 않습니까?", [_looks(when, tell)]),
        Question("지키지 못한 것이 있습니까?", [_duties(figures, tell)]),
    ]


class _Teller:
    """Fills figures into a sentence; where one is not known, says so instead."""

    def __init__(self, figures: Figures) -> None:
        self.found = {figure.code: figure for _, figure in figures.figures()}

    def value(self, code: str) -> int | None:
        figure = self.found.get(code)
        return int(figure.value) if figure and isinstance(figure.value, int | float) else None

    def __call__(self, sentence: str, **more: str) -> str:
        codes = [part.partition("}")[0] for part in sentence.split("{")[1:]]
        missing = [code for code in codes if code not in more and self.value(code) is None]
        if missing:
            return _not_known([self.found[code].label if code in self.found else code for code in missing])
        values = {code: wording.number(self.value(code) or 0) for code in codes if code not in more}
        return sentence.format(**values, **more)


def _not_known(labels: Sequence[str]) -> str:
    return f"알 수 없는 것: {', '.join(labels)}. 기록이 없거나 확인하지 않았습니다."


def _late(tell: _Teller) -> str:
    late, whole = tell.value("kept_unlawfully"), tell.value("destroyed_files")
    if late is None or whole is None:
        return "제때 지웠는지는 기록이 없어 알 수 없습니다."
    if not whole:
        return "지운 것이 없어 제때 지웠는지 말할 것이 없습니다."
    if late:
        return tell("그 가운데 {kept_unlawfully}개는 보관할 수 있는 때보다 오래 남아 있었습니다.")
    return "모두 정해진 때에 지웠습니다."


def _gone(tell: _Teller) -> str:
    gone = tell.value("footage_vanished_held")
    if gone is None:
        return "남겨 두기로 한 영상이 그대로 있는지는 확인하지 않아 알 수 없습니다."
    if gone:
        return tell("남겨 두기로 한 영상 파일 {footage_vanished_held}개가 사라졌습니다.")
    return "남겨 두기로 한 영상 가운데 사라진 것은 없습니다."


def _overdue(tell: _Teller) -> str:
    overdue, late = tell.value("requests_overdue"), tell.value("requests_decided_late")
    if overdue is None or late is None:
        return "답이 늦은 청구가 있는지는 기록이 없어 알 수 없습니다."
    if overdue or late:
        return tell(
            "기한이 지나도록 답하지 못한 청구가 {requests_overdue}건, 기한을 넘겨 답한 청구가 {requests_decided_late}건입니다."
        )
    return "기한을 넘긴 청구는 없습니다."


def _copies(tell: _Teller) -> str:
    overdue = tell.value("copies_overdue")
    if overdue is None:
        return "준 사본을 돌려받거나 지웠는지는 기록이 없어 알 수 없습니다."
    if overdue:
        return tell("기한이 지났는데 돌려받거나 지운 것을 확인하지 못한 사본이 {copies_overdue}건 있습니다.")
    return "기한이 지나도록 돌려받지 못했거나 지운 것을 확인하지 못한 사본은 없습니다."


def _looks(when: str, tell: _Teller) -> str:
    if tell.value("looks") == 0:
        return f"{when}에 이 시스템에서 저장된 영상을 재생한 일이 없습니다. {ELSEWHERE}"
    return tell(
        f"{when}에 이 시스템에서 저장된 영상을 {{looks}}번 재생했고, 그 가운데 {{looks_with_matter}}번은 사건이 있었습니다. {ELSEWHERE}"
    )


def _duties(figures: Figures, tell: _Teller) -> str:
    unmet = tell.value("duties_unmet")
    rows = figures.table("duties").rows
    if unmet is None or not rows:
        return "이 기간에 마친 점검이 없어 알 수 없습니다."
    whole = sum(int(row["met"] or 0) + int(row["unmet"] or 0) for row in rows)
    kinds = sum(bool(row["unmet"]) for row in rows)
    if not unmet:
        return (
            f"점검한 의무 {wording.number(whole)}건이 모두 지켜진 것으로 나왔습니다."
            if whole
            else "점검한 의무가 없습니다."
        )
    return (
        f"점검한 의무 {wording.number(whole)}건 가운데 {wording.number(unmet)}건이 지켜지지 않았거나 지킨 기록이 없습니다. 의무의 종류로는 {kinds}가지입니다. "
        "무엇인지는 보고서의 ‘조례 점검’에 모두 적었습니다."
    )


def html(figures: Figures, *, check_url: str, figures_url: str) -> str:
    """The page of the PDF; the website makes its own page of the same questions."""
    context = {
        "title": f"{figures.district} {TITLE} {figures.period_label}".strip(),
        "author": figures.district,
        "description": f"{figures.period_label} 운영 보고의 요약",
        "keywords": f"영상정보처리기기, 요약, {figures.period}",
        "figures": figures,
        "heading": TITLE,
        "questions": questions(figures),
        "check_url": check_url,
        "figures_url": figures_url,
        "span": Period.parse(figures.period).word,
        "as_of": wording.instant(datetime.fromisoformat(figures.as_of)),
    }
    return compose("reports/summary.html", context, ["summary.css"])
