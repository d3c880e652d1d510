"""Models of law as data, of dates, and of what is met or not; import them from here."""

from ordinance.models.deadlines import DueDate, EarlierDueDate, Holiday
from ordinance.models.findings import (
    AssessedRule,
    Assessment,
    EarlierEvidence,
    Finding,
    FindingCare,
    NeverDeleted,
    RuleException,
)
from ordinance.models.law import (
    Article,
    Ground,
    Law,
    LawVersion,
    LoadedRow,
    Mark,
    Ordinance,
    Parameter,
    ParameterDefinition,
    PurposeGround,
    SignContent,
)

__all__ = [
    "Article",
    "AssessedRule",
    "Assessment",
    "DueDate",
    "EarlierDueDate",
    "EarlierEvidence",
    "Finding",
    "FindingCare",
    "Ground",
    "Holiday",
    "Law",
    "LawVersion",
    "LoadedRow",
    "Mark",
    "NeverDeleted",
    "Ordinance",
    "Parameter",
    "ParameterDefinition",
    "PurposeGround",
    "RuleException",
    "SignContent",
]
