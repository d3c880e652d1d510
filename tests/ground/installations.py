"""An installation of a test's own, within its process: a folder, keys, uploads and a database that may be lost."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection

from config.keys import KeyStore


@contextmanager
def own(settings, folder, blocker, monkeypatch):
    """Real commits on a real database, a copy of the migrated one; gone at the end."""
    data = folder / "var"
    for path in (data, folder / "static-sources"):
        path.mkdir(parents=True)
    (folder / "static-sources" / "a.css").write_text("a {}")
    settings.DATA_DIR = data
    settings.KEY_STORE = KeyStore(data / "keys")
    settings.MEDIA_ROOT = str(data / "media")
    settings.LOG_DIR = data / "logs"
    settings.STATIC_ROOT = data / "static"
    settings.STATICFILES_DIRS = [folder / "static-sources"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.LEDGER_WITNESS = ""
    with blocker.unblock():
        migrated = connection.settings_dict["NAME"]
        connection.close()
        name = _copy(migrated, data)
        monkeypatch.setitem(connection.settings_dict, "NAME", name)
        _forget_rows()
        try:
            yield data
        finally:
            connection.close()
            monkeypatch.setitem(connection.settings_dict, "NAME", migrated)
            if connection.vendor == "postgresql":
                _execute(f'DROP DATABASE IF EXISTS "{name}"')
            _forget_rows()


def lose_database():
    """As when its disk is gone: an empty database is what a new machine begins with."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        for rest in ("", "-wal", "-shm"):
            Path(f"{name}{rest}").unlink(missing_ok=True)
    else:
        _execute(f'DROP DATABASE "{name}"')
        _execute(f'CREATE DATABASE "{name}"')
    _forget_rows()


def _copy(migrated, data):
    if connection.vendor == "sqlite":
        target = data / "db.sqlite3"
        with closing(sqlite3.connect(migrated)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return str(target)
    name = f"{migrated}_own"
    _execute(f'DROP DATABASE IF EXISTS "{name}"')
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
    return name


def _execute(statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _forget_rows():
    ContentType.objects.clear_cache()
    cache.clear()
