"""Sealing: incremental, signed, refusing to sign over what was altered; keys and the copy of the leaves."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from ledger import heads, keys, leaves, merkle, rotation, rows
from ledger.errors import BrokenLedger, LedgerError, UnusableHead
from ledger.models import Entry, SignedHead
from ledger.seal import seal
from ledger.tasks import seal_new_entries
from ledger.verify import verify
from ledger.verify_bundle import EMPTY_ROOT, ROTATED, is_signed, key_id, read_public_key
from tests.ledger.factories import make_entries
from tests.ledger.tampering import recompute_digests, superuser

pytestmark = pytest.mark.django_db


def root_by_hand():
    return merkle.root_of(
        [bytes.fromhex(digest) for digest in Entry.objects.values_list("digest", flat=True)]
    ).hex()


def test_an_empty_ledger_has_a_head():
    head = seal()
    assert (head.size, head.root, head.peaks) == (0, EMPTY_ROOT.hex(), "")
    assert seal() == head
    assert verify(heads.as_data(head)).ok


def test_each_head_is_the_root_of_all_entries_and_is_signed():
    for count in (1, 6, 1, 10_003):
        make_entries(count)
        head = seal()
        assert (head.size, head.root) == (Entry.objects.count(), root_by_hand())
        assert is_signed(heads.as_data(head), keys.signing_key().public)
    assert SignedHead.objects.count() == 4


def test_nothing_new_gives_the_latest_head():
    make_entries(3)
    head = seal()
    assert seal() == head
    assert seal_new_entries() == 3
    assert SignedHead.objects.count() == 1


def test_a_seal_reads_only_what_is_new(monkeypatch):
    make_entries(50)
    seal()
    make_entries(2)
    handed_out = []
    stored = rows.stored

    @contextmanager
    def counted(*args, **kwargs):
        with stored(*args, **kwargs) as batches:
            yield (handed_out.extend(batch) or batch for batch in batches)

    monkeypatch.setattr(rows, "stored", counted)
    assert seal().size == 52
    assert len(handed_out) == 2


@pytest.mark.django_db(transaction=True)
def test_a_refusal_leaves_no_transaction_open():
    """Also while the exception, and with it the reader's frame, is still alive."""
    with transaction.atomic():
        make_entries(10)
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 4")
    with pytest.raises(BrokenLedger) as refusal:
        seal()
    assert refusal.value.first_bad == 4
    assert not connection.in_atomic_block


ALTERATIONS = {
    "a new entry": ("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 9", 9),
    "a gap among the new": ("DELETE FROM ledger_entry WHERE sequence = 8", 8),
    "the sealed tail": ("DELETE FROM ledger_entry WHERE sequence > 4", 5),
    "the tail, then new ones": ("DELETE FROM ledger_entry WHERE sequence BETWEEN 5 AND 6", 5),
    "the root of the last head": ("UPDATE ledger_signedhead SET root = ''", None),
    "its signature": ("UPDATE ledger_signedhead SET signature = ''", None),
    "its key": ("UPDATE ledger_signedhead SET key_id = 'a'", None),
}


@pytest.mark.parametrize(("statement", "first_bad"), ALTERATIONS.values(), ids=ALTERATIONS.keys())
def test_nothing_is_signed_over_an_altered_ledger(statement, first_bad):
    make_entries(6)
    seal()
    make_entries(4)
    with superuser() as cursor:
        cursor.execute(statement)
    with pytest.raises(BrokenLedger) as refusal:
        seal()
    assert refusal.value.first_bad == first_bad
    assert SignedHead.objects.count() == 1


@pytest.mark.parametrize("peaks", ["", "zz", "00" * 32, "00" * 32 + " " + "11" * 32])
def test_damaged_peaks_are_computed_again(peaks):
    make_entries(6)
    seal()
    make_entries(1)
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_signedhead SET peaks = %s", [peaks])
    assert seal().root == root_by_hand()


def test_damaged_peaks_over_altered_entries_are_not():
    make_entries(6)
    seal()
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_signedhead SET peaks = ''")
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 2")
        recompute_digests(cursor, {2})
    with pytest.raises(BrokenLedger, match="마지막 봉인"):
        seal()


# ---------------------------------------------------------------- keys


def test_the_key_is_made_once_and_stays_outside_the_database():
    assert keys.trusted_keys() == {}
    verify()
    assert keys.trusted_keys() == {}, "checking must not make a key"
    first = keys.signing_key()
    assert keys.signing_key().id == first.id == key_id(first.public)
    assert keys.trusted_keys() == {first.id: first.public}
    assert read_public_key(str(keys.public_key_file())) == first.public
    assert (settings.KEY_STORE.folder / keys.KEY_NAME).stat().st_mode & 0o077 == 0


def test_a_lost_key_is_said_and_recovered_from_the_public_one():
    make_entries(2)
    head = seal()
    public = keys.public_key_file().read_bytes()
    (settings.KEY_STORE.folder / keys.KEY_NAME).unlink()
    assert not verify().ok
    (settings.KEY_STORE.folder / f"ledger-retired-{head.key_id}.pem").write_bytes(public)
    assert verify().ok
    make_entries(1)
    assert seal().key_id != head.key_id
    assert verify().ok


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_an_unreadable_key_is_a_clear_error(content):
    folder = settings.KEY_STORE.folder
    folder.mkdir(parents=True)
    (folder / keys.KEY_NAME).write_bytes(content)
    with pytest.raises(LedgerError, match="백업"):
        seal()


def test_rotation_shows_first_and_keeps_old_heads_valid():
    make_entries(3)
    old = seal()
    shown = rotation.rotate(by="officer:1")
    assert keys.signing_key().id == shown[0] == old.key_id
    assert rotation.rotate(by="officer:1", dry_run=False) == shown
    entry = Entry.objects.last()
    assert (entry.kind, entry.content) == (
        ROTATED,
        {"old_key": shown[0], "new_key": shown[1], "last_size": 3},
    )
    assert seal().key_id == shown[1]
    assert verify(heads.as_data(old)).ok
    assert not (settings.KEY_STORE.folder / rotation.NEXT_KEY_NAME).exists()
    assert rotation.rotate(by="officer:1", dry_run=False)[0] == shown[1]
    seal()
    assert verify().ok


# ---------------------------------------------------------------- head files


def test_a_head_file_comes_back_as_it_went(tmp_path):
    make_entries(5)
    head = seal()
    heads.write(tmp_path / "head.json", head)
    assert heads.read(tmp_path / "head.json") == heads.as_data(head)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".json")] == ["head.json"]


def good_head():
    make_entries(5)
    return heads.as_data(seal())


@pytest.mark.parametrize(
    "change",
    [
        {"format": None},
        {"size": None},
        {"size": -1},
        {"size": True},
        {"size": "5"},
        {"size": 5.0},
        {"size": 1 << 63},
        {"root": "00"},
        {"root": None},
        {"root": "g" * 64},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00Z"},
        {"at": "٢٠٢٦-01-01T00:00:00.000000Z"},
        {"signature": ""},
        {"signature": 5},
        {"key_id": []},
        {"public_key": "00"},
    ],
    ids=str,
)
def test_a_head_file_that_is_none(tmp_path, change):
    path = tmp_path / "head.json"
    path.write_text(json.dumps({**good_head(), **change}))
    with pytest.raises(UnusableHead, match=r"head\.json"):
        heads.read(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"5",
        b'"x"',
        b"\xff\xfe",
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"size": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:10]),
)
def test_garbage_is_no_head(tmp_path, content):
    path = tmp_path / "head.json"
    path.write_bytes(content)
    with pytest.raises(UnusableHead):
        heads.read(path)


@pytest.mark.parametrize(
    "change",
    [{"size": 4}, {"root": "00" * 32}, {"at": "2026-01-01T00:00:00.000000Z"}, {"signature": "00" * 64}],
    ids=str,
)
def test_a_head_file_with_another_figure_is_not_ours(change):
    result = verify({**good_head(), **change})
    assert (result.ok, result.first_bad) == (False, None)


def test_peaks_of_a_head_file_are_not_trusted(tmp_path):
    path = tmp_path / "head.json"
    path.write_text(json.dumps({**good_head(), "peaks": ["00" * 32, "11" * 32]}))
    head = heads.read(path)
    assert head["peaks"] == []
    assert verify(head).ok


# ---------------------------------------------------------------- the copy of the leaves


def copy():
    (path,) = leaves.copies()
    return path


def test_the_copy_holds_every_sealed_leaf():
    for count in (3, 40_000, 2):
        make_entries(count)
        seal()
    digests = Entry.objects.values_list("digest", flat=True)
    assert copy().read_bytes() == b"".join(bytes.fromhex(digest) for digest in digests)


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 31, b"\x00" * 32])
def test_what_a_crash_leaves_in_the_copy(damage):
    """Cut anywhere, or with half a hash, or with leaves of entries that no head covers yet."""
    make_entries(5)
    seal()
    whole = copy().read_bytes()
    make_entries(5)
    with rows.stored(after=5) as batches:
        last = [row for batch in batches for row in batch]
    unsealed = b"".join(bytes.fromhex(row[6]) for row in last)[: len(damage)]
    copy().write_bytes(whole + (unsealed if len(damage) < 33 else damage))
    seal()
    assert len(copy().read_bytes()) == 320
    assert leaves.copy_of(10, bytes.fromhex(root_by_hand())) == copy()


def test_a_copy_that_lags_behind_catches_up():
    """Another machine has sealed meanwhile."""
    make_entries(5)
    seal()
    content = copy().read_bytes()
    make_entries(5)
    seal()
    copy().write_bytes(content[:96])
    make_entries(1)
    seal()
    assert leaves.copy_of(11, bytes.fromhex(root_by_hand()))


def test_a_copy_never_learns_altered_entries():
    make_entries(5)
    seal()
    copy().write_bytes(copy().read_bytes()[:32])
    make_entries(1)
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 3")
        recompute_digests(cursor, {3})
    seal()
    assert len(copy().read_bytes()) == 32


def test_another_history_is_kept_beside():
    """A database restored from a backup goes on differently; the first history may be evidence."""
    make_entries(5)
    seal()
    true = bytes.fromhex(root_by_hand())
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > 2")
        cursor.execute("DELETE FROM ledger_signedhead")
    make_entries(4, subject="other")
    seal()
    assert len(leaves.copies()) == 2
    assert leaves.copy_of(5, true)
    assert leaves.copy_of(6, bytes.fromhex(root_by_hand()))


def test_sealing_goes_on_when_the_copy_cannot_be_written(own_data_dir):
    (own_data_dir).mkdir(parents=True, exist_ok=True)
    (own_data_dir / "ledger").write_text("a file where the folder should be")
    make_entries(3)
    assert seal().size == 3
    assert verify().ok


def test_a_foreign_copy_accuses_nobody():
    make_entries(5)
    seal()
    copy().write_bytes(b"\xff" * 3200)
    (copy().parent / "leaves-ffff.bin").write_bytes(b"\x01" * 77)
    result = verify()
    assert result.ok
    make_entries(1)
    seal()
    assert verify().ok


def test_the_verifier_file_runs_without_the_project(tmp_path):
    """It is imported by nothing but itself: a copy of the file alone starts."""
    from ledger import verify_bundle

    alone = tmp_path / "alone.py"
    alone.write_bytes(Path(verify_bundle.__file__).read_bytes())
    result = subprocess.run(
        [sys.executable, "-I", str(alone), "--help"], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.returncode == 0
    assert "django" not in alone.read_text().lower()
