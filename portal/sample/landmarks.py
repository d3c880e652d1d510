"""Place names of the sample district: where they lie is known roughly, and each says that it is a sample."""

from cameras.enums import LandmarkKind
from cameras.models import Landmark

SOURCE = "표본: 어림한 위치이므로 실제로 쓰기 전에 확인하여 바꾸십시오."
DONG, STATION = LandmarkKind.DONG, LandmarkKind.STATION
# Name, kind, latitude, longitude, other names. Of an administrative neighbourhood the middle.
NAMES: tuple[tuple[str, LandmarkKind, float, float, str], ...] = (
    ("염창동", DONG, 37.5505, 126.8740, ""),
    ("등촌1동", DONG, 37.5520, 126.8620, ""),
    ("등촌2동", DONG, 37.5440, 126.8620, ""),
    ("등촌3동", DONG, 37.5600, 126.8500, ""),
    ("화곡본동", DONG, 37.5440, 126.8470, ""),
    ("화곡1동", DONG, 37.5340, 126.8400, ""),
    ("화곡2동", DONG, 37.5310, 126.8540, ""),
    ("화곡3동", DONG, 37.5420, 126.8340, ""),
    ("화곡4동", DONG, 37.5350, 126.8600, ""),
    ("화곡6동", DONG, 37.5500, 126.8510, ""),
    ("화곡8동", DONG, 37.5335, 126.8500, ""),
    ("우장산동", DONG, 37.5500, 126.8370, ""),
    ("가양1동", DONG, 37.5660, 126.8420, ""),
    ("가양2동", DONG, 37.5680, 126.8520, ""),
    ("가양3동", DONG, 37.5620, 126.8600, ""),
    ("발산1동", DONG, 37.5510, 126.8260, ""),
    ("공항동", DONG, 37.5600, 126.8090, ""),
    ("방화1동", DONG, 37.5740, 126.8130, ""),
    ("방화2동", DONG, 37.5680, 126.8080, ""),
    ("방화3동", DONG, 37.5790, 126.8170, ""),
    ("까치산역", STATION, 37.5317, 126.8467, ""),
    ("화곡역", STATION, 37.5415, 126.8405, ""),
    ("우장산역", STATION, 37.5488, 126.8363, ""),
    ("발산역", STATION, 37.5586, 126.8376, ""),
    ("마곡역", STATION, 37.5602, 126.8252, ""),
    ("마곡나루역", STATION, 37.5672, 126.8270, ""),
    ("송정역", STATION, 37.5612, 126.8117, ""),
    ("김포공항역", STATION, 37.5624, 126.8013, "김포공항, Gimpo Airport"),
    ("공항시장역", STATION, 37.5637, 126.8105, ""),
    ("신방화역", STATION, 37.5675, 126.8166, ""),
    ("개화산역", STATION, 37.5723, 126.8064, ""),
    ("방화역", STATION, 37.5775, 126.8127, ""),
    ("개화역", STATION, 37.5786, 126.7983, ""),
    ("양천향교역", STATION, 37.5684, 126.8414, ""),
    ("가양역", STATION, 37.5613, 126.8543, ""),
    ("증미역", STATION, 37.5577, 126.8617, ""),
    ("등촌역", STATION, 37.5508, 126.8653, ""),
    ("염창역", STATION, 37.5470, 126.8745, ""),
    ("강서구청", LandmarkKind.OFFICE, 37.5509, 126.8495, "구청, Gangseo-gu Office, Gangseo District Office"),
    ("까치산시장", LandmarkKind.MARKET, 37.5312, 126.8478, ""),
    ("송화시장", LandmarkKind.MARKET, 37.5484, 126.8385, "송화벽화시장"),
    ("서울식물원", LandmarkKind.PARK, 37.5694, 126.8350, "Seoul Botanic Park"),
    ("우장산근린공원", LandmarkKind.PARK, 37.5520, 126.8430, "우장산공원"),
)  # fmt: skip


def enter() -> None:
    """Those that are not there yet."""
    for name, kind, latitude, longitude, other_names in NAMES:
        Landmark.objects.get_or_create(
            name=name,
            kind=kind,
            defaults={
                "latitude": latitude,
                "longitude": longitude,
                "other_names": other_names,
                "source": SOURCE,
            },
        )
