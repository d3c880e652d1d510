"""Django system warnings: holidays that deadlines need, and the profile that the deployment names."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, connections

from ordinance import holidays, parameters
from ordinance.models import Holiday, Parameter


@register(Tags.database)
def law_on_record(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Database checks run with `check --database default` and before `migrate`."""
    if "default" not in (databases or []):
        return []
    try:
        if Holiday._meta.db_table not in connections["default"].introspection.table_names():
            return []
        return [*_missing_holidays(), *_missing_profile()]
    except DatabaseError:
        return []


def _missing_profile() -> list[CheckMessage]:
    profile = parameters.active_profile()
    # A database that nothing was loaded into yet is about to be migrated.
    if not Parameter.objects.exists() or Parameter.objects.filter(profile=profile).exists():
        return []
    return [
        Warning(
            f"ORDINANCE_PROFILE이 가리키는 프로필이 없습니다: {profile}",
            hint="manage.py load_ordinance FILE 로 그 자치구의 자료를 읽으십시오.",
            id="ordinance.W002",
        )
    ]


def _missing_holidays() -> list[CheckMessage]:
    year = holidays.missing_year() if Parameter.objects.exists() else None
    if year is None:
        return []
    return [
        Warning(
            f"{holidays.missing_text(year)}.",
            hint="manage.py import_holidays FILE 또는 manage.py import_holidays --year 로 등록하십시오.",
            id="ordinance.W001",
        )
    ]
