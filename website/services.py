"""What citizens can do here, with the words by which they look for it in either language."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Service:
    title: str
    url_name: str
    # Other words for the same, never shown.
    words: str

    @property
    def title_here(self) -> str:
        return gettext(self.title)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


SERVICES = (
    Service(
        "영상 열람 청구",
        "website_viewing_start",
        "영상 열람 청구 신청 존재확인 사본 정정 삭제 처리정지 내 영상 CCTV 확인 보기 개인영상정보 정보주체 footage video request see myself",
    ),
    Service(
        "안내판 신고",
        "website_report_start",
        "안내판 신고 없음 틀림 훼손 표지판 민원 설치 표시 사진 sign report missing wrong",
    ),
    Service(
        "안내판 신고 조회",
        "website_report_look_up",
        "안내판 신고 조회 접수번호 처리 결과 sign report status receipt",
    ),
    Service(
        "통제구역 출입 신청",
        "website_visit_start",
        "출입 신청 방문 견학 관제센터 통합관제센터 통제구역 승인 visit tour control centre apply",
    ),
    Service(
        "출입 신청 조회",
        "website_visit_look_up",
        "출입 신청 조회 출입번호 승인 결과 visit status",
    ),
    Service("CCTV 찾기", "website_cameras", "CCTV 찾기 카메라 위치 주소 목록 어디 camera find address list"),
    Service("CCTV 지도", "website_camera_map", "CCTV 지도 위치 map"),
    Service(
        "의견수렴",
        "website_consultations",
        "의견 의견수렴 의견 내기 반대 찬성 행정예고 설명회 설문 설치 계획 opinion consultation object",
    ),
    Service(
        "열람등 청구 조회",
        "website_viewing_status",
        "청구 조회 접수번호 확인번호 처리 결과 이의제기 status receipt answer",
    ),
    Service(
        "내가 보낸 의견과 처리 결과 확인하기",
        "website_own_opinion",
        "의견 조회 접수번호 확인번호 결과 status opinion receipt",
    ),
    Service(
        "고정형 영상정보처리기기 운영·관리 방침",
        "website_policy",
        "운영 관리 방침 보관기간 책임자 설치 근거 policy retention",
    ),
    Service(
        "개인정보 처리방침", "website_privacy", "개인정보 처리방침 보호책임자 privacy policy personal data"
    ),
    Service(
        "공개 데이터",
        "website_dataset",
        "공개 데이터 데이터셋 개방 표준데이터 내려받기 CSV 엑셀 XLSX dataset download open data",
    ),
    Service(
        "공개 수치",
        "website_figures",
        "공개 수치 통계 분기 보고서 청구 처리 파기 의무 figures statistics report quarter",
    ),
    Service("위탁 현황", "website_contractors", "위탁 수탁자 업체 계약 contractor entrusted company"),
    Service(
        "목적 외 이용·제공",
        "website_provisions",
        "목적 외 이용 제공 게시 공개 경찰 기관 제3자 provision third party use",
    ),
    Service(
        "영상정보처리기기 운영위원회",
        "website_committee",
        "운영위원회 위원 명단 위원장 회의 회의록 심의 의결 committee members minutes meeting",
    ),
    Service(
        "안내판을 갈음하는 공고",
        "website_sign_substitutes",
        "안내판 갈음 공고 누리집 공고 sign substitute notice",
    ),
)


def services_with(words: list[str]) -> list[Service]:
    """Services of which every word is told; titles in the reader's language count, too."""
    if not words:
        return []
    return [
        service
        for service in SERVICES
        if all(word in f"{service.title} {service.title_here} {service.words}".casefold() for word in words)
    ]
