"""외부 이수증: training that others gave counts from its own day; one by one with the paper, or as a list."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import File
from casework.receipts import new_number
from casework.refusals import Refusal, outside, unwritten
from records.competence import findings
from records.competence.sessions import ARTICLE, against_own
from records.competence_enums import TrainingWay
from records.models import StaffMember, Training, TrainingCourse
from records.people.importing import Change, Line, bring
from records.tabular import CellRefused, Column, ImportResult, needed, optional_day, text

Found = TypeVar("Found")
RECORDED = "records.training_outside_recorded"
IMPORTED = "records.training_outside_imported"
KINDS = {RECORDED: "외부 이수증 등록", IMPORTED: "외부 이수증 명단 가져오기"}
COLUMNS = (
    Column("사번"),
    Column("과정명"),
    Column("교육일"),
    Column("교육시간(분)", aliases=("교육시간", "교육 시간(분)")),
    Column("교육기관"),
    Column("이수번호", is_required=False),
)
# What somebody was taught longer ago says nothing, and is a slip in the year.
OLDEST = dt.date(2000, 1, 1)
_LONGEST_MINUTES = 10_000


def record(
    staff: StaffMember,
    course: TrainingCourse,
    *,
    on: dt.date,
    minutes: int,
    issuer: str,
    outside_number: str = "",
    by: Officer,
    files: Iterable[File] = (),
) -> Training:
    now = timezone.now()
    row = Training(
        staff=staff,
        course=course,
        on=on,
        minutes=minutes,
        issuer=issuer.strip(),
        outside_number=outside_number.strip(),
        way=TrainingWay.OUTSIDE,
        recorded_by=by,
        recorded_at=now,
    )
    with acts.begin(RECORDED, staff, by=by, at=now) as act:
        act.refuse(_against(staff, course, on, issuer, minutes, by))
        row.certificate_number, row.completed_at = new_number("T", on), now
        act.add(row)
        act.attach(files, to=row)
        act.payload |= {"training": row.pk, "course": course.pk, "on": on.isoformat()}
        act.afterwards(lambda: findings.follow([staff.number]))
    return row


def _against(
    staff: StaffMember, course: TrainingCourse, on: dt.date, issuer: str, minutes: int, by: Officer
) -> Iterator[Refusal]:
    yield from against_own(staff, by)
    yield from outside(
        on,
        "on",
        "교육일",
        until=timezone.localdate(),
        since=OLDEST,
        since_name="적을 수 있는 첫날",
        article=ARTICLE,
    )
    if staff.kind not in course.kinds:
        yield Refusal("kind", f"{staff.get_kind_display()} 대상의 과정이 아닙니다.", ARTICLE, field="course")
    if minutes < course.minutes:
        yield Refusal("short", f"이 과정은 {course.minutes}분 이상이어야 합니다.", ARTICLE, field="minutes")
    yield from unwritten(issuer, "issuer", "교육기관을 적으십시오.", ARTICLE)


def import_file(path: str | Path, *, by: Officer, dry_run: bool = False) -> ImportResult:
    """All or nothing; the same file again changes nothing."""
    numbers: list[str] = []
    result = bring(
        path,
        COLUMNS,
        partial(_judge, by, numbers),
        kind=IMPORTED,
        subject="training",
        actor=f"officer:{by.pk}",
        dry_run=dry_run,
    )
    if result.is_stored:
        findings.follow(numbers)
    return result


def _judge(by: Officer, numbers: list[str], lines: Sequence[Line]) -> Iterable[tuple[Line, Change]]:
    staff = {row.number: row for row in StaffMember.objects.defer("name", "address")}
    courses = {course.title: course for course in TrainingCourse.objects.filter(is_in_use=True)}
    known = {
        (row.staff_id, row.course_id, row.on, row.issuer): row
        for row in Training.objects.filter(session__isnull=True, withdrawn_at__isnull=True)
    }
    seen: dict[tuple[object, ...], int] = {}
    now = timezone.now()
    for line in lines:
        person = line.take("사번", partial(_of, staff, "인력 명부에 없는 사번입니다."))
        course = line.take("과정명", partial(_of, courses, "쓰고 있는 교육 과정에 없는 이름입니다."))
        on = line.take("교육일", _day)
        minutes = line.take("교육시간(분)", _minutes)
        issuer = line.take("교육기관", partial(needed, longest=200)) or ""
        number = line.take("이수번호", partial(text, longest=100)) or ""
        if line.errors or person is None or course is None or on is None or minutes is None:
            continue
        for refusal in _against(person, course, on, issuer, minutes, by):
            line.refuse(_COLUMN_OF.get(refusal.field, "사번"), refusal.text)
        key = (person.pk, course.pk, on, issuer)
        if seen.setdefault(key, line.row) != line.row:
            line.refuse("사번", f"{seen[key]}행에 이미 있는 이수입니다.")
        if line.errors:
            continue
        numbers.append(person.number)
        yield (
            line,
            (
                known.get(key)
                or Training(
                    staff=person,
                    course=course,
                    on=on,
                    issuer=issuer,
                    way=TrainingWay.OUTSIDE,
                    recorded_by=by,
                    recorded_at=now,
                    certificate_number=new_number("T", on),
                    completed_at=now,
                ),
                {"minutes": minutes, "outside_number": number},
            ),
        )


_COLUMN_OF = {"on": "교육일", "course": "과정명", "minutes": "교육시간(분)", "issuer": "교육기관"}


def _of(known: Mapping[str, Found], sentence: str, cell: str) -> Found:
    try:
        return known[needed(cell)]
    except KeyError:
        raise CellRefused(sentence) from None


def _day(cell: str) -> dt.date:
    on = optional_day(cell)
    if on is None:
        raise CellRefused("교육일을 적으십시오.")
    return on


def _minutes(cell: str) -> int:
    try:
        minutes = int(cell)
    except ValueError:
        minutes = 0
    if not 1 <= minutes <= _LONGEST_MINUTES:
        raise CellRefused("교육한 시간을 분으로 적으십시오.")
    return minutes
