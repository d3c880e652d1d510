"""Sealing every personal cell again: after a change of key, and once after an upgrade from before `p2`.

Reads and writes the columns as they are stored, in portions, each a transaction. Cells that nothing opens are counted,
named by table and row, and left as they are. Running twice changes nothing more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from accounts import encryption
from accounts.encryption import FORMAT, EncryptedTextField, Sealed, Undecryptable

LEGACY_KEY = "field_encryption"
RETIRED = ".retired"
_FERNET = "gAAAA"
PORTION = 500
NEWEST = 5


@dataclass
class Resealed:
    """`cells` were looked at; `unreadable` names those that stayed as they were: table, row, column."""

    cells: int = 0
    rewritten: int = 0
    unreadable: list[str] = field(default_factory=list)


# What lies outside the columns, by the app that keeps it: how it is sealed again.
_keepers: dict[str, Callable[..., Resealed]] = {}


def register(name: str, keeper: Callable[..., Resealed]) -> None:
    """A higher app says once, when it is ready, what else it keeps under these keys."""
    _keepers[name] = keeper


def reseal_everything(*, is_dry_run: bool = False) -> Resealed:
    """Columns and whatever else is registered."""
    done = reseal(is_dry_run=is_dry_run)
    for keeper in _keepers.values():
        found = keeper(is_dry_run=is_dry_run)
        done.cells += found.cells
        done.rewritten += found.rewritten
        done.unreadable += found.unreadable
    return done


def columns() -> Iterator[tuple[type[models.Model], list[EncryptedTextField]]]:
    for model in apps.get_models():
        found = [each for each in model._meta.concrete_fields if isinstance(each, EncryptedTextField)]
        if found:
            yield model, found


def reseal(*, is_dry_run: bool = False) -> Resealed:
    """Every cell under the first key, for its place."""
    done, current = Resealed(), f"{FORMAT}:{next(iter(encryption.keys()))}:"
    for model, sealed in columns():
        last = 0
        while rows := list(model._base_manager.filter(pk__gt=last).order_by("pk")[:PORTION]):
            last = rows[-1].pk
            with transaction.atomic():
                for row in rows:
                    for each in sealed:
                        _reseal_cell(done, row, each, current, is_dry_run=is_dry_run)
    return done


def _reseal_cell(
    done: Resealed, row: models.Model, column: EncryptedTextField, current: str, *, is_dry_run: bool
) -> None:
    stored = row.__dict__[column.attname]
    if not isinstance(stored, Sealed):
        return
    done.cells += 1
    if stored.token.startswith(current):
        return
    try:
        text = _open(column, row, stored)
    except Undecryptable:
        done.unreadable.append(f"{row._meta.db_table} {row.pk} {column.column}")
        return
    done.rewritten += 1
    if not is_dry_run:
        row.__dict__[column.attname] = text
        sealed = column.pre_save(row, False)
        type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: sealed})


def _open(column: EncryptedTextField, row: models.Model, stored: Sealed) -> str:
    if stored.token.startswith(f"{FORMAT}:"):
        return column.open(row, stored)
    if stored.token.startswith(_FERNET):
        return _open_legacy(stored.token)
    return stored.token  # from before the column was encrypted


def _open_legacy(token: str) -> str:
    path = _key_folder() / LEGACY_KEY
    try:
        cipher = MultiFernet([Fernet(line) for line in path.read_bytes().split()])
        return cipher.decrypt(token.encode()).decode()
    except (OSError, InvalidToken, ValueError) as error:
        raise Undecryptable(f"예전 열쇠({path.name})로 풀 수 없습니다.") from error


def _key_folder() -> Path:
    return Path(settings.KEY_STORE.folder)


def locked_column() -> str:
    """A column that does not open with the keys of this machine; "" where all do. Asks the newest rows of each."""
    for model, sealed in columns():
        for row in model._base_manager.order_by("-pk")[:NEWEST]:
            for column in sealed:
                try:
                    _asked(row, column)
                except Undecryptable:
                    return f"{model._meta.verbose_name}: {column.verbose_name}"
    return ""


def _asked(row: models.Model, column: EncryptedTextField) -> None:
    stored = row.__dict__[column.attname]
    if isinstance(stored, Sealed):
        _open(column, row, stored)


def after_migrate(**kwargs: Any) -> None:
    """Once: cells of older releases are sealed for their place, and their key opens nothing any more.

    A restored back-up of such a release needs that key again: docs/running.md says how.
    """
    if not any(_has_older_cells(model, sealed) for model, sealed in columns()):
        return
    done = reseal()
    legacy = _key_folder() / LEGACY_KEY
    if not done.unreadable and legacy.exists():
        legacy.replace(legacy.with_name(LEGACY_KEY + RETIRED))


def _has_older_cells(model: type[models.Model], sealed: list[EncryptedTextField]) -> bool:
    table, quote = model._meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        # A migration that stops half-way leaves tables that are not those of the models.
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        if not {field.column for field in model._meta.concrete_fields} <= there:
            return False
        older = " OR ".join(
            f"({quote(str(each.column))} <> '' AND {quote(str(each.column))} NOT LIKE '{FORMAT}:%')"
            for each in sealed
        )
        cursor.execute(f"SELECT 1 FROM {quote(table)} WHERE {older} LIMIT 1")  # noqa: S608 - names of our models
        return cursor.fetchone() is not None


def change_key() -> str:
    """A new key on top of the file; the old ones still open until `drop_old_keys`. Its id."""
    line = encryption.new_key_line()
    path = _key_folder() / encryption.KEY_NAME
    encryption.keys()  # makes the file where there is none
    settings.KEY_STORE.write(encryption.KEY_NAME, line + path.read_bytes())
    return line.decode().partition(":")[0]


def drop_old_keys() -> int:
    """After everything is sealed again: how many keys open nothing any more."""
    lines = (_key_folder() / encryption.KEY_NAME).read_bytes().splitlines(keepends=True)
    settings.KEY_STORE.write(encryption.KEY_NAME, lines[0])
    return len(lines) - 1
