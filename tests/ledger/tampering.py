"""An attacker who is superuser of the database: takes the triggers away and edits with plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.utils import timezone

from ledger.canonical import instant_text
from ledger.verify_bundle import Tree, head_message, key_id, leaf_digest

COLUMNS = "sequence, at, kind, actor, subject, payload, digest"


@contextmanager
def superuser() -> Iterator:
    """A cursor with the triggers out of the way, put back afterwards as a careful attacker would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%%'"
            )
            triggers = cursor.fetchall()
            assert triggers
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield cursor
            for _name, sql in triggers:
                cursor.execute(sql)
        else:
            for table in ("ledger_entry", "ledger_signedhead"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            yield cursor
            for table in ("ledger_entry", "ledger_signedhead"):
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def recompute_digests(cursor, sequences=None) -> None:
    """Give entries the digest that fits their present content, computed from SQL's own view of them."""
    at = (
        "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        if connection.vendor == "postgresql"
        else "strftime('%Y-%m-%dT%H:%M:%S', at) || CASE WHEN instr(at, '.') THEN substr(at, 20) ELSE '.000000' END"
        " || 'Z'"
    )
    cursor.execute(
        f"SELECT sequence, {at}, kind, actor, subject, payload FROM ledger_entry ORDER BY sequence", None
    )
    for row in cursor.fetchall():
        if sequences is None or row[0] in sequences:
            cursor.execute(
                "UPDATE ledger_entry SET digest = %s WHERE sequence = %s", [leaf_digest(*row), row[0]]
            )


def renumber(cursor, start: int, by: int) -> None:
    """Shift all sequences from `start` on, in two steps because they are unique."""
    cursor.execute("UPDATE ledger_entry SET sequence = -sequence WHERE sequence >= %s", [start])
    cursor.execute("UPDATE ledger_entry SET sequence = -sequence + %s WHERE sequence < 0", [by])


def resign_heads(cursor, private: Ed25519PrivateKey) -> None:
    """Compute all heads anew over what now stands there, and sign them with a key of one's own."""
    cursor.execute("SELECT digest FROM ledger_entry ORDER BY sequence")
    leaves = [bytes.fromhex(digest) for (digest,) in cursor.fetchall()]
    cursor.execute("SELECT id, size FROM ledger_signedhead")
    at = instant_text(timezone.now())
    public = private.public_key().public_bytes_raw()
    for number, size in cursor.fetchall():
        tree = Tree()
        tree.extend(leaves[:size])
        root = tree.root().hex()
        cursor.execute(
            "UPDATE ledger_signedhead SET root = %s, peaks = %s, at = %s, signature = %s, key_id = %s WHERE id = %s",
            [
                root,
                " ".join(peak.hex() for peak in tree.peaks()),
                at if connection.vendor == "postgresql" else at[:-1].replace("T", " "),
                private.sign(head_message(tree.size, root, at)).hex(),
                key_id(public),
                number,
            ],
        )
