"""Districts as reports find them: cameras with history, scans, proofs, sweeps, holds, folders."""

import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.longrun import RunState
from accounts.models import Department, Institution, Officer
from cameras.enums import CameraState, DatasetPurpose, InstallPurpose, LinkStatus, Pipa25Ground
from cameras.models import Camera, Site
from footage.models import (
    DailyProof,
    DeletionConfirmation,
    FootageDay,
    Hold,
    ManifestBlock,
    Storage,
    Sweep,
    UnclaimedFolder,
)
from reports.period import SEOUL

Result = DailyProof.Result
PURPOSES = (
    (InstallPurpose.CRIME_PREVENTION, DatasetPurpose.NEIGHBOURHOOD_CRIME, Pipa25Ground.CRIME),
    (InstallPurpose.ILLEGAL_PARKING, DatasetPurpose.TRAFFIC_ENFORCEMENT, Pipa25Ground.TRAFFIC_ENFORCEMENT),
    (InstallPurpose.ILLEGAL_DUMPING, DatasetPurpose.ILLEGAL_DUMPING, Pipa25Ground.CRIME),
)
HOSTILE_ADDRESS = "서울특별시 강서구 뷁쀍로 1-1 <script>alert(1)</script> & 龍門 😀\u202e\x07 각"


def seoul(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SEOUL)


def officer(name: str = "hong") -> Officer:
    found, _ = Officer.objects.get_or_create(
        username=name, defaults={"last_name": "홍", "first_name": "길동"}
    )
    return found


def departments() -> list[Department]:
    institution, _ = Institution.objects.get_or_create(name="서울특별시 강서구청")
    names = ("스마트도시과", "교통행정과", "청소자원과")
    return [Department.objects.get_or_create(institution=institution, name=name)[0] for name in names]


def camera(number: str = "S-1", **values: object) -> Camera:
    """One camera at a site of its own, with history."""
    return cameras(1, prefix=number, **values)[0]


def cameras(
    count: int, *, prefix: str = "2026-3000000", at: datetime | None = None, **values: object
) -> list[Camera]:
    """Cameras in the proportions that a district has, each at a site of its own, added at an instant."""
    first, *_ = offices = departments()
    sites = [
        Site(
            number=prefix if count == 1 else f"{prefix}-{ordinal:05d}",
            institution=first.institution,
            road_address=f"서울특별시 강서구 화곡로{ordinal % 90 + 1}길 {ordinal}",
            latitude="37.55",
            longitude="126.85",
        )
        for ordinal in range(1, count + 1)
    ]
    for site in sites:
        site.place_key = site.number
    bulk_create_with_history(sites, Site, batch_size=500, default_date=at)
    made = []
    for ordinal, site in enumerate(sites):
        install, dataset, ground = PURPOSES[0 if ordinal % 25 else 1 + ordinal // 25 % 2]
        department = offices[0] if ordinal % 25 else offices[1 + ordinal // 25 % 2]
        fields: dict[str, object] = {
            "state": CameraState.OPERATING,
            "install_purpose": install,
            "dataset_purpose": dataset,
            "pipa25_ground": ground,
            "pixel_10k": 200,
            "retention_days": 30,
            "installed_month": date(2010 + ordinal % 16, ordinal % 12 + 1, 1),
            "installing_department": department,
            "link_status": LinkStatus.LINKED,
            "audio_checked_on": date(2026, 7, 1),
        }
        number = f"{site.number}-1"
        made.append(
            Camera(
                site=site,
                ordinal=1,
                number=number,
                sort_key=f"{site.number}-00001",
                recording_key=number,
                **{**fields, **values},
            )
        )
    bulk_create_with_history(made, Camera, batch_size=500, default_date=at)
    return list(Camera.objects.filter(number__in=[one.number for one in made]).order_by("pk"))


def storage(name: str = "녹화서버1") -> Storage:
    found, _ = Storage.objects.get_or_create(
        name=name, defaults={"root": f"/none/{name}", "layout": "frigate"}
    )
    return found


def footage(chosen: Sequence[Camera], first_on: date, days: int, *, segments: int = 144) -> None:
    Storage.objects.filter(pk=storage().pk).update(scanned_at=timezone.now())
    FootageDay.objects.bulk_create(
        [
            FootageDay(
                storage=storage(),
                camera=one,
                on=first_on + timedelta(days=day),
                segments=segments,
                bytes=segments * 50_000_000,
                scanned_at=timezone.now(),
            )
            for one in chosen
            for day in range(days)
        ],
        batch_size=2000,
    )


def proofs(
    chosen: Sequence[Camera],
    first_on: date,
    days: int,
    *,
    wrong: int = 0,
    reason: str = "허용보다 오래된 영상",
) -> None:
    """Daily proofs; the first `wrong` cameras are not in order."""
    DailyProof.objects.bulk_create(
        [
            DailyProof(
                camera=one,
                on=on,
                proved_at=datetime.combine(on + timedelta(days=1), time(1), tzinfo=SEOUL),
                oldest_allowed_at=datetime.combine(on - timedelta(days=30), time(), tzinfo=SEOUL),
                oldest_found_at=datetime.combine(
                    on - timedelta(days=29 if place >= wrong else 33), time(), tzinfo=SEOUL
                ),
                retention_days=one.retention_days,
                destroyed_count=144,
                result=Result.IN_ORDER if place >= wrong else Result.NOT_IN_ORDER,
                reason="" if place >= wrong else reason,
            )
            for on in (first_on + timedelta(days=day) for day in range(days))
            for place, one in enumerate(chosen)
        ],
        batch_size=2000,
    )


def sweep(
    at: datetime,
    *,
    destroyed: int = 0,
    size: int = 0,
    on_time: int | None = None,
    lateness: float = 12.0,
    camera: Camera | None = None,
    **values: object,
) -> Sweep:
    """A finished sweep, with one manifest block when it destroyed something."""
    on_time = destroyed if on_time is None else on_time
    fields: dict[str, object] = {
        "at": at,
        "state": RunState.SUCCEEDED,
        "started_at": at,
        "finished_at": at,
        "destroyed": destroyed,
        "bytes": size,
        "max_lateness_seconds": lateness if destroyed else None,
        "on_time": on_time,
    }
    made = Sweep.objects.create(**{**fields, **values})
    if destroyed:
        epoch_day = (at.date() - date(1970, 1, 1)).days - 30
        ManifestBlock.objects.create(
            sweep=made,
            storage=storage(),
            lines=zlib.compress(b""),
            count=destroyed,
            digest="0" * 64,
            approved_at=at,
            done_at=at,
            destroyed=destroyed,
            bytes=size,
            outcome={
                "on_time": on_time,
                "late_us": int(lateness * 1_000_000),
                **_beyond(destroyed - on_time, lateness),
                "struck": [],
                "times": [],
                "days": [[camera.pk if camera else 0, epoch_day, destroyed, size, 0, 0]],
            },
        )
    return made


def _beyond(late: int, lateness: float) -> dict[str, object]:
    """What a block says of files that no sweep came for in time."""
    long_us = int(lateness * 1_000_000)
    is_past_the_margin = lateness > 5 * 86_400
    return {
        "beyond": {"sweep": [late, late * long_us, long_us]} if late else {},
        "beyond_margin": late if is_past_the_margin else 0,
    }


def hold(one: Camera, placed_at: datetime, **values: object) -> Hold:
    fields: dict[str, object] = {
        "from_at": placed_at - timedelta(days=2),
        "until_at": placed_at - timedelta(days=1),
        "reason": "개인영상정보 열람 청구",
        "article": "조례 제24조제1항제3호",
        "case_reference": "2026-열람-17",
        "placed_at": placed_at,
        "placed_by": officer(),
    }
    return Hold.objects.create(camera=one, **{**fields, **values})


def folder(key: str, seen_at: datetime, **values: object) -> UnclaimedFolder:
    fields: dict[str, object] = {
        "storage": storage(),
        "files": 10,
        "bytes": 5_000_000,
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
    }
    return UnclaimedFolder.objects.create(key=key, **{**fields, **values})


def confirmation(at: datetime, **values: object) -> DeletionConfirmation:
    fields: dict[str, object] = {
        "confirmed_by": officer(),
        "period_from": at.date() - timedelta(days=30),
        "period_until": at.date(),
        "cycle": "매분",
        "is_working": True,
    }
    return DeletionConfirmation.objects.create(confirmed_at=at, **{**fields, **values})


def district(count: int = 40) -> list[Camera]:
    """A district with something in every chapter of the report of 2026Q3."""
    chosen = cameras(count, at=seoul(2026, 6, 1, 9))
    footage(chosen[: count - 2], date(2026, 9, 1), 3)
    proofs(chosen[: count - 2], date(2026, 9, 27), 3, wrong=2)
    for month in (7, 8, 9):
        sweep(
            seoul(2026, month, 15, 3), destroyed=144 * count, size=144 * count * 50_000_000, camera=chosen[0]
        )
    sweep(seoul(2026, 9, 20, 3), destroyed=10, size=500, on_time=4, lateness=7_384.0)
    sweep(seoul(2026, 9, 21, 3), state=RunState.FAILED, error="저장소 폴더가 없습니다", errors=1)
    sweep(
        seoul(2026, 9, 22, 3), state=RunState.FAILED, is_refused=True, error="시계가 마지막 실행보다 앞섭니다"
    )
    hold(chosen[0], seoul(2026, 8, 3, 10))
    hold(chosen[1], seoul(2026, 7, 3, 10), released_at=seoul(2026, 9, 1, 10), release_reason="열람 종결")
    folder("뷁-unknown", seoul(2026, 9, 2, 4))
    confirmation(seoul(2026, 9, 30, 17))
    return chosen
