"""Typed text taken apart: what is address, what is the building's inside, which district was meant. Pure.

People paste what maps and the address service give them (`서울시 강서구 곰달래로 58, 2층 (화곡동)`), type it without
blanks, in full width, or from a system that stores Hangul in parts.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from cameras.dataset_text import folded

# Longer than any address; what follows is not read.
LONGEST = 200
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
# `78번지 6호` may be lot 78-6 or flat 6 of lot 78.
FLAT_OR_LOT = re.compile(r"\s*(?P<main>\d{1,5})\s*번지\s*(?P<sub>\d{1,5})\s*호")
_IN_BRACKETS = re.compile(r"[(\[{<]([^)\]}>]*)[)\]}>]?")
_LETTERS = "가나다라마바사아자차카타파하"
_SIDE_STREET = re.compile(
    rf"(?<=[가-힣])\s+(?=\d{{1,4}}\s*번?[{_LETTERS}]?길)|(?<=\d)\s+(?=번?[{_LETTERS}]?길)"
)
_BLANKS = re.compile(r"\s+")
_AROUND_A_NUMBER = re.compile(r"^(?:관리번호|설치장소번호|카메라번호|번호|No\.?)[:.]?|번$", re.IGNORECASE)
_PROVINCES = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|충청북|충청남|전라북|전라남|경상북|경상남"
_PROVINCE = re.compile(
    rf"(?:대한민국\s*)?(?P<name>{_PROVINCES})(?:(?:특별자치|특별|광역)?[시도]\s*|(?=\s|$))\s*"
)
# Other districts of the same city, so that they are known for what they are without a province before them.
_SEOUL = {
    "강남구", "강동구", "강북구", "강서구", "관악구", "광진구", "구로구", "금천구", "노원구",
    "도봉구", "동대문구", "동작구", "마포구", "서대문구", "서초구", "성동구", "성북구",
    "송파구", "양천구", "영등포구", "용산구", "은평구", "종로구", "중구", "중랑구",
}  # fmt: skip
_DISTRICT = re.compile(r"(?P<name>[가-힣]{1,4}[구군시])(?=\s|$)\s*")
_AN_ADDRESS_FOLLOWS = re.compile(r"(?!청)[가-힣0-9]+?(?:로|길|동)(?:\s|\d|$)")
_NOT_A_HOUSE = rf"(?:층|동|호|실|f\b|번?[{_LETTERS}]?길|번?\s*출구)"
NUMBER = re.compile(
    rf"[\s,]*(?:지하\s*)?(?P<main>\d{{1,5}})(?!\d|\s*{_NOT_A_HOUSE})"
    rf"(?:\s*(?:번지?)?\s*(?:-|의)\s*(?P<sub>\d{{1,5}})(?!\d|\s*(?:층|동|실|f\b)))?"
)
_ROAD_IN_ADDRESS = re.compile(
    rf"(?P<road>[가-힣][가-힣0-9·]*?(?:대로|로|길)(?:\d{{1,4}}번?[{_LETTERS}]?길)?)(?=[\s,\d]|$)"
)
_DONG_IN_ADDRESS = re.compile(r"(?P<dong>[가-힣][가-힣0-9·]*?(?:동|가|리))(?=[\s,]|\d|산\s*\d|$)")
# 화곡제1동 is written 화곡1동, too.
ORDINAL_DONG = re.compile(r"제(?=\d+동)")
HILL = re.compile(r"\s*산(?=\s*\d)")


@dataclass(frozen=True, slots=True)
class Number:
    """A house or lot number; `sub` is 0 where there is none."""

    main: int
    sub: int = 0

    def __str__(self) -> str:
        return f"{self.main}-{self.sub}" if self.sub else str(self.main)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed. `core` lacks brackets, province and district; `notes` stood in the brackets."""

    text: str
    core: str
    notes: tuple[str, ...]
    province: str
    district: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the register; every part may be empty, `number` None."""

    province: str
    district: str
    name: str
    number: Number | None
    is_hill: bool = False


def tidied(text: str) -> str:
    """Composed, in half width, lower case, one blank where several or another one stood; never longer than LONGEST."""
    text = unicodedata.normalize("NFKC", folded(text[: 4 * LONGEST]))
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = _DASHES.sub("-", text.casefold())
    return _BLANKS.sub(" ", text).strip()[:LONGEST]


def bare_number(typed: str) -> str:
    """The number of a sign or a camera without blanks and without the words around it: `관리번호 2026 31번`."""
    text = "".join(unicodedata.normalize("NFKC", typed).replace("\x00", "").split())
    return _AROUND_A_NUMBER.sub("", text)


def take_apart(typed: str, districts: Collection[str]) -> Asked:
    """`districts` are those of the register: only their names are taken off where no blank follows."""
    text = tidied(typed)
    notes = tuple(note.strip() for note in _IN_BRACKETS.findall(text) if note.strip())
    outside = _BLANKS.sub(" ", _IN_BRACKETS.sub(" ", text)).strip()
    province, rest = _province(outside)
    district, rest = _district(rest, province, districts)
    return Asked(text, _SIDE_STREET.sub("", rest).strip(" ,."), notes, province, district)


def _province(text: str) -> tuple[str, str]:
    found = _PROVINCE.match(text)
    return (found["name"], text[found.end() :]) if found else ("", text)


def _district(text: str, province: str, districts: Collection[str]) -> tuple[str, str]:
    found = _DISTRICT.match(text)
    if found and (province or found["name"] in districts or found["name"] in _SEOUL):
        # 성남시 분당구 판교로: a city may have districts of its own.
        below = _DISTRICT.match(text, found.end()) if found["name"].endswith("시") else None
        name = f"{found['name']} {below['name']}" if below else found["name"]
        return name, text[(below or found).end() :]
    for name in districts:
        if name and text.startswith(name) and _AN_ADDRESS_FOLLOWS.match(rest := text[len(name) :]):
            return name, rest
    return "", text


def number_at(text: str) -> Number | None:
    """The number with which the text begins; a floor, a building's or a flat's number is none."""
    found = NUMBER.match(text)
    if not found or not int(found["main"]):
        return None
    return Number(int(found["main"]), int(found["sub"] or 0))


def road_in(text: str) -> tuple[str, str] | None:
    """The first thing that looks like a road's name, and what follows it."""
    found = _ROAD_IN_ADDRESS.search(text)
    return (found["road"], text[found.end() :]) if found else None


def dong_in(text: str) -> tuple[str, str] | None:
    """The first thing that looks like a neighbourhood's name, and what follows it."""
    found = _DONG_IN_ADDRESS.search(text)
    return (found["dong"], text[found.end() :]) if found else None


@lru_cache(maxsize=100_000)
def road_address(text: str) -> Address:
    """A road address of the register."""
    return _address(text, is_road=True)


@lru_cache(maxsize=100_000)
def lot_address(text: str) -> Address:
    """A lot address of the register."""
    return _address(text, is_road=False)


def _address(text: str, *, is_road: bool) -> Address:
    asked = take_apart(text, ())
    province, district, core = asked.province, asked.district, asked.core
    found = road_in(core) if is_road else dong_in(core)
    if found is None:
        return Address(province, district, "", None)
    name, rest = found
    hill = HILL.match(rest) if not is_road else None
    number = number_at(rest[hill.end() :] if hill else rest)
    if is_road and number is None:
        return Address(province, district, "", None)  # a path in a park is no road with numbers
    return Address(province, district, name, number, hill is not None)
