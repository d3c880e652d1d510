"""Every rule of the review, in the order in which its findings are listed."""

from records.access_log.rules import cases, competence, duty, habits, log, permission  # noqa: F401 - they register
from records.access_log.rules.base import AccessRule, registered


def all_rules() -> list[AccessRule]:
    return registered()


def get(code: str) -> AccessRule:
    return next(each for each in all_rules() if each.code == code)
