"""People of the sample district's centre: on the list, taught at a session, sworn in; through the product's own acts.

The monitoring agent came last week and is not taught yet: what a real office has to do is there to be seen.
"""

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from accounts.models import Officer
from portal.sample import people
from records.competence import courses, pledges, sessions, wall_codes
from records.models import StaffMember, TrainingCourse
from records.people import staff as staff_list

# Number of the person, account, kind, when the work began (days ago).
STAFF = (
    ("P001", "manager", "공무원", 900),
    ("P002", "official", "공무원", 600),
    ("P003", "admin", "공무원", 600),
    ("P004", "secretary", "공무원", 600),
    ("M001", "agent", "관제요원", 7),
)
TAUGHT = ("P001", "P002", "P003", "P004")
TAUGHT_BY_LIST = ("P003", "P004")
PLAN = {
    "purpose": "영상정보를 다루는 사람이 법령과 조례의 의무를 알고 지키게 합니다.",
    "targets": "통합관제센터의 공무원, 관제요원, 파견경찰과 수탁자의 근무자",
    "contents": "개인정보 보호법과 조례, 영상의 열람과 제공, 비밀유지, 접속기록의 점검",
    "schedule": "근무를 시작할 때와 해마다 한 번",
    "method": "집합 교육. 외부 기관의 이수증도 인정합니다.",
}


def teach(manager: Officer, official: Officer) -> None:
    """Once: a district that has staff keeps its own."""
    if StaffMember.objects.exists():
        return
    today = timezone.localdate()
    _enter(today)
    plan = courses.write_plan(today.year, PLAN, by=official)
    courses.approve_plan(plan, document_number=f"안전관리과-{today:%Y}-101", by=manager)
    # Nobody enters the own training, and who confirms an attendance neither announced the session nor was there.
    _hold_session(today - dt.timedelta(days=120), official, TAUGHT_BY_LIST, confirmed_by=manager)
    _hold_session(today - dt.timedelta(days=119), manager, (), confirmed_by=official)
    for number in TAUGHT:
        _swear(StaffMember.objects.select_related("officer").get(number=number), today)


def _hold_session(on: dt.date, by: Officer, others: Sequence[str], *, confirmed_by: Officer) -> None:
    """Who announces it signs in at the wall; the others stand on the list of who attended."""
    course = TrainingCourse.objects.filter(is_in_use=True).order_by("pk")[0]
    start = dt.datetime.combine(on, dt.time(14), timezone.get_current_timezone())
    session = sessions.announce(
        course,
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=course.minutes),
        place="구청 3층 회의실",
        trainer="개인정보 보호책임자",
        by=by,
    )
    there = start + dt.timedelta(minutes=5)
    sessions.sign_in(session, by=by, shown=wall_codes.shown(session, there), at=there)
    if others:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "참석.csv"
            path.write_text("\n".join(["사번", *others]), encoding="utf-8")
            sessions.take_list(session, path, by=by)
    sessions.close(session, by=confirmed_by)


def _enter(today: dt.date) -> None:
    names = {person.username: f"{person.family_name}{person.given_name}" for person in people.PEOPLE}
    lines = ["사번,성명,구분,소속,계정,시작일,발령·파견 문서"]
    lines += [
        f"{number},{names[account]},{kind},{people.INSTITUTION},{account},{today - dt.timedelta(days=days)},총무과-{900 - days}"
        for number, account, kind, days in STAFF
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "인력.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        result = staff_list.import_file(path, actor="command:seed_district")
    if result.errors:
        raise RuntimeError(f"the sample list of staff is refused: {result.errors[:3]}")


def _swear(staff: StaffMember, today: dt.date) -> None:
    text = pledges.text_of(pledges.kind_to_sign(staff), today)
    if text is not None and staff.officer is not None:
        pledges.sign(staff, text, by=staff.officer)
