"""Letters of the committee: the notice of a meeting with its agenda (ordinance art. 29)."""

from collections.abc import Mapping

from accounts.models import Officer
from committee.models import Meeting
from reports.letters import kinds
from reports.letters.kinds import Ask, Kind, Matter, NoLetter
from reports.official import Disclosure, day

PERMISSION = "committee.change_meeting"


def _get(key: int) -> Meeting:
    meeting = Meeting.objects.filter(pk=key).first()
    if meeting is None:
        raise NoLetter("그런 회의가 없습니다.")
    return meeting


def _matter(meeting: Meeting, asked: Mapping[str, str], by: Officer) -> Matter:
    return Matter(
        receiver="영상정보처리기기 운영위원회 위원 각위",
        receiver_reference="운영위원회 위원",
        about=meeting.ledger_subject,
        values={
            "회의": str(meeting),
            "날짜": day(meeting.on),
            "시각": asked["시각"],
            "장소": meeting.place or "서면",
            "안건": asked["안건"],
        },
        enclosures=("회의 자료",) if asked["자료"] else (),
    )


def register() -> None:
    kinds.register(
        Kind(
            code="committee_notice",
            title="운영위원회 회의 소집 통지",
            permission=PERMISSION,
            subject="영상정보처리기기 운영위원회 {회의} 개최 통지",
            body="1. 조례 제29조에 따라 영상정보처리기기 운영위원회 회의를 다음과 같이 개최하오니 참석하여 주시기 바랍니다.\n"
            "가. 일시: {날짜} {시각}\n나. 장소: {장소}\n다. 안건\n1) {안건}\n"
            "2. 안건과 이해관계가 있는 위원께서는 회의 전에 회피하거나 기피를 신청할 수 있습니다.",
            placeholders={
                "회의": "2026년 제3차 회의",
                "날짜": "2026. 12. 10.",
                "시각": "14:00",
                "장소": "구청 3층 회의실",
                "안건": "2027년 설치 계획(안)",
            },
            required=("날짜", "안건"),
            article="조례 제29조",
            matter=_matter,
            get=_get,
            asks=(
                Ask("시각", "시각", "예: 14:00"),
                Ask("안건", "안건", "한 줄에 하나씩", 4),
                Ask(
                    "자료",
                    "붙임 자료",
                    "붙이면 ‘회의 자료’라고 적습니다. 없으면 비워 둡니다.",
                    is_required=False,
                ),
            ),
            disclosure=Disclosure.OPEN,
            disclosure_ground="",
            where="운영위원회 회의",
        )
    )
