"""Making the database: every step of every app, Wagtail's before ours."""

from django.core.management import get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.management.commands.migrate import WagtailFirst


def steps(executor) -> list[str]:
    plan = executor(connection).migration_plan(
        executor(connection).loader.graph.leaf_nodes(), clean_start=True
    )
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def test_nothing_is_left_out_and_wagtail_comes_before_our_registers(db) -> None:
    ours, djangos = steps(WagtailFirst), steps(MigrationExecutor)
    assert sorted(ours) == sorted(djangos)
    last_of_wagtail = max(number for number, step in enumerate(ours) if step.startswith("wagtail"))
    first_of_ours = min(
        number for number, step in enumerate(ours) if step.startswith(("ledger.", "ordinance.", "cameras."))
    )
    assert last_of_wagtail < first_of_ours


def test_everybody_gets_this_order() -> None:
    """`make run`, the tests and an office's update alike."""
    assert get_commands()["migrate"] == "portal"
