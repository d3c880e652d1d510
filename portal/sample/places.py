"""Roads of 강서구 as straight lines on the map: enough to put a pole where its address says."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Road:
    name: str
    neighbourhood: str  # 법정동
    start: tuple[float, float]  # latitude, longitude
    end: tuple[float, float]
    last_number: int


@dataclass(frozen=True)
class Place:
    road_address: str
    lot_address: str
    latitude: float
    longitude: float


ROADS = (
    Road("화곡로", "화곡동", (37.5330, 126.8360), (37.5560, 126.8490), 420),
    Road("강서로", "화곡동", (37.5290, 126.8465), (37.5500, 126.8395), 300),
    Road("강서로", "내발산동", (37.5505, 126.8393), (37.5650, 126.8352), 560),
    Road("공항대로", "마곡동", (37.5610, 126.8180), (37.5565, 126.8400), 280),
    Road("공항대로", "등촌동", (37.5560, 126.8420), (37.5495, 126.8680), 640),
    Road("양천로", "방화동", (37.5755, 126.8140), (37.5725, 126.8300), 260),
    Road("양천로", "가양동", (37.5690, 126.8420), (37.5575, 126.8640), 620),
    Road("방화대로", "방화동", (37.5640, 126.8130), (37.5790, 126.8175), 380),
    Road("마곡중앙로", "마곡동", (37.5600, 126.8245), (37.5730, 126.8255), 180),
    Road("마곡동로", "마곡동", (37.5585, 126.8325), (37.5680, 126.8345), 150),
    Road("마곡서로", "마곡동", (37.5600, 126.8210), (37.5710, 126.8222), 160),
    Road("등촌로", "등촌동", (37.5330, 126.8580), (37.5545, 126.8625), 340),
    Road("까치산로", "화곡동", (37.5300, 126.8450), (37.5395, 126.8540), 220),
    Road("곰달래로", "화곡동", (37.5310, 126.8380), (37.5305, 126.8560), 240),
    Road("월정로", "화곡동", (37.5330, 126.8335), (37.5385, 126.8490), 230),
    Road("초록마을로", "화곡동", (37.5350, 126.8525), (37.5440, 126.8505), 190),
    Road("우장산로", "내발산동", (37.5480, 126.8370), (37.5540, 126.8430), 130),
    Road("우현로", "화곡동", (37.5445, 126.8440), (37.5490, 126.8500), 90),
    Road("허준로", "가양동", (37.5675, 126.8490), (37.5630, 126.8600), 220),
    Road("금낭화로", "방화동", (37.5720, 126.8070), (37.5790, 126.8150), 200),
    Road("개화동로", "개화동", (37.5780, 126.7970), (37.5835, 126.8040), 410),
    Road("하늘길", "공항동", (37.5590, 126.8000), (37.5635, 126.8080), 260),
    Road("송정로", "공항동", (37.5605, 126.8105), (37.5635, 126.8140), 70),
    Road("수명로", "외발산동", (37.5505, 126.8240), (37.5565, 126.8315), 110),
    Road("남부순환로", "외발산동", (37.5470, 126.8230), (37.5580, 126.8190), 180),
    Road("공항대로", "염창동", (37.5490, 126.8690), (37.5460, 126.8745), 690),
    Road("양천로", "염창동", (37.5560, 126.8655), (37.5505, 126.8755), 720),
    Road("화곡로", "등촌동", (37.5565, 126.8495), (37.5600, 126.8530), 470),
)
PARKS = (
    ("우장산근린공원", "우장산로"),
    ("봉제산근린공원", "초록마을로"),
    ("방화근린공원", "방화대로"),
    ("개화근린공원", "개화동로"),
    ("구암근린공원", "허준로"),
    ("서울식물원", "마곡동로"),
    ("등마루근린공원", "등촌로"),
    ("황금내근린공원", "양천로"),
    ("꿩고개근린공원", "금낭화로"),
    ("염창근린공원", "공항대로"),
)
SCHOOLS = (
    "화곡초등학교",
    "등촌초등학교",
    "가양초등학교",
    "공항초등학교",
    "방화초등학교",
    "내발산초등학교",
    "마곡초등학교",
    "염창초등학교",
    "신곡초등학교",
    "월정초등학교",
    "송화초등학교",
    "수명초등학교",
)


def somewhere(random: Random) -> Place:
    """A point along a road, its number growing with the distance, now and then in a numbered side street."""
    road = random.choice(ROADS)
    along = random.random()
    number = max(1, round(along * road.last_number))
    side_street = random.random() < 0.4
    aside = random.uniform(-0.0022, 0.0022) if side_street else random.uniform(-0.0002, 0.0002)
    latitude = road.start[0] + along * (road.end[0] - road.start[0]) + aside
    longitude = road.start[1] + along * (road.end[1] - road.start[1]) + aside * random.choice((-1, 1))
    address = f"{road.name}{number}길 {random.randint(1, 90)}" if side_street else f"{road.name} {number}"
    if random.random() < 0.25:
        address += f"-{random.randint(1, 20)}"
    lot = f"{random.randint(1, 1200)}" + (f"-{random.randint(1, 60)}" if random.random() < 0.8 else "")
    return Place(
        road_address=f"서울특별시 강서구 {address}",
        lot_address=f"서울특별시 강서구 {road.neighbourhood} {lot}" if random.random() < 0.7 else "",
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
    )
