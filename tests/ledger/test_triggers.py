"""The database refuses to change or delete, whoever asks and whatever the statement is."""

import sqlite3

import pytest
from django.db import IntegrityError, connection, transaction

from ledger import protection
from ledger.append import record
from ledger.errors import AppendOnly
from ledger.models import Entry, SignedHead

ENTRY = "'2026-01-01 00:00:00', 'forged', 'system:x', '', '{}', ''"
HEAD = "'', '', '2026-01-01 00:00:00', '', ''"


@pytest.fixture
def entry(db):
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledger_signedhead (size, root, peaks, at, signature, key_id) VALUES (0, {HEAD})"
        )
    return record("test.event", actor="system:test", subject="camera:1", payload={"n": 1})


CHANGES = {
    "update": "UPDATE ledger_entry SET payload = '{}' WHERE sequence = 1",
    "update of nothing else": "UPDATE ledger_entry SET sequence = 7 WHERE sequence = 1",
    "delete": "DELETE FROM ledger_entry WHERE sequence = 1",
    "delete all": "DELETE FROM ledger_entry",
    "upsert": f"INSERT INTO ledger_entry VALUES (1, {ENTRY}) "
    "ON CONFLICT (sequence) DO UPDATE SET payload = 'x'",
    "update head": "UPDATE ledger_signedhead SET root = 'x'",
    "delete head": "DELETE FROM ledger_signedhead",
}
SQLITE_CHANGES = {
    "replace": f"INSERT OR REPLACE INTO ledger_entry VALUES (1, {ENTRY})",
    "replace into": f"REPLACE INTO ledger_entry VALUES (1, {ENTRY})",
    "update or replace": "UPDATE OR REPLACE ledger_entry SET sequence = 1",
    "update or ignore": "UPDATE OR IGNORE ledger_entry SET payload = ''",
    "replace head": f"REPLACE INTO ledger_signedhead (size, root, peaks, at, signature, key_id) "
    f"VALUES (0, {HEAD})",
    # The implicit row number is a second way to name an existing row.
    "replace by row number": "INSERT OR REPLACE INTO ledger_entry "
    f"(rowid, sequence, at, kind, actor, subject, payload, digest) VALUES (1, 99, {ENTRY})",
    "replace head by id": "REPLACE INTO ledger_signedhead (id, size, root, peaks, at, signature, key_id) "
    f"SELECT id, 99, {HEAD} FROM ledger_signedhead",
}
POSTGRESQL_CHANGES = {
    "truncate": "TRUNCATE ledger_entry",
    "truncate cascade": "TRUNCATE ledger_signedhead, ledger_entry CASCADE",
    "without ordinary triggers": "SET LOCAL session_replication_role = replica; DELETE FROM ledger_entry",
    "merge": "MERGE INTO ledger_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
}


OF_THIS_DATABASE = CHANGES | (SQLITE_CHANGES if connection.vendor == "sqlite" else POSTGRESQL_CHANGES)


@pytest.mark.parametrize("statement", OF_THIS_DATABASE.values(), ids=OF_THIS_DATABASE.keys())
def test_change_is_refused(entry, statement):
    before = list(Entry.objects.values_list()), list(SignedHead.objects.values_list())
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert (list(Entry.objects.values_list()), list(SignedHead.objects.values_list())) == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no pragmas")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", OF_THIS_DATABASE.values(), ids=OF_THIS_DATABASE.keys())
def test_a_stranger_s_connection_is_refused_too(statement):
    """Another program has none of our pragmas: recursive_triggers is off there."""
    with transaction.atomic():
        record("test.event", actor="system:test", subject="", payload={})
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO ledger_signedhead (size, root, peaks, at, signature, key_id) VALUES (0, {HEAD})"
            )
    stranger = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        assert stranger.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            stranger.execute(statement)
    finally:
        stranger.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no pragmas")
def test_our_connections_run_recursive_triggers(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone() == (1,)


def test_models_refuse_with_a_reason(entry):
    attempts = [
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(payload="{}"),
        lambda: Entry.objects.create(sequence=5),
        lambda: Entry.objects.bulk_update([entry], ["payload"]),
        lambda: Entry.objects.bulk_create([entry]),
        SignedHead.objects.all().delete,
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnly, match="더하기만"):
            attempt()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", ["first", "second"])
def test_triggers_come_back_after_a_flush(run):
    """The second run meets the database that the first one's flush left behind."""
    assert protection.missing_triggers() == []
    assert not Entry.objects.exists()
    with transaction.atomic():
        record("test.event", actor="system:test", subject="", payload={})
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry")


def test_a_dropped_trigger_is_noticed(db):
    statement = (
        "DROP TRIGGER ledger_entry_no_update"
        if connection.vendor == "sqlite"
        else "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(protection.missing_triggers()) == 1
