"""The sample district's committee: its members, two meetings, and what was decided there."""

from datetime import date, time, timedelta

from accounts.models import Officer
from committee import (
    agenda,
    allowances,
    attendance,
    meetings,
    membership,
    minutes,
    notices,
    resolutions,
)
from committee.agenda import ItemFacts
from committee.enums import APPOINTED, CommitteeFunction, MeetingKind, NoticeWay, SeatGround
from committee.meetings import MeetingFacts
from committee.membership import MemberFacts, TermFacts
from committee.models import Meeting
from committee.notices import NoticeFacts
from committee.resolutions import Decision
from committee.voting import Vote


def hold_meetings(by: Officer, today: date) -> None:
    """Once: a district that has meetings keeps its own."""
    if Meeting.objects.exists():
        return
    _seat_members(by, today)
    _together(by, today)
    _in_writing(by, today)


# Ground, made-up name, gender, post, whether of the district: thirteen, seven women and six men among all.
MEMBERS = (
    ("deputy_mayor", "박준호", "man", "부구청장", True),
    ("director_general", "이미경", "woman", "안전교통국장", True),
    ("division_head", "최도윤", "man", "안전관리과장", True),
    ("councillor", "정하늘", "woman", "구의원", False),
    ("councillor", "서지원", "man", "구의원", False),
    ("police", "강민재", "man", "경찰서 범죄예방과장", False),
    ("expert", "김서연", "woman", "대학교 정보보호학과 교수", False),
    ("expert", "한지우", "woman", "정보통신 기술사", False),
    ("expert", "윤태호", "man", "영상보안 연구원", False),
    ("expert", "조은비", "woman", "변호사", False),
    ("other", "오지훈", "man", "주민자치회 회장", False),
    ("other", "문소영", "woman", "학부모회 대표", False),
    ("other", "배성민", "man", "통장협의회 회장", False),
)


def _seat_members(by: Officer, today: date) -> None:
    """The terms began early enough for the meetings; the last appointed one ends soon."""
    for number, (ground, name, gender, affiliation, is_official) in enumerate(MEMBERS, start=1):
        is_appointed = ground in APPOINTED
        facts = MemberFacts(name, gender, affiliation, is_district_official=is_official)
        years = 700 if number == len(MEMBERS) else 300
        term = TermFacts(
            SeatGround(ground),
            today - timedelta(days=years),
            f"안전관리과-{number:03d}",
            recommended_by="구의회" if ground == "councillor" else "",
            recruitment=("open" if ground in ("expert", "other") else "exempt") if is_appointed else "",
            recruitment_reason="기관의 추천" if is_appointed and ground not in ("expert", "other") else "",
        )
        membership.appoint(facts, term, by=by)


# Title, function, votes for, against, abstained, conditions.
DECIDED = (
    ("방범용 CCTV 통합관리 계획", CommitteeFunction.INTEGRATED_MANAGEMENT, (10, 0, 1), ""),
    (
        "공원 CCTV의 통합관제센터 연계 계획",
        CommitteeFunction.LINKAGE,
        (8, 2, 1),
        "연계를 마친 뒤 다음 회의에 결과를 보고할 것",
    ),
    ("주민 참여 모니터링단 운영", CommitteeFunction.RESIDENTS, (5, 5, 1), ""),
)


def _together(by: Officer, today: date) -> None:
    """From the notice to the published minutes; two of thirteen stayed away."""
    on = today - timedelta(days=70)
    facts = MeetingFacts(MeetingKind.MEETING, on, "구청 3층 대회의실", starts_at=time(14))
    meeting = meetings.record(facts, by=by, today=today)
    for title, function_no, _, _ in DECIDED:
        agenda.add(meeting, ItemFacts(function_no, title, "붙임의 계획을 심의한다."), by=by)
    told = NoticeFacts(notices.deadline(meeting).due_on, NoticeWay.BOTH, "안전관리과-501")
    notices.send(meeting, told, by=by, today=today)
    there = [term.pk for term in membership.composition(on)][:11]
    meeting = attendance.record(meeting, there, by=by, today=today)
    for item, (title, function_no, votes, conditions) in zip(meeting.items.all(), DECIDED, strict=True):
        text = (
            "원안대로 의결한다."
            if votes[0] > 6
            else "개인정보 보호 대책을 보완하여 다시 상정하도록 부결한다."
        )
        decision = Decision(
            on=on,
            function_no=function_no,
            title=title,
            text=text,
            conditions=conditions,
            conditions_due_on=today + timedelta(days=20) if conditions else None,
            vote=Vote(13, 11, *votes),
            item=item,
        )
        resolutions.record(meeting, decision, by=by, today=today)
    _write_down(meeting, by, today)


def _write_down(meeting: Meeting, by: Officer, today: date) -> None:
    """Minutes that members confirmed, on the website; allowances for who is due one."""
    written = minutes.begin(meeting, by=by)
    there = attendance.present_terms(meeting)
    minutes.say(
        written,
        text="연계에 드는 비용과 기간을 물음",
        item=meeting.items.all()[1],
        term=there[5],
        by=by,
    )
    for term in there[:2]:
        minutes.confirm_on_paper(written, term, on=meeting.on + timedelta(days=7), by=by, today=today)
    minutes.publish(minutes.lock(written, by=by), by=by)
    sheet = allowances.make(
        meeting, budget_line="위원회 운영(행사실비지원금)", document_number="안전관리과-530", by=by
    )
    allowances.pay(sheet, on=meeting.on + timedelta(days=20), by=by, today=today)


def _in_writing(by: Officer, today: date) -> None:
    on = today - timedelta(days=25)
    facts = MeetingFacts(
        MeetingKind.WRITTEN, on, written_reason="경미한 안건(안내판 문안 정비)", enrolled=13, present=12
    )
    decision = Decision(
        on=on,
        function_no=CommitteeFunction.IMPROVEMENT,
        title="안내판 문안 정비",
        text="원안대로 의결한다.",
        vote=Vote(13, 12, 12, 0, 0),
    )
    resolutions.record(meetings.record(facts, by=by, today=today), decision, by=by, today=today)
