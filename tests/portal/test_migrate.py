"""Making the database: every step of every app, Wagtail's before ours, and nothing rendered again for nothing."""

import os
import subprocess
import sys

import pytest
from django.core.management import get_commands
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor

from portal.management.commands.migrate import WagtailFirst
from portal.migration_state import SparingState
from tests.ground.processes import ROOT, environment, manage


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


# ---------------------------------------------------------------- rendering


def key():
    return "id", models.AutoField(primary_key=True)


def to(name, **options):
    return models.ForeignKey(f"office.{name}", models.CASCADE, **options)


@pytest.fixture
def state() -> SparingState:
    """A camera of a department, a look at the camera, and a holiday that has to do with none of them."""
    made = SparingState()
    change(
        made,
        operations.CreateModel("Department", [key()]),
        operations.CreateModel("Camera", [key(), ("department", to("Department"))]),
        operations.CreateModel("Look", [key(), ("camera", to("Camera"))]),
        operations.CreateModel("Holiday", [key()]),
    )
    assert made.apps  # from here on it is rendered
    return made


def change(state, *steps) -> None:
    for step in steps:
        step.state_forwards("office", state)


def rendered(state) -> dict:
    return {model._meta.model_name: model for model in state.apps.get_models(include_auto_created=True)}


def pointing_at(state, name) -> set[str]:
    return {
        relation.related_model._meta.model_name
        for relation in state.apps.get_model("office", name)._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation
    }


def test_what_changed_is_rendered_again_and_what_points_at_it(state) -> None:
    before = rendered(state)
    change(state, operations.AddField("camera", "number", models.CharField(max_length=9)))
    after = rendered(state)
    assert {name for name in after if after[name] is not before[name]} == {"camera", "look"}
    assert after["camera"]._meta.get_field("number").max_length == 9
    assert after["look"]._meta.get_field("camera").related_model is after["camera"]


def test_what_is_pointed_at_knows_by_whom_all_the_same(state) -> None:
    department = rendered(state)["department"]
    change(state, operations.CreateModel("Contract", [key(), ("department", to("Department"))]))
    assert rendered(state)["department"] is department
    assert pointing_at(state, "department") == {"camera", "contract"}
    change(state, operations.RemoveField("camera", "department"))
    assert pointing_at(state, "department") == {"contract"}


def test_the_links_go_with_the_field_that_made_them(state) -> None:
    change(state, operations.AddField("look", "seen", models.ManyToManyField("office.Department")))
    assert "look_seen" in rendered(state)
    assert "look_seen" in pointing_at(state, "department")
    change(state, operations.RemoveField("look", "seen"))
    assert "look_seen" not in rendered(state)
    assert "look_seen" not in pointing_at(state, "department")


def test_a_derived_model_follows_the_one_it_is_derived_from(state) -> None:
    base = "office.camera"
    link = models.OneToOneField(base, models.CASCADE, parent_link=True, primary_key=True)
    change(state, operations.CreateModel("Dome", [("camera_ptr", link)], bases=(base,)))
    change(state, operations.AddField("camera", "angle", models.IntegerField(default=360)))
    assert rendered(state)["dome"]._meta.get_field("angle").default == 360


def test_a_step_that_renames_finds_who_points_at_the_old_name(state) -> None:
    before = state.clone()
    change(state, operations.RenameModel("Camera", "Device"))
    old = before.apps.get_model("office", "camera")
    assert [relation.related_model.__name__ for relation in old._meta.related_objects] == ["Look"]
    new = rendered(state)
    assert "camera" not in new
    assert new["look"]._meta.get_field("camera").related_model is new["device"]
    assert pointing_at(state, "device") == {"look"}


def test_a_copy_of_the_state_goes_its_own_way(state) -> None:
    copy = state.clone()
    change(copy, operations.AddField("look", "holiday", to("Holiday")))
    assert pointing_at(copy, "holiday") == {"look"}
    assert "holiday" not in {field.name for field in rendered(state)["look"]._meta.get_fields()}


def test_only_a_new_database_is_made_sparingly(db) -> None:
    """One that holds something is changed by Django's own, step by step."""
    executor = WagtailFirst(connection)
    assert type(executor._create_project_state(with_applied_migrations=True)) is not SparingState
    executor.loader.applied_migrations = {}
    assert type(executor._create_project_state(with_applied_migrations=True)) is SparingState


AS_DJANGO_DOES = """
import django
django.setup()
from django.core.management import call_command
from portal.management.commands.migrate import WagtailFirst
del WagtailFirst._create_project_state
call_command("migrate", verbosity=0)
"""


def run(folder, *arguments, **more) -> str:
    made = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(folder, DJANGO_SETTINGS_MODULE="config.settings.test", **more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout


@pytest.fixture
def places(django_db_setup, django_db_blocker):
    """Where two new databases of the kind of this run go."""
    if connection.vendor == "sqlite":
        yield [{}, {}]
        return
    names = [f"{connection.settings_dict['NAME']}_{way}" for way in ("sparing", "full")]
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        for name in names:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield [{"DATABASE_URL": f"{address}/{name}"} for name in names]
        finally:
            for name in names:
                cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.soak
def test_the_new_database_is_the_one_that_django_makes(places, tmp_path) -> None:
    """Tables, columns, indexes, constraints, triggers and every row."""
    sparing, full = places
    manage(
        tmp_path / "sparing", "migrate", "-v", "0", DJANGO_SETTINGS_MODULE="config.settings.test", **sparing
    )
    run(tmp_path / "full", "-c", AS_DJANGO_DOES, **full)
    contents = [
        run(tmp_path / name, "-m", "tests.database_content", **place).splitlines()
        for name, place in (("sparing", sparing), ("full", full))
    ]
    assert len(contents[0]) > 4_000
    assert contents[0] == contents[1]
