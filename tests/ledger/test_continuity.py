"""A database restored from an older state is noticed, and nothing goes on until a person has confirmed it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from ledger import continuity, heads, rotation
from ledger.errors import BrokenLedger, LedgerError, NothingLost
from ledger.models import Entry, SignedHead
from ledger.seal import seal
from ledger.verify import verify
from tests.ledger.factories import make_entries
from tests.ledger.tampering import superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def seal_now(django_capture_on_commit_callbacks):
    """The sealer as it runs: its transaction is committed."""

    def run():
        with django_capture_on_commit_callbacks(execute=True):
            return seal()

    return run


def restore_to(size):
    """What a backup of that moment holds."""
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > %s", [size])
        cursor.execute("DELETE FROM ledger_signedhead WHERE size > %s", [size])


@pytest.fixture
def restored(seal_now):
    """Sealed at 5 and at 9; then yesterday's backup, which ends at 5."""
    make_entries(5)
    seal_now()
    make_entries(4)
    lost = heads.as_data(seal_now())
    assert continuity.lost() == []
    restore_to(5)
    return lost


def test_the_older_state_is_noticed(restored):
    (missing,) = continuity.lost()
    assert (missing.size, missing.root, missing.at) == (9, restored["root"], restored["at"])
    result = verify()
    assert (result.ok, result.first_bad) == (False, 6)
    with pytest.raises(BrokenLedger, match="confirm_restore"):
        seal()


def test_it_stays_noticed_when_the_ledger_has_grown_past_it(restored):
    """New entries, and even heads that another machine signed, do not make it forgotten."""
    for _ in range(20):
        make_entries(1)
    assert [head.size for head in continuity.lost()] == [9]
    assert not verify().ok


def test_a_person_confirms_and_everything_goes_on(restored, seal_now):
    continuity.confirm(by="officer:1", reason="디스크 고장, 어제 백업으로 되돌림")
    entry = Entry.objects.last()
    assert (entry.kind, entry.subject) == (continuity.CONFIRMED, f"head:9:{restored['root']}")
    assert (entry.content["size"], entry.content["stored_size"]) == (9, 5)
    assert continuity.lost() == []
    assert verify().ok
    make_entries(1)
    head = seal_now()
    assert verify().ok
    restore_to(5)
    assert {missing.size for missing in continuity.lost()} == {head.size}, (
        "the new state is remembered in its turn"
    )


def test_an_even_older_backup_does_not_hold_the_confirmation(restored, seal_now):
    continuity.confirm(by="officer:1", reason="되돌림")
    restore_to(5)
    assert [missing.size for missing in continuity.lost()] == [9]


def test_what_is_not_lost_is_not_confirmed():
    make_entries(1)
    seal()
    with pytest.raises(NothingLost):
        continuity.confirm(by="officer:1", reason="x")


@pytest.mark.parametrize("reason", ["", "   ", "가" * 301])
def test_a_reason_is_needed(restored, reason):
    with pytest.raises(LedgerError, match="사유"):
        continuity.confirm(by="officer:1", reason=reason)


def test_a_head_that_was_taken_back_is_not_remembered():
    make_entries(3)
    with transaction.atomic():
        seal()
        transaction.set_rollback(True)
    assert continuity.lost() == []
    assert not SignedHead.objects.exists()


def test_another_ledger_in_the_same_folder_is_not_an_older_one(restored):
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry")
        cursor.execute("DELETE FROM ledger_signedhead")
    make_entries(2)
    assert continuity.lost() == []
    assert seal().size == 2


def test_the_last_head_of_a_retired_key_is_known(seal_now):
    make_entries(5)
    seal()
    rotation.rotate(by="officer:1", dry_run=False)
    seal()
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_signedhead")
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > 3")
    assert [missing.source for missing in continuity.lost()] == ["교체된 키의 마지막 봉인"]
    assert verify().first_bad == 4


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\x00", b'{"entered": [[1]]}', b'{"entered": 1}', b"[" * 9000]
)
def test_a_damaged_memory_is_set_aside(seal_now, own_data_dir, content):
    make_entries(2)
    seal_now()
    (path,) = (own_data_dir / "ledger").glob("newest-*.json")
    path.write_bytes(content)
    assert continuity.lost() == []
    make_entries(1)
    assert seal_now().size == 3
    assert json.loads(path.read_bytes())["newest"]["size"] == 3


def test_a_memory_that_we_did_not_sign_accuses_nobody(seal_now, own_data_dir):
    make_entries(2)
    seal_now()
    (path,) = (own_data_dir / "ledger").glob("newest-*.json")
    data = json.loads(path.read_bytes())
    data["newest"]["size"] = 900
    path.write_text(json.dumps(data))
    assert continuity.lost() == []


def test_a_printed_head_is_compared_and_kept_when_it_is_missing():
    make_entries(5)
    head = seal()
    assert continuity.enter(5, head.root, by="officer:1")
    assert continuity.lost() == []
    assert not continuity.enter(8, "ab" * 32, by="officer:1")
    assert [(missing.size, missing.source) for missing in continuity.lost()] == [(8, "사람이 적어 넣은 봉인")]
    assert Entry.objects.of_kind(continuity.ENTERED).count() == 2
    continuity.confirm(by="officer:1", reason="잘못 적음")
    assert continuity.lost() == []


@pytest.mark.parametrize(
    ("size", "root"), [(0, "ab" * 32), (-1, "ab" * 32), (5, "ab"), (5, "AB" * 32), (5, "")]
)
def test_nonsense_is_no_printed_head(size, root):
    make_entries(1)
    with pytest.raises(LedgerError):
        continuity.enter(size, root, by="officer:1")


def run(capsys, *arguments):
    status = 0
    try:
        call_command("confirm_restore", "--json", *arguments)
    except SystemExit as stop:
        status = stop.code
    except CommandError as error:
        status = error.returncode
    out, err = capsys.readouterr()
    return status, json.loads(out.splitlines()[-1]), err


def test_the_command_shows_first_and_confirms_with_a_reason(restored, capsys):
    status, answer, err = run(capsys)
    assert (status, [head["size"] for head in answer["lost"]], answer["confirmed"]) == (1, [9], False)
    assert "되돌려졌을 수" in err
    assert run(capsys, "--reason", "백업")[0] == 2, "the holds come first"
    status, answer, _ = run(capsys, "--reason", "백업", "--holds-placed-again")
    assert (status, answer["confirmed"]) == (0, True)
    assert Entry.objects.last().content["operator"]
    assert run(capsys)[0] == 0
    assert run(capsys, "--reason", "백업", "--holds-placed-again")[0] == 2
    status, answer, _ = run(capsys, "--size", "77", "--root", "CD" * 32)
    assert (status, answer["lost"][0]["size"]) == (1, 77)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the query count is that of SQLite")
def test_asking_costs_a_few_queries(restored, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        continuity.lost()
