"""Papers of training and permissions: certificate, the year's result, the half-yearly review of permissions. PDF/A-3a."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from records.competence.figures import Year
from records.models import PermissionReview, Training
from records.permissions import reviewing
from reports import standby, wording
from reports.figures.context import district_name

TEMPLATE, STYLE = "reports/competence.html", "self_inspection.css"


@dataclass(frozen=True)
class Table:
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def certificate(training: Training, check_url: str) -> bytes:
    """이수증 of a completed training. The name stands on it, and on the page that checks its number does not."""
    name = training.staff.name or (str(training.staff.officer) if training.staff.officer else "")
    facts = [
        ("이수번호", training.certificate_number),
        ("성명", name or "-"),
        ("사번", training.staff.number),
        ("소속", training.staff.employer or training.staff.get_kind_display()),
        ("과정", training.course.title),
        ("교육일", wording.day(training.on)),
        ("교육 시간", f"{training.minutes}분"),
        *([("교육기관", training.issuer)] if training.issuer else []),
        *([("외부 이수번호", training.outside_number)] if training.outside_number else []),
    ]
    return _paper(
        "교육 이수증",
        "조례 제25조제1항",
        made_at=training.completed_at or timezone.now(),
        facts=facts,
        sentence="위 사람은 영상정보 보호에 관한 교육을 이수하였음을 증명합니다.",
        note=f"이 이수증이 진짜인지는 누리집에서 이수번호로 확인할 수 있습니다: {check_url}",
    )


def year_report(year: Year) -> bytes:
    """교육 실시 결과: plan, sessions, who is taught and sworn in, in figures. Nobody is named."""
    plan = year.plan
    texts = (
        [(str(plan._meta.get_field(name).verbose_name), getattr(plan, name)) for name in _PLAN]  # type: ignore[union-attr]
        if plan
        else [("교육 계획", "승인한 계획이 없습니다.")]
    )
    kinds = [
        (
            line.label,
            f"{line.persons:,}",
            f"{line.trained:,}",
            _share(line.trained, line.persons),
            f"{line.sworn:,}",
            _share(line.sworn, line.persons),
        )
        for line in year.kinds
    ]
    held = [
        (
            wording.day(line.on),
            line.course,
            line.hours,
            line.trainer,
            line.place,
            f"{line.attended:,}",
            f"{line.passed:,}",
        )
        for line in year.sessions
    ]
    return _paper(
        f"{year.year}년 영상정보 보호 교육 실시 결과",
        "조례 제25조, 개인정보 보호법 제28조, 개인정보의 안전성 확보조치 기준 제4조",
        facts=[
            (
                "기준일",
                wording.day(year.on) + ("" if year.is_over else " (아직 끝나지 않은 해의 중간 결과)"),
            ),
            ("승인한 계획", f"{plan} ({plan.document_number})" if plan else "없음"),
            *texts,
            ("외부 이수증", f"{year.outside:,}건"),
        ],
        tables=[
            Table(
                "구분별 이수와 서약 (기준일에 근무하는 사람)",
                ("구분", "사람", "교육 이수", "비율", "서약", "비율"),
                kinds,
            ),
            Table("교육 실시", ("교육일", "과정", "시간", "강사", "장소", "출석", "이수"), held),
            Table("보안서약", ("구분", "건수"), [(label, f"{count:,}") for label, count in year.pledges]),
        ],
        is_wide=True,
    )


_PLAN = ("purpose", "targets", "contents", "schedule", "method")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "-"


def permission_review(review: PermissionReview) -> bytes:
    """접근권한 점검표: what was signed, or as it stands; persons by their number."""
    rows = [
        (
            line["permission"],
            f"{line['staff']} ({line['kind']})",
            line["group"],
            ", ".join(line["abilities"]),
            f"{line['from']} ~ {line['until']}",
            line["verdict_label"] or "판단 전",
            line["reason"] or line["by"],
        )
        for line in reviewing.lines_of(review)
    ]
    first, last = reviewing.bounds((review.year, review.half))
    return _paper(
        str(review),
        "조례 제23조제1항, 개인정보의 안전성 확보조치 기준 제5조",
        made_at=review.signed_at,
        facts=[
            ("대상 기간", f"{wording.day(first)} ~ {wording.day(last)}"),
            ("기한", wording.day(reviewing.due_on((review.year, review.half)))),
            ("확정", f"{review.signed_by}" if review.signed_at else "확정 전"),
            *([("확정한 내용의 해시", review.digest)] if review.digest else []),
        ],
        tables=[
            Table(
                "권한", ("번호", "사번", "카메라", "할 수 있는 일", "기간", "결과", "사유·판단한 사람"), rows
            )
        ],
        is_wide=True,
    )


def _paper(
    title: str,
    citation: str,
    *,
    facts: Sequence[tuple[str, Any]],
    tables: Sequence[Table] = (),
    sentence: str = "",
    note: str = "",
    made_at: datetime | None = None,
    is_wide: bool = False,
) -> bytes:
    at = made_at or timezone.now()
    on: date = timezone.localdate(at)
    district = district_name(on)
    return standby.render(
        TEMPLATE,
        {
            "title": title,
            "author": district,
            "district": district,
            "description": title,
            "keywords": title,
            "citation": citation,
            "facts": facts,
            "tables": tables,
            "sentence": sentence,
            "note": note,
            "on": on,
            "is_wide": is_wide,
        },
        style_sheets=[STYLE],
        created=at,
    )
