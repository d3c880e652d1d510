"""Where the ground holds only as long as nothing is stored, stored footage is found (PIPA art. 25(1) item 6)."""

import datetime as dt

import pytest
from django.utils import timezone

from footage import folders
from footage.errors import Refused
from footage.models import CameraClaim, FootageDay, Storage, UnclaimedFolder
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.ordinance.duties import unmet

pytestmark = pytest.mark.django_db

COUNTING = {
    "install_purpose": "other_public",
    "purpose_detail": "공원 방문객 수",
    "pipa25_ground": 6,
    "retention_days": 1,
}


@pytest.fixture
def storage():
    return Storage.objects.create(name="녹화서버1", root="/none/1", layout="frigate")


def test_footage_or_an_assigned_folder_is_found_since_the_ground_is_law(storage):
    clean, filmed, linked = CameraFactory.create_batch(3, **COUNTING)
    other = CameraFactory()
    for camera in (filmed, other):
        FootageDay.objects.create(camera=camera, storage=storage, on=dt.date(2026, 11, 1), segments=2)
    CameraClaim.objects.create(camera=linked, storage=storage, key="cam-7")
    CameraClaim.objects.create(camera=clean, key="former", is_former_key=True)
    assert unmet("nothing_stored") == {filmed.number, linked.number}
    assert unmet("nothing_stored", on=dt.date(2023, 9, 14)) == set()


def test_no_folder_is_assigned_to_it(storage):
    folder = UnclaimedFolder.objects.create(
        storage=storage, key="cam-7", first_seen_at=timezone.now(), last_seen_at=timezone.now()
    )
    with pytest.raises(Refused, match="영상을 저장하지 않는 카메라입니다"):
        folders.decide_assignment(folder, CameraFactory(**COUNTING), by=OfficerFactory(), reason="확인")
    assert not CameraClaim.objects.exists()
