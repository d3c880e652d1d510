"""교육 과정과 연간 계획: what is taught to whom, how long; the year's plan, which another person approves."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal, unwritten
from records.models import StaffKind, TrainingCourse, TrainingPlan

COURSE_KEPT = "records.training_course_kept"
PLAN_WRITTEN = "records.training_plan_written"
PLAN_APPROVED = "records.training_plan_approved"
KINDS = {
    COURSE_KEPT: "교육 과정 등록·변경",
    PLAN_WRITTEN: "교육 계획 작성",
    PLAN_APPROVED: "교육 계획 승인",
}
ARTICLE = "개인정보의 안전성 확보조치 기준 제4조"
# What the Safety Standard wants a plan to say.
PLAN_TEXTS = ("purpose", "targets", "contents", "schedule", "method")


def keep(course: TrainingCourse, *, by: Officer, kinds: Iterable[str], **values: Any) -> TrainingCourse:
    """A new course, or one that is changed; what was taught before keeps its own time and day."""
    chosen = [kind for kind in StaffKind.values if kind in set(kinds)]
    is_new = course._state.adding
    with acts.begin(COURSE_KEPT, course, by=by) as act:
        if not chosen:
            act.refuse(
                [Refusal("kinds", "교육 대상을 하나 이상 고르십시오.", "조례 제25조제1항", field="kinds")]
            )
        act.write(kinds=chosen, **values)
        act.payload |= {"course": act.row.pk, "is_new": is_new, "minutes": act.row.minutes, "kinds": chosen}
        return act.row


def for_kind(kind: str) -> list[TrainingCourse]:
    return [course for course in TrainingCourse.objects.filter(is_in_use=True) if kind in course.kinds]


def write_plan(year: int, texts: Mapping[str, str], *, by: Officer) -> TrainingPlan:
    """The year's draft, made or changed; after an approval the next version."""
    draft = TrainingPlan.objects.filter(year=year, approved_at__isnull=True).first()
    if draft is None:
        last = TrainingPlan.objects.filter(year=year).order_by("-version").first()
        draft = TrainingPlan(year=year, version=last.version + 1 if last else 1)
    with acts.begin(PLAN_WRITTEN, draft, by=by) as act:
        act.refuse(_unfinished(texts))
        if act.row.approved_at is not None:
            act.refuse(
                [
                    Refusal(
                        "approved",
                        "그 사이에 승인된 계획입니다.",
                        ARTICLE,
                        "다시 열어 다음 판을 작성하십시오.",
                    )
                ]
            )
        act.write(written_by=by, written_at=act.at, **{name: texts[name] for name in PLAN_TEXTS})
        act.payload |= {"year": year, "version": act.row.version}
        return act.row


def _unfinished(texts: Mapping[str, str]) -> Iterator[Refusal]:
    for name in PLAN_TEXTS:
        yield from unwritten(texts.get(name, ""), name, "교육 계획에 들어가야 하는 내용입니다.", ARTICLE)


def approve_plan(plan: TrainingPlan, *, document_number: str, by: Officer) -> TrainingPlan:
    with acts.begin(PLAN_APPROVED, plan, by=by) as act:
        act.refuse(_against_approval(act.row, document_number, by))
        act.write(approved_by=by, approved_at=act.at, document_number=document_number)
        act.payload |= {"year": act.row.year, "version": act.row.version, "document": document_number.strip()}
        return act.row


def _against_approval(plan: TrainingPlan, document_number: str, by: Officer) -> Iterator[Refusal]:
    if plan.approved_at is not None:
        yield Refusal("approved", "이미 승인한 계획입니다.", ARTICLE)
    if problem := second_person.problem(plan.written_by_id, by, "작성한", does="승인"):
        yield Refusal("second", problem, ARTICLE)
    yield from unwritten(document_number, "document_number", "결재한 문서의 번호를 적으십시오.", ARTICLE)


def plan_of(year: int) -> TrainingPlan | None:
    """The approved plan of a year, as it was changed last."""
    return TrainingPlan.objects.filter(year=year, approved_at__isnull=False).order_by("-version").first()


def this_year(now: dt.datetime | None = None) -> int:
    return timezone.localdate(now).year
