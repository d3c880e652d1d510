"""What an upgrade makes of proofs, folders and scans that are on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from footage.models import DailyProof, Storage, UnclaimedFolder
from portal.management.commands.migrate import WagtailFirst
from tests.footage.factories import CameraFactory
from tests.ground import installations

AT = datetime(2026, 9, 22, 14, 40, tzinfo=UTC)
ALLOWED = AT - timedelta(days=30)
OLD = ALLOWED - timedelta(days=40)
# What footage is built on, by the order of the apps.
BELOW = {"accounts", "ledger", "ordinance", "casework", "cameras"}


@pytest.fixture
def before_the_four_classes(settings, tmp_path, django_db_setup, django_db_blocker, monkeypatch):
    """A database of its own as the release before had it, made from nothing; what is built on footage is not in it."""
    with installations.own(settings, tmp_path, django_db_blocker, monkeypatch):
        installations.lose_database()
        executor = WagtailFirst(connection)
        newest = executor.loader.graph.leaf_nodes()
        below = [node for node in newest if node[0] in BELOW]
        before = executor.migrate([*below, ("footage", "0005_hold_salt")])
        yield before.apps, [node for node in newest if node[0] == "footage"]


@pytest.mark.once
def test_what_was_recorded_is_read_again_truthfully(before_the_four_classes):
    apps, newest = before_the_four_classes
    proofs, storages = apps.get_model("footage", "DailyProof"), apps.get_model("footage", "Storage")
    storage = storages.objects.create(name="제1저장소", root="/nowhere", layout="frigate")
    apps.get_model("footage", "Scan").objects.create(state="succeeded", finished_at=AT)
    folders = apps.get_model("footage", "UnclaimedFolder").objects
    folders.create(storage=storage, key="old", files=3, bytes=0, first_seen_at=AT, last_seen_at=AT)
    given = folders.create(
        storage=storage, key="given", decision="assigned", decided_at=AT, first_seen_at=AT, last_seen_at=AT
    )
    facts = {
        "seen": {"is_ok": True, "oldest_found_at": ALLOWED + timedelta(days=1)},
        "gone": {"is_ok": True, "destroyed_count": 3},
        "nothing": {"is_ok": True},
        "behind": {"is_ok": True, "oldest_found_at": OLD, "hold_ids": [4]},
        "overdue": {
            "is_ok": False,
            "oldest_found_at": OLD,
            "reason": "허용된 시각보다 오래된 영상이 있습니다: 2026-08-13",
        },
        "absent": {"is_ok": False, "reason": "연결이 끊긴 저장소가 있습니다: 제1저장소"},
    }
    cameras = {name: CameraFactory() for name in facts}
    for name, fact in facts.items():
        proofs.objects.create(
            camera_id=cameras[name].pk, on=AT.date(), proved_at=AT, oldest_allowed_at=ALLOWED, **fact
        )
    WagtailFirst(connection).migrate(newest)
    assert {name: DailyProof.objects.get(camera=camera).result for name, camera in cameras.items()} == {
        "seen": "in_order",
        "gone": "in_order",
        "nothing": "not_seen",
        "behind": "not_seen",
        "overdue": "not_in_order",
        "absent": "not_seen",
    }
    assert "살피지 않았습니다" in DailyProof.objects.get(camera=cameras["behind"]).reason
    assert UnclaimedFolder.objects.get(key="old").bytes is None
    assert UnclaimedFolder.objects.get(pk=given.pk).confirmed_at == AT
    assert Storage.objects.get().scanned_at == AT
