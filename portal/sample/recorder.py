"""A recorder for some of the cameras: its folder, its registration, and a range that must stay."""

from datetime import datetime, timedelta
from pathlib import Path

from accounts.models import Officer
from cameras.models import Camera
from footage import holds, storages
from footage.models import Hold, Storage
from portal.sample import clips

STORAGE_NAME = "제1 영상저장소"
RECORDED_CAMERAS = 18
SHORTER_CAMERAS = 2
CASE = "강서경찰서 2026-10482"


def cameras_on_record() -> list[Camera]:
    """Twenty cameras, two of them with a period shorter than the rest."""
    usual = Camera.objects.filter(retention_days=30).order_by("number")[:RECORDED_CAMERAS]
    shorter = Camera.objects.filter(retention_days__lt=30).order_by("number")[:SHORTER_CAMERAS]
    return [*usual, *shorter]


def install(root: Path, now: datetime) -> int:
    """Fill the folder and register it; nothing when it is registered already, since its files may be gone by right."""
    if Storage.objects.filter(name=STORAGE_NAME).exists():
        return 0
    keys = [camera.recording_key for camera in cameras_on_record()]
    files = clips.record(root, keys, now)
    clips.leave_oddities(root, keys[1], now)
    storages.add(
        STORAGE_NAME,
        str(root),
        "frigate",
        timezone="UTC",
        segment_seconds=clips.SEGMENT_SECONDS,
        actor="command:seed_district",
    )
    return files


def hold_a_range(now: datetime, by: Officer) -> Hold | None:
    """Three days of one camera, half of them past its period: asked for by the police before they were due."""
    if Hold.objects.filter(case_reference=CASE).exists():
        return None
    camera = cameras_on_record()[2]
    return holds.place(
        camera,
        now - timedelta(days=33),
        now - timedelta(days=29),
        reason="절도 사건 수사를 위한 영상 제공 요청 접수",
        by=by,
        article="조례 제24조제1항제2호",
        case_reference=CASE,
    )
