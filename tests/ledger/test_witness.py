"""The witness's log: it only grows, each head continues the one before, and it says when a ledger does not."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from ledger import bundle, continuity, merkle, verify_bundle, witness
from ledger.errors import WitnessContradicts
from ledger.models import SignedHead
from ledger.rotation import rotate
from ledger.seal import seal
from ledger.tasks import export_heads
from tests.ledger.factories import make_entries
from tests.ledger.tampering import recompute_digests, resign_heads, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    target = tmp_path / "audit"
    target.mkdir()
    settings.LEDGER_WITNESS = str(target)
    return target


def grow(*counts):
    for count in counts:
        make_entries(count)
        seal()
        witness.export()


def log_of(folder):
    (path,) = folder.glob("ledger-heads-*.jsonl")
    return path


def check(*arguments):
    command = [sys.executable, "-I", verify_bundle.__file__, "--json", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert "Traceback" not in result.stderr
    lines = result.stdout.splitlines()
    return result.returncode, json.loads(lines[0]) if lines else None


def test_proofs_from_peaks_are_those_of_the_rfc():
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(40)]
    for old in range(1, 40):
        tree = merkle.Tree()
        tree.extend(leaves[:old])
        for new in range(old, 41):
            proof = merkle.consistency_proof_onward(old, tree.peaks(), leaves[old:new])
            assert proof == merkle.consistency_proof(old, leaves[:new])


def test_every_head_goes_out_once_and_the_log_verifies_alone(folder):
    grow(3, 1, 7, 2)
    assert witness.export() == 0
    make_entries(1)
    seal()
    make_entries(4)
    seal()
    assert witness.export() == 2, "those of an outage are caught up with"
    status, answer = check("--witness", log_of(folder))
    assert (status, answer["ok"], answer["heads"], answer["size"]) == (0, True, 6, 18)
    assert answer["root"] == SignedHead.objects.latest_head().root
    assert answer["signatures_checked"]


def test_a_key_rotation_continues_the_log(folder):
    grow(3)
    rotate(by="officer:1", dry_run=False)
    grow(3, 2)
    status, answer = check("--witness", log_of(folder))
    assert (status, len(answer["key_ids"])) == (0, 2)


def test_nothing_leaves_without_the_setting(tmp_path, settings):
    assert settings.LEDGER_WITNESS == ""
    make_entries(1)
    seal()
    assert witness.export() == 0
    assert export_heads() == 0
    assert witness.newest_known() is None


def rebuild(cursor):
    cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 2")
    recompute_digests(cursor)


def test_a_ledger_rebuilt_with_its_own_key_is_not_served_and_shows(folder, capsys):
    """The signing key is in the attacker's hands: only what left the house can tell."""
    from ledger import keys

    grow(3, 4)
    with superuser() as cursor:
        rebuild(cursor)
        resign_heads(cursor, keys.signing_key().private)
    make_entries(1)
    with pytest.raises(WitnessContradicts):
        witness.export()
    assert "원장에 없습니다" in witness.health().failure
    assert [head.source for head in continuity.lost()] == ["증인 기록의 마지막 봉인"]
    with pytest.raises(SystemExit) as stop:
        call_command("export_heads", "--json")
    assert stop.value.code == 1
    bundle.export(folder.parent / "bundle.gz")
    command = [sys.executable, "-I", verify_bundle.__file__, str(folder.parent / "bundle.gz")]
    result = subprocess.run([*command, "--witness", str(log_of(folder))], capture_output=True, text=True)
    assert result.returncode == 1
    assert "이상 있음" in result.stdout


def test_a_log_that_holds_another_history_is_named(folder):
    """Somebody exported from a rebuilt ledger into the same file: the proof does not hold."""
    grow(3, 4, 2)
    path = log_of(folder)
    lines = path.read_text().splitlines()
    for change in (
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [lines[0], lines[0]],
        lambda lines: [lines[0], lines[1].replace('"size":7', '"size":8')],
        lambda lines: [
            lines[0],
            *[line.replace(json.loads(line)["proof"][0], "ab" * 32) for line in lines[1:2]],
        ],
        lambda lines: [],
    ):
        path.write_text("".join(line + "\n" for line in change(lines)))
        status, answer = check("--witness", path)
        assert (status, answer["ok"]) == (1, False)


def test_a_line_that_was_cut_off_takes_nothing_away(folder):
    grow(3, 4)
    path = log_of(folder)
    with path.open("ab") as handle:
        handle.write(b'{"format":"cctv-led')
    grow(2)
    status, answer = check("--witness", path)
    assert (status, answer["heads"], answer["cut_lines"], answer["size"]) == (0, 3, 1, 9)


def test_the_log_goes_on_over_months_and_over_a_clock_set_back(folder):
    grow(3)
    log_of(folder).rename(folder / "ledger-heads-2026-01.jsonl")
    grow(2)
    paths = sorted(folder.glob("*.jsonl"))
    assert len(paths) == 2
    assert check("--witness", *paths)[0] == 0
    paths[1].rename(folder / "ledger-heads-2099-01.jsonl")
    grow(2)
    paths = sorted(folder.glob("*.jsonl"))
    assert [path.name for path in paths] == ["ledger-heads-2026-01.jsonl", "ledger-heads-2099-01.jsonl"]
    assert check("--witness", *paths) == (0, check("--witness", *paths)[1])


def test_an_unreachable_folder_is_noted_and_tried_again(folder, settings, caplog):
    grow(3)
    before = witness.health()
    assert (before.size, before.failure) == (3, "")
    settings.LEDGER_WITNESS = str(folder / "gone")
    make_entries(1)
    seal()
    assert export_heads() == 0
    failed = witness.health()
    assert (failed.size, failed.exported_at) == (3, before.exported_at)
    assert failed.failure
    assert failed.failed_at
    assert "witness" in caplog.text
    assert continuity.lost() == [], "what cannot be seen is not lost"
    with pytest.raises(CommandError) as stop:
        call_command("export_heads")
    assert stop.value.returncode == 2
    settings.LEDGER_WITNESS = str(folder)
    assert export_heads() == 1
    assert witness.health().failure == ""


def test_what_strangers_write_into_the_folder_stops_nothing(folder):
    grow(3)
    with log_of(folder).open("ab") as handle:
        line = json.loads(log_of(folder).read_text().splitlines()[0])
        line["head"]["size"] = 99
        handle.write(json.dumps(line).encode() + b"\n")
    assert continuity.lost() == []


def test_usage_without_files_is_status_2(tmp_path):
    assert check()[0] == 2
    assert check("--witness", tmp_path / "none.jsonl")[0] == 2
