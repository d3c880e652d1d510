"""3,265 cameras in the proportions of the council's review report (as of 2023-01-01), as the national file.

The file is written first and then imported like any district's, so the sample has no private way in.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from portal.sample import people
from portal.sample.places import PARKS, SCHOOLS, Place, somewhere

SEED = 20230101
COLUMNS = [
    "개방자치단체코드",
    "관리번호",
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
    "WGS84위도",
    "WGS84경도",
    "데이터기준일자",
    "데이터갱신구분",
    "데이터갱신시점",
    "최종수정시점",
]
REFERENCE_ON = date(2026, 1, 31)


@dataclass(frozen=True)
class Group:
    """One line of the report's table."""

    dataset_purpose: str
    cameras: int
    largest_site: int


GROUPS = (
    Group("생활방범", 2_532, 5),
    Group("어린이보호", 281, 3),
    Group("다목적", 313, 4),  # parks; the dataset has no value of their own
    Group("교통단속", 114, 2),
    Group("쓰레기단속", 25, 1),
)
TOTAL = sum(group.cameras for group in GROUPS)
# Kept shorter by decision of the office; the maximum is 30 (art. 24).
SHORTER_PERIODS = (7, 14, 15, 20)


def site_sizes(group: Group, random: Random) -> Iterator[int]:
    """Poles of one to `largest_site` cameras that add up to the group's number exactly."""
    left = group.cameras
    while left:
        size = min(left, random.randint(1, group.largest_site))
        yield size
        left -= size


def rows() -> Iterator[dict[str, str]]:
    random = Random(SEED)  # noqa: S311 - the same district every time
    serial = 0
    for group in GROUPS:
        for size in site_sizes(group, random):
            serial += 1
            yield _row(serial, group, size, somewhere(random), random)


def write(path: Path) -> None:
    """The file as the portal of public data hands it out: CP949, columns in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="cp949", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows())


def _row(serial: int, group: Group, size: int, place: Place, random: Random) -> dict[str, str]:
    year = random.choices(range(2011, 2026), weights=range(1, 16))[0]
    modern = year >= 2018
    return {
        "개방자치단체코드": people.INSTITUTION_CODE,
        "관리번호": f"2026{people.INSTITUTION_CODE}{serial:07d}",
        "관리기관명": people.INSTITUTION,
        "소재지도로명주소": place.road_address,
        "소재지지번주소": place.lot_address,
        "설치목적구분": group.dataset_purpose,
        "카메라대수": str(size),
        "카메라화소수": str(random.choice((200, 400, 800) if modern else (130, 200))),
        "촬영방면정보": _direction(group, size, random),
        "보관일수": str(random.choice(SHORTER_PERIODS) if random.random() < 0.01 else 30),
        "설치연월": f"{year}-{random.randint(1, 12):02d}",
        "관리기관전화번호": people.PHONE,
        "WGS84위도": f"{place.latitude:.6f}",
        "WGS84경도": f"{place.longitude:.6f}",
        "데이터기준일자": REFERENCE_ON.isoformat(),
        "데이터갱신구분": "",
        "데이터갱신시점": "",
        "최종수정시점": "",
    }


def _direction(group: Group, size: int, random: Random) -> str:
    if group.dataset_purpose == "어린이보호":
        return f"{random.choice(SCHOOLS)} 정문 방향"
    if group.dataset_purpose == "다목적":
        return f"{random.choice(PARKS)[0]} 산책로"
    if size > 2:
        return "360도 전방면"
    return random.choice(("도로 양방향", "골목 안쪽", "교차로 방향", "주택가 진입로", "버스정류장 방향"))
