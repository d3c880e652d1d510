"""일반 공문: any other letter of the office, written by hand in the same layout, under the same numbers."""

from collections.abc import Mapping

from accounts.models import Officer
from reports.letters import kinds
from reports.letters.kinds import Ask, Kind, Matter
from reports.official import Disclosure

CODE = "general"


def _matter(row: object, asked: Mapping[str, str], by: Officer) -> Matter:
    enclosures = tuple(line.strip() for line in asked["붙임"].splitlines() if line.strip())
    return Matter(
        receiver=asked["수신"],
        receiver_reference=asked["수신"],
        about="",
        values={"제목": asked["제목"], "본문": asked["본문"]},
        enclosures=enclosures,
        department=by.department,
    )


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            title="일반 공문",
            permission="reports.send_letter",
            subject="{제목}",
            body="{본문}",
            placeholders={"제목": "관계기관 회의 개최 알림", "본문": "다음과 같이 회의를 개최합니다."},
            required=("본문",),
            matter=_matter,
            get=lambda key: None,
            asks=(
                Ask("수신", "수신", "기관이나 부서의 이름. 개인의 이름은 적지 마십시오. 예: 강서경찰서장"),
                Ask("제목", "제목"),
                Ask(
                    "본문",
                    "본문",
                    "한 줄이 한 항목입니다. 줄 앞에 1. 가. 1) 가)를 적으면 깊이가 정해지고, 번호는 다시 매깁니다.",
                    10,
                ),
                Ask(
                    "붙임", "붙임", "한 줄에 하나씩. ‘1부.’와 ‘끝.’은 저절로 붙습니다.", 3, is_required=False
                ),
            ),
            disclosure=Disclosure.OPEN,
            disclosure_ground="",
            where="발송 대장",
        )
    )
