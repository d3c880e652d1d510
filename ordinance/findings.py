"""미이행 사항: asking for findings, and caring for them (owner, due date, note)."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, F, Func, Min, QuerySet, Subquery
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import Officer
from ordinance import rules
from ordinance.models import AssessedRule, Finding, FindingCare
from ordinance.querysets import FindingQuerySet

AT_ONCE = 1_000


class number_of(Func):
    """A number of another table, to be compared with a finding's number (see `Finding`)."""

    output_field = CharField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return self.as_sql(compiler, connection, template='(%(expressions)s COLLATE "C")', **context)  # type: ignore[return-value]


def open_of(kind: str, number: str) -> FindingQuerySet:
    """Open findings of one subject, with their rules and care, in the order of the articles."""
    found: FindingQuerySet = (
        Finding.objects.open()
        .filter(rule__in=AssessedRule.objects.filter(subject_kind=kind).values("pk"), number=number)
        .select_related("rule", "care__owner")
        .order_by(F("rule__article").asc(nulls_last=True), "rule__place", "rule__code")
    )
    return found


def history_of(kind: str, number: str) -> FindingQuerySet:
    """Closed findings of one subject, the latest first."""
    found: FindingQuerySet = (
        Finding.objects.closed().of_subject(kind, number).select_related("rule").order_by("-closed_on", "-pk")
    )
    return found


def summary() -> Mapping[str, tuple[int, datetime.date]]:
    """By rule: how many findings are open, and since when the oldest."""
    rows = Finding.objects.open().order_by().values_list("rule__code").annotate(Count("pk"), Min("opened_on"))
    return {code: (count, since) for code, count, since in rows}


def what(finding: Finding) -> str:
    """What is missing, as last judged, for a person; of a closed one, what was missing at the last."""
    return _in_words(finding, finding.evidence)


def what_before(finding: Finding) -> list[tuple[datetime.date, str]]:
    """What it said before, the first first, each with the day on which another reason took its place."""
    return [(earlier.until_on, _in_words(finding, earlier.evidence)) for earlier in finding.earlier.all()]


def _in_words(finding: Finding, evidence: str) -> str:
    try:
        return rules.get(finding.rule.code).says(evidence)
    except LookupError:
        return evidence


def care_for(
    findings: Iterable[Finding],
    *,
    by: Officer,
    owner: Officer | None = None,
    due_on: datetime.date | None = None,
    note: str = "",
    only: frozenset[str] = frozenset({"owner", "due_on", "note"}),
) -> int:
    """Write who cares for these open findings and by when; `only` names what is to change. Returns how many."""
    wanted = {"owner": owner, "due_on": due_on, "note": note.strip()}
    values = {name: wanted[name] for name in only}
    chosen = [finding.pk for finding in findings if finding.is_open]
    now = timezone.now()
    with transaction.atomic():
        for first in range(0, len(chosen), AT_ONCE):
            _write(chosen[first : first + AT_ONCE], values, now, by)
    return len(chosen)


def _write(ids: list[int], values: Mapping[str, Any], at: datetime.datetime, by: Officer) -> None:
    known = list(FindingCare.objects.select_for_update().filter(pk__in=ids))
    for care in known:
        for name, value in values.items():
            setattr(care, name, value)
        care.changed_at, care.changed_by = at, by
    fields = [*values, "changed_at", "changed_by"]
    bulk_update_with_history(known, FindingCare, fields, default_user=by)
    fresh = set(ids) - {care.pk for care in known}
    bulk_create_with_history(
        [FindingCare(finding_id=pk, changed_at=at, changed_by=by, **values) for pk in sorted(fresh)],
        FindingCare,
        default_user=by,
    )


def numbers_where(subjects: QuerySet[Any], field: str = "number") -> Subquery:
    """For filters: `Finding.objects.filter(number__in=numbers_where(Camera.objects.filter(…)))`."""
    return Subquery(subjects.order_by().annotate(one_number=number_of(F(field))).values("one_number"))
