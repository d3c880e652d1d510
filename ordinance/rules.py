"""의무 규칙: every duty that can be judged from records, declared once beside the facts that it judges.

An app declares its rules in its own `rules` module and registers them when it is ready. One declaration serves four
uses: as gate of a lifecycle step (`ordinance.problems`), as line of the nightly assessment (`ordinance.assessment`), as badge in
the portal and as row in reports. A rule answers with querysets, so the whole district is one query and a single
camera is the same query with a filter.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Expression, QuerySet
from django.utils import timezone

from ordinance import parameters
from ordinance.parameters import ParameterValue, active_profile


class Subject(StrEnum):
    """What a rule judges; findings name it as (kind, number)."""

    CAMERA = "camera"
    CONTRACT = "contract"
    COPY = "copy"
    DISTRICT = "district"
    INCIDENT = "incident"
    MEETING = "meeting"
    MEMBER = "committee_term"
    PROVISION = "provision"
    RESOLUTION = "resolution"
    REQUEST = "request"
    STAFF = "staff"
    VISIT = "visit"


SUBJECT_LABELS = {
    Subject.CAMERA: "카메라",
    Subject.CONTRACT: "위탁 계약",
    Subject.COPY: "영상 사본",
    Subject.DISTRICT: "자치구",
    Subject.INCIDENT: "관제 상황",
    Subject.MEETING: "운영위원회 회의",
    Subject.MEMBER: "운영위원 임기",
    Subject.PROVISION: "이용·제공",
    Subject.RESOLUTION: "운영위원회 의결",
    Subject.REQUEST: "열람등 청구",
    Subject.STAFF: "인력",
    Subject.VISIT: "통제구역 출입",
}


@dataclass(frozen=True)
class Context:
    """The day of a judgement, and the law as it was on that day."""

    on: datetime.date
    profile: str
    # Judging a step that is still to come: a duty then covers subjects that it will cover after the step.
    ahead: bool = False

    @classmethod
    def today(cls) -> "Context":
        return cls(timezone.localdate(), active_profile())

    @cached_property
    def parameters(self) -> Mapping[str, ParameterValue]:
        """One query for all rules of a run."""
        return parameters.snapshot(self.on, self.profile)

    def parameter(self, code: str) -> ParameterValue:
        """One figure of the profile; raises `UnknownParameter` where the day has none."""
        try:
            return self.parameters[code]
        except KeyError:
            return parameters.value(code, self.on, self.profile)  # says which is missing

    def months_ago(self, code: str) -> datetime.date:
        """The oldest day that a yearly (or otherwise periodic) check may bear: `code` holds the months."""
        return months_before(self.on, int(self.parameter(code).value))


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month that many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Citation:
    """A provision: of the ordinance (law "") or of a national law by its code in `ordinance.Law`."""

    provision: str
    law: str = ""


@dataclass(frozen=True)
class Exclusion:
    """Subjects of the rule's kind that are not judged, neither met nor unmet: the duty does not apply to them, its day is
    not over and nothing is done yet, or nothing is on record by which anybody could know.

    `rows(context)` and `subjects(context)` of the rule have none in common; `reason(context)` says for all of them why,
    with the provision. Screens, command and report give their number and the reason beside the figures.
    """

    rows: Callable[[Context], QuerySet[Any]]
    reason: Callable[[Context], str]


@dataclass(frozen=True)
class Rule:
    """One duty, of an article of the ordinance or (`other_law`) of a law that stands beside it.

    `subjects(context)` gives the rows that the duty covers (what is not covered is "not applicable"), `unmet(rows,
    context)` those among them that do not meet it. Both work on querysets of the subject's model, whose field
    `number_field` names a subject. `evidence(context)` is an expression over the unmet rows that gives a short code
    of what is missing, and `words` says each code in Korean; without it the message stands alone. `proof(context)` is
    an expression over rows that meet the rule: what met it, in a few words (at most 200 characters).
    """

    code: str
    title: str
    # None where the duty comes from another law alone: then `other_law` names the provision.
    article: int | None
    subject: Subject
    subjects: Callable[[Context], QuerySet[Any]]
    unmet: Callable[[QuerySet[Any], Context], QuerySet[Any]]
    message: str
    remedy: str
    citations: Sequence[Citation] = ()
    # The lifecycle events (`cameras.enums.LifecycleEvent` values) that wait for this rule.
    gates: frozenset[str] = frozenset()
    evidence: Callable[[Context], Expression] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    proof: Callable[[Context], Expression] | None = None
    # What the duty covers and what not, for people.
    covers: str = ""
    exclusion: Exclusion | None = None
    # Said where a step waits for this rule and it covers none of the cameras concerned: why nothing is asked of them.
    why_not_asked: Callable[[Context], str] | None = None
    other_law: str = ""
    number_field: str = "number"
    # Screen of the portal where the duty is met, by its URL name; empty where there is none.
    remedy_url: str = ""
    # Whose right it is to do what mends it, which may take more than to open that screen.
    mended_by: str = "ordinance.care_for_finding"
    # Said beside the rule where law and ordinance differ.
    warning: str = ""
    # Among the rules of one article.
    order: int = 0

    def __post_init__(self) -> None:
        if (self.article is None) != bool(self.other_law):
            raise ValueError(f"rule {self.code!r} stands in an article of the ordinance or in another law")

    @property
    def place(self) -> str:
        """Where it stands, in a table of duties."""
        return self.other_law or f"제{self.article}조"

    @property
    def provision(self) -> str:
        """Where it stands, in a sentence."""
        return self.other_law or f"조례 제{self.article}조"

    @property
    def heading(self) -> str:
        return f"{self.place} {self.title}"

    def unmet_subjects(self, context: Context) -> QuerySet[Any]:
        return self.unmet(self.subjects(context), context)

    def says(self, evidence: str) -> str:
        """What a code of evidence means, for a person; a code that the rule no longer has stays as it is."""
        return self.words.get(evidence, evidence) or self.message


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Called once per rule, when its app is ready. Another rule under the same code is a mistake in the code."""
    if _rules.setdefault(rule.code, rule) is not rule:
        raise ValueError(f"a rule is already registered as {rule.code!r}")
    return rule


def all_rules() -> list[Rule]:
    """In the order of the articles; duties of other laws come last."""
    return sorted(_rules.values(), key=_order)


def _order(rule: Rule) -> tuple[bool, int, str, int, str]:
    return rule.article is None, rule.article or 0, rule.other_law, rule.order, rule.code


def get(code: str) -> Rule:
    """The rule of that code; LookupError names the codes that exist."""
    try:
        return _rules[code]
    except KeyError:
        raise LookupError(f"no rule {code!r}; there are {', '.join(sorted(_rules))}") from None


def of_article(number: int) -> list[Rule]:
    return [rule for rule in all_rules() if rule.article == number]


def of_other_laws() -> list[Rule]:
    """Duties of which the ordinance says nothing."""
    return [rule for rule in all_rules() if rule.article is None]


def gating(event: str) -> list[Rule]:
    """The rules that must be met before that event of a camera's life."""
    return [rule for rule in all_rules() if event in rule.gates]
