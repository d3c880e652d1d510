"""The control centre: agents in four teams, a roster of two months, handovers, what was seen."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Officer
from cameras.models import Camera
from ordinance.periods import DAY, shift_month
from portal.sample.people import INSTITUTION
from records.competence import outside, pledges
from records.competence_enums import PledgeKind
from records.duty_enums import ContactWay, DutyPattern, StaffKind, VisitKind
from records.models import DutyRota, StaffMember, TrainingCourse
from records.people import handover, incident_log, roster, staffing, visits

# Beside the agent who has an account (`portal.sample.competence`), who belongs to the first team.
AGENTS = ("오세린", "백준서", "서이준", "류하린")
DAYS_ON_RECORD = 3
# Kind, body, minutes until it was told, result.
SEEN = (
    ("차량 털이 의심", "112치안종합상황실", 2, "순찰차 출동, 현행범 인계"),
    ("쓰러진 사람", "119종합상황실", 1, "구급대 이송"),
    ("도로 파손", "구청 당직실", 14, "도로관리과 보수"),
    ("청소년 폭행 의심", "112치안종합상황실", 3, ""),
)


def stand_watch(official: Officer, manager: Officer, now: dt.datetime) -> None:
    """Once: a centre that has rotas keeps its own."""
    if DutyRota.objects.exists():
        return
    today = timezone.localdate(now)
    first = today - DAYS_ON_RECORD * DAY
    last = dt.date(*shift_month(today, 2), 1) - DAY
    rota = roster.keep_rota(
        DutyRota(),
        {
            "name": "관제 4조",
            "kind": StaffKind.MONITORING_STAFF,
            "pattern": DutyPattern.FOUR_IN_THREE,
            "first_shift_at": dt.time(6),
            "anchor_on": first,
        },
        by=official,
    )
    _enter(rota, official)
    roster.generate(rota, first, last, by=official)
    _hand_over(official, manager, now)
    _see(official, now)
    _let_in(official, manager, now)


def _enter(rota: DutyRota, official: Officer) -> None:
    for team, name in enumerate(AGENTS, start=1):
        values = {"name": name, "kind": rota.kind, "employer": INSTITUTION, "zone": f"{team}구역"}
        values["order_document"] = f"총무과-2{team}"
        agent = staffing.enter({**values, "number": f"M1{team:02}", "rota": rota, "team": team}, by=official)
        _prepare(agent, official)
    for agent in StaffMember.objects.filter(kind=rota.kind, officer__isnull=False):
        staffing.change(agent, {"rota": rota, "team": 1, "zone": "1구역"}, by=official)


def _prepare(agent: StaffMember, official: Officer) -> None:
    """Taught elsewhere, and sworn in on paper: who watches alone must be both."""
    today = timezone.localdate()
    course = TrainingCourse.objects.filter(is_in_use=True).order_by("pk")[0]
    taught_on = today - 100 * DAY
    outside.record(
        agent, course, on=taught_on, minutes=course.minutes, issuer="개인정보 보호위원회", by=official
    )
    scan = SimpleUploadedFile("서약서.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    pledges.file(PledgeKind.JOINING, signed_on=today, by=official, files=[scan], staff=agent)


def _hand_over(official: Officer, manager: Officer, now: dt.datetime) -> None:
    """Every change of shifts but the last: that one is something to do."""
    for turn_at, _ in handover.undone(now - 30 * DAY, now)[:-1]:
        row = handover.give(
            turn_at,
            happened="특이사항 없음",
            equipment="관제석과 녹화 서버 정상",
            ticked=handover.questions(),
            by=official,
        )
        handover.accept(row, ticked=handover.questions(), by=manager)


def _see(official: Officer, now: dt.datetime) -> None:
    cameras = Camera.objects.in_service().order_by("number")[: len(SEEN)]
    for hours, (camera, (kind, body, minutes, result)) in enumerate(
        zip(cameras, SEEN, strict=False), start=2
    ):
        noticed = now - dt.timedelta(hours=7 * hours)
        values = {
            "noticed_at": noticed,
            "camera": camera,
            "kind": kind,
            "body_told": body,
            "told_how": ContactWay.HOTLINE,
            "told_at": noticed + dt.timedelta(minutes=minutes),
            "result": result,
        }
        incident_log.enter(values, by=official)


def _let_in(official: Officer, manager: Officer, now: dt.datetime) -> None:
    """A repair that is going on, a tour that is approved, and one that waits."""
    hour = dt.timedelta(hours=1)
    for kind, organisation, name, people, purpose, equipment, start in (
        (VisitKind.MAINTENANCE, "두리시스템", "장서원", 1, "녹화 서버 점검", "노트북 1, USB 1", now),
        (VisitKind.TOUR, "가온초등학교", "윤아름", 24, "관제센터 견학", "", now + 20 * hour),
        (VisitKind.VISIT, "강서구의회", "한도겸", 3, "현황 청취", "", now + 44 * hour),
    ):
        row = visits.apply(
            {
                "kind": kind,
                "organisation": organisation,
                "name": name,
                "people": people,
                "purpose": purpose,
                "equipment": equipment,
                "planned_from": start,
                "planned_until": start + 2 * hour,
            },
            by=official,
        )
        if kind != VisitKind.VISIT:
            visits.approve(row, escort=official, by=manager)
        if kind == VisitKind.MAINTENANCE:
            entered = {
                "in_at": timezone.now(),
                "has_pledged": True,
                "is_sealed": True,
                "carried_in": equipment,
            }
            visits.admit(row, entered, by=official)
