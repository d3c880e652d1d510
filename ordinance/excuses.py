"""Which of a rule's subjects an exception in force excuses; granting and revoking one is `ordinance.exceptions`."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ordinance.models import RuleException
from ordinance.rules import Context, Rule


def exclude_excepted(rule: Rule, rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    """Those among the rule's subjects that no exception in force on the day excuses."""
    return rows.exclude(_excused(rule, context))


def only_excepted(rule: Rule, rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    """Those among the rule's subjects that an exception in force on the day excuses."""
    return rows.filter(_excused(rule, context))


def _excused(rule: Rule, context: Context) -> Exists:
    in_force = RuleException.objects.of(rule.code).in_force(context.on)
    return Exists(in_force.filter(number=OuterRef(rule.number_field)))
