"""Tampering for real: SQL by someone who may do everything in the database. Each is found and named."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from ledger import heads
from ledger.errors import BrokenLedger
from ledger.models import SignedHead
from ledger.seal import seal
from ledger.verify import verify
from tests.ledger.factories import make_entries
from tests.ledger.tampering import COLUMNS, recompute_digests, renumber, resign_heads, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_head(tmp_path):
    """30 entries under heads of 12, 20 and 30, the last of them printed and kept; then 5 more unsealed."""
    for count in (12, 8, 10):
        make_entries(count)
        head = seal()
    path = tmp_path / "kept.json"
    heads.write(path, head)
    make_entries(5)
    kept = heads.read(path)
    assert verify(kept).ok
    assert verify().ok
    return kept


def edit_payload(cursor):
    cursor.execute("UPDATE ledger_entry SET payload = replace(payload, 'NAS-1', 'NAS-2') WHERE sequence = 17")


def edit_payload_meaning_kept(cursor):
    cursor.execute("UPDATE ledger_entry SET payload = replace(payload, ',', ', ') WHERE sequence = 17")


def edit_at_only(cursor):
    """By one microsecond."""
    shifted = (
        "at + interval '1 microsecond'"
        if connection.vendor == "postgresql"
        else "substr(at, 1, 19) || '.' || printf('%06d', coalesce(nullif(substr(at, 21), ''), 0) + 1)"
    )
    cursor.execute(f"UPDATE ledger_entry SET at = {shifted} WHERE sequence = 17", None)


def edit_and_recompute(cursor):
    edit_payload(cursor)
    recompute_digests(cursor, {17})


def edit_at_and_recompute(cursor):
    edit_at_only(cursor)
    recompute_digests(cursor, {17})


def edit_digest(cursor):
    cursor.execute("UPDATE ledger_entry SET digest = upper(digest) WHERE sequence = 17")


def edit_actor(cursor):
    cursor.execute("UPDATE ledger_entry SET actor = 'officer:1' WHERE sequence = 17")


def shift_text_between_columns(cursor):
    """The same characters, another border between two fields."""
    cursor.execute("UPDATE ledger_entry SET kind = 'footage', actor = '.swept' || actor WHERE sequence = 17")


def delete_in_the_middle(cursor):
    cursor.execute("DELETE FROM ledger_entry WHERE sequence = 17")


def delete_and_renumber(cursor):
    delete_in_the_middle(cursor)
    renumber(cursor, 18, -1)


def delete_renumber_and_recompute(cursor):
    delete_and_renumber(cursor)
    recompute_digests(cursor)


def delete_the_first(cursor):
    cursor.execute("DELETE FROM ledger_entry WHERE sequence = 1")


def cut_the_tail(cursor):
    cursor.execute("DELETE FROM ledger_entry WHERE sequence >= 25")


def cut_the_tail_and_a_head(cursor):
    cut_the_tail(cursor)
    cursor.execute("DELETE FROM ledger_signedhead WHERE size > 24")


def cut_the_tail_and_all_heads(cursor):
    cut_the_tail(cursor)
    cursor.execute("DELETE FROM ledger_signedhead")


def delete_everything(cursor):
    cursor.execute("DELETE FROM ledger_entry")
    cursor.execute("DELETE FROM ledger_signedhead")


def swap(cursor):
    cursor.execute("UPDATE ledger_entry SET sequence = -1 WHERE sequence = 17")
    cursor.execute("UPDATE ledger_entry SET sequence = 17 WHERE sequence = 22")
    cursor.execute("UPDATE ledger_entry SET sequence = 22 WHERE sequence = -1")


def swap_and_recompute(cursor):
    swap(cursor)
    recompute_digests(cursor)


def insert_in_the_middle(cursor):
    renumber(cursor, 17, 1)
    columns = COLUMNS.replace("sequence", "17")
    cursor.execute(
        f"INSERT INTO ledger_entry ({COLUMNS}) SELECT {columns} FROM ledger_entry WHERE sequence = 3"
    )


def insert_in_the_middle_and_recompute(cursor):
    insert_in_the_middle(cursor)
    recompute_digests(cursor)


def insert_before_the_first(cursor):
    columns = COLUMNS.replace("sequence", "0")
    cursor.execute(
        f"INSERT INTO ledger_entry ({COLUMNS}) SELECT {columns} FROM ledger_entry WHERE sequence = 3"
    )


def rebuild_everything(cursor):
    cursor.execute("UPDATE ledger_entry SET payload = replace(payload, 'NAS', 'nas') WHERE sequence >= 17")
    recompute_digests(cursor)
    resign_heads(cursor, Ed25519PrivateKey.generate())


def rebuild_everything_without_heads(cursor):
    cursor.execute("UPDATE ledger_entry SET payload = replace(payload, 'NAS', 'nas') WHERE sequence >= 17")
    recompute_digests(cursor)
    cursor.execute("DELETE FROM ledger_signedhead")


# what is done → the first bad entry, with the head kept outside at hand
ATTACKS = {
    edit_payload: 17,
    edit_payload_meaning_kept: 17,
    edit_at_only: 17,
    edit_and_recompute: 17,
    edit_at_and_recompute: 17,
    edit_digest: 17,
    edit_actor: 17,
    shift_text_between_columns: 17,
    delete_in_the_middle: 17,
    delete_and_renumber: 17,
    delete_renumber_and_recompute: 17,
    delete_the_first: 1,
    cut_the_tail: 25,
    cut_the_tail_and_a_head: 25,
    cut_the_tail_and_all_heads: 25,
    delete_everything: 1,
    swap: 17,
    swap_and_recompute: 17,
    insert_in_the_middle: 17,
    insert_in_the_middle_and_recompute: 17,
    insert_before_the_first: 0,
    rebuild_everything: 17,
    rebuild_everything_without_heads: 17,
}
# Nothing in the database and nothing beside it can tell these: that is what heads are printed for.
INVISIBLE_WITHOUT_KEPT_HEAD = [
    cut_the_tail_and_a_head,
    cut_the_tail_and_all_heads,
    delete_everything,
    rebuild_everything_without_heads,
]
VISIBLE_WITHOUT_KEPT_HEAD = [attack for attack in ATTACKS if attack not in INVISIBLE_WITHOUT_KEPT_HEAD]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_found_and_named_with_the_kept_head(kept_head, attack):
    with superuser() as cursor:
        attack(cursor)
    result = verify(kept_head)
    assert (result.ok, result.first_bad) == (False, ATTACKS[attack])
    assert result.reason


@pytest.mark.parametrize("attack", VISIBLE_WITHOUT_KEPT_HEAD, ids=lambda attack: attack.__name__)
def test_found_and_named_by_the_database_s_own_heads(kept_head, attack):
    with superuser() as cursor:
        attack(cursor)
    result = verify()
    assert (result.ok, result.first_bad) == (False, ATTACKS[attack])


@pytest.mark.parametrize("attack", INVISIBLE_WITHOUT_KEPT_HEAD, ids=lambda attack: attack.__name__)
def test_what_only_a_kept_head_can_show(kept_head, attack):
    """Written down as a test, so that the documentation cannot promise more than is true."""
    with superuser() as cursor:
        attack(cursor)
    assert verify().ok


def test_a_rebuilt_ledger_that_was_sealed_again_does_not_hide_behind_its_new_copy(tmp_path):
    """The copy of the new history agrees with the new entries; the older one still names the change."""
    make_entries(6)
    heads.write(tmp_path / "kept.json", seal())
    make_entries(3)
    seal()
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET payload = replace(payload, 'NAS', 'nas') WHERE sequence = 3")
        recompute_digests(cursor)
        cursor.execute("DELETE FROM ledger_signedhead")
    seal()
    result = verify(heads.read(tmp_path / "kept.json"))
    assert (result.ok, result.first_bad) == (False, 3)


# Without the copy of the leaves: the smallest range that heads and subtrees allow (heads at 12, 20, 30).
RANGES = {
    edit_and_recompute: (17, 20),  # between heads 12 and 20, in the second subtree (17 to 20) of the latter
    edit_at_and_recompute: (17, 20),
    swap_and_recompute: (17, 20),
    delete_renumber_and_recompute: (17, 20),
    insert_in_the_middle_and_recompute: (17, 20),
    rebuild_everything: (17, 24),  # only the kept head of 30 is ours: its second subtree is 17 to 24
    rebuild_everything_without_heads: (17, 24),
}
NAMED_EXACTLY = [attack for attack in ATTACKS if attack not in RANGES]


@pytest.mark.parametrize("attack", RANGES, ids=lambda attack: attack.__name__)
def test_range_named_without_the_copy_of_the_leaves(kept_head, without_leaf_copy, attack):
    without_leaf_copy()
    with superuser() as cursor:
        attack(cursor)
    result = verify(kept_head)
    assert (result.ok, result.first_bad, result.suspect_until) == (False, *RANGES[attack])


@pytest.mark.parametrize("attack", NAMED_EXACTLY, ids=lambda attack: attack.__name__)
def test_named_exactly_without_the_copy_of_the_leaves(kept_head, without_leaf_copy, attack):
    without_leaf_copy()
    with superuser() as cursor:
        attack(cursor)
    result = verify(kept_head)
    assert (result.ok, result.first_bad) == (False, ATTACKS[attack])


def test_edit_after_the_last_head_is_named_by_its_digest(kept_head):
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 33")
    result = verify(kept_head)
    assert (result.ok, result.first_bad) == (False, 33)


def test_two_changes_the_lower_is_named(kept_head):
    """The lower one with a fitting digest, the higher one without."""
    with superuser() as cursor:
        edit_and_recompute(cursor)
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 19")
    assert verify(kept_head).first_bad == 17


HEAD_EDITS = {
    "root": "UPDATE ledger_signedhead SET root = replace(root, substr(root, 1, 4), 'beef') WHERE size = 20",
    "size": "UPDATE ledger_signedhead SET size = 19 WHERE size = 20",
    "size beyond": "UPDATE ledger_signedhead SET size = 9000000000000000000 WHERE size = 30",
    "negative size": "UPDATE ledger_signedhead SET size = -5 WHERE size = 20",
    "at": "UPDATE ledger_signedhead SET at = '2020-01-01 00:00:00' WHERE size = 20",
    "signature": "UPDATE ledger_signedhead SET signature = 'zz' WHERE size = 20",
    "signature of another": "UPDATE ledger_signedhead SET signature = "
    "(SELECT signature FROM ledger_signedhead WHERE size = 12) WHERE size = 20",
    "key": "UPDATE ledger_signedhead SET key_id = '' WHERE size = 20",
    "peaks": "UPDATE ledger_signedhead SET peaks = '' WHERE size = 20",
    "time without meaning": "UPDATE ledger_signedhead SET at = "
    + ("'-infinity'" if connection.vendor == "postgresql" else "'once upon a time'")
    + " WHERE size = 30",
    "not hex": "UPDATE ledger_signedhead SET root = 'x' WHERE size = 20",
}


@pytest.mark.parametrize("statement", HEAD_EDITS.values(), ids=HEAD_EDITS.keys())
def test_an_edited_head_is_found_and_no_entry_blamed(kept_head, statement):
    with superuser() as cursor:
        cursor.execute(statement)
    result = verify(kept_head)
    assert (result.ok, result.first_bad) == (False, None)
    assert "봉인" in result.reason
    if "size = 30" in statement:
        with pytest.raises(BrokenLedger):
            seal()


def test_the_attacker_s_own_key_is_not_trusted_even_with_a_fitting_head_file(kept_head, tmp_path):
    private = Ed25519PrivateKey.generate()
    with superuser() as cursor:
        resign_heads(cursor, private)
    forged = {
        **heads.as_data(SignedHead.objects.latest_head()),
        "public_key": private.public_key().public_bytes_raw().hex(),
    }
    assert not verify(forged).ok
