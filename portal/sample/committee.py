"""Two meetings of the sample district's committee, and what was decided there."""

from datetime import date, timedelta

from accounts.models import Officer
from committee import meetings, resolutions
from committee.enums import CommitteeFunction, MeetingKind
from committee.meetings import MeetingFacts
from committee.models import Meeting
from committee.resolutions import Decision
from committee.voting import Vote


def hold_meetings(by: Officer, today: date) -> None:
    """Once: a district that has meetings keeps its own."""
    if Meeting.objects.exists():
        return
    _together(by, today)
    _in_writing(by, today)


def _together(by: Officer, today: date) -> None:
    on = today - timedelta(days=70)
    facts = MeetingFacts(MeetingKind.MEETING, on, "구청 3층 대회의실", enrolled=13, present=11)
    meeting = meetings.record(facts, by=by, today=today)
    decisions = (
        Decision(
            on=on,
            function_no=CommitteeFunction.INTEGRATED_MANAGEMENT,
            title=f"{on.year}년 방범용 CCTV 통합관리 계획",
            text="원안대로 의결한다.",
            vote=Vote(13, 11, 10, 0, 1),
        ),
        Decision(
            on=on,
            function_no=CommitteeFunction.LINKAGE,
            title="공원 CCTV의 통합관제센터 연계 계획",
            text="조건을 붙여 의결한다.",
            conditions="연계를 마친 뒤 다음 회의에 결과를 보고할 것",
            vote=Vote(13, 11, 8, 2, 1),
        ),
        Decision(
            on=on,
            function_no=CommitteeFunction.RESIDENTS,
            title="주민 참여 모니터링단 운영",
            text="개인정보 보호 대책을 보완하여 다시 상정하도록 부결한다.",
            vote=Vote(13, 11, 5, 5, 1),
        ),
    )
    for decision in decisions:
        resolutions.record(meeting, decision, by=by, today=today)


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
