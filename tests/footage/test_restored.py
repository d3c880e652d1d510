"""After a restore of an older state nothing is destroyed until a person has placed the holds again and said so."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.keys import KeyStore
from footage import destruction, holds
from footage.models import Hold, Sweep
from ledger import continuity, witness
from ledger.seal import seal
from ordinance import due
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.ledger.tampering import superuser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    settings.KEY_STORE = KeyStore(tmp_path / "var" / "keys")
    return settings.DATA_DIR


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def run(act):
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return run


@pytest.fixture
def restored(recorder, committed):
    """A backup, then a hold on footage that is due the next day; then the backup comes back without the hold."""
    camera = CameraFactory()
    file = recorder.write(camera.recording_key, timezone.now() - timedelta(days=40))
    backup = committed(seal).size
    hold = holds.place(
        camera,
        timezone.now() - timedelta(days=41),
        timezone.now() - timedelta(days=39),
        reason="열람 청구",
        by=None,
    )
    committed(seal)
    assert destruction.sweep(actor="system:test").held == 1
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > %s", [backup])
        cursor.execute("DELETE FROM ledger_signedhead WHERE size > %s", [backup])
    Hold.objects.filter(pk=hold.pk).delete()
    return camera, file


def test_the_sweep_refuses_until_a_person_confirmed(restored):
    camera, file = restored
    for at in (None, timezone.now()):
        result = destruction.sweep(at, actor="system:test")
        assert (result.destroyed, result.is_ok) == (0, False)
        assert "예전 상태" in result.refusal
    assert file.exists()
    assert Sweep.objects.latest("pk").is_refused
    holds.place(
        camera,
        timezone.now() - timedelta(days=41),
        timezone.now() - timedelta(days=39),
        reason="다시 건 유예",
        by=None,
    )
    continuity.confirm(by="officer:1", reason="어제 백업으로 되돌림")
    result = destruction.sweep(actor="system:test")
    assert (result.destroyed, result.held, result.is_ok) == (0, 1, True)
    assert file.exists()


def test_without_the_hold_it_goes_once_and_is_listed(restored):
    from footage import manifests

    _, file = restored
    continuity.confirm(by="officer:1", reason="되돌림, 유예 없음")
    assert destruction.sweep(actor="system:test").destroyed == 1
    assert destruction.sweep(actor="system:test").destroyed == 0
    assert not file.exists()
    assert len(list(manifests.destroyed())) == 1


def test_a_rehearsal_still_counts(restored):
    assert destruction.sweep(dry_run=True, actor="system:test").destroyed == 1


def test_the_command_and_the_home_page_say_so(restored, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("enforce_retention", "--json")
    assert stop.value.code == 1
    err = capsys.readouterr().err
    assert "confirm_restore" in err
    assert "--confirm-clock" not in err
    items = {item.code: item for item in due.collect()}
    assert items["footage.restored"].url_name == "ledger:continuity"
    assert "footage.clock" not in items


def test_another_machine_remembers_what_it_saw(recorder, own_data_dir):
    """A storage's worker does not seal; its sweeps keep the newest head beside its own disk."""
    CameraFactory()
    seal()
    assert list(own_data_dir.glob("ledger/newest-*")) == []
    destruction.sweep(actor="system:test")
    assert len(list(own_data_dir.glob("ledger/newest-*"))) == 1


def test_database_and_folder_restored_together_are_noticed_by_the_witness(
    recorder, settings, tmp_path, committed
):
    target = tmp_path / "audit"
    target.mkdir()
    settings.LEDGER_WITNESS = str(target)
    file = recorder.write(CameraFactory().recording_key, timezone.now() - timedelta(days=40))
    backup = committed(seal).size
    witness.export()
    OfficerFactory()
    holds.place(CameraFactory(), timezone.now() - timedelta(days=1), timezone.now(), reason="x", by=None)
    committed(seal)
    witness.export()
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > %s", [backup])
        cursor.execute("DELETE FROM ledger_signedhead WHERE size > %s", [backup])
    for path in (settings.DATA_DIR / "ledger").glob("*"):
        path.unlink()
    result = destruction.sweep(actor="system:test")
    assert (result.destroyed, file.exists()) == (0, True)
    assert "증인" in result.refusal


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the count is that of SQLite")
def test_asking_each_minute_is_cheap(recorder, django_assert_max_num_queries):
    seal()
    with django_assert_max_num_queries(8):
        destruction._ask_ledger()
