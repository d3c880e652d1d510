"""점검: a month is reconciled and judged. Reading changes nothing; the figures are those of the day the month began."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from records.access_log import month as months
from records.access_log.explaining import explain
from records.access_log.month import FROM_LOG, Month
from records.access_log.rules.base import AccessRule, Finding
from records.access_log.rules.catalogue import all_rules
from records.models import Act

LOG = "log"
NO_LOG = "이 달의 영상 시스템 접속기록이 없어, 그 시스템에서 무엇을 보았는지 점검하지 못했습니다."


@dataclass
class Review:
    month: Month
    rules: list[AccessRule]
    findings: list[Finding]

    @property
    def rows(self) -> int:
        return len(self.month.events)

    @property
    def explained(self) -> int:
        return int(self.month.events["explained"].sum()) if self.rows else 0

    def unexplained(self) -> dict[str, int]:
        """Rows that nothing explains, by act."""
        events = self.month.events
        if not self.rows:
            return {}
        counts = events.loc[~events["explained"], "act"].value_counts()
        return {Act.labels[int(act)]: int(count) for act, count in sorted(dict(counts).items())}

    def numbers(self, finding: Finding) -> list[str]:
        return [str(self.month.numbers[row]) for row in finding.rows]

    def as_json(self) -> dict[str, Any]:
        return {
            "month": f"{self.month.start:%Y-%m}",
            "rows": self.rows,
            "explained": self.explained,
            "unexplained": self.unexplained(),
            "findings": [
                {
                    "rule": finding.rule,
                    "officer": finding.account,
                    "events": self.numbers(finding),
                    "why": finding.why,
                }
                for finding in self.findings
            ],
            "not_known": list(self.month.not_known.values()),
        }


def review(year: int, month: int, progress: Callable[[int, str], object] = lambda done, step: None) -> Review:
    """`progress` is told before each step how many were done, and which one begins."""
    progress(0, "접속기록 읽기")
    found = months.load(year, month)
    if not (found.events["own"] == FROM_LOG).any():
        found.not_known[LOG] = NO_LOG
    rules = all_rules()
    if found.events.empty:
        found.events["explained"] = []
        return Review(found, rules, [])
    progress(1, "사건·상황·근무와 대조")
    explain(found)
    order = {rule.code: place for place, rule in enumerate(rules)}
    findings: list[Finding] = []
    for place, rule in enumerate(rules, start=2):
        progress(place, rule.title)
        findings += _found(rule, found)
    findings.sort(key=lambda finding: (order[finding.rule], -finding.score, finding.account))
    return Review(found, rules, findings)


def _found(rule: AccessRule, month: Month) -> Iterable[Finding]:
    return [finding for finding in rule.check(month) if finding.rows]
