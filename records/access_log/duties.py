"""Rules of art. 23: each month's access log is reviewed, and what it asks about is explained and followed up."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone

from ordinance.due import DueItem, Severity
from ordinance.models import Ordinance
from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.access_log import arrivals, monthly, timing
from records.access_log.follow import EXPLAINED, REVIEWED
from records.access_log.judging import COUNTERSIGN, EXPLAIN, SIGN
from records.models import AccessFinding, AccessReview, Judgement

NONE, NO_LOG, UNSIGNED, UNJUDGED, NO_MEASURE = "none", "no_log", "unsigned", "unjudged", "measure"
KIND = "접속기록 점검"
STANDARD = Citation("제8조제2항", "safety-standard")
DEEDS = (
    ("records.access_review", "점검하기", SIGN),
    ("records.access_countersign", "함께 서명하기", COUNTERSIGN),
    ("records.access_explain", "소명하기", EXPLAIN),
    ("records.access_measure", "조치 적기", SIGN),
    ("records.access_folder", "확인하기", "records.import_accesslog"),
)


def _end(on: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(on + datetime.timedelta(days=1), datetime.time(), SEOUL)


def review_fault(on: datetime.date) -> str:
    """What is wrong on a day with the reviews that were owed before it; empty: nothing."""
    reviews = _reviews_by_month()
    end, late = _end(on), ""
    for month in timing.owed(on):
        review = reviews.get(month)
        made = review is not None and review.made_at is not None and review.made_at < end
        if not made and on > timing.made_on(month):
            return NONE
        # Nothing came in that could be looked at: made or signed, it was no review.
        if review is not None and made and not monthly.has_seen(review) and on > timing.due_on(month):
            late = late or NO_LOG
            continue
        frozen = review is not None and review.frozen_at is not None and review.frozen_at < end
        if not frozen and on > timing.due_on(month):
            late = UNSIGNED
    return late


def _reviews_by_month() -> dict[datetime.date, AccessReview]:
    return {review.month: review for review in AccessReview.objects.defer("contents")}


def _reviews_judged(on: datetime.date) -> bool:
    """Whether a month of those that are owed was confirmed, or should have been."""
    reviews, end = _reviews_by_month(), _end(on)
    found = (reviews.get(month) for month in timing.owed(on))
    return bool(review_fault(on)) or any(
        review is not None and review.frozen_at is not None and review.frozen_at < end for review in found
    )


def _findings_judged(on: datetime.date) -> bool:
    settled = Q(judgement__in=(Judgement.PROPER, Judgement.DOUBTFUL)) | Q(measured_at__lt=_end(on))
    return bool(finding_fault(on)) or AccessFinding.objects.filter(settled, judged_at__lt=_end(on)).exists()


def _asked(on: datetime.date) -> bool:
    return AccessFinding.objects.filter(review__made_at__lt=_end(on)).exists()


def finding_fault(on: datetime.date) -> str:
    """… with what the reviews asked about."""
    end = _end(on)
    judged_by = end - datetime.timedelta(days=timing.days(on) + 1)
    open_months = (
        AccessFinding.objects.exclude(judged_at__lt=end)
        .filter(review__made_at__lt=end)
        .order_by()
        .values_list("review__month", flat=True)
        .distinct()
    )
    if any(on > timing.due_on(month) for month in open_months):
        return UNJUDGED
    improper = AccessFinding.objects.filter(judgement=Judgement.IMPROPER, judged_at__lt=judged_by)
    return NO_MEASURE if improper.exclude(measured_at__lt=end).exists() else ""


def _district(context: Context, covered: bool) -> QuerySet[Any]:
    districts = Ordinance.objects.order_by().of(context.profile).in_force(context.on)
    return districts if covered else districts.none()


def _with_fault(rows: QuerySet[Any], fault: str) -> QuerySet[Any]:
    return rows if fault else rows.none()


ACCESS_REVIEWED = Rule(
    code=REVIEWED,
    title="접속기록의 점검",
    article=23,
    subject=Subject.DISTRICT,
    subjects=lambda context: _district(context, _reviews_judged(context.on)),
    unmet=lambda rows, context: _with_fault(rows, review_fault(context.on)),
    evidence=lambda context: Value(review_fault(context.on)),
    words={
        NONE: "지난 달의 접속기록을 점검하지 않았습니다.",
        NO_LOG: "점검할 접속기록이 없는 달이 있어 점검하지 못했습니다.",
        UNSIGNED: "접속기록 점검에 기한까지 서명하지 않았습니다.",
    },
    message="지난 달의 접속기록을 점검하여 서명하지 않았습니다.",
    remedy="접속기록이 없는 달은 기록을 가져오십시오. 점검을 만들어 결과를 하나하나 판정하고, 관리책임자가 서명하십시오.",
    remedy_url="access_log:reviews",
    mended_by="records.sign_accessreview",
    citations=(Citation("제23조"), STANDARD),
    exclusion=Exclusion(
        lambda context: _district(context, any(timing.owed(context.on)) and not _reviews_judged(context.on)),
        lambda context: "점검할 달이 있으나 확정한 점검이 없고 서명 기한이 아직 지나지 않음",
    ),
    covers=(
        "자치구. 접속기록을 처음 가져오거나 영상을 처음 재생한 달부터 달마다, 그 달이 끝난 뒤의 첫 근무일에 만들고 정한 날수 안에 "
        "서명합니다. 점검의 주기는 법이 정하지 않아 내부 관리계획에 따릅니다."
    ),
    number_field="profile",
)
LOOK_EXPLAINED = Rule(
    code=EXPLAINED,
    title="설명되지 않은 열람의 확인",
    article=23,
    subject=Subject.DISTRICT,
    subjects=lambda context: _district(context, _findings_judged(context.on)),
    unmet=lambda rows, context: _with_fault(rows, finding_fault(context.on)),
    evidence=lambda context: Value(finding_fault(context.on)),
    words={
        UNJUDGED: "점검에서 물은 열람을 기한까지 판정하지 않았습니다.",
        NO_MEASURE: "부당하다고 판정한 열람에 대한 조치의 기록이 없습니다.",
    },
    message="설명되지 않은 열람을 확인하지 않았습니다.",
    remedy="소명을 듣고 판정하십시오. 부당한 열람이면 한 조치를 적으십시오.",
    remedy_url="access_log:reviews",
    mended_by="records.sign_accessreview",
    citations=(Citation("제23조제2항"),),
    exclusion=Exclusion(
        lambda context: _district(context, _asked(context.on) and not _findings_judged(context.on)),
        lambda context: "물은 열람이 있으나 판정하거나 조치할 기한이 아직 지나지 않음",
    ),
    covers="자치구. 접속기록의 점검에서 물은 열람이 있을 때부터 판정합니다.",
    number_field="profile",
    order=1,
)
RULES = (ACCESS_REVIEWED, LOOK_EXPLAINED)


# -- what is due ------------------------------------------------------------------------------------------------


def due_items(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    yield from _reviews(today)
    yield from _explanations()
    yield from _measures()
    if reason := arrivals.folder_problem():
        yield DueItem(
            "records.access_folder", "접속기록 폴더를 열 수 없습니다", reason, Severity.FAILED, "access_log:imports", kind=KIND
        )  # fmt: skip


def _reviews(today: datetime.date) -> Iterator[DueItem]:
    for review in AccessReview.objects.filter(frozen_at__isnull=True, made_at__isnull=False):
        due_on = timing.due_on(review.month)
        second = review.signed_at is not None
        yield DueItem(
            "records.access_countersign" if second else "records.access_review",
            f"{review}에 {'함께 ' if second else ''}서명해야 합니다",
            "관리책임자에 관한 결과가 있어 다른 사람도 서명합니다." if second else "소명을 듣고 결과를 판정한 뒤 서명합니다.",
            Severity.OVERDUE if today > due_on else Severity.DUE,
            "access_log:review",
            (review.pk,),
            article=str(23),
            due_on=due_on,
            kind=KIND,
            not_by=frozenset({review.signed_by_id}) if second else frozenset(),
        )  # fmt: skip


def _explanations() -> Iterator[DueItem]:
    waiting = (
        AccessFinding.objects.filter(
            officer__isnull=False, explained_at__isnull=True, judgement="", review__signed_at__isnull=True
        )
        .order_by("officer")
        .values("officer")
        .annotate(count=Count("pk"))
    )
    for row in waiting:
        yield DueItem(
            "records.access_explain",
            f"접속기록 점검의 물음 {row['count']}건에 답해야 합니다",
            "무엇 때문에 보았는지 적습니다. 점검은 잘못을 전제로 하지 않습니다.",
            Severity.DUE,
            "access_log:own",
            count=row["count"],
            key=f"records.access_explain:{row['officer']}",
            kind=KIND,
            officer_id=row["officer"],
        )


def _measures() -> Iterator[DueItem]:
    for finding in AccessFinding.objects.filter(judgement=Judgement.IMPROPER, measured_at__isnull=True):
        yield DueItem(
            "records.access_measure",
            f"부당한 열람 {finding.number}에 대한 조치를 적어야 합니다",
            "징계 요구, 권한 회수처럼 한 조치를 적습니다.",
            Severity.DUE,
            "access_log:finding",
            (finding.pk,),
            kind=KIND,
            not_by=frozenset({finding.officer_id} - {None}),
        )
