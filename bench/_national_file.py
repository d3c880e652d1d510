"""A file of the national size: 370,000 sites with 1,032,879 cameras, in CP949 like the published one.

Made by arithmetic, not by chance, so that every run has the same file. Purposes have the shares of the published
rows; each of 226 local bodies has a run of sites with consecutive numbers, as in the bulk file.
"""

import csv
from pathlib import Path

SITES = 370_000
CAMERAS = 1_032_879
BODIES = 226

HEADER = [
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
# Shares in per cent of the published rows.
PURPOSES = (
    ["생활방범"] * 62
    + ["다목적"] * 13
    + ["어린이보호"] * 8
    + ["교통단속"] * 5
    + ["시설물관리"] * 3
    + ["재난재해"] * 2
    + ["쓰레기단속"] * 2
    + ["차량방범"] * 2
    + ["기타"] * 2
    + ["교통정보수집"]
)
PROVINCES = (
    "서울특별시",
    "부산광역시",
    "대구광역시",
    "인천광역시",
    "경기도",
    "강원특별자치도",
    "충청북도",
    "전라남도",
)
SYLLABLES = "강남북동서중화곡등촌가양마개발산공항방원신월목오류구천왕온수궁개봉"
DIRECTIONS = ("360도 전방면", "정문, 후문 방면", "교차로 4방향", "어린이공원 내부", "골목 진입로")
PIXELS = (41, 130, 200, 200, 200, 300, 400, 500, 800)


def write(path: Path, sites: int = SITES, cameras: int = CAMERAS) -> None:
    """Cameras are spread so that their sum is exact."""
    with path.open("w", encoding="cp949", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        given = 0
        for site in range(sites):
            target = cameras * (site + 1) // sites
            # One site in ten has one camera more, its neighbour one less, so that counts vary.
            count = target - given + (1 if site % 20 == 3 else 0) - (1 if site % 20 == 4 else 0)
            if site == sites - 1:
                count = cameras - given
            count = max(count, 1)
            given += count
            writer.writerow(_row(site, sites, count))
    if given != cameras:
        raise ValueError(f"{given} cameras instead of {cameras}")


def _row(site: int, sites: int, count: int) -> list[object]:
    body = site * BODIES // sites
    province = PROVINCES[body % len(PROVINCES)]
    district = f"{SYLLABLES[body % 17]}{SYLLABLES[(body // 17) % 23 + 5]}구"
    road = f"{SYLLABLES[site % 31]}{SYLLABLES[(site // 31) % 29]}{SYLLABLES[(site // 7) % 23]}로"
    mixed = site * 7919 % 1_000_003
    return [
        3_000_000 + body * 10_000,
        f"2026{3_000_000 + body * 10_000:07d}{site % 10_000_000:07d}",
        f"{province} {district}청",
        f"{province} {district} {road} {mixed % 400 + 1}-{mixed % 17 + 1}",
        f"{province} {district} {SYLLABLES[mixed % 31]}{SYLLABLES[mixed % 29]}동 {mixed % 900 + 1}"
        if site % 3
        else "",
        PURPOSES[mixed % 100],
        count,
        PIXELS[mixed % len(PIXELS)],
        DIRECTIONS[mixed % len(DIRECTIONS)],
        (30, 30, 30, 15, 7)[mixed % 5],
        f"{2005 + mixed % 21}{mixed % 12 + 1:02d}",
        f"0{body % 60 + 2}-{mixed % 9000 + 1000}-{site % 10_000:04d}",
        f"{35.2 + mixed % 700 / 250:.6f}",
        f"{126.7 + mixed % 1009 / 500:.6f}",
        f"2026-0{mixed % 6 + 1}-{mixed % 28 + 1:02d}",
        "",
        f"2026-05-{mixed % 28 + 1:02d} {mixed % 24:02d}:{mixed % 60:02d}:{site % 60:02d}",
        f"2026-05-{mixed % 28 + 1:02d} 03:{site % 60:02d}:{mixed % 60:02d}",
    ]
