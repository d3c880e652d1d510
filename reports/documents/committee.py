"""위원회 보고서: what the committee reads once a quarter, and its annex."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from accounts.designations import responsible_on
from ordinance import articles
from reports import editions, gravity, sealing, wording
from reports.annex import CSV_NAME, Annex, Volume
from reports.documents import front_page, promises, sign_code
from reports.pdf import Enclosure, compose
from reports.period import SEOUL, Period
from reports.sealing import PrintedHead
from reports.tabulation import NOT_LOOKED_AT, NOT_RECORDED, Figure, Figures, Section

HEADING_LINES = ("영상정보처리기기 및 통합관제센터", "운영 현황 보고")
HEADING = " ".join(HEADING_LINES)
FIGURES_NAME = "figures.json"
CODE_MM = 28
NO_BREAK = "\u00a0"
# Names of the editions for everybody, as files are named after them.
PUBLIC, RESIDENTS = "public", "summary"
# The entry that an issue leaves behind.
ENTRY_KIND = "reports.issued"
# What a member looks for first, in this order.
SUMMARY = (
    "cameras",
    "cameras_operating",
    "added",
    "removed",
    "moved",
    "footage_files",
    "footage_bytes",
    "destroyed_files",
    "destroyed_bytes",
    "destroyed_late",
    "worst_lateness",
    "kept_unlawfully",
    "holds_in_force",
    "proofs_due",
    "proofs_right",
    "proofs_wrong",
    "proofs_unseen",
    "proofs_missing",
    "requests_received",
    "requests_overdue",
    "unclaimed_open",
    "unrecognised",
)


@dataclass(frozen=True)
class Edition:
    """Everything that one version of the report prints."""

    figures: Figures
    version: int
    head: PrintedHead
    file_stem: str
    issued_at: datetime
    annex: Annex | None
    previous_version: int | None
    changes: Sequence[str]
    previous_has_annex: bool = False
    # The frozen figures of the times before, the newest first; None where nothing was reported.
    earlier: Sequence[Figures | None] = ()

    @property
    def title(self) -> str:
        interim = " (중간 보고)" if self.figures.is_interim else ""
        return f"{self.figures.district} {HEADING} {self.figures.period_label}{interim}".strip()

    @property
    def file_name(self) -> str:
        return f"{self.file_stem}.pdf"

    def volume_name(self, number: int) -> str:
        return f"{self.file_stem}-annex-{number}.pdf"


@dataclass(frozen=True)
class Mentioned:
    """A figure that the summary repeats, with where it stands."""

    figure: Figure
    section: Section
    number: int


def report_html(edition: Edition, enclosures: Sequence[Enclosure], *, is_public: bool = False) -> str:
    """`is_public`: what everybody may have; its figures are those of `editions.public`."""
    figures = edition.figures
    period = Period.parse(figures.period)
    today = edition.issued_at.astimezone(SEOUL).date()
    context = {
        **_about(edition, edition.title),
        "heading_lines": HEADING_LINES,
        "figures": figures,
        "span": period.word,
        "is_public": is_public,
        "check_url": sealing.check_url(),
        "check_code": sign_code.code(sealing.check_url(), CODE_MM) if sealing.check_url() else None,
        "as_of": wording.instant(datetime.fromisoformat(figures.as_of)),
        "issued_on": today,
        "previous_version": edition.previous_version,
        "changes": edition.changes,
        "quarter": quarter_column(figures, period),
        "counted": counted_column(figures, period),
        "keeps_earlier_annex": edition.previous_has_annex and edition.annex is None,
        "previous_source": _previous_source(figures, period),
        "summary_lead": _summary_lead(figures),
        **_front_page(edition, today),
        "summary": _summary(figures, period),
        "shortfalls": list(_shortfalls(figures)),
        "asked": _asked(figures),
        "volume_names": _volume_names(edition),
        "annex_count": wording.number(len(edition.annex)) if edition.annex is not None else "",
        "enclosures": enclosures,
        "verification": sealing.instructions(edition.head, edition.file_name, ENTRY_KIND, today),
    }
    return compose("reports/committee.html", context, ["committee.css"])


def volume_html(edition: Edition, volume: Volume) -> str:
    if edition.annex is None:
        raise ValueError("this edition has no annex")
    count = edition.annex.volume_count
    context = {
        **_about(edition, f"{edition.title} 부록 {volume.number}/{count}권"),
        "heading": f"부록 {volume.number}. 카메라별 현황",
        "lead": _volume_lead(edition, volume),
        "is_interim": edition.figures.is_interim,
        "volume": volume,
        "volume_count": count,
    }
    return compose("reports/annex.html", context, ["annex.css"])


def enclosures(edition: Edition) -> list[Enclosure]:
    """What travels inside the report: the annex' data, the frozen figures, the head to verify with."""
    frozen = json.dumps(edition.figures.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
    found = [
        *sealing.enclosures(edition.head),
        Enclosure(FIGURES_NAME, "이 보고서의 동결된 수치 전부 (JSON)", frozen.encode(), "Data"),
    ]
    if edition.annex is not None:
        description = "부록의 자료: 카메라별 한 줄 (CSV, UTF-8 BOM)"
        found.insert(0, Enclosure(CSV_NAME, description, edition.annex.csv(), "Data"))
    return found


def public_edition(edition: Edition) -> Edition:
    """Of the same figures, for everybody: without annex, and without what stays with the committee."""
    stem = f"{edition.file_stem}-{PUBLIC}"
    return replace(edition, figures=editions.public(edition.figures), annex=None, file_stem=stem, changes=[])


def public_enclosures(edition: Edition) -> list[Enclosure]:
    data = Enclosure(
        editions.CSV_NAME, "이 보고서의 자료 (CSV, UTF-8 BOM)", editions.as_csv(edition.figures), "Data"
    )
    return [data, *enclosures(edition)]


def _about(edition: Edition, title: str) -> dict[str, Any]:
    figures = edition.figures
    return {
        "title": title,
        "author": figures.district,
        "description": f"{figures.committee}에 보고하는 {figures.period_label} 운영 현황",
        "keywords": ", ".join(
            (
                "영상정보처리기기",
                "통합관제센터",
                "보관",
                "파기",
                "삭제 유예",
                figures.period,
                figures.district,
            )
        ),
        "head": edition.head,
        "version": edition.version,
    }


def told(edition: Edition) -> dict[str, Any]:
    """Page one as data, to be frozen with the figures before anything is printed."""
    figures, period = edition.figures, Period.parse(edition.figures.period)
    reach = front_page.reach_of(figures)
    matters = front_page.gravest(figures, reach)
    has_history = any(one is not None for one in edition.earlier)
    kept = promises.promises(figures, edition.earlier if has_history else [])
    is_assessed = front_page.is_assessed(reach)
    waiting = front_page.waiting(reach)
    said, public = (
        front_page.sentences(figures, matters, kept, is_assessed=is_assessed, waiting=one)
        for one in (waiting, waiting.without_titles())
    )
    return front_page.frozen(
        said,
        public,
        kept,
        matters,
        _codes_before(period, len(edition.earlier)) if has_history else [],
        is_assessed=is_assessed,
        until=wording.minute(reach.until_at)
        if figures.is_interim
        else f"{wording.day(reach.last_on)} 밤 12시",
    )


def _codes_before(period: Period, count: int) -> list[str]:
    """The times before, the oldest first."""
    codes = []
    for _ in range(count):
        period = period.previous
        codes.append(period.code)
    return codes[::-1]


def _front_page(edition: Edition, today: date) -> dict[str, Any]:
    ordinance = articles.version(on=today)
    return {
        "front": edition.figures.front,
        "promises": [promises.thaw(one) for one in edition.figures.front["promises"]],
        "office": responsible_on(today),
        "ordinance": ordinance.title if ordinance else "",
        "columns": [Period.parse(code).label for code in edition.figures.front["columns"]],
        "item": front_page.item_of(edition.figures),
    }


@dataclass(frozen=True)
class Headings:
    """What a column of figures is of: a quarter, or a day of counting. Without `before` there is nothing to compare."""

    now: str
    before: str


def quarter_column(figures: Figures, period: Period) -> Headings:
    now = figures.period_label
    if figures.is_interim:
        now += f" (중간, {_minute(figures.as_of)}까지)"
    recounted = f" (다시{NO_BREAK}셈)" if figures.previous_is_recounted else ""
    return Headings(
        now,
        f"{period.previous.label} 전체{recounted}"
        if figures.is_interim
        else f"{period.previous.label}{recounted}",
    )


def counted_column(figures: Figures, period: Period) -> Headings:
    before = (
        f"{_minute(figures.previous_as_of)} 현재 ({period.previous.label} 보고)"
        if figures.previous_as_of
        else ""
    )
    return Headings(f"{_minute(figures.as_of)} 현재", before)


def _minute(at: str) -> str:
    return wording.written(at, "instant")


def _previous_source(figures: Figures, period: Period) -> str:
    """Where the column of the quarter before comes from."""
    label = period.previous.label
    said = (
        f"{label}에 속하는 수치는 같은 방법으로 기록에서 다시 세었습니다."
        if figures.previous_is_recounted
        else period.says(f"{label}에 속하는 수치는 그 분기의 발행 보고서에서 옮겼습니다.")
    )
    if figures.previous_as_of:
        said += f" 센 날의 수치는 {label} 보고서를 낸 {_minute(figures.previous_as_of)} 현재의 것입니다."
    else:
        said += f" {label}의 보고서가 발행되지 않아 그때의 현재 수치는 없습니다."
    return (
        said
        + f" ‘{NOT_RECORDED}’은 그때의 기록이 없다는 뜻, ‘{NOT_LOOKED_AT}’은 살펴보지 않았다는 뜻이며 0과 다릅니다."
    )


# What the summary says first: before it, figure, unit, after it. A figure without a value has its word, and no unit.
_SAID = (
    ("cameras", "설치된 카메라", "대"),
    ("destroyed_files", "파기한 영상 파일", "개"),
    ("proofs_due", "해야 할 일일 파기 확인", "건"),
    ("proofs_right", "그 가운데 영상을 보고 적정으로 확인한 것", "건"),
    ("holds_in_force", "유효한 삭제 유예", "건"),
    ("requests_overdue", "기한이 지났으나 통지한 기록이 없던 열람등 청구", "건"),
)


def _summary_lead(figures: Figures) -> str:
    """What belongs to the quarter and what stands on the day of counting, each under its time."""
    found = {figure.code: figure for _, figure in figures.figures()}
    parts = {True: [], False: []}  # type: dict[bool, list[str]]
    for code, label, unit in _SAID:
        figure = found[code]
        value = wording.written(figure.value, figure.kind, figure.absent)
        parts[figure.is_flow].append(f"{label} {value}{unit if figure.value is not None else ''}")
    return f"{_minute(figures.as_of)} 현재 {', '.join(parts[False])}. {figures.period_label}: {', '.join(parts[True])}."


def parts_of(section: Section, figures: Figures) -> list[tuple[Headings, list[Figure]]]:
    """The figures of a chapter by what their column is of: the quarter, and the day of counting."""
    period = Period.parse(figures.period)
    parts = (
        (quarter_column(figures, period), section.of_the_quarter),
        (counted_column(figures, period), section.of_the_day),
    )
    return [(headings, found) for headings, found in parts if found]


@dataclass(frozen=True)
class SummaryGroup:
    column: Headings
    items: list[Mentioned]


def _summary(figures: Figures, period: Period) -> list[SummaryGroup]:
    found = {mentioned.figure.code: mentioned for mentioned in _mentions(figures)}
    chosen = [found[code] for code in SUMMARY]
    groups = (
        SummaryGroup(quarter_column(figures, period), [item for item in chosen if item.figure.is_flow]),
        SummaryGroup(counted_column(figures, period), [item for item in chosen if not item.figure.is_flow]),
    )
    return list(groups)


def _shortfalls(figures: Figures) -> list[Mentioned]:
    return [item for item in _mentions(figures) if item.figure.is_shortfall and item.figure.value]


@dataclass(frozen=True)
class Asked:
    """How many figures should be zero: all of them, those that nobody knows, and those of which page one speaks."""

    count: int
    unknown: int
    on_page_one: int

    @property
    def counted(self) -> int:
        return self.count - self.unknown


def _asked(figures: Figures) -> Asked:
    asked = [figure for _, figure in figures.figures() if figure.is_shortfall]
    unknown = sum(figure.value is None for figure in asked)
    return Asked(len(asked), unknown, len(gravity.weighed(figures)))


def _mentions(figures: Figures) -> list[Mentioned]:
    return [
        Mentioned(figure, section, number)
        for number, section in enumerate(figures.sections, start=1)
        for figure in section.figures
    ]


def _volume_names(edition: Edition) -> list[dict[str, Any]]:
    if edition.annex is None:
        return []
    return [
        {
            "number": volume.number,
            "name": edition.volume_name(volume.number),
            "first": volume.first,
            "last": volume.last,
        }
        for volume in edition.annex.ranges()
    ]


def _volume_lead(edition: Edition, volume: Volume) -> str:
    total = len(edition.annex or ())
    figures = edition.figures
    as_of = wording.instant(datetime.fromisoformat(figures.as_of))
    span = f"연번 {volume.first:,}~{volume.last:,} (모두 {total:,}대)" if volume.last else "카메라 없음"
    return (
        f"{figures.district} · {figures.period_label} · {span} · {as_of} 현재 대장과 저장소 확인 결과. "
        "철거된 카메라도 영상이 남아 있을 수 있어 함께 적었습니다."
    )
