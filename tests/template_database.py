"""A migrated database is made once and copied: migrations take longer than most of what is tested after them.

The first process that needs a database migrates one from nothing and keeps a copy; every other process of the run starts
with that copy, and `migrate` looks at it once more. On PostgreSQL the copy is a database that goes when the run ends. On
SQLite it is a file that later runs start with too, as long as nothing has changed that it was made from:

- every migration, model, role and seeding module, receiver of a model's signal, and whatever these import;
- every file in our apps that is not Python (law, pages, mappings), the translations, the settings;
- the installed packages, Python, SQLite, and the day: rows say when they were made.

`CI=true` or `TEST_DATABASE=new` starts from nothing whatever is kept. `TEST_DATABASE=upgraded` is for who changes models:
where nothing fits, but every migration that the kept file has seen is still the same, only the new ones are run, as on an
office's machine; the whole run of the build server never does.
"""

import datetime
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import signals

from tests import imports

FOLDER = imports.ROOT / ".pytest_cache" / "migrated"
SIGNALS = ("pre_migrate", "post_migrate", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")


def is_parallel(config: Any) -> bool:
    return hasattr(config, "workerinput") or bool(getattr(config.option, "numprocesses", None))


def must_be_new() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"} or os.environ.get("TEST_DATABASE") == "new"


def start(config: Any) -> None:
    """The run begins: nothing is left of an earlier one that must not be used."""
    if connection.vendor == "sqlite" and must_be_new():
        shutil.rmtree(FOLDER, ignore_errors=True)
    if connection.vendor == "postgresql" and is_parallel(config):
        PostgreSQLTemplate().drop()


def end(config: Any) -> None:
    if connection.vendor == "postgresql" and is_parallel(config):
        PostgreSQLTemplate().drop()


def copy_instead_of_migrating(patch: Any, config: Any) -> None:
    """From here on Django makes this process's database from the template, or the template from its database."""
    if connection.vendor == "postgresql" and not is_parallel(config):
        return  # nobody to share it with
    template = {"sqlite": SQLiteTemplate, "postgresql": PostgreSQLTemplate}[connection.vendor]()
    migrate_anew = connection.creation.create_test_db

    def create_test_db(*args: Any, **options: Any) -> str:
        with one_at_a_time():
            is_there = template.exists()
            if is_there or template.has_older():
                template.start_from(patch)
            name = migrate_anew(*args, **options)
            if not is_there:
                template.keep()
        return name

    patch.setattr(connection.creation, "create_test_db", create_test_db)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The others wait for the first one: two that migrate side by side take as long, and twice the work."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SQLiteTemplate:
    def __init__(self) -> None:
        self.path = FOLDER / f"{digest_of_origins()}.sqlite3"
        self.source = self.path

    def exists(self) -> bool:
        return self.path.exists()

    def has_older(self) -> bool:
        """One that lacks nothing but new migrations."""
        if os.environ.get("TEST_DATABASE") != "upgraded":
            return False
        now = migrations().items()
        for kept in FOLDER.glob("*.sqlite3"):
            seen = kept.with_suffix(".json")
            if seen.exists() and json.loads(seen.read_text()).items() <= now:
                self.source = kept
                return True
        return False

    def start_from(self, patch: Any) -> None:
        patch.setattr(connection.creation, "_create_test_db", self._copy)

    def _copy(self, *args: Any, **options: Any) -> str:
        name = connection.creation._get_test_db_name()
        for rest in ("-wal", "-shm"):
            Path(name + rest).unlink(missing_ok=True)
        shutil.copyfile(self.source, name)
        return name

    def keep(self) -> None:
        """Only the newest: the others belong to what the code was."""
        for older in (*FOLDER.glob("*.sqlite3*"), *FOLDER.glob("*.json")):
            older.unlink()
        unfinished = self.path.with_suffix(".sqlite3-unfinished")
        with closing(sqlite3.connect(unfinished)) as copy:
            connection.connection.backup(copy)
        self.path.with_suffix(".json").write_text(json.dumps(migrations()))
        unfinished.rename(self.path)


class PostgreSQLTemplate:
    name = f"test_cctv{os.environ.get('TEST_RUN_ID', '')}_template"

    def has_older(self) -> bool:
        return False

    def exists(self) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None

    def start_from(self, patch: Any) -> None:
        patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", self.name)

    def keep(self) -> None:
        made = connection.settings_dict["NAME"]
        connection.close()  # a database that somebody is connected to is not copied
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{made}"')
        connection.ensure_connection()

    def drop(self) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}"')

    def _execute(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


# ---------------------------------------------------------------- what it was made from


def digest_of_origins() -> str:
    origins = hashlib.sha256(repr(surroundings()).encode())
    for path in files():
        origins.update(f"\n{path.relative_to(imports.ROOT)}\n".encode())
        origins.update(path.read_bytes())
    return origins.hexdigest()[:24]


def migrations() -> dict[str, str]:
    """Each migration of ours, and the digest of its file."""
    return {
        str(path.relative_to(imports.ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for app in imports.own_apps()
        for path in (imports.ROOT / app / "migrations").glob("0*.py")
    }


def surroundings() -> list[Any]:
    """What is not in our files: day, versions, packages, and settings that the environment may change."""
    packages = sorted(f"{package.name} {package.version}" for package in metadata.distributions())
    plain = (str, int, float, list, tuple)
    chosen = {
        name: value
        for name in dir(settings)
        if name.isupper()
        and isinstance(value := getattr(settings, name), plain)
        and str(settings.DATA_DIR) not in repr(value)
    }
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return [today, sys.version, sqlite3.sqlite_version, packages, sorted(chosen.items())]


def files() -> list[Path]:
    known = imports.modules()
    chosen = {known[name] for name in imports.reached_from(origins()) if name in known}
    for app in imports.own_apps():
        chosen |= {
            path
            for path in (imports.ROOT / app).rglob("*")
            if path.is_file() and (path.suffix not in {".py", ".pyc"} or path.name == "apps.py")
        }
    chosen |= {path for path in (imports.ROOT / "locale").rglob("*") if path.is_file()}
    return sorted(chosen)


def origins() -> set[str]:
    """Modules of ours that a migration runs, or that say what it shall make."""
    known = imports.modules()
    named = {name for name in known if ".migrations" in name or name.startswith("config.settings")}
    models = {model.__module__ for model in apps.get_models(include_auto_created=True)}
    return (named | models | receivers() | {"portal.management.commands.migrate"}) & known.keys()


def receivers() -> set[str]:
    """Who is told of a migration or of a row that it writes, as the running system has it."""
    found = set()
    for name in SIGNALS:
        for entry in getattr(signals, name).receivers:
            receiver = entry[1]() if isinstance(entry[1], weakref.ReferenceType) else entry[1]
            found.add(getattr(receiver, "__module__", ""))
    return found
