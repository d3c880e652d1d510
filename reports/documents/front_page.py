"""The first page of the committee's report: what is asked, what became worse, what is overdue, and the gravest matters.

Everything is counted: from the promises, from the figures that should be zero beside what they were, and from the findings
that stood open when the quarter ended (of one that runs: when the report is issued), with what their owners had written by
then. Where nobody wrote anything, that is said; what is not known is neither in order nor wrong, and what cannot be compared
is neither better nor worse. Gravity is a table (`reports.gravity`). What it said is frozen with the figures (`frozen`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.longrun import RunState
from accounts.models import Officer
from committee.enums import ItemKind
from committee.models import AgendaItem, Resolution, ResolutionCondition
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


@dataclass(frozen=True)
class Waiting:
    """What stands beside the figures: items that wait for a decision, and what was due before the end of page one."""

    # Of each meeting to come: its day, and the titles of what it is to decide.
    items: Sequence[tuple[date, Sequence[str]]] = field(default=())
    findings: int = 0
    conditions: int = 0

    def without_titles(self) -> "Waiting":
        return replace(self, items=[(on, [""] * len(titles)) for on, titles in self.items])


def reach_of(figures: Figures) -> Reach:
    """Up to when page one tells: the end of the quarter, or the counting of one that runs."""
    return Reach(Period.parse(figures.period), datetime.fromisoformat(figures.as_of))


def sentences(
    figures: Figures,
    matters: Sequence[Matter],
    told: Sequence[Promise],
    *,
    is_assessed: bool,
    waiting: Waiting = Waiting(),
) -> list[tuple[str, str]]:
    """What the committee is asked, what is in order, what is not, what became worse, what is overdue: true in every state."""
    asked = gravity.weighed(figures)
    wrong = [one for one in asked if one.figure.value]
    unknown = sum(one.figure.value is None for one in asked)
    return [
        (
            "위원회가 정할 것",
            _request(wrong, matters, unknown, is_assessed=is_assessed, waiting=waiting),
        ),
        ("지켜진 것", _kept(told)),
        ("지켜지지 않은 것", _wrong(wrong, len(asked), unknown)),
        ("나빠진 것", _worse(figures, asked)),
        ("기한을 넘긴 것", _overdue(figures, waiting, is_assessed=is_assessed)),
    ]


def _kept(told: Sequence[Promise]) -> str:
    kept = [one.label for one in told if one.now.word == KEPT]
    if not kept:
        return f"아래 약속 {len(told)}가지 가운데 지켜졌다고 확인된 것이 없습니다."
    return f"아래 약속 {len(told)}가지 가운데 {len(kept)}가지: {', '.join(kept)}."


def _worse(figures: Figures, asked: Sequence[Weighed]) -> str:
    """Against the time before: as a share where both are parts of a whole, else as a number of two whole quarters."""
    before = Period.parse(figures.period).says("앞 분기")
    known = [one for one in asked if _comparable(figures, one)]
    if not known:
        return f"{before}의 기록이 없어 나빠졌는지 알 수 없습니다."
    worse = [one for one in known if one.is_worse]
    if worse:
        named = ", ".join(f"{_named(one)} ({before} {_before(one)})" for one in worse[:_NAMED])
        more = f" 외 {len(worse) - _NAMED}가지" if len(worse) > _NAMED else ""
        words = f"{before}와 견줄 수 있는 {len(known)}가지 가운데 {len(worse)}가지: {named}{more}."
    else:
        words = f"{before}와 견줄 수 있는 {len(known)}가지 가운데 나빠진 것이 없습니다."
    left = len(asked) - len(known)
    return f"{words} {left}가지는 견줄 수 없습니다." if left else words


def _comparable(figures: Figures, one: Weighed) -> bool:
    if one.figure.value is None or one.figure.previous is None or not one.figure.is_flow:
        return False
    return one.is_share or not figures.is_interim


def _before(one: Weighed) -> str:
    value = wording.written(one.figure.previous, one.figure.kind)
    return f"{value}/{wording.written(one.whole_before, one.figure.kind)}" if one.is_share else value


def _overdue(figures: Figures, waiting: Waiting, *, is_assessed: bool) -> str:
    """Whatever has a due date that was over by then."""
    found = {figure.code: figure.value for _, figure in figures.figures()}
    counts = (
        ("보관기간을 넘겨 남아 있다가 파기된 파일", found.get("kept_unlawfully"), "개"),
        ("열람등 청구", found.get("requests_overdue"), "건"),
        ("사본의 반환·파기 확인", found.get("copies_overdue"), "건"),
        ("미이행 사항의 조치", waiting.findings if is_assessed else None, "건"),
        ("의결 조건", waiting.conditions, "건"),
    )
    late = [f"{label} {wording.number(float(count))}{unit}" for label, count, unit in counts if count]
    unknown = [label for label, count, _ in counts if count is None]
    words = f"{', '.join(late)}." if late else "기한을 넘긴 것으로 기록된 것이 없습니다."
    return f"{words} {', '.join(unknown)}: 기록이 없어 알 수 없음." if unknown else words


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


def _request(
    wrong: Sequence[Weighed],
    matters: Sequence[Matter],
    unknown: int,
    *,
    is_assessed: bool,
    waiting: Waiting,
) -> str:
    asked = []
    if wrong:
        asked.append("지켜지지 않은 사항의 원인과 재발 방지를 심의")
    if waiting.findings:
        asked.append(f"조치 기한이 지난 {waiting.findings:,}건의 보고를 요구")
    if unsettled := sum(matter.unsettled for matter in matters):
        asked.append(f"아래 사항 가운데 조치나 기한이 적히지 않은 {unsettled:,}건에 의견을 제시")
    if unknown:
        asked.append(f"알 수 없는 {unknown}가지를 기록하고 확인할 계획을 요구")
    if not is_assessed:
        asked.append("조례 점검의 실시를 요구")
    parts = [_items(on, titles) for on, titles in waiting.items]
    if asked:
        parts.append(f"{'하고, '.join(asked)}하여 주시기 바랍니다.")
    return " ".join(parts) or "이 보고와 관련하여 따로 요청하는 사항이 없습니다."


def _items(on: date, titles: Sequence[str]) -> str:
    """Without their titles where these are not for everybody."""
    more = f" 외 {len(titles) - _NAMED}건" if len(titles) > _NAMED else ""
    named = f": {', '.join(titles[:_NAMED])}{more}" if all(titles) else ""
    return f"{wording.day(on)} 회의의 심의 안건 {len(titles)}건{named}."


def waiting(reach: Reach) -> Waiting:
    """Agenda items wait on the day of issue; what is overdue was so when page one ends."""
    due = ResolutionCondition.objects.filter(
        Q(fulfilled_on=None) | Q(fulfilled_on__gt=reach.last_on),
        due_on__lt=reach.last_on,
        resolution__in=Resolution.objects.passed().filter(on__lte=reach.last_on),
    )
    cares = _cares(_open_then(reach), reach)
    return Waiting(
        items=_to_decide(reach.today),
        findings=sum(bool(care.due_on and care.due_on < reach.last_on) for care in cares),
        conditions=due.count(),
    )


def _to_decide(today: date) -> list[tuple[date, list[str]]]:
    decided = Resolution.objects.standing().filter(item__isnull=False).values("item")
    items = AgendaItem.objects.filter(
        kind=ItemKind.DELIBERATE, dropped_reason="", meeting__cancelled_on=None, meeting__on__gte=today
    ).exclude(pk__in=decided)
    found: dict[date, list[str]] = {}
    rows = items.order_by("meeting__on", "position").values_list("meeting__on", "position", "title")
    for on, position, title in rows:
        found.setdefault(on, []).append(f"제{position}호 {title}")
    return list(found.items())


def item_of(figures: Figures) -> AgendaItem | None:
    """The item under which a committee hears this report, of the last meeting that has it on its agenda."""
    items = AgendaItem.objects.filter(
        report_period=figures.period, dropped_reason="", meeting__cancelled_on=None
    )
    return items.select_related("meeting").order_by("-meeting__on", "-pk").first()


def frozen(
    said: Sequence[tuple[str, str]],
    public: Sequence[tuple[str, str]],
    told: Sequence[Promise],
    matters: Sequence[Matter],
    columns: Sequence[str],
    *,
    is_assessed: bool,
    until: str,
) -> dict[str, Any]:
    """Page one as data, for the editions of the same figures."""
    return {
        "sentences": [
            {"label": label, "text": text, "public": for_all}
            for (label, text), (_, for_all) in zip(said, public, strict=True)
        ],
        "promises": [one.frozen() for one in told],
        "columns": list(columns),
        "matters": [asdict(matter) for matter in matters],
        "is_assessed": is_assessed,
        "until": until,
    }


def is_assessed(reach: Reach) -> bool:
    """Whether an assessment had been finished by the end of what page one tells of."""
    return Assessment.objects.filter(
        state=RunState.SUCCEEDED, on__lte=reach.last_on, finished_at__lt=reach.until_at
    ).exists()


def gravest(figures: Figures, reach: Reach) -> list[Matter]:
    """The duties with open findings, the gravest first."""
    open_then = _open_then(reach)
    if not figures.is_interim and not is_assessed(reach):
        return []
    counts = dict(open_then.order_by().values_list("rule").annotate(count=Count("pk")))
    assessed = {rule.code: rule for rule in AssessedRule.objects.in_bulk(list(counts)).values()}
    subjects = {str(row["key"]): row["subjects"] for row in figures.table("duties").rows}
    return [
        _matter(assessed[code], open_then.filter(rule=assessed[code]), subjects.get(code), reach)
        for code in gravity.rules_in_order(assessed)[:MOST]
    ]


def _open_then(reach: Reach) -> "QuerySet[Finding]":
    return Finding.objects.filter(opened_on__lte=reach.last_on).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=reach.last_on)
    )


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
