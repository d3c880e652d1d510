"""What a scan or a sweep found strange, as rows of a list: what, why, how many, for example which."""

from dataclasses import dataclass
from typing import Any

from footage import outcomes


@dataclass(frozen=True)
class Finding:
    kind: str
    code: str
    count: int
    examples: list[str]

    @property
    def reason(self) -> str:
        return outcomes.reason_text(self.code)

    @property
    def label(self) -> str:
        return outcomes.KINDS.get(self.kind, self.kind)


def findings_of(report: dict[str, Any]) -> list[Finding]:
    """Errors first, then the most frequent."""
    reasons: dict[str, dict[str, int]] = report.get("reasons") or {}
    examples: dict[str, list[str]] = report.get("examples") or {}
    found = [
        Finding(kind, reason, count, examples.get(f"{kind}:{reason}", []))
        for kind, counted in reasons.items()
        for reason, count in counted.items()
    ]
    return sorted(found, key=lambda finding: (finding.kind != "errors", -finding.count, finding.code))
