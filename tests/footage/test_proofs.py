"""What was looked at stays on record; nothing that is done today makes a day lawful that was not."""

import os
import shutil
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from cameras.models import Camera
from footage import destruction, holds, proofs, storages
from footage.instants import SEOUL
from footage.models import DailyProof, FootageDay, Hold
from footage.scan import scan
from footage.vanished import VANISHED
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory, released

pytestmark = pytest.mark.django_db


@pytest.fixture
def noon():
    """The middle of a day, so that the day before it and the minutes around it are where a test expects them."""
    at = datetime.combine(timezone.localdate() - timedelta(days=3), time(12), SEOUL)
    with time_machine.travel(at, tick=True):
        yield at


def overdue(recorder, camera, noon, days=15):
    return recorder.write(camera.recording_key, noon - timedelta(days=30 + days))


def over_all(camera, noon) -> Hold:
    return holds.place(
        camera, noon - timedelta(days=90), noon, reason="수사 협조", by=OfficerFactory(), article="제1호"
    )


def looks(proof):
    return [look["result"] for look in proof.looks]


def test_a_hold_that_is_placed_today_makes_neither_today_nor_yesterday_in_order(recorder, noon):
    held, ended = CameraFactory(), CameraFactory()
    for camera in (held, ended):
        overdue(recorder, camera, noon)
    scan()
    assert proofs.prove() == {"not_in_order": 2}
    over_all(held, noon)
    released(over_all(ended, noon))
    scan()
    assert proofs.prove() == {"not_in_order": 2}
    assert proofs.prove(noon.date() - timedelta(days=1)) == {"not_in_order": 2}
    assert DailyProof.objects.filter(result="not_in_order").count() == 4
    # The day after it was held all day, and the other one still was not.
    with time_machine.travel(noon + timedelta(days=1)):
        scan()
        assert proofs.prove() == {"in_order": 1, "not_in_order": 1}
        assert DailyProof.objects.get(camera=held, on=noon.date()).result == "not_in_order"


def test_a_proof_that_is_made_again_keeps_what_was_seen_first(recorder, noon):
    camera = CameraFactory()
    overdue(recorder, camera, noon)
    recorder.write(camera.recording_key, noon - timedelta(days=2))
    scan()
    proofs.prove()
    first = DailyProof.objects.get()
    destruction.sweep(actor="system:test")
    scan()
    assert proofs.prove() == {"not_in_order": 1}
    proofs.prove()
    again = DailyProof.objects.get()
    assert looks(again) == ["not_in_order", "in_order"]
    assert (again.oldest_found_at, again.proved_at) == (first.oldest_found_at, first.proved_at)
    assert again.reason.startswith(first.reason)
    assert "다시 확인: 적정" in again.reason
    assert again.destroyed_count == 1


def test_what_could_not_be_seen_in_the_morning_is_seen_later(recorder, noon):
    recorder.write(CameraFactory().recording_key, noon - timedelta(days=2))
    proofs.prove()
    scan()
    assert proofs.prove() == {"in_order": 1}
    assert looks(DailyProof.objects.get()) == ["not_seen", "in_order"]


def test_a_longer_period_set_today_does_not_excuse_today(recorder, noon):
    camera = CameraFactory(retention_days=14)
    camera.history.update(history_date=noon - timedelta(days=200))
    recorder.write(camera.recording_key, noon - timedelta(days=20))
    camera.retention_days = 30
    camera.save()
    scan()
    assert proofs.prove() == {"not_in_order": 1}
    assert proofs.prove(noon.date() - timedelta(days=1)) == {"not_in_order": 1}


def test_a_shorter_period_has_a_moment_to_be_followed(recorder, noon):
    camera = CameraFactory()
    camera.history.update(history_date=noon - timedelta(days=200))
    recorder.write(camera.recording_key, noon - timedelta(days=20))
    camera.retention_days = 14
    camera.save()
    scan()
    assert proofs.prove() == {"in_order": 1}
    with time_machine.travel(noon + timedelta(hours=1)):
        scan()
        assert proofs.prove() == {"not_in_order": 1}


def test_what_was_destroyed_overnight_was_overdue_yesterday(recorder, noon):
    camera = CameraFactory()
    overdue(recorder, camera, noon)
    recorder.write(camera.recording_key, noon - timedelta(days=2))
    destruction.sweep(actor="system:test")
    scan()
    assert proofs.prove(noon.date() - timedelta(days=1)) == {"not_in_order": 1}
    assert proofs.prove() == {"in_order": 1}


def test_what_is_destroyed_is_not_seen(recorder, noon):
    recorder.write(CameraFactory().recording_key, noon - timedelta(days=30) - recorder.segment)
    destruction.sweep(actor="system:test")
    scan()
    assert proofs.prove() == {"not_seen": 1}
    proof = DailyProof.objects.get()
    assert (proof.destroyed_count, proof.reason) == (1, proofs.NOTHING_LEFT)


# What is gone without our act.


def vanished(camera):
    return list(
        FootageDay.objects.filter(camera=camera, vanished__gt=0).values_list("vanished", "vanished_held")
    )


def test_held_footage_that_somebody_deleted_is_not_in_order(recorder, noon):
    camera, other = CameraFactory(), CameraFactory()
    paths = [recorder.write(camera.recording_key, noon - timedelta(days=2, minutes=n)) for n in (0, 20)]
    recorder.write(camera.recording_key, noon - timedelta(days=1))
    free = recorder.write(other.recording_key, noon - timedelta(days=2))
    over_all(camera, noon)
    scan()
    for path in (*paths, free):
        os.unlink(path)
    scan()
    assert (vanished(camera), vanished(other)) == ([(2, 2)], [(1, 0)])
    told = Entry.objects.get(kind=VANISHED).content
    assert (told["files"], told["held"], told["cameras"]) == (3, 2, 2)
    assert proofs.prove() == {"not_seen": 2}
    assert DailyProof.objects.get(camera=camera).reason == proofs.HELD_BUT_GONE
    scan()
    assert Entry.objects.filter(kind=VANISHED).count() == 1


def test_what_a_sweep_destroyed_has_not_vanished(recorder, noon):
    camera = CameraFactory()
    for days in (31, 30.5, 2):
        recorder.write(camera.recording_key, noon - timedelta(days=days))
    scan()
    destruction.sweep(actor="system:test")
    scan()
    assert FootageDay.objects.filter(destroyed__gt=0).count() > 0
    assert not FootageDay.objects.filter(vanished__gt=0).exists()
    assert not Entry.objects.filter(kind=VANISHED).exists()


def test_what_lies_elsewhere_now_has_not_vanished(recorder, noon):
    """A key that goes to another camera, or to none, takes its footage along."""
    camera = CameraFactory()
    for days in (2, 3):
        recorder.write(camera.recording_key, noon - timedelta(days=days))
    scan()
    key = camera.recording_key
    Camera.objects.filter(pk=camera.pk).update(recording_key="elsewhere")
    scan()
    Camera.objects.filter(pk=CameraFactory().pk).update(recording_key=key)
    scan()
    assert FootageDay.objects.filter(segments__gt=0).count() == 2
    assert not Entry.objects.filter(kind=VANISHED).exists()


def test_a_loss_that_a_person_confirmed_is_told_with_what_was_held(recorder, noon):
    camera = CameraFactory()
    recorder.write(camera.recording_key, noon - timedelta(days=2))
    HoldFactory(camera=camera, from_at=noon - timedelta(days=9), until_at=noon, placed_at=noon)
    scan()
    shutil.rmtree(recorder.root)
    storages.confirm_empty(recorder.storage, by=OfficerFactory(), reason="디스크 고장")
    assert vanished(camera) == [(1, 1)]
    assert Entry.objects.get(kind="footage.loss_confirmed").content["held"] == 1
