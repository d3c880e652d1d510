"""How a rule's provisions read on a day: with the version of the ordinance or law in force then."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ordinance import articles
from ordinance.models import Law, LawVersion, Ordinance
from ordinance.rules import Citation, Rule


@dataclass(frozen=True)
class Cited:
    """One provision in words; `effective_on` is the version's, None where no version of that day is on record."""

    text: str
    effective_on: datetime.date | None
    url: str

    def __str__(self) -> str:
        if self.effective_on is None:
            return self.text
        return f"{self.text} ({self.effective_on:%Y-%m-%d} 시행)"


class LawOfDay:
    """The versions in force on one day, read once for any number of rules."""

    def __init__(self, on: datetime.date, profile: str | None = None) -> None:
        self.on = on
        self.ordinance: Ordinance | None = articles.version(on, profile)
        self.laws: Mapping[str, Law] = {law.code: law for law in Law.objects.all()}
        self._versions: dict[int, LawVersion] = {}
        for version in LawVersion.objects.filter(effective_on__lte=on).order_by("effective_on"):
            self._versions[version.law_id] = version

    def cite(self, rule: Rule) -> Sequence[Cited]:
        """The ordinance first, then the national provisions, as the rule names them."""
        return [self._cited(citation) for citation in rule.citations]

    def _cited(self, citation: Citation) -> Cited:
        if not citation.law:
            version = self.ordinance
            day, url = (version.effective_on, version.source_url) if version else (None, "")
            return Cited(f"조례 {citation.provision}", day, url)
        law = self.laws[citation.law]
        found = self._versions.get(law.pk)
        return Cited(
            f"{law.title} {citation.provision}", found.effective_on if found else None, law.source_url
        )


_ARTICLE_OF_A_LAW = re.compile(r"(법률?|령|규칙|규정)[」』]?\s*제\s*\d+\s*조")


# An article of anything that binds the office; the database reads it too.
PROVISION = r"(법률?|령|규칙|규정|지침|조례)[」』]?\s*제\s*\d+\s*조"


def named(provision: str) -> str:
    """With the ordinance's name before an article that stands alone: "제9조" is "조례 제9조"."""
    return f"조례 {provision}" if provision.startswith("제") else provision


def names_a_provision(text: str) -> bool:
    """Whether it names an article of anything that binds the office, its own ordinance included."""
    return re.search(PROVISION, text) is not None


def names_an_article(text: str) -> bool:
    """Whether it names an article of an act, a decree or a rule: not of this ordinance, and not a circumstance."""
    return "조례" not in text and _ARTICLE_OF_A_LAW.search(text) is not None
