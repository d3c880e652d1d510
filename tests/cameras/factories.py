"""Places, cameras and files of the national dataset."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import factory
from factory.django import DjangoModelFactory

from cameras.dataset_columns import BULK_LAYOUT
from cameras.enums import (
    CameraState,
    DatasetPurpose,
    InstallPurpose,
    LinkStatus,
    Pipa25Ground,
    SignExemptionGround,
)
from cameras.models import Camera, Contractor, Site
from tests.accounts.factories import DepartmentFactory, InstitutionFactory

# What lets footage stay longer than the ordinance allows, as an office would write it.
LONGER = {
    "retention_law": "가상의 보관법 제3조",
    "retention_document": "안전관리과-2210",
    "retention_approver": "안전관리과장",
    "retention_until_on": date(2099, 12, 31),
}


class ContractorFactory(DjangoModelFactory):
    class Meta:
        model = Contractor
        django_get_or_create = ["name"]

    name = factory.Sequence(lambda n: f"한빛정보통신 {n}")


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    number = factory.Sequence(lambda n: f"20263150000{n:07d}")
    institution = factory.SubFactory(InstitutionFactory)
    road_address = factory.Sequence(lambda n: f"서울특별시 강서구 화곡로 {n + 1}")
    latitude = Decimal("37.550910000")
    longitude = Decimal("126.849530000")


class CameraFactory(DjangoModelFactory):
    class Meta:
        model = Camera

    class Params:
        removed = factory.Trait(state=CameraState.REMOVED, removed_on=date(2026, 10, 1))
        planned = factory.Trait(state=CameraState.PLANNED)
        exempt = factory.Trait(
            is_sign_exempt=True,
            sign_exemption_ground=SignExemptionGround.MILITARY,
            sign_exemption_document="안전관리과-31",
            sign_exemption_approver="안전관리과장",
        )
        excepted = factory.Trait(
            retention_days=60,
            **LONGER,
        )
        with_papers = factory.Trait(
            installing_department=factory.SubFactory(DepartmentFactory),
            audio_checked_on=date(2026, 3, 2),
            link_status=LinkStatus.LINKED,
        )

    site = factory.SubFactory(SiteFactory)
    ordinal = factory.LazyAttribute(lambda camera: camera.site.cameras.count() + 1)
    state = CameraState.OPERATING
    install_purpose = InstallPurpose.CRIME_PREVENTION
    dataset_purpose = DatasetPurpose.NEIGHBOURHOOD_CRIME
    pipa25_ground = Pipa25Ground.CRIME
    pixel_10k = 200
    filming_direction = "360도 전방면"
    retention_days = 30
    installed_month = date(2024, 5, 1)
    phone = "02-2600-6114"
    reference_on = date(2026, 5, 18)


# One row as the bulk file has it; tests change single cells.
ROW = {
    "개방자치단체코드": "3150000",
    "관리번호": "202631500000000001",
    "관리기관명": "서울특별시 강서구청",
    "소재지도로명주소": "서울특별시 강서구 화곡로 1",
    "소재지지번주소": "",
    "설치목적구분": "생활방범",
    "카메라대수": "2",
    "카메라화소수": "200",
    "촬영방면정보": "360도 전방면",
    "보관일수": "30",
    "설치연월": "202005",
    "관리기관전화번호": "02-2600-6114",
    "WGS84위도": "37.55091",
    "WGS84경도": "126.84953",
    "데이터기준일자": "2026-05-18",
    "데이터갱신구분": "",
    "데이터갱신시점": "2026-05-19 22:58:23",
    "최종수정시점": "2026-05-18 15:24:18",
}
CLASSIC = (
    "관리기관명",
    "소재지도로명주소",
    "소재지지번주소",
    "설치목적구분",
    "카메라대수",
    "카메라화소수",
    "촬영방면정보",
    "보관일수",
    "설치연월",
    "관리기관전화번호",
    "위도",
    "경도",
    "데이터기준일자",
)


def row(**cells: str) -> dict[str, str]:
    return {**ROW, **cells}


def rows(count: int) -> list[dict[str, str]]:
    """Different sites."""
    return [
        row(관리번호=f"20263150000001{n:04d}", 소재지도로명주소=f"서울특별시 강서구 화곡로 {n}")
        for n in range(1, count + 1)
    ]


def classic(**cells: str) -> dict[str, str]:
    merged = {**ROW, "위도": ROW["WGS84위도"], "경도": ROW["WGS84경도"], "설치연월": "2020-05", **cells}
    return {name: merged[name] for name in CLASSIC}


def as_csv(
    path: Path,
    table: list[dict[str, str]],
    *,
    columns: tuple[str, ...] | None = None,
    encoding: str = "utf-8",
) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or tuple(table[0] if table else BULK_LAYOUT), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_workbook(path: Path, table: list[dict[str, object]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(list(table[0]))
    for line in table:
        sheet.append(list(line.values()))
    book.save(path)
    return path
