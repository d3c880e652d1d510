"""What each column of the public dataset holds, for the person who downloads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ColumnNote:
    name: str
    note: "str | Promise"
    example: str


_NOTES: dict[str, tuple["str | Promise", str]] = {
    "개방자치단체코드": (_("자치단체의 코드 7자리"), "3150000"),
    "관리번호": (_("설치장소의 번호. 설치장소 페이지의 주소에 쓰입니다."), "202631500000800463"),
    "관리기관명": (_("카메라를 관리하는 기관"), "서울특별시 강서구청"),
    "소재지도로명주소": (
        _("도로명주소. 지번주소와 둘 가운데 하나는 있습니다."),
        "서울특별시 강서구 화곡로 302",
    ),
    "소재지지번주소": (_("지번주소"), ""),
    "설치목적구분": (_("열 가지 가운데 하나(생활방범, 다목적 등)"), "생활방범"),
    "카메라대수": (_("이 행에 든 카메라 수. 한 설치장소가 여러 행일 수 있습니다."), "3"),
    "카메라화소수": (_("만 화소 단위"), "200"),
    "촬영방면정보": (_("촬영 방향"), "360도 전방면"),
    "보관일수": (_("영상을 보관하는 날 수"), "30"),
    "설치연월": (_("년과 월(YYYYMM)"), "202005"),
    "관리기관전화번호": (_("문의 전화번호"), "02-2600-0000"),
    "WGS84위도": (_("위도(WGS84)"), "37.5509"),
    "WGS84경도": (_("경도(WGS84)"), "126.8495"),
    "데이터기준일자": (_("이 행이 맞는 날(YYYY-MM-DD)"), "2026-05-18"),
    "데이터갱신구분": (_("비어 있는 일이 많습니다."), ""),
    "데이터갱신시점": (_("공개 포털에서 갱신한 때"), "2026-05-19 22:58:23"),
    "최종수정시점": (_("마지막으로 고친 때"), "2026-05-18 15:24:18"),
}


def notes(columns: Sequence[str]) -> list[ColumnNote]:
    """In the order of the file; a column without a note would be a mistake here and fails."""
    return [ColumnNote(name, *_NOTES[name]) for name in columns]
