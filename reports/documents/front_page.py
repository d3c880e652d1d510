"""The first page of the committee's report: what is in order, what is not, what is asked, and the worst five matters.

Everything is counted: from the figures that should be zero, and from the findings that stand open when the report is
issued, with what their owners wrote. Where nobody wrote anything, that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, QuerySet

from accounts.longrun import RunState
from accounts.models import Officer
from ordinance import rules
from ordinance.models import AssessedRule, Assessment, Finding, FindingCare
from reports import wording
from reports.tabulation import Figure, Figures

MOST = 5
_NAMED = 3


@dataclass(frozen=True)
class Matter:
    """A duty that is not met, with what the office says about it."""

    place: str
    title: str
    count: int
    cause: str
    owner: str
    due: str
    measure: str


def sentences(figures: Figures, matters: Sequence[Matter]) -> list[tuple[str, str]]:
    """What is in order, what is not, what the committee is asked: one sentence each, true in every state."""
    asked = [figure for _, figure in figures.figures() if figure.is_shortfall]
    in_order = [figure for figure in asked if figure.value == 0]
    wrong = [figure for figure in asked if figure.value]
    unknown = len(asked) - len(in_order) - len(wrong)
    return [
        ("지켜진 것", _in_order(in_order, len(asked))),
        ("지켜지지 않은 것", _wrong(wrong, unknown)),
        ("위원회에 요청하는 것", _request(wrong, matters)),
    ]


def _in_order(figures: Sequence[Figure], total: int) -> str:
    if not figures:
        return f"0이어야 하는 수치 {total}가지 가운데 0인 것이 없습니다."
    return f"0이어야 하는 수치 {total}가지 가운데 {len(figures)}가지가 0입니다: {_names(figures)}."


def _wrong(figures: Sequence[Figure], unknown: int) -> str:
    words = (
        f"{len(figures)}가지가 0이 아닙니다: {_names(figures, with_values=True)}."
        if figures
        else "0이어야 하는데 0이 아닌 수치는 없습니다."
    )
    return f"{words} {unknown}가지는 기록이 없어 알 수 없습니다." if unknown else words


def _request(wrong: Sequence[Figure], matters: Sequence[Matter]) -> str:
    if not wrong and not matters:
        return "이 보고와 관련하여 따로 요청하는 사항이 없습니다."
    open_ended = sum(1 for matter in matters if not matter.measure or not matter.due)
    if open_ended:
        return f"아래 {len(matters)}가지 사항의 보고를 받고, 조치나 기한이 적히지 않은 {open_ended}가지에 대하여 의견을 주시기 바랍니다."
    return "지켜지지 않은 사항의 원인과 조치에 대하여 의견을 주시기 바랍니다."


def _names(figures: Sequence[Figure], *, with_values: bool = False) -> str:
    named = [
        f"{figure.label} {wording.written(figure.value, figure.kind)}" if with_values else figure.label
        for figure in figures[:_NAMED]
    ]
    more = f" 외 {len(figures) - _NAMED}가지" if len(figures) > _NAMED else ""
    return ", ".join(named) + more


def is_assessed() -> bool:
    return Assessment.objects.filter(state=RunState.SUCCEEDED).exists()


def worst(today: date) -> list[Matter]:
    """The duties with the most open findings, the most first."""
    counts = dict(
        Finding.objects.open()
        .order_by()
        .values_list("rule")
        .annotate(count=Count("pk"))
        .order_by("-count", "rule")[:MOST]
    )
    assessed = AssessedRule.objects.in_bulk(list(counts))
    return [_matter(assessed[pk], count, today) for pk, count in counts.items()]


def _matter(rule: AssessedRule, count: int, today: date) -> Matter:
    cares = FindingCare.objects.filter(finding__rule=rule, finding__closed_on__isnull=True)
    return Matter(
        place=rule.place,
        title=rule.title,
        count=count,
        cause=_cause(rule),
        owner=_owner(cares, count),
        due=_due(cares, today),
        measure=cares.exclude(note="").order_by("-changed_at").values_list("note", flat=True).first() or "",
    )


def _cause(rule: AssessedRule) -> str:
    """What is missing most often, in the rule's words."""
    open_ones = Finding.objects.open().filter(rule=rule).order_by()
    counts = open_ones.values_list("evidence").annotate(count=Count("pk")).order_by("-count", "evidence")
    evidence = counts[0][0]
    try:
        return rules.get(rule.code).says(evidence)
    except LookupError:
        return evidence


def _owner(cares: "QuerySet[FindingCare]", count: int) -> str:
    """Who has the most of them, and how many nobody has."""
    owned = cares.filter(owner__isnull=False).order_by()
    counts = list(owned.values_list("owner").annotate(count=Count("pk")).order_by("-count", "owner"))
    if not counts:
        return "지정하지 않음"
    shown = str(Officer.objects.get(pk=counts[0][0]))
    if len(counts) > 1:
        shown += f" 외 {len(counts) - 1}명"
    left = count - sum(owned_by for _, owned_by in counts)
    return f"{shown} (미지정 {left:,}건)" if left else shown


def _due(cares: "QuerySet[FindingCare]", today: date) -> str:
    earliest = cares.aggregate(due=Min("due_on"))["due"]
    if earliest is None:
        return ""
    return wording.day(earliest) + (" (지남)" if earliest < today else "")
