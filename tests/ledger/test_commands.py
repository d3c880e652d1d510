"""The commands as an outsider starts them, and the bundle with its verifier."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import bundle, heads, keys, verify_bundle
from ledger.models import Entry
from ledger.seal import seal
from tests.ledger.factories import make_entries
from tests.ledger.tampering import recompute_digests, resign_heads, superuser

pytestmark = pytest.mark.django_db
VERIFIER = Path(verify_bundle.__file__)


def run(capsys, *arguments):
    """Exit status, the last line of standard output as JSON, and standard error."""
    status = 0
    try:
        call_command(*arguments)
    except SystemExit as stop:
        status = stop.code
    except CommandError as error:
        status = error.returncode
    out, err = capsys.readouterr()
    lines = out.splitlines()
    return status, json.loads(lines[-1]) if lines else None, err


# ---------------------------------------------------------------- seal_ledger and verify_ledger


def test_a_new_deployment_verifies(capsys):
    status, answer, _ = run(capsys, "verify_ledger", "--json")
    empty = verify_bundle.EMPTY_ROOT.hex()
    assert status == 0
    assert {name: answer[name] for name in ("entries", "size", "root", "ok", "first_bad")} == {
        "entries": 0,
        "size": 0,
        "root": empty,
        "ok": True,
        "first_bad": None,
    }
    assert run(capsys, "seal_ledger", "--json")[1]["size"] == 0


def test_seal_and_verify_agree(capsys, tmp_path):
    make_entries(7)
    file = tmp_path / "head.json"
    status, sealed, err = run(capsys, "seal_ledger", "--head", str(file), "--json")
    assert (status, sealed["entries"], sealed["size"], sealed["ok"]) == (0, 7, 7, True)
    assert re.fullmatch("[0-9a-f]{64}", sealed["root"])
    assert "봉인" in err
    make_entries(2)
    status, verified, err = run(capsys, "verify_ledger", "--head", str(file), "--json")
    assert (status, verified["entries"], verified["size"], verified["root"]) == (0, 9, 7, sealed["root"])
    assert "이상 없음" in err
    assert json.loads(file.read_text())["root"] == sealed["root"]
    again = run(capsys, "seal_ledger", "--json")[1]
    assert (again["size"], again["entries"]) == (9, 9)


def test_without_json_standard_output_is_empty(capsys):
    make_entries(1)
    for command in ("seal_ledger", "verify_ledger"):
        assert run(capsys, command)[1] is None


def test_a_bad_entry_is_named_in_json_and_in_words(capsys):
    make_entries(9)
    seal()
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET payload = '{}' WHERE sequence = 4")
    status, answer, err = run(capsys, "verify_ledger", "--json")
    assert (status, answer["ok"], answer["first_bad"]) == (1, False, 4)
    assert "4번" in err


def test_seal_ledger_refuses_with_status_1(capsys):
    make_entries(9)
    seal()
    make_entries(1)
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET payload = '{}' WHERE sequence = 10")
    status, answer, err = run(capsys, "seal_ledger", "--json")
    assert (status, answer["ok"], answer["first_bad"]) == (1, False, 10)
    assert "verify_ledger" in err


@pytest.mark.parametrize("name", ["missing.json", ".", "garbage.json", "not/there/head.json", ""])
def test_an_unusable_head_file_is_status_2(capsys, tmp_path, name):
    (tmp_path / "garbage.json").write_bytes(os.urandom(64))
    status, answer, err = run(
        capsys, "verify_ledger", "--head", str(tmp_path / name) if name else "", "--json"
    )
    assert (status, set(answer)) == (2, {"error"})
    assert "Traceback" not in err


@pytest.mark.parametrize("name", [".", "not/there/head.json", ""])
def test_an_unwritable_head_file_is_status_2(capsys, tmp_path, name):
    make_entries(1)
    place = str(tmp_path / name) if name else ""
    status, answer, err = run(capsys, "seal_ledger", "--head", place, "--json")
    assert status == 2
    assert ".ledger-" not in answer["error"] + err  # the draft's name helps nobody
    assert run(capsys, "export_ledger", place)[0] == 2
    assert list(tmp_path.glob(".*.*")) == []


def test_a_device_is_written_to_and_not_replaced(capsys, tmp_path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    reader = subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE)
    assert run(capsys, "seal_ledger", "--head", str(fifo))[0] == 0
    assert json.loads(reader.communicate(timeout=10)[0])["size"] == 0
    assert fifo.is_fifo()


def test_a_missing_trigger_fails(capsys):
    statement = (
        "DROP TRIGGER ledger_entry_no_delete"
        if connection.vendor == "sqlite"
        else "DROP TRIGGER ledger_entry_append_only ON ledger_entry"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
    status, answer, err = run(capsys, "verify_ledger", "--json")
    assert (status, answer["ok"], answer["first_bad"], len(answer["missing_triggers"])) == (1, False, None, 1)
    assert "이상 있음: 변경을 막는 트리거가 없습니다" in err


def test_rotation_by_command(capsys):
    make_entries(2)
    status, shown, _ = run(capsys, "rotate_ledger_key", "--json")
    assert (status, shown["executed"]) == (0, False)
    status, done, _ = run(capsys, "rotate_ledger_key", "--execute", "--json")
    assert (status, done["new_key"]) == (0, keys.signing_key().id)
    assert run(capsys, "verify_ledger", "--json")[0] == 0


# Text that SQLite stores though it is none: other bytes than UTF-8, another storage class, NULL.
ODD_VALUES = {
    "sqlite": ["CAST(x'ff22fe' AS TEXT)", "x'7b7d'", "5", "1.5", "'nul' || char(0) || 'end'"],
    "postgresql": ["chr(65533)", "repeat('x', 3000000)"],
}


@pytest.mark.parametrize("value", ODD_VALUES[connection.vendor])
def test_odd_values_are_named_and_never_a_traceback(capsys, tmp_path, value):
    make_entries(12_000)
    seal()
    with superuser() as cursor:
        cursor.execute(f"UPDATE ledger_entry SET payload = {value} WHERE sequence = 11003", None)
    status, answer, _ = run(capsys, "verify_ledger", "--json")
    assert (status, answer["first_bad"], answer["entries"]) == (1, 11003, 12_000)
    bundle.export(tmp_path / "b")
    assert verify_bundle.check_bundle(str(tmp_path / "b"))["first_bad"] == 11003


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has only one kind of sequence")
@pytest.mark.parametrize("value", ["3.5", "'three'", "x'33'", "NULL"])
def test_odd_sequences_are_named(capsys, value):
    make_entries(5)
    seal()
    with superuser() as cursor:
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        if value == "NULL":
            value = "-7"
        cursor.execute(f"UPDATE ledger_entry SET sequence = {value} WHERE sequence = 3", None)
        cursor.execute("PRAGMA writable_schema = OFF")
    status, answer, _ = run(capsys, "verify_ledger", "--json")
    assert status == 1
    assert answer["first_bad"] in {3, -7}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="constraints that SQLite cannot drop")
@pytest.mark.parametrize(
    "statements",
    [
        ["ALTER TABLE ledger_entry ALTER payload DROP NOT NULL", "UPDATE ledger_entry SET payload = NULL WHERE sequence = 3"],
        ["UPDATE ledger_entry SET at = '-infinity' WHERE sequence = 3"],
        ["UPDATE ledger_entry SET at = to_timestamp(to_char(at, 'YYYY-MM-DD HH24:MI:SS.US') || ' BC', "
         "'YYYY-MM-DD HH24:MI:SS.US BC') WHERE sequence = 3"],
        ["UPDATE ledger_entry SET at = at + interval '100000 years' WHERE sequence = 3"],
        ["ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_pkey",
         "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE sequence = 3"],
    ],
    ids=lambda statements: statements[-1][-40:],
)  # fmt: skip
def test_what_a_postgresql_superuser_can_do_to_columns(capsys, statements):
    make_entries(5)
    seal()
    with superuser() as cursor:
        for statement in statements:
            cursor.execute(statement)
    status, answer, _ = run(capsys, "verify_ledger", "--json")
    assert (status, answer["first_bad"]) == (1, 3)


def test_another_time_zone_of_the_connection_changes_nothing(capsys):
    make_entries(3)
    seal()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'America/St_Johns'")
    assert run(capsys, "verify_ledger", "--json")[0] == 0


# ---------------------------------------------------------------- the bundle


@pytest.fixture
def exported(tmp_path):
    for count in (5, 7, 3):
        make_entries(count, hold=count == 7)
        head = seal()
    heads.write(tmp_path / "head.json", head)
    make_entries(2)
    bundle.export(tmp_path / "bundle.gz")
    return tmp_path


def check(folder, *arguments, file="bundle.gz", python=(sys.executable, "-I"), script=VERIFIER):
    command = [*python, str(script), str(folder / file), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert "Traceback" not in result.stderr
    return result


def rewrite(folder, change):
    """The bundle again, with its lines changed."""
    lines = gzip.decompress((folder / "bundle.gz").read_bytes()).decode().splitlines()
    (folder / "changed").write_text("\n".join(change(lines)) + "\n")


def test_the_bundle_verifies_alone(exported):
    result = check(exported, "--head", exported / "head.json", "--json")
    answer = json.loads(result.stdout)
    assert result.returncode == 0
    assert (answer["ok"], answer["entries"], answer["size"], answer["heads"]) == (True, 17, 15, 3)
    assert (answer["signatures_checked"], answer["key_ids"]) == (True, [keys.signing_key().id])
    public = keys.public_key_file()
    assert check(exported, "--key", public).returncode == 0
    assert check(exported, "--key", public).stdout.startswith("ok")


def test_nothing_beside_the_verifier_gets_in_its_way(exported):
    """Run as an auditor types it, its own folder comes first where Python looks for modules."""
    assert check(exported, python=(sys.executable,)).returncode == 0
    ours = {path.stem for path in VERIFIER.parent.glob("*.py")}
    assert not ours & sys.stdlib_module_names


def test_without_cryptography_it_says_that_signatures_were_not_checked(exported):
    """A `cryptography` that cannot be imported, as on a machine that has none."""
    (exported / "cryptography").mkdir()
    (exported / "cryptography" / "__init__.py").write_text("raise ImportError('none here')")
    alone = exported / "verify_bundle.py"
    alone.write_bytes(VERIFIER.read_bytes())
    result = check(exported, "--head", exported / "head.json", python=(sys.executable,), script=alone)
    assert result.returncode == 0
    assert "signatures NOT checked" in result.stdout
    assert "서명은 확인하지 않았습니다" in result.stdout
    assert "verified" not in result.stdout
    assert "서명을 확인했습니다" not in result.stdout
    as_json = check(exported, "--json", python=(sys.executable,), script=alone)
    assert json.loads(as_json.stdout)["signatures_checked"] is False


def replace_in(line, old, new):
    def change(lines):
        assert old in lines[line - 1]
        return [*lines[: line - 1], lines[line - 1].replace(old, new), *lines[line:]]

    return change


def recomputed(line):
    """An edited payload whose digest fits again."""

    def change(lines):
        fields = json.loads(lines[line - 1])
        fields[5] = fields[5].replace("}", ',"x":1}')
        fields[6] = verify_bundle.leaf_digest(*fields[:6])
        return [*lines[: line - 1], json.dumps(fields), *lines[line:]]

    return change


# Lines: 1 header, 2-6 entries 1-5, 7 head, 8-14 entries 6-12, 15 head, 16-18 entries 13-15, 19 head,
# 20-21 entries 16-17, 22 end.
CHANGES = {
    "payload": (replace_in(9, "hold", "hole"), 9, 7),
    "payload, one space": (replace_in(3, "files", "files "), 3, 2),
    "digest in capitals": (
        lambda lines: [*lines[:2], lines[2][:-66] + lines[2][-66:].upper(), *lines[3:]],
        3,
        2,
    ),
    "line deleted": (lambda lines: lines[:8] + lines[9:], 9, 7),
    "line twice": (lambda lines: [*lines[:9], *lines[8:]], 10, 8),
    "two lines swapped": (lambda lines: [*lines[:8], lines[9], lines[8], *lines[10:]], 9, 7),
    "end cut": (lambda lines: lines[:18], 19, 16),
    "end cut but closed": (
        lambda lines: [*lines[:19], '{"end":{"entries":15,"heads":3}}', lines[-1]],
        21,
        None,
    ),
    "counts": (replace_in(22, "17", "18"), 22, 18),
    "recomputed, found at the next head": (recomputed(9), 15, 6),
    "head signature": (replace_in(15, '"signature":"', '"signature":"00'), 15, None),
    "head root": (
        lambda lines: [*lines[:14], re.sub('"root":"....', '"root":"0000', lines[14]), *lines[15:]],
        15,
        6,
    ),
    "head deleted": (lambda lines: lines[:14] + lines[15:], 21, 18),
    "not JSON": (lambda lines: [*lines[:4], "{", *lines[5:]], 5, None),
    "something else": (lambda lines: [*lines[:4], "5", *lines[5:]], 5, 4),
    "odd fields": (lambda lines: [*lines[:4], '[4,"a"]', *lines[5:]], 5, 4),
    "true for one": (replace_in(2, "[1,", "[true,"), 2, 1),
    "nested": (lambda lines: [*lines[:4], "[" * 100_000, *lines[5:]], 5, None),
}


@pytest.mark.parametrize(("change", "line", "entry"), CHANGES.values(), ids=CHANGES.keys())
def test_the_first_bad_line_is_named(exported, change, line, entry):
    rewrite(exported, change)
    answer = verify_bundle.check_bundle(str(exported / "changed"))
    assert (answer["ok"], answer["first_bad_line"], answer["first_bad"]) == (False, line, entry), answer[
        "reason"
    ]
    result = check(exported, file="changed")
    assert result.returncode == 1
    assert f"{line}번째 줄" in result.stdout


def test_a_cut_compressed_file(exported):
    whole = (exported / "bundle.gz").read_bytes()
    (exported / "changed").write_bytes(whole[:-20])
    assert check(exported, file="changed").returncode == 1


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"hello", b"\x1f\x8b", b"\x1f\x8bxxxx", b"[]\n", os.urandom(500)]
)
def test_something_else_is_no_bundle(exported, content):
    (exported / "changed").write_bytes(content)
    result = check(exported, file="changed")
    assert result.returncode == 2
    assert check(exported, file="missing").returncode == 2
    assert check(exported, "--head", exported / "changed").returncode == 2
    assert check(exported, "--key", exported / "changed").returncode == 2


def test_a_bundle_of_a_rebuilt_ledger_does_not_fit_the_kept_head(exported):
    """All digests and signatures are in order, by another key that the bundle itself brings along."""
    private = Ed25519PrivateKey.generate()
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 9")
        recompute_digests(cursor)
        resign_heads(cursor, private)
    bundle.export(exported / "rebuilt.gz")
    lines = gzip.decompress((exported / "rebuilt.gz").read_bytes()).decode().splitlines()
    header = {**json.loads(lines[0]), "public_keys": [private.public_key().public_bytes_raw().hex()]}
    (exported / "changed").write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
    assert check(exported, file="changed").returncode == 0, "in itself it is consistent"
    answer = verify_bundle.check_bundle(
        str(exported / "changed"), verify_bundle.read_head(str(exported / "head.json"))
    )
    # the subtree of entries 9 to 12 differs
    assert (answer["ok"], answer["first_bad"]) == (False, 9)
    assert check(exported, "--key", keys.public_key_file(), file="changed").returncode == 1


def test_a_bundle_shorter_than_the_kept_head(exported):
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > 12")
        cursor.execute("DELETE FROM ledger_signedhead WHERE size > 12")
    bundle.export(exported / "short.gz")
    assert check(exported, file="short.gz").returncode == 0
    result = check(exported, "--head", exported / "head.json", "--json", file="short.gz")
    assert (result.returncode, json.loads(result.stdout)["first_bad"]) == (1, 13)


def test_an_empty_ledger_exports(tmp_path):
    assert bundle.export(tmp_path / "empty.gz") == (0, 0)
    assert check(tmp_path, file="empty.gz").returncode == 0
    seal()
    bundle.export(tmp_path / "empty.gz")
    assert check(tmp_path, file="empty.gz").returncode == 0
    assert Entry.objects.count() == 0
