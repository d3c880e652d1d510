"""Random histories and random attacks: whatever changes what was sealed is found; nothing else is accused.

The oracle is a plain list of the true rows, compared with what stands in the database afterwards.
"""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ledger import heads
from ledger.append import Draft, record_many
from ledger.models import SignedHead
from ledger.seal import seal
from ledger.verify import verify
from tests.ledger.tampering import COLUMNS, recompute_digests, renumber, superuser

pytestmark = pytest.mark.django_db

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
payloads = st.dictionaries(
    text,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats(allow_nan=False, allow_infinity=False) | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)  # fmt: skip
attacks = st.lists(
    st.tuples(
        st.sampled_from(["payload", "actor", "digest", "delete", "swap", "insert", "cut", "renumber", "recompute"]),
        st.integers(1, 40),
        st.integers(1, 40),
    ),
    max_size=4,
)  # fmt: skip


def rows(cursor):
    at = "at::text" if connection.vendor == "postgresql" else "at || ''"
    columns = COLUMNS.replace("at,", f"{at},")
    cursor.execute(f"SELECT {columns} FROM ledger_entry ORDER BY sequence", None)
    return cursor.fetchall()


def attack(cursor, what, one, other):
    if what == "payload":
        cursor.execute("UPDATE ledger_entry SET payload = payload || ' ' WHERE sequence = %s", [one])
    elif what == "actor":
        cursor.execute("UPDATE ledger_entry SET actor = %s WHERE sequence = %s", [f"officer:{other}", one])
    elif what == "digest":
        cursor.execute("UPDATE ledger_entry SET digest = '' WHERE sequence = %s", [one])
    elif what == "delete":
        cursor.execute("DELETE FROM ledger_entry WHERE sequence = %s", [one])
    elif what == "cut":
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > %s", [one])
    elif what == "renumber":
        cursor.execute("DELETE FROM ledger_entry WHERE sequence = %s", [one])
        renumber(cursor, one, -1)
    elif what == "insert":
        renumber(cursor, one, 1)
        columns = COLUMNS.replace("sequence", str(one))
        cursor.execute(
            f"INSERT INTO ledger_entry ({COLUMNS}) SELECT {columns} FROM ledger_entry WHERE sequence = %s",
            [other],
        )
    elif what == "swap" and one != other:
        moves = [(-99, one), (one, other), (other, -99)]
        for target, source in moves:
            cursor.execute("UPDATE ledger_entry SET sequence = %s WHERE sequence = %s", [target, source])
    elif what == "recompute":
        recompute_digests(cursor)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(st.lists(payloads, min_size=1, max_size=9), min_size=1, max_size=4),
    unsealed=st.lists(payloads, max_size=3),
    steps=attacks,
    heads_go=st.booleans(),
)
def test_random_histories_and_attacks(batches, unsealed, steps, heads_go):
    outer = transaction.atomic()
    with outer:
        for batch in batches:
            record_many(Draft("test.event", "system:test", "대상", payload) for payload in batch)
            head = heads.as_data(seal())
        record_many(Draft("test.event", "system:test", "", payload) for payload in unsealed)
        assert verify(head).ok
        with superuser() as cursor:
            before = rows(cursor)
            for step in steps:
                attack(cursor, *step)
            if heads_go:
                cursor.execute("DELETE FROM ledger_signedhead")
            after = rows(cursor)
        result = verify(head)
        first_changed = next(
            (n for n, row in enumerate(before[: head["size"]]) if n >= len(after) or after[n] != row), None
        )
        if first_changed is not None:
            assert not result.ok
            # An inserted or renumbered row may itself carry the lowest bad number.
            assert result.first_bad == min(
                first_changed + 1, after[first_changed][0] if first_changed < len(after) else 99
            )
        elif after == before:
            assert result.ok
        transaction.set_rollback(True)
    assert not SignedHead.objects.exists()
