"""The first page of the committee's report: what is in order, what is not, what is asked, and the gravest matters.

Everything is counted: from the promises, from the figures that should be zero, and from the findings that stood open when
the quarter ended (of one that runs: when the report is issued), with what their owners had written by then. Where nobody
wrote anything, that is said; what is not known is neither in order nor wrong. Gravity is a table (`reports.gravity`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.longrun import RunState
from accounts.models import Officer
from ordinance import rules
from ordinance.models import AssessedRule, Assessment, Finding, FindingCare
from reports import gravity, wording
from reports.documents.promises import KEPT, Promise
from reports.figures.context import Reach
from reports.gravity import Weighed
from reports.period import Period
from reports.tabulation import Figures

MOST = 5
_NAMED = 3


@dataclass(frozen=True)
class Matter:
    """A duty that is not met, with what the office says about it: of how many of its cases."""

    place: str
    title: str
    count: int
    subjects: int | None
    cause: str
    owner: str
    due: str
    measure: str
    # Cases without a measure or a due date, and those whose due date is over.
    unsettled: int
    overdue: int


def reach_of(figures: Figures) -> Reach:
    """Up to when page one tells: the end of the quarter, or the counting of one that runs."""
    return Reach(Period.parse(figures.period), datetime.fromisoformat(figures.as_of))


def sentences(
    figures: Figures, matters: Sequence[Matter], told: Sequence[Promise], *, is_assessed: bool
) -> list[tuple[str, str]]:
    """What is in order, what is not, what the committee is asked: true in every state."""
    asked = gravity.weighed(figures)
    wrong = [one for one in asked if one.figure.value]
    unknown = sum(one.figure.value is None for one in asked)
    return [
        ("지켜진 것", _kept(told)),
        ("지켜지지 않은 것", _wrong(wrong, len(asked), unknown)),
        ("위원회에 요청하는 것", _request(wrong, matters, unknown, is_assessed=is_assessed)),
    ]


def _kept(told: Sequence[Promise]) -> str:
    kept = [
        f"{one.label}({one.now} {one.unit})" if one.unit else one.label
        for one in told
        if one.now.word == KEPT
    ]
    if not kept:
        return f"아래 약속 {len(told)}가지 가운데 지켜졌다고 확인된 것이 없습니다."
    return f"아래 약속 {len(told)}가지 가운데 {len(kept)}가지: {', '.join(kept)}."


def _wrong(wrong: Sequence[Weighed], total: int, unknown: int) -> str:
    if wrong:
        words = f"0이어야 하는 수치 {total}가지 가운데 {len(wrong)}가지가 0이 아닙니다. 무거운 것부터 {_names(wrong)}."
    elif not total:
        words = "0이어야 하는 수치 가운데 셀 것이 있는 것이 없습니다."
    elif unknown == total:
        words = ""
    else:
        words = f"0이어야 하는 수치 {total}가지 가운데 센 {total - unknown}가지는 모두 0입니다."
    not_known = f"{unknown}가지는 기록하거나 확인하지 않아 알 수 없습니다." if unknown else ""
    return " ".join(filter(None, (words, not_known)))


def _names(found: Sequence[Weighed]) -> str:
    named = [_named(one) for one in found[:_NAMED]]
    more = f" 외 {len(found) - _NAMED}가지" if len(found) > _NAMED else ""
    return ", ".join(named) + more


def _named(one: Weighed) -> str:
    value = wording.written(one.figure.value, one.figure.kind)
    whole = f" / {wording.written(one.whole, one.figure.kind)}" if one.whole is not None else ""
    # Without what the chapter says in brackets.
    return f"{one.figure.label.partition(' (')[0]} {value}{whole}"


def _request(wrong: Sequence[Weighed], matters: Sequence[Matter], unknown: int, *, is_assessed: bool) -> str:
    asked = []
    if wrong:
        asked.append("지켜지지 않은 사항의 원인과 재발 방지를 심의")
    if overdue := sum(matter.overdue for matter in matters):
        asked.append(f"조치 기한이 지난 {overdue:,}건의 보고를 요구")
    if unsettled := sum(matter.unsettled for matter in matters):
        asked.append(f"아래 사항 가운데 조치나 기한이 적히지 않은 {unsettled:,}건에 의견을 제시")
    if unknown:
        asked.append(f"알 수 없는 {unknown}가지를 기록하고 확인할 계획을 요구")
    if not is_assessed:
        asked.append("조례 점검의 실시를 요구")
    if not asked:
        return "이 보고와 관련하여 따로 요청하는 사항이 없습니다."
    return f"{', '.join(asked)}하여 주시기 바랍니다."


def is_assessed(reach: Reach) -> bool:
    """Whether an assessment had been finished by the end of what page one tells of."""
    return Assessment.objects.filter(
        state=RunState.SUCCEEDED, on__lte=reach.last_on, finished_at__lt=reach.until_at
    ).exists()


def gravest(figures: Figures, reach: Reach) -> list[Matter]:
    """The duties with open findings, the gravest first."""
    open_then = Finding.objects.filter(opened_on__lte=reach.last_on).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=reach.last_on)
    )
    if not figures.is_interim and not is_assessed(reach):
        return []
    counts = dict(open_then.order_by().values_list("rule").annotate(count=Count("pk")))
    assessed = {rule.code: rule for rule in AssessedRule.objects.in_bulk(list(counts)).values()}
    subjects = {str(row["key"]): row["subjects"] for row in figures.table("duties").rows}
    return [
        _matter(assessed[code], open_then.filter(rule=assessed[code]), subjects.get(code), reach)
        for code in gravity.rules_in_order(assessed)[:MOST]
    ]


def _matter(rule: AssessedRule, findings: "QuerySet[Finding]", subjects: object, reach: Reach) -> Matter:
    count = findings.count()
    cares = _cares(findings, reach)
    noted = [care for care in cares if care.note]
    dated = [care for care in cares if care.due_on]
    settled = sum(bool(care.note and care.due_on) for care in cares)
    overdue = sum(care.due_on < reach.last_on for care in dated if care.due_on)
    return Matter(
        place=rule.place,
        title=rule.title,
        count=count,
        subjects=subjects if isinstance(subjects, int) else None,
        cause=_cause(rule, findings),
        owner=_owner(cares, count),
        due=_due(dated, count, overdue),
        measure=_measure(noted, count),
        unsettled=count - settled,
        overdue=overdue,
    )


def _cares(findings: "QuerySet[Finding]", reach: Reach) -> list[FindingCare]:
    """What had been written of the findings by then."""
    if reach.period.has_ended(reach.now):
        written = FindingCare.history.as_of(reach.until_at).filter(
            finding__in=findings.order_by().values("pk")
        )
    else:
        written = FindingCare.objects.filter(finding__in=findings.order_by())
    return list(written.order_by("-changed_at"))


def _cause(rule: AssessedRule, findings: "QuerySet[Finding]") -> str:
    """What is missing most often, in the rule's words."""
    counts = findings.order_by().values_list("evidence").annotate(count=Count("pk"))
    evidence = counts.order_by("-count", "evidence")[0][0]
    try:
        return rules.get(rule.code).says(evidence)
    except LookupError:
        return evidence


def _owner(cares: Sequence[FindingCare], count: int) -> str:
    """Who has the most of them, of how many."""
    owned: dict[int, int] = {}
    for care in cares:
        if care.owner_id is not None:
            owned[care.owner_id] = owned.get(care.owner_id, 0) + 1
    if not owned:
        return "지정하지 않음"
    most = max(owned, key=lambda pk: (owned[pk], -pk))
    shown = str(Officer.objects.get(pk=most))
    if len(owned) > 1:
        shown += f" 외 {len(owned) - 1}명"
    return _of(shown, sum(owned.values()), count)


def _due(dated: Sequence[FindingCare], count: int, overdue: int) -> str:
    if not dated:
        return ""
    earliest = min(care.due_on for care in dated if care.due_on)
    shown = wording.day(earliest) + (f" ({overdue:,}건 지남)" if overdue else "")
    return _of(shown, len(dated), count)


def _measure(noted: Sequence[FindingCare], count: int) -> str:
    return _of(noted[0].note, len(noted), count) if noted else ""


def _of(shown: str, part: int, count: int) -> str:
    """What is written of one stands for that one, not for all."""
    return shown if part == count else f"{shown} ({count:,}건 가운데 {part:,}건만)"
