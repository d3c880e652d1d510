"""Tests of the code base itself: what no single test of a feature would notice."""

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import get_template

from accounts import roles
from config.celery import app as celery_app
from config.schedule import BEAT_SCHEDULE
from ordinance import rules

ROOT = Path(settings.BASE_DIR)
# What each app may know, by rank: lower numbers are nearer to the screens. Siblings share a rank.
RANKS = {
    name: rank
    for rank, names in enumerate(
        [
            ["portal", "website", "linkage"],
            ["reports"],
            ["committee"],
            ["records"],
            ["footage"],
            ["cameras"],
            ["casework"],
            ["ordinance"],
            ["ledger", "accounts"],
        ]
    )
    for name in names
}
OWN_APPS = sorted(RANKS)
OWN_CODE = [*OWN_APPS, "config"]


def may_know(app: str, other: str) -> bool:
    """The rule of the architecture: an app knows itself and what stands to its right."""
    return other not in RANKS or app == other or RANKS[app] < RANKS[other]


def own_models(include_history=True):
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in RANKS:
            yield model


def python_files(*folders):
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def app_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


# ---------------------------------------------------------------- order of the apps


def test_the_ranks_here_are_those_of_import_linter():
    """Two lists of one order would drift apart."""
    text = (ROOT / "pyproject.toml").read_text()
    layers = re.search(r'name = "Apps import only[^[]+layers = \[(.+?)\]', text, re.DOTALL)[1]
    order = [line.split(" | ") for line in re.findall(r'"([^"]+)"', layers)]
    assert order[0] == ["config"]
    for rank, names in enumerate(order[1:]):
        assert {name for name in RANKS if RANKS[name] == rank} == set(names)
    assert set(RANKS) == {
        label for label in settings.INSTALLED_APPS if (ROOT / label.split(".")[0]).is_dir()
    } - {label for label in settings.INSTALLED_APPS if "." in label}


def test_relations_follow_the_order():
    """import-linter does not see a foreign key that names its model as text."""
    wrong = []
    for model in own_models():
        app = model._meta.app_label
        for field in [*model._meta.get_fields(include_hidden=True)]:
            other = getattr(field, "related_model", None)
            is_ours_to_give = getattr(field, "concrete", False) or field in model._meta.private_fields
            if isinstance(other, type) and is_ours_to_give and not may_know(app, other._meta.app_label):
                wrong.append(f"{model._meta.label}.{field.name} → {other._meta.label}")
    assert not wrong


def test_migrations_depend_along_the_order():
    wrong = []
    for (app, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        if app not in RANKS:
            continue
        named = {dependency[0] for dependency in [*migration.dependencies, *migration.run_before]}
        named |= {
            str(reference).split(".")[0]
            for operation in migration.operations
            for reference in references_in(operation)
        }
        known = {"accounts" if label == "__setting__" else label for label in named}
        wrong += [f"{app}.{name} → {other}" for other in known if not may_know(app, other)]
    assert not wrong


def references_in(operation):
    """Every model that an operation's fields point to, as it is written in the migration."""
    fields = [field for _, field in getattr(operation, "fields", [])]
    if hasattr(operation, "field"):
        fields.append(operation.field)
    for field in fields:
        remote = getattr(field, "remote_field", None)
        if remote is not None and isinstance(remote.model, str) and "." in remote.model:
            yield remote.model
        through = getattr(remote, "through", None)
        if isinstance(through, str) and "." in through:
            yield through


def test_no_text_names_a_model_of_a_higher_app():
    """`get_model("portal", …)`, `"portal.Page"` in a relation and import_module are imports in disguise."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in python_files(*OWN_APPS)
        for line, text, other in textual_references(ast.parse(path.read_text(encoding="utf-8")))
        if not may_know(app_of(path), other)
    ]
    assert not wrong


LOOKUPS = {"get_model", "get_app_config", "import_module", "import_string", "swappable_dependency"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "ParentalKey", "ParentalManyToManyField"}


def textual_references(tree):
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in LOOKUPS | RELATIONS:
            continue
        arguments = [
            *node.args,
            *(word.value for word in node.keywords if word.arg in {"to", "through", "app_label"}),
        ]
        for argument in arguments:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                other = argument.value.split(".")[0].split(":")[0]
                if other in RANKS:
                    yield node.lineno, argument.value, other


def test_a_textual_reference_upwards_would_be_found():
    source = (
        'from django.apps import apps\napps.get_model("portal.Thing")\nForeignKey(to="reports.IssuedReport")'
    )
    found = [other for _, _, other in textual_references(ast.parse(source))]
    assert found == ["portal", "reports"]
    assert not may_know("cameras", "portal")
    assert not may_know("ledger", "accounts")
    assert may_know("portal", "accounts")


def test_the_ledger_has_no_relations_to_other_apps():
    for model in apps.get_app_config("ledger").get_models():
        for field in model._meta.get_fields():
            other = field.related_model
            assert other is None or other._meta.app_label == "ledger", f"{model._meta.label}.{field.name}"


# ---------------------------------------------------------------- trails outlive people


def test_nothing_of_ours_disappears_with_an_officer():
    """Foreign keys to officers protect, so that evidence cannot go with the person (style guide §5)."""
    officer = get_user_model()
    harmless = {"DO_NOTHING"}  # history rows keep the number and need no row behind it
    wrong = [
        f"{model._meta.label}.{field.name}: {field.remote_field.on_delete.__name__}"
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.model is model  # what a parent class of Wagtail declares is Wagtail's
        and field.related_model is officer
        and field.remote_field.on_delete is not models.PROTECT
        and field.remote_field.on_delete.__name__ not in harmless
        and not is_history_or_link(model)
    ]
    assert not wrong


def is_history_or_link(model) -> bool:
    """A history row outlives its officer by design; a link row of a many-to-many holds no fact of its own."""
    return hasattr(model, "instance_type") or bool(model._meta.auto_created)


# ---------------------------------------------------------------- texts that name things


@pytest.mark.django_db
def test_every_permission_of_every_role_exists():
    assert roles.unknown_permissions() == set()


def test_the_schedule_names_tasks_that_exist():
    celery_app.loader.import_default_modules()
    unknown = {line["task"] for line in BEAT_SCHEDULE.values()} - set(celery_app.tasks)
    assert not unknown


def test_the_schedule_is_in_order_and_every_line_expires():
    order = [name.split(".")[0] for name in BEAT_SCHEDULE]
    ranks = [len(RANKS) if app == "config" else RANKS[app] for app in order]  # the system itself comes first
    assert ranks == sorted(ranks, reverse=True), order
    for app in set(order):
        own = [name for name in BEAT_SCHEDULE if name.split(".")[0] == app]
        assert own == sorted(own)
    assert all(line["options"]["expires"] > 0 for line in BEAT_SCHEDULE.values())


TEMPLATE_FOLDER = ROOT / "templates"
TEMPLATES = sorted(
    str(path.relative_to(TEMPLATE_FOLDER)) for path in TEMPLATE_FOLDER.rglob("*") if path.is_file()
)
# Named by Django, Wagtail or a package rather than by our code.
CALLED_BY_NAME = re.compile(r"^(errors/|\d{3}(_csrf)?\.html$|wagtail[a-z]*/|wagtailusers/|django/)")


def sources():
    for path in [*python_files(*OWN_CODE), *TEMPLATE_FOLDER.rglob("*.html")]:
        yield path, path.read_text(encoding="utf-8")


def test_no_template_is_unused():
    texts = dict(sources())
    page_models = {
        model.template if hasattr(model, "template") else ""
        for model in apps.get_models()
        if model._meta.app_label in RANKS
    }
    unused = []
    for name in TEMPLATES:
        own_path = TEMPLATE_FOLDER / name
        # A style sheet is asked for by its bare name: `styles.sheet("annex.css")`.
        bare = {f'"{own_path.name}"', f'"{own_path.stem}"', f"'{own_path.name}'"}
        names = {name} | (bare if own_path.suffix == ".css" else set())
        is_named = any(known in text for path, text in texts.items() if path != own_path for known in names)
        if not is_named and name not in page_models and not CALLED_BY_NAME.match(name):
            unused.append(name)
    assert not unused


def test_every_template_compiles():
    wrong = []
    for name in TEMPLATES:
        if name.endswith((".html", ".txt", ".svg", ".xml")):
            try:
                get_template(name)
            except TemplateSyntaxError as error:
                wrong.append(f"{name}: {error}")
    assert not wrong


REMOTE_ASSET = re.compile(
    r"""(?:<script[^>]+src|<link[^>]+href|<img[^>]+src|<iframe[^>]+src|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""",
    re.IGNORECASE,
)


def test_no_page_loads_anything_from_another_host():
    own = [*TEMPLATE_FOLDER.rglob("*"), *(ROOT / "static").rglob("*")]
    wrong = [
        str(path.relative_to(ROOT))
        for path in own
        if path.suffix in {".html", ".css", ".js", ".svg", ".txt"}
        and REMOTE_ASSET.search(path.read_text("utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        "@import 'https://fonts.example/a.css'",
        "src: url(https://fonts.example/a.woff2)",
    ],
)
def test_a_remote_asset_would_be_found(line):
    assert REMOTE_ASSET.search(line)
    assert not REMOTE_ASSET.search('<a href="https://www.law.go.kr/">법령</a>')


# ---------------------------------------------------------------- migrations


def test_migrations_do_not_import_live_code():
    """A migration that uses today's models breaks when tomorrow's differ."""
    wrong = []
    for path in python_files(*OWN_APPS):
        if path.parent.name != "migrations":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in RANKS]
    assert not wrong


def test_every_migration_can_be_imported_alone():
    for app in OWN_APPS:
        for path in sorted((ROOT / app / "migrations").glob("0*.py")):
            module = importlib.import_module(f"{app}.migrations.{path.stem}")
            assert issubclass(module.Migration, migrations.Migration)


def test_commands_without_screens_know_every_rule_and_need_no_screen():
    """What starts without Wagtail (manage.py) judges as much as the portal does."""
    import manage

    code = (
        "import django; django.setup()\n"
        "from django.core.management import get_commands, load_command_class\n"
        "from ordinance import rules\n"
        f"for name in {sorted(manage.DOMAIN_COMMANDS)!r}:\n"
        "    command = load_command_class(get_commands()[name], name)\n"
        "    assert command.requires_system_checks == [], name\n"
        "print(','.join(rule.code for rule in rules.all_rules()))"
    )
    environment = os.environ | {"DOMAIN_ONLY": "1", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().split(",") == [rule.code for rule in rules.all_rules()]
