"""Duties that footage shows: nothing older than allowed, and a proof of it each day."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from footage import confirmations, providers, storages
from footage.models import DailyProof, DeletionConfirmation, FootageDay, Hold, Storage
from ordinance import rules
from ordinance.models import Parameter
from ordinance.rules import Context
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory, released
from tests.ordinance.duties import covered, excuse, today, unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage():
    row = Storage.objects.create(name="본관", root="/nowhere", layout="frigate")
    Storage.objects.filter(pk=row.pk).update(created_at=timezone.now() - dt.timedelta(days=90))
    return row


def footage(storage, camera, days_old: int, **facts) -> FootageDay:
    values = {"segments": 10, "held": 0, **facts}
    on = today() - dt.timedelta(days=days_old)
    if "first_at" not in values:
        values["first_at"] = timezone.make_aware(dt.datetime.combine(on, dt.time(0, 5)))
    return FootageDay.objects.create(storage=storage, camera=camera, on=on, **values)


def test_a_camera_without_footage_is_not_covered(storage):
    CameraFactory()
    assert covered("footage_overdue") == set()
    assert covered("daily_proof") == set()


def test_footage_within_its_period_is_not_overdue(storage):
    camera = CameraFactory(retention_days=30)
    footage(storage, camera, 29)
    assert covered("footage_overdue") == {camera.number}
    assert unmet("footage_overdue") == set()


def test_footage_of_a_day_whose_period_is_over_is_overdue_by_the_camera_s_own_period(storage):
    month, week = CameraFactory(retention_days=30), CameraFactory(retention_days=7)
    footage(storage, month, 8)
    footage(storage, week, 8)
    assert unmet("footage_overdue") == {week.number}
    footage(storage, month, 31)
    assert unmet("footage_overdue") == {week.number, month.number}


def test_a_file_that_became_due_in_the_course_of_the_day_is_overdue(storage):
    camera = CameraFactory(retention_days=7)
    day = footage(storage, camera, 7, first_at=timezone.now() - dt.timedelta(days=7, hours=1))
    assert unmet("footage_overdue") == {camera.number}
    day.first_at = timezone.now() - dt.timedelta(days=6, hours=23)
    day.save()
    assert unmet("footage_overdue") == set()


def test_what_is_held_or_gone_is_not_overdue(storage):
    held, gone = CameraFactory(), CameraFactory()
    footage(storage, held, 40, segments=3, held=3)
    footage(storage, gone, 40, segments=0)
    assert unmet("footage_overdue") == set()
    assert gone.number not in covered("footage_overdue")
    footage(storage, held, 41, segments=3, held=2)
    assert unmet("footage_overdue") == {held.number}


def test_a_removed_camera_is_covered_while_footage_of_it_is_left(storage):
    camera = CameraFactory(removed=True)
    footage(storage, camera, 40)
    assert unmet("footage_overdue") == {camera.number}
    excuse("footage_overdue", camera.number, by=OfficerFactory())
    assert unmet("footage_overdue") == set()


def proof(camera, days_old: int, **facts) -> DailyProof:
    on = today() - dt.timedelta(days=days_old)
    values = {"result": "in_order", "proved_at": timezone.now(), "oldest_allowed_at": timezone.now(), **facts}
    return DailyProof.objects.create(camera=camera, on=on, **values)


def test_yesterday_has_to_be_proved(storage):
    proved, failed, missing = CameraFactory.create_batch(3)
    for camera in (proved, failed, missing):
        footage(storage, camera, 2)
    proof(proved, 1)
    proof(failed, 1, result="not_in_order")
    proof(missing, 2)
    unseen = CameraFactory()
    footage(storage, unseen, 2)
    proof(unseen, 1, result="not_seen")
    assert unmet("daily_proof") == {failed.number, missing.number, unseen.number}
    excuse("daily_proof", failed.number, by=OfficerFactory())
    assert unmet("daily_proof") == {missing.number, unseen.number}


def test_footage_that_began_today_needs_no_proof_of_yesterday(storage):
    camera = CameraFactory()
    footage(storage, camera, 0)
    assert covered("daily_proof") == set()
    assert covered("footage_overdue") == {camera.number}


def test_without_a_storage_on_that_day_there_is_nothing_to_prove(storage):
    footage(storage, CameraFactory(), 2)
    Storage.objects.update(created_at=timezone.now())
    assert covered("daily_proof") == set()


# -- held footage stays ------------------------------------------------------------------------------------------


def test_held_footage_that_is_gone_is_a_finding_as_long_as_its_hold_is_in_force(storage):
    kept, gone, elsewhere = CameraFactory(), CameraFactory(), CameraFactory()
    at = timezone.now()
    for camera in (kept, gone, elsewhere):
        HoldFactory(camera=camera, from_at=at - dt.timedelta(days=6), until_at=at - dt.timedelta(days=4))
    footage(storage, kept, 5)
    footage(storage, gone, 5, vanished=2, vanished_held=2)
    footage(storage, elsewhere, 9, vanished=2, vanished_held=2)
    # Of what nobody has compared since the hold, only a loss is known.
    assert covered("held_footage") == unmet("held_footage") == {gone.number}
    Storage.objects.update(compared_since=at, scanned_at=timezone.now())
    # Of the days under its hold the third has none on record: nobody knows whether it is there.
    assert covered("held_footage") == {kept.number, gone.number}
    assert unmet("held_footage") == {gone.number}
    apart = rules.get("held_footage").exclusion
    assert set(apart.rows(Context(today(), "gangseo"))) == {elsewhere}
    released(Hold.objects.get(camera=gone))
    assert covered("held_footage") == {kept.number}
    assert unmet("held_footage") == set()


# -- the periodic confirmation that automatic deletion works (Guideline 42(2)) ------------------------------------


def confirmed(days_ago: int, *, is_working: bool = True) -> None:
    on = today() - dt.timedelta(days=days_ago)
    made = confirmations.confirm(
        by=OfficerFactory(), period_from=on, period_until=on, is_working=is_working, note="확인"
    )
    DeletionConfirmation.objects.filter(pk=made.pk).update(
        confirmed_at=timezone.now() - dt.timedelta(days=days_ago)
    )


def test_without_a_storage_there_is_nothing_to_confirm():
    assert covered("deletion_confirmed") == set()


def test_the_first_confirmation_falls_due_a_period_after_the_first_storage(storage):
    Storage.objects.update(created_at=timezone.now())
    assert covered("deletion_confirmed") == set()
    Storage.objects.update(created_at=timezone.now() - dt.timedelta(days=40))
    assert unmet("deletion_confirmed") == {"gangseo"}
    confirmed(0)
    assert covered("deletion_confirmed") == {"gangseo"}
    assert unmet("deletion_confirmed") == set()


def test_a_storage_that_is_registered_anew_is_no_first_one(tmp_path):
    with time_machine.travel(timezone.now() - dt.timedelta(days=90)):
        storages.add("본관", str(tmp_path), "frigate", actor="system:test").delete()
    storages.add("본관", str(tmp_path), "frigate", actor="system:test")
    assert unmet("deletion_confirmed") == {"gangseo"}


def test_a_confirmation_is_overdue_after_the_period_of_the_district(storage):
    Storage.objects.update(created_at=timezone.now() - dt.timedelta(days=400))
    confirmed(40)
    assert unmet("deletion_confirmed") == {"gangseo"}
    Parameter.objects.filter(code="deletion_confirmation_months").update(value=2)
    assert unmet("deletion_confirmed") == set()


def test_a_confirmation_that_it_does_not_work_does_not_meet_the_duty(storage):
    confirmed(0, is_working=False)
    assert unmet("deletion_confirmed") == {"gangseo"}
    assert [item.code for item in providers.confirmation(timezone.now())] == ["footage.confirmation"]
    confirmed(0)
    assert unmet("deletion_confirmed") == set()
    assert not list(providers.confirmation(timezone.now()))
