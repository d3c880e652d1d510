"""The clock guard: the machine's clock is turned, files and database are real."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from footage import clock, destruction
from footage.models import ClockConfirmation, FootageDay, Sweep
from ledger.models import Entry
from tests.footage.factories import CameraFactory, days_ago

pytestmark = pytest.mark.django_db


def sweep(**kwargs):
    return destruction.sweep(actor="system:test", **kwargs)


def at(moment):
    return time_machine.travel(moment, tick=True)


@pytest.fixture
def plant(recorder):
    """A camera with footage of two days ago: due as soon as the clock is a month ahead."""
    camera = CameraFactory()
    now = timezone.now()
    return recorder.write(camera.recording_key, days_ago(2, now))


def test_a_fresh_deployment_may_start(recorder):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, timezone.now() - timedelta(days=40))
    assert clock.check()
    assert sweep().destroyed == 1
    assert not path.exists()


def test_without_any_evidence_there_is_nothing_to_compare_with(db):
    assert not Entry.objects.exists()
    assert clock.check()


def test_a_clock_that_jumped_ahead_destroys_nothing(recorder, plant):
    assert sweep().is_ok
    with at(timezone.now() + timedelta(days=40)):
        result = sweep()
        assert (result.destroyed, result.is_ok) == (0, False)
        assert "하루 넘게" in result.refusal
    assert plant.exists()
    assert Sweep.objects.filter(is_refused=True).count() == 1
    # Back in time again the guard is content; the refused run is no evidence.
    assert sweep().is_ok


def test_repeated_refusals_are_one_row(recorder, plant):
    sweep()
    with at(timezone.now() + timedelta(days=40)):
        for _ in range(3):
            sweep()
    assert Sweep.objects.filter(is_refused=True).count() == 1


def test_a_person_confirms(recorder, plant, django_user_model):
    officer = django_user_model.objects.create(username="official")
    sweep()
    with at(timezone.now() + timedelta(days=40)):
        assert sweep().refusal
        made = clock.confirm(officer)
        assert "하루 넘게" in made.refusal
        assert Entry.objects.order_by("-sequence").first().kind == "footage.clock_confirmed"
        assert sweep().destroyed == 1


def test_confirm_clock_option(recorder, plant):
    sweep()
    with at(timezone.now() + timedelta(days=40)):
        assert sweep(confirm_clock=True).destroyed == 1
        assert sweep().is_ok
    assert ClockConfirmation.objects.count() == 1


def test_confirmation_is_not_recorded_when_the_clock_is_fine(recorder, plant):
    assert sweep(confirm_clock=True).is_ok
    assert not ClockConfirmation.objects.exists()


def test_a_clock_before_the_last_sweep_is_refused_until_confirmed(recorder, plant):
    sweep()
    with at(timezone.now() - timedelta(hours=1)):
        assert "앞에" in sweep().refusal
        clock.confirm(None, actor="command:test")
        assert sweep().is_ok
        assert sweep().is_ok


def test_a_long_weekend_switched_off_is_no_reason(recorder, plant):
    """The recorder went on; the newest footage on disk tells, without a scan."""
    camera = CameraFactory()
    sweep()
    monday = timezone.now() + timedelta(days=4)
    recorder.write(camera.recording_key, monday - timedelta(hours=5))
    with at(monday):
        assert sweep().is_ok


@pytest.mark.parametrize("layout", ["mediamtx", "kerberos", "shinobi"])
def test_newest_footage_is_found_in_every_layout(tmp_path, db, layout):
    from tests.footage.factories import Recorder

    recorder = Recorder(tmp_path / "nvr", layout)
    now = timezone.now().replace(microsecond=0)
    for hours in (50, 3, 700):
        recorder.write("key", now - timedelta(hours=hours))
    recorder.write("key", now + timedelta(days=300))
    assert clock.newest_footage_at(now) == now - timedelta(hours=3)


def test_footage_of_the_future_is_no_evidence(recorder, plant):
    sweep()
    later = timezone.now() + timedelta(days=40)
    recorder.write("somebody", later + timedelta(days=1))
    with at(later):
        assert sweep().refusal


def test_a_ledger_entry_of_today_is_enough(recorder, plant):
    from django.db import transaction

    from ledger.append import record

    sweep()
    with at(timezone.now() + timedelta(days=40)):
        with transaction.atomic():
            record("footage.storage_added", actor="system:test", subject="storage:0", payload={})
        assert sweep().destroyed == 1


def test_footage_on_record_counts_as_well(recorder, plant):
    camera = CameraFactory()
    sweep()
    later = timezone.now() + timedelta(days=4)
    FootageDay.objects.create(
        storage=recorder.storage,
        camera=camera,
        on=timezone.localdate(later),
        last_at=later - timedelta(hours=1),
    )
    with at(later):
        assert sweep().is_ok


def test_an_explicit_instant_is_followed_and_does_not_count(recorder, plant):
    sweep()
    last = clock.check().last_sweep_at
    past = timezone.now() - timedelta(days=100)
    assert destruction.sweep(past, actor="system:test").is_ok
    assert clock.check().last_sweep_at == last
    with at(timezone.now() + timedelta(days=40)):
        # An instruction, also when the clock is refused.
        assert destruction.sweep(timezone.now() - timedelta(seconds=1), actor="system:test").destroyed == 1
