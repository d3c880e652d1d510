"""`verify_ledger` looks at the manifests too: what stands behind an entry is what the entry says."""

import zlib
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from footage import destruction, manifests
from footage.models import ManifestBlock
from ledger.models import Entry
from ledger.seal import seal
from ledger.verify import verify
from tests.footage.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept(recorder, monkeypatch):
    """Two sweeps; the first one wrote several blocks."""
    monkeypatch.setattr("footage.unlinker.BLOCK_LINES", 2)
    camera = CameraFactory()
    now = timezone.now()
    for days in (40, 41, 42, 43, 44):
        recorder.write(camera.recording_key, now - timedelta(days=days))
    assert destruction.sweep(now, actor="system:test").destroyed == 5
    recorder.write(camera.recording_key, now - timedelta(days=50))
    assert destruction.sweep(now, actor="system:test").destroyed == 1
    seal()
    result = verify()
    assert (result.ok, result.checks["manifests"]["checked"]) == (True, 2)
    return [entry.sequence for entry in Entry.objects.of_kind(manifests.DESTROYED).order_by("sequence")]


def faults():
    result = verify()
    assert not result.ok
    return result


def first():
    return ManifestBlock.objects.order_by("pk").first()


def test_a_changed_file_name_is_found(swept):
    """The review's change: another name in the lines, which `list_destroyed` then printed."""
    block = first()
    text = manifests.text_of(block)
    ManifestBlock.objects.filter(pk=block.pk).update(
        lines=zlib.compress(text.replace(b".mp4", b".mkv")), outcome=block.outcome
    )
    result = faults()
    assert (result.first_bad, "바뀌었습니다" in result.reason) == (swept[0], True)


def test_a_changed_name_with_its_digest_computed_anew_is_found(swept):
    from hashlib import sha256

    block = first()
    text = manifests.text_of(block).replace(b".mp4", b".mkv")
    ManifestBlock.objects.filter(pk=block.pk).update(
        lines=zlib.compress(text), digest=sha256(text).hexdigest()
    )
    assert faults().first_bad == swept[0]


def test_lines_that_are_no_lines_are_found(swept):
    ManifestBlock.objects.filter(pk=first().pk).update(lines=b"garbage")
    assert faults().first_bad == swept[0]


@pytest.mark.parametrize("which", [0, 1])
def test_a_deleted_block_is_found(swept, which):
    ManifestBlock.objects.filter(ledger_sequence=swept[which]).order_by("pk").first().delete()
    result = faults()
    assert (result.first_bad, "파기 목록" in result.reason) == (swept[which], True)


@pytest.mark.parametrize(
    "change",
    [
        {"destroyed": 0},
        {"bytes": 1},
        {"count": 99},
        {"first_at": timezone.now()},
        {"done_at": None},
        {"ledger_sequence": 0},
        {"ledger_sequence": None},
        {"outcome": {"struck": [], "times": [], "days": [], "destroyed": 9, "bytes": 0}},
    ],
    ids=lambda change: ", ".join(change),
)
def test_a_changed_column_is_found(swept, change):
    """By these columns blocks are found and counted: hiding a block needs no change of its lines."""
    ManifestBlock.objects.filter(pk=first().pk).update(**change)
    assert faults().first_bad == swept[0]


def test_a_block_moved_to_another_entry_is_found(swept):
    ManifestBlock.objects.filter(pk=first().pk).update(ledger_sequence=swept[1])
    assert faults().first_bad == swept[0]


@pytest.mark.parametrize("sequence", [1, 10**9])
def test_a_block_of_no_destruction_is_found(swept, sequence):
    block = first()
    block.pk, block.ledger_sequence = None, sequence
    block.save(force_insert=True)
    assert faults().checks["manifests"]["faults"][0]["sequence"] == sequence


def test_the_command_says_which(swept, capsys):
    first().delete()
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert f"원장 {swept[0]}번" in capsys.readouterr().err


def test_the_ledgers_own_trouble_comes_first(swept):
    from tests.ledger.tampering import superuser

    first().delete()
    with superuser() as cursor:
        cursor.execute("UPDATE ledger_entry SET subject = 'x' WHERE sequence = 1")
    assert faults().first_bad == 1
