"""A removed camera's claim ends when neither footage nor a hold is left, and not a moment earlier."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cameras import lifecycle
from cameras.enums import LifecycleEvent
from cameras.models import Camera
from footage import removal
from footage.layouts import microseconds
from footage.models import CameraClaim, FootageDay, Storage
from footage.policy import claims_in
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.cameras.life import fleet, only_rules
from tests.footage.factories import HoldFactory

pytestmark = pytest.mark.django_db

REMOVED_ON = date(2026, 6, 1)


@pytest.fixture
def storage():
    return Storage.objects.create(name="본관", root="/nowhere", layout="frigate", scanned_at=timezone.now())


@pytest.fixture
def camera():
    return CameraFactory(recording_key="hwagok")


def remove(camera: Camera) -> None:
    with only_rules():
        lifecycle.act(
            LifecycleEvent.REMOVE, fleet(camera), on=REMOVED_ON, by=OfficerFactory(), reason="도로 공사"
        )
    camera.refresh_from_db()


def claimed(storage: Storage, key: str, after: bool = True) -> bool:
    """Whether somebody claims what is filmed under the key from tomorrow on (or was filmed a year ago)."""
    now_us = microseconds(timezone.now() + timedelta(days=1 if after else -365))
    return any(
        claim.until_us is None or claim.until_us > now_us
        for claim in claims_in(storage, microseconds(timezone.now())).get(key, [])
    )


def test_footage_keeps_the_claim(storage, camera):
    day = FootageDay.objects.create(storage=storage, camera=camera, on=REMOVED_ON, segments=3)
    remove(camera)
    assert claimed(storage, "hwagok")
    assert removal.end_claims() == 0
    day.segments = 0
    day.save()
    assert removal.end_claims() == 1
    assert not claimed(storage, "hwagok")


def test_a_hold_keeps_the_claim(storage, camera):
    hold = HoldFactory(camera=camera)
    remove(camera)
    assert removal.end_claims() == 0
    assert camera.recording_key == "hwagok"
    hold.released_at = timezone.now()
    hold.save()
    assert removal.end_claims() == 1


def test_a_storage_that_is_away_or_was_not_read_since_keeps_every_claim(storage, camera):
    Storage.objects.update(absent_since=timezone.now())
    remove(camera)
    assert removal.end_claims() == 0
    Storage.objects.update(absent_since=None, scanned_at=timezone.now() - timedelta(days=365))
    assert removal.end_claims() == 0
    Storage.objects.update(scanned_at=None)
    assert removal.end_claims() == 0
    assert not CameraClaim.objects.exists()


def test_a_standing_camera_keeps_its_claim(storage, camera):
    assert removal.end_claims() == 0


def test_the_key_is_free_afterwards_and_the_past_stays_claimed(storage, camera):
    CameraClaim.objects.create(camera=camera, key="assigned")
    remove(camera)
    camera.refresh_from_db()
    # The removal itself ends it: there was never any footage.
    assert camera.recording_key == camera.number
    assert not claimed(storage, "hwagok")
    assert not claimed(storage, "assigned")
    assert not claimed(storage, camera.number)
    assert claimed(storage, "hwagok", after=False)
    CameraFactory(recording_key="hwagok").full_clean()
    assert removal.end_claims() == 0
    assert Entry.objects.filter(kind="footage.claims_ended").count() == 1
