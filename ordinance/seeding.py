"""What a new database holds after `migrate` alone: the law, every shipped district's profile, the holidays.

This hangs on `post_migrate` and not in a data migration, so that law added by a later release arrives with that
release's `migrate`, live validation included, and so that an emptied database is complete again. Nothing that is on
record is changed here; that is what `load_ordinance` is for.
"""

import datetime
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ordinance import holiday_seed, loading
from ordinance.models import Holiday

# Up to the last year that was compared with the Holiday Decree day by day. Later years come by import or by
# `import_holidays --year`: until then due dates there say that they are provisional.
SEEDED_YEARS = range(2020, 2028)


def after_migrate(using: str = "default", plan: Any = (), **kwargs: Any) -> None:
    if using != "default" or not _is_fully_migrated(using, plan):
        return
    loading.load_shipped(only_missing=True)
    seed_holidays(SEEDED_YEARS)


def _is_fully_migrated(using: str, plan: Any) -> bool:
    """Halfway through the history of migrations the tables do not fit the models of today."""
    if not plan:
        # Nothing was migrated (a repeated `migrate`, a test's flush): only make sure that the tables exist.
        return Holiday._meta.db_table in connections[using].introspection.table_names()
    executor = MigrationExecutor(connections[using])
    leaves = executor.loader.graph.leaf_nodes("ordinance")
    return all(leaf in executor.loader.applied_migrations for leaf in leaves)


def seed_holidays(years: range) -> int:
    """Fills years that have none. A year that people have already entered or thinned out is theirs."""
    taken = {
        on.year
        for on in Holiday.objects.filter(kind=Holiday.Kind.NATIONAL)
        .within(datetime.date(years.start, 1, 1), datetime.date(years.stop - 1, 12, 31))
        .values_list("on", flat=True)
    }
    return holiday_seed.fill([year for year in years if year not in taken], by="system:migrate")
