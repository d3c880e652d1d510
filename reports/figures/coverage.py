"""What the report does not say yet, article by article: a silence that looks like compliance is worse than a gap."""

from dataclasses import dataclass

from ordinance import articles
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table

COVERED, PARTLY, NOT_YET, NO_FIGURES = "다룸", "일부 다룸", "아직 다루지 않음", "수치 없음"


@dataclass(frozen=True)
class Reported:
    """How far the report answers for one article of the ordinance."""

    state: str
    what: str


# What this program keeps records of today. A chapter that a later version adds changes its line here.
BY_ARTICLE: dict[int, Reported] = {
    1: Reported(NO_FIGURES, "목적 조항"),
    2: Reported(NO_FIGURES, "정의 조항"),
    3: Reported(NO_FIGURES, "적용범위 조항"),
    4: Reported(
        PARTLY, "전담부서의 지정 여부와 설치부서별 현황만 적음. 전담부서의 업무 실적은 기록하지 않음"
    ),
    5: Reported(PARTLY, "설치기준 점검표가 있는지, 사용 연수와 화소 수를 적음. 항목별 결과는 없음"),
    6: Reported(COVERED, "설치목적별 현황과 분기 중 변동"),
    7: Reported(PARTLY, "사전협의를 마친 대수만 적음. 협의 내용은 없음"),
    8: Reported(PARTLY, "의견수렴을 마치거나 생략한 대수만 적음. 의견과 생략 사유는 없음"),
    9: Reported(PARTLY, "안내판을 갖추고 확인한 대수만 적음. 점검 내용은 없음"),
    10: Reported(PARTLY, "녹음기능 미사용 확인 여부만 적음. 카메라 조작 기록은 없음"),
    11: Reported(PARTLY, "내용과 교육·감독을 갖춘 위탁 계약의 수만 적음"),
    12: Reported(NO_FIGURES, "통합관제센터 구축 조항"),
    13: Reported(PARTLY, "관제센터 연계와 제외의 대수만 적음. 연계 제외의 협의 경위는 없음"),
    14: Reported(PARTLY, "관제 범위를 정한 대수만 적음. 협의 내용은 없음"),
    15: Reported(NOT_YET, "유관기관 연계서비스의 이용 건수"),
    16: Reported(NOT_YET, "통합관제센터의 상시 운영(근무 편성)"),
    17: Reported(NOT_YET, "인력 현황"),
    18: Reported(NOT_YET, "관제 전담요원의 근무와 상황 전파"),
    19: Reported(NOT_YET, "통합관제센터 출입 통제 기록"),
    20: Reported(NOT_YET, "특정인 추적 요청과 처리"),
    21: Reported(NOT_YET, "영상정보의 이용·제공 건수와 근거"),
    22: Reported(NOT_YET, "열람등 청구의 접수·처리·거절"),
    23: Reported(NOT_YET, "저장 영상의 재생 기록과 접근권한자 현황"),
    24: Reported(PARTLY, "보관·파기·삭제 유예를 다룸. 제공한 영상의 회수·파기와 정보주체 통지는 없음"),
    25: Reported(NOT_YET, "교육 이수와 보안서약"),
    26: Reported(NOT_YET, "위원회 구성"),
    27: Reported(NOT_YET, "위원의 임기와 해촉"),
    28: Reported(PARTLY, "설치에 대한 의결이 있는 대수만 적음. 그 밖의 안건과 결과는 없음"),
    29: Reported(NOT_YET, "위원회 회의와 회의록"),
    30: Reported(NOT_YET, "수당·여비 지급"),
    31: Reported(NO_FIGURES, "시행규칙 위임 조항"),
}


def section(reach: Reach) -> Section:
    rows: list[Row] = [_row(article.number, article.title) for article in articles.current(on=reach.today)]
    silent = [row for row in rows if row["state"] == NOT_YET]
    return Section(
        code="coverage",
        title="이 보고서가 아직 다루지 않는 사항",
        lead=(
            "아래 표에서 ‘아직 다루지 않음’으로 적은 조문은 이 시스템에 기록이 없어 수치를 낼 수 없습니다. "
            "수치가 없다는 것이 해당 의무를 이행하였다는 뜻은 아닙니다."
        ),
        figures=[Figure("articles_silent", "아직 다루지 않는 조문", len(silent))],
        tables=[
            Table(
                code="by_article",
                title="조례 조문별 보고 범위",
                columns=[
                    Column("label", "조문", width=34),
                    Column("state", "보고 여부", width=18),
                    Column("what", "내용", width=48),
                ],
                rows=rows,
                source="조례 조문 목록과 이 시스템의 기록 범위",
                article="조례 전체",
                empty="조례 조문이 등록되어 있지 않습니다.",
            )
        ],
        source="조례 조문 목록",
        article="조례 전체",
    )


def _row(number: int, title: str) -> Row:
    reported = BY_ARTICLE.get(number, Reported(NOT_YET, "이 조문에 관한 기록이 없음"))
    return {
        "key": str(number),
        "label": f"제{number}조({title})",
        "state": reported.state,
        "what": reported.what,
    }
