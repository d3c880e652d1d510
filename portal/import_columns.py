"""빈 양식: the columns that a standard dataset file needs, and how each cell is written, for who fills it by hand."""

import csv
import io
from dataclasses import dataclass

from cameras.dataset_columns import COLUMNS
from cameras.enums import DatasetPurpose
from ordinance import parameters

FILE_NAME = "표준데이터_빈양식.csv"
_WORDS = {
    "number": "이미 대장에 있는 설치장소는 그 번호. 새 장소는 비우면 번호를 매깁니다.",
    "institution": "관리하는 기관. 예: 서울특별시 강서구청",
    "road_address": "도로명주소와 지번주소 가운데 하나는 꼭 적습니다.",
    "lot_address": "도로명주소와 지번주소 가운데 하나는 꼭 적습니다.",
    "count": "그 장소, 그 목적의 카메라 수. 1 이상의 정수",
    "pixel_10k": "만 화소 단위의 정수. 200만 화소는 200. 모르면 비웁니다.",
    "filming_direction": "예: 360도전방면",
    "installed_month": "예: 2013-12. 모르면 비웁니다.",
    "phone": "예: 02-2600-6114",
    "latitude": "도 단위 소수. 예: 37.55091. 위도와 경도는 함께 적거나 함께 비웁니다.",
    "longitude": "도 단위 소수. 예: 126.84951",
    "reference_on": "자료를 확인한 날. 예: 2026-05-18",
}


@dataclass(frozen=True)
class Asked:
    """One column: its name, older names that are read too, how its cells are written."""

    name: str
    others: str
    is_required: bool
    words: str


def asked() -> list[Asked]:
    """The columns without which a file is not read, and 관리번호, which says what is known already."""
    words = {
        **_WORDS,
        "dataset_purpose": f"다음 가운데 하나: {', '.join(DatasetPurpose.values)}",
        "retention_days": f"일 단위의 정수. 최대 {parameters.value('retention_max_days').value}일",
    }
    return [
        Asked(column.label, ", ".join(column.names[1:]), column.is_required, words[column.field])
        for column in COLUMNS
        if column.is_required or column.field == "number"
    ]


def empty_file() -> bytes:
    """The heading alone, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerow([column.name for column in asked()])
    return text.getvalue().encode("utf-8-sig")
