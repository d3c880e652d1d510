"""Letters of the committee: the call to a meeting (ordinance art. 29), appointment and dismissal of a member (art. 26, 27)."""

from collections.abc import Callable, Mapping

from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from committee.enums import EndGround
from committee.models import Meeting, Term
from reports.letters import kinds
from reports.letters.kinds import Ask, Kind, Matter, NoLetter
from reports.official import Disclosure, day

PERMISSION, MEMBERS = "committee.change_meeting", "committee.change_member"


def _get(key: int) -> Meeting:
    meeting = Meeting.objects.filter(pk=key).first()
    if meeting is None:
        raise NoLetter("그런 회의가 없습니다.")
    if meeting.cancelled_on is not None:
        raise NoLetter("취소한 회의입니다.")
    if meeting.is_written:
        raise NoLetter("서면심의에는 모이지 않습니다. 의견서나 서명 주소로 알립니다.")
    if meeting.on < timezone.localdate():
        raise NoLetter(
            f"{day(meeting.on)}에 이미 열린 회의입니다. 지난 회의에 참석하여 달라고 알리지 않습니다."
        )
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
            "장소": meeting.place,
            "안건": asked["안건"],
        },
        enclosures=("회의 자료",) if asked["자료"] else (),
    )


def _term(key: int) -> Term:
    term = Term.objects.select_related("member").filter(pk=key).first()
    if term is None:
        raise NoLetter("그런 위원의 임기가 없습니다.")
    if term.member.erased_at is not None:
        raise NoLetter("개인정보를 파기한 위원입니다.")
    if term.is_ex_officio:
        raise NoLetter("당연직 위원은 직위로 위원이 되며 위촉하지 않습니다.")
    return term


def _ended_term(key: int) -> Term:
    term = _term(key)
    if term.ended_on is None:
        raise NoLetter("해촉한 위원이 아닙니다.")
    if term.end_ground in (EndGround.DEATH, EndGround.DISSOLVED):
        raise NoLetter(
            f"‘{EndGround(term.end_ground).label}’{josa(EndGround(term.end_ground).label, '으로/로')} 끝난 임기에는 해촉을 알리지 않습니다."
        )
    return term


def _of_term(term: Term, asked: Mapping[str, str], by: Officer) -> Matter:
    member = term.member
    return Matter(
        receiver=f"{member.name} 귀하",
        receiver_reference=f"운영위원회 위원 {member.number}",
        about=term.ledger_subject,
        values={
            "성명": member.name,
            "소속": member.affiliation,
            "직책": term.get_office_display() if term.office else "위원",
            "시작일": day(term.from_on),
            "만료일": day(term.until_on),
            "해촉일": day(term.ended_on),
            "해촉 사유": term.get_end_ground_display() if term.end_ground else "",
            "문서": term.document_number,
        },
    )


_TERM_EXAMPLES = {
    "성명": "김한빛",
    "소속": "한빛대학교 교수",
    "직책": "위원",
    "시작일": "2026. 12. 1.",
    "만료일": "2028. 11. 30.",
    "해촉일": "2027. 5. 1.",
    "해촉 사유": "본인이 사임",
    "문서": "안전관리과-100",
}


def _register_term(
    code: str, title: str, body: str, get: Callable[[int], Term], required: tuple[str, ...]
) -> None:
    kinds.register(
        Kind(
            code=code,
            title=title,
            permission=MEMBERS,
            subject=f"영상정보처리기기 운영위원회 위원 {title}",
            body=body,
            placeholders=_TERM_EXAMPLES,
            required=required,
            article="조례 제26조·제27조",
            matter=_of_term,
            get=get,
            where="운영위원회 위원",
        )
    )


def register() -> None:
    _register_term(
        "committee_appointment",
        "위촉",
        "1. 조례 제26조에 따라 귀하를 영상정보처리기기 운영위원회 위원으로 위촉합니다.\n"
        "가. 성명과 소속: {성명} ({소속})\n나. 직책: {직책}\n다. 임기: {시작일}부터 {만료일}까지\n라. 근거 문서: {문서}\n"
        "2. 직무를 하면서 알게 된 비밀을 지켜 주시고, 안건과 이해관계가 있으면 회피하여 주시기 바랍니다.",
        _term,
        ("성명", "시작일", "만료일"),
    )
    _register_term(
        "committee_dismissal",
        "해촉",
        "1. 조례 제27조에 따라 귀하를 영상정보처리기기 운영위원회 위원에서 해촉함을 알려 드립니다.\n"
        "가. 성명: {성명}\n나. 해촉일: {해촉일}\n다. 사유: {해촉 사유}\n2. 그동안 위원회에 힘써 주신 데 감사드립니다.",
        _ended_term,
        ("성명", "해촉일"),
    )
    kinds.register(
        Kind(
            code="committee_notice",
            title="운영위원회 회의 소집 통지",
            permission=PERMISSION,
            subject="영상정보처리기기 운영위원회 {회의} 개최 통지",
            body="1. 조례 제29조에 따라 영상정보처리기기 운영위원회 회의를 다음과 같이 개최하오니 참석하여 주시기 바랍니다.\n"
            "가. 일시: {날짜} {시각}\n나. 장소: {장소}\n다. 안건\n1) {안건}\n"
            "2. 안건과 이해관계가 있는 위원께서는 회의 전에 알리고 회피하여 주시기 바랍니다.",
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
