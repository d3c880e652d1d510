"""Addresses of the register in Latin letters, for readers who cannot read the Hangul: by the official romanisation."""

from cameras.whereabouts.sounds import romanised
from website.languages import HANGUL

# Names of the provinces as they write themselves.
PROVINCES = {
    "서울특별시": "Seoul",
    "부산광역시": "Busan",
    "대구광역시": "Daegu",
    "인천광역시": "Incheon",
    "광주광역시": "Gwangju",
    "대전광역시": "Daejeon",
    "울산광역시": "Ulsan",
    "세종특별자치시": "Sejong",
    "경기도": "Gyeonggi-do",
    "강원특별자치도": "Gangwon-do",
    "충청북도": "Chungcheongbuk-do",
    "충청남도": "Chungcheongnam-do",
    "전북특별자치도": "Jeonbuk-do",
    "전라남도": "Jeollanam-do",
    "경상북도": "Gyeongsangbuk-do",
    "경상남도": "Gyeongsangnam-do",
    "제주특별자치도": "Jeju-do",
}
_DISTRICTS = {"구": "gu", "군": "gun", "시": "si"}


def address(text: str) -> str:
    """`서울특별시 강서구 화곡로 302` → `Hwagok-ro 302, Gangseo-gu, Seoul`; empty where there is no Hangul to say."""
    if not HANGUL.search(text):
        return ""
    words = text.split()
    around = []
    if words[0] in PROVINCES:
        around.append(PROVINCES[words.pop(0)])
    while len(words) > 1 and words[0][-1] in _DISTRICTS and len(words[0]) > 1:
        name = words.pop(0)
        around.append(f"{romanised(name[:-1])}-{_DISTRICTS[name[-1]]}")
    place = " ".join(romanised(word) if HANGUL.search(word) else word for word in words)
    return ", ".join([place, *reversed(around)])
