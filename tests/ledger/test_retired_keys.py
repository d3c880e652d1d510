"""A retired key signs nothing after its last size: not in the ledger, not in a head file, not in a bundle."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from ledger import bundle, heads, keys, rotation, verify_bundle
from ledger.errors import BrokenLedger
from ledger.keys import load
from ledger.models import SignedHead
from ledger.seal import seal
from ledger.verify import verify
from tests.ledger.factories import make_entries
from tests.ledger.tampering import recompute_digests, renumber, resign_heads, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def stolen():
    """Ten entries under the old key, whose private half somebody has copied; then a rotation and ten more entries."""
    make_entries(10)
    seal()
    private = load((settings.KEY_STORE.folder / keys.KEY_NAME).read_bytes()).private
    rotation.rotate(by="officer:1", dry_run=False)
    make_entries(10)
    seal()
    assert verify().ok
    return private


def remove_and_renumber(cursor, sequence):
    cursor.execute("DELETE FROM ledger_entry WHERE sequence = %s", [sequence])
    renumber(cursor, sequence + 1, -1)
    recompute_digests(cursor)


def check_bundle(folder, *arguments):
    path = folder / "bundle.gz"
    bundle.export(path)
    command = [sys.executable, "-I", verify_bundle.__file__, str(path), "--json", *map(str, arguments)]
    return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)


def test_the_file_of_a_retired_key_says_up_to_where_it_signed(stolen):
    (path,) = settings.KEY_STORE.folder.glob("ledger-retired-*.pem")
    head = SignedHead.objects.get(size=10)
    assert verify_bundle.read_key_limit(str(path)) == (10, head.root)
    assert keys.limits() == {head.key_id: (10, head.root)}
    assert len(keys.trusted_keys()) == 2


def test_a_line_removed_and_signed_with_the_stolen_old_key_is_found(stolen, tmp_path):
    """The review's attack: everything fits, but the key had ended."""
    with superuser() as cursor:
        remove_and_renumber(cursor, 15)
        cursor.execute("UPDATE ledger_signedhead SET size = 20 WHERE size = 21")
        resign_heads(cursor, stolen)
    result = verify()
    assert not result.ok
    assert "폐기된 키" in result.reason
    with pytest.raises(BrokenLedger, match="폐기된 키"):
        seal()
    answer = check_bundle(tmp_path)
    assert (answer["ok"], "폐기된 키" in answer["reason"]) == (False, True)


def test_the_stolen_old_key_does_not_rewrite_the_time_before_the_rotation_either(stolen, tmp_path):
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 4")
        cursor.execute("DELETE FROM ledger_signedhead WHERE size > 10")
        recompute_digests(cursor)
        resign_heads(cursor, stolen)
    assert not verify().ok
    with pytest.raises(BrokenLedger):
        seal()
    assert not check_bundle(tmp_path)["ok"]


def test_a_head_file_signed_later_with_the_old_key_is_refused(stolen, tmp_path):
    head = heads.as_data(SignedHead.objects.latest_head())
    public = stolen.public_key().public_bytes_raw()
    message = verify_bundle.head_message(head["size"], head["root"], head["at"])
    forged = {
        **head,
        "key_id": verify_bundle.key_id(public),
        "public_key": public.hex(),
        "signature": stolen.sign(message).hex(),
    }
    assert not verify(forged).ok
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    answer = check_bundle(tmp_path, "--head", tmp_path / "forged.json")
    assert (answer["ok"], "폐기된 키" in answer["reason"]) == (False, True)


def test_a_bundle_that_hides_the_limits_is_refused_by_its_entry_and_by_the_key_file(stolen, tmp_path):
    """A server that lies in the first line: the entry about the rotation stands, and so does the file brought along."""
    old = load_old(stolen)
    text = verify_bundle
    made = tmp_path / "made"
    leaves = list(connection_leaves())
    tree = text.Tree()
    tree.extend([text.leaf_hash(text.encode_leaf(*row[:6])) for row in leaves])
    at = leaves[-1][1]
    root = tree.root().hex()
    head = {
        "format": text.HEAD_FORMAT,
        "size": tree.size,
        "root": root,
        "at": at,
        "key_id": text.key_id(old),
        "signature": stolen.sign(text.head_message(tree.size, root, at)).hex(),
        "peaks": [],
    }
    header = {"format": text.BUNDLE_FORMAT, "public_keys": [old.hex()]}
    lines = [header, *map(list, leaves), {"head": head}, {"end": {"entries": len(leaves), "heads": 1}}]
    made.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n")
    assert "폐기된 키" in text.check_bundle(str(made))["reason"]
    without_entry = [line for line in lines if not (isinstance(line, list) and line[2] == text.ROTATED)]
    assert len(without_entry) == len(lines) - 1
    (file,) = settings.KEY_STORE.folder.glob("ledger-retired-*.pem")
    limit = text.read_key_limit(str(file))
    assert limit is not None
    answer = text.check_bundle(str(made), None, [old], {text.key_id(old): limit})
    assert not answer["ok"]


def load_old(private):
    return private.public_key().public_bytes_raw()


def connection_leaves():
    from ledger import rows

    with rows.stored() as batches:
        for batch in batches:
            yield from batch


def test_a_key_retired_before_limits_were_kept_gets_one_at_the_next_seal(stolen):
    (path,) = settings.KEY_STORE.folder.glob("ledger-retired-*.pem")
    text = path.read_text()
    path.write_text(text[text.index("-----BEGIN") :])
    assert keys.limits() == {}
    assert verify().ok
    seal()
    head = SignedHead.objects.get(size=10)
    assert keys.limits() == {head.key_id: (10, head.root)}
    assert verify().ok


def test_an_edited_limit_does_not_hide_what_the_heads_say(stolen):
    """Whoever may write into the key store may do everything; a wrong figure there is at least found."""
    (path,) = settings.KEY_STORE.folder.glob("ledger-retired-*.pem")
    path.write_text(path.read_text().replace("last-head: 10 ", "last-head: 9 "))
    assert not verify().ok
    make_entries(1)
    with pytest.raises(BrokenLedger):
        seal()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file's mode does not depend on the database")
def test_the_retired_key_stays_in_the_key_store(stolen):
    (path,) = settings.KEY_STORE.folder.glob("ledger-retired-*.pem")
    assert os.path.dirname(path) == str(settings.KEY_STORE.folder)
