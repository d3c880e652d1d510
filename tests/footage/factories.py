"""Cameras, storages and recorders' trees on a real file system."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import factory
from django.utils import timezone

from accounts.models import Institution, Officer
from cameras.enums import CameraState, DatasetPurpose, InstallPurpose
from cameras.models import Camera, Site
from footage import holds, storages
from footage.layouts import Layout
from footage.models import Hold, Storage
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import LONGER

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class InstitutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Institution
        django_get_or_create = ("name",)

    name = "서울특별시 강서구청"


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    number = factory.Sequence(lambda n: f"GS-{n:05d}")
    institution = factory.SubFactory(InstitutionFactory)
    road_address = "서울특별시 강서구 화곡로 302"


class CameraFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Camera

    class Params:
        removed = factory.Trait(state=CameraState.REMOVED)
        excepted = factory.Trait(retention_days=60, **LONGER)

    site = factory.SubFactory(SiteFactory)
    ordinal = 1
    number = factory.LazyAttribute(lambda camera: f"{camera.site.number}-{camera.ordinal}")
    state = CameraState.OPERATING
    install_purpose = InstallPurpose.CRIME_PREVENTION
    dataset_purpose = DatasetPurpose.NEIGHBOURHOOD_CRIME
    pipa25_ground = 2
    retention_days = 30
    recording_key = factory.SelfAttribute("number")


class HoldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hold

    camera = factory.SubFactory(CameraFactory)
    from_at = NOW - timedelta(days=40)
    until_at = NOW
    reason = "수사 협조"
    placed_at = factory.LazyFunction(timezone.now)


def released(hold: Hold, reason: str = "끝남", by: Officer | None = None) -> Hold:
    """A hold that no case answers for, let go by two."""
    holds.ask_release(hold, reason=reason, by=OfficerFactory())
    return holds.release(hold, reason=reason, by=by or OfficerFactory())


class Recorder:
    """Writes files as a recorder would: in its layout, with the modification time of the end of recording."""

    def __init__(
        self, root: Path, layout: str = "frigate", zone: str = "Asia/Seoul", segment_seconds: int = 600
    ) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.layout = Layout(layout, zone)
        self.segment = timedelta(seconds=segment_seconds)
        self.storage = self._register(layout, zone, segment_seconds)

    def _register(self, layout: str, zone: str, segment_seconds: int) -> Storage:
        return storages.add(
            self.root.name, str(self.root), layout, zone, segment_seconds, actor="system:test"
        )

    def write(self, key: str, start: datetime, *, size: int = 10, mtime: datetime | None = None) -> Path:
        path = self.root / self.layout.path(key, start)
        return self.put(path, size=size, mtime=mtime or start + self.segment)

    def put(self, path: Path, *, size: int = 10, mtime: datetime | None = None) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"v" * size)
        if mtime is not None:
            os.utime(path, (mtime.timestamp(), mtime.timestamp()))
        return path

    def files(self) -> set[str]:
        """Every file below the root, relative to it."""
        found = set()
        for folder, _, names in os.walk(os.fsencode(self.root)):
            found |= {
                os.path.relpath(os.path.join(folder, name), os.fsencode(self.root)).decode(
                    errors="backslashreplace"
                )
                for name in names
            }
        return found


def hours_ago(hours: float, now: datetime = NOW) -> datetime:
    return now - timedelta(hours=hours)


def days_ago(days: float, now: datetime = NOW) -> datetime:
    return now - timedelta(days=days)
