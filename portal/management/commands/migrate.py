"""Django's `migrate`, with Wagtail's tables before ours, and sparing with models on a new database.

Each of Wagtail's hundred steps renders every model that is linked to the one it changes. After ours these are all of
them, since everything points at the officer who did it; before ours, a handful.
"""

from collections.abc import Iterable
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor

from portal.migration_state import SparingState


class WagtailFirst(MigrationExecutor):
    def migration_plan(self, targets: Iterable[tuple[str, str]], clean_start: bool = False) -> Any:
        return super().migration_plan(sorted(targets, key=_is_ours), clean_start=clean_start)

    def _create_project_state(self, with_applied_migrations: bool = False) -> Any:
        """A database that holds something is changed as Django does it: there is no hurry and more to lose."""
        state = super()._create_project_state(with_applied_migrations)
        return state if self.loader.applied_migrations else SparingState(real_apps=state.real_apps)

    def migrate(self, *args: Any, **options: Any) -> Any:
        state = super().migrate(*args, **options)
        if isinstance(state, SparingState):
            # Permissions are numbered in the order of the models: as they came, not as they were last rendered.
            state.is_delayed = True
        return state


def _is_ours(target: tuple[str, str]) -> bool:
    return not target[0].startswith("wagtail")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        # Django's command names its executor; there is no other place to give it one.
        migrate.MigrationExecutor = WagtailFirst
        return super().handle(*args, **options)
