"""Publishing a notice, and the two ways in which its end may still change: later, or early; both with a reason."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras.consultation import notice, period
from cameras.consultation.drafting import lock_draft
from cameras.consultation.period import Minimum
from cameras.consultation.phase import RUNNING, phase_of
from cameras.enums import ConsultationMethod
from cameras.models import Camera, ConsultationExtension, InstallationProject, PublicConsultation
from ledger import append

KIND_PUBLISHED = "cameras.consultation_published"
KIND_EXTENDED = "cameras.consultation_extended"
KIND_CLOSED = "cameras.consultation_closed"
WITH_QUESTIONS = (ConsultationMethod.SURVEY, ConsultationMethod.OPINION_POLL)


def starts_at(consultation: PublicConsultation, now: dt.datetime) -> dt.datetime:
    """When it would open if it were published now: never before people are told."""
    return max(consultation.opens_at, now)


def minimum(consultation: PublicConsultation, now: dt.datetime) -> Minimum | None:
    """The shortest period if it were published now; of a published one as it began."""
    start = consultation.opens_at if consultation.published_at else starts_at(consultation, now)
    return period.minimum(consultation.method, start, is_urgent=bool(consultation.urgency_reason))


def problems(consultation: PublicConsultation, now: dt.datetime) -> list[str]:
    """What keeps the draft from being published, each with what to do; empty when it may be."""
    return [*_missing(consultation), *_wrong_period(consultation, now), *_rivals(consultation)]


def _missing(consultation: PublicConsultation) -> list[str]:
    found = []
    cameras = Camera.objects.filter(project=consultation.project)
    if not cameras.exists():
        found.append(
            "사업에 카메라가 없습니다. 어디에 무엇을 설치하는지 알려야 하므로 먼저 카메라를 사업에 넣으십시오."
        )
    if not consultation.text.strip():
        found.append("내용이 비어 있습니다. 무엇을, 왜, 어디에 설치하는지 적으십시오.")
    if not consultation.places.strip():
        found.append("게재·게시 장소가 없습니다. 누리집 말고 알리는 곳(구보, 게시판 등)을 적으십시오.")
    if consultation.method == ConsultationMethod.BRIEFING and not (
        consultation.event_at and consultation.event_place
    ):
        found.append("설명회의 장소와 일시를 적으십시오.")
    if consultation.method in WITH_QUESTIONS and not consultation.questions.exists():
        found.append(f"{consultation.get_method_display()}에는 문항이 하나 이상 있어야 합니다.")
    return found


def _wrong_period(consultation: PublicConsultation, now: dt.datetime) -> list[str]:
    start = starts_at(consultation, now)
    if consultation.closes_at <= start:
        return ["마감이 시작보다 앞섭니다. 마감일을 뒤로 옮기십시오."]
    found = _wrong_urgency(consultation)
    shortest = period.minimum(consultation.method, start, is_urgent=bool(consultation.urgency_reason))
    if shortest and consultation.closes_at < shortest.closes_at:
        found.append(
            f"기간이 {shortest.days}일보다 짧습니다 ({shortest.citation}). "
            f"마감일은 {shortest.last_on:%Y-%m-%d} 이후여야 합니다."
        )
    if consultation.event_at and not start <= consultation.event_at < consultation.closes_at:
        found.append("설명회 일시가 의견수렴 기간 밖에 있습니다.")
    return found


def _wrong_urgency(consultation: PublicConsultation) -> list[str]:
    reason, approver = consultation.urgency_reason.strip(), consultation.urgency_approver.strip()
    if not reason and not approver:
        return []
    if not period.may_be_urgent(consultation.method):
        return ["긴급 단축은 행정예고에만 있습니다 (행정절차법 제46조제4항). 긴급 사유를 비우십시오."]
    if not (reason and approver):
        return ["긴급하게 줄이려면 긴급 사유와 승인자를 모두 적으십시오."]
    return []


def _rivals(consultation: PublicConsultation) -> list[str]:
    found = []
    if not consultation.project.is_open:
        found.append("끝난 사업입니다.")
    rival = (
        consultation.project.public_consultations.filter(
            published_at__isnull=False, result_published_at__isnull=True
        )
        .exclude(pk=consultation.pk)
        .first()
    )
    if rival:
        found.append(
            f"이 사업의 의견수렴 {rival.number}의 결과를 아직 공고하지 않았습니다. 그것을 먼저 마치십시오."
        )
    return found


@transaction.atomic
def publish(
    consultation: PublicConsultation, *, by: Officer, now: dt.datetime | None = None
) -> PublicConsultation:
    """Freeze the notice and tell the public. It cannot be changed or taken back. ValidationError names what is missing."""
    at = now or timezone.now()
    # One project publishes one consultation at a time, and nobody slips a camera in meanwhile.
    InstallationProject.objects.select_for_update().get(pk=consultation.project_id)
    locked = lock_draft(consultation)
    if found := problems(locked, at):
        raise ValidationError(found)
    locked.opens_at = starts_at(locked, at)
    shortest = period.minimum(locked.method, locked.opens_at, is_urgent=bool(locked.urgency_reason))
    locked.shortest_until = shortest.closes_at if shortest else None
    locked.notice = notice.contents(locked)
    locked.published_at = at
    locked.published_by = by
    locked.save()
    append.record(
        KIND_PUBLISHED,
        actor=f"officer:{by.pk}",
        subject=f"consultation:{locked.number}",
        payload={
            "project": locked.project.number,
            "method": locked.method,
            "from": locked.opens_at.isoformat(),
            "until": locked.closes_at.isoformat(),
            "cameras": locked.notice["cameras"],
            "urgent": bool(locked.urgency_reason),
            "sha256": notice.digest(locked.notice),
        },
    )
    return locked


def _lock_running(consultation: PublicConsultation, now: dt.datetime) -> PublicConsultation:
    locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
    if phase_of(locked, now) not in RUNNING:
        raise ValidationError("공고되어 아직 끝나지 않은 의견수렴만 기간을 바꿀 수 있습니다.")
    return locked


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise ValidationError({"reason": "사유를 적으십시오. 누리집에 그대로 나옵니다."})
    return reason


@transaction.atomic
def extend(
    consultation: PublicConsultation,
    closes_at: dt.datetime,
    *,
    reason: str,
    by: Officer,
    now: dt.datetime | None = None,
) -> PublicConsultation:
    """A later end, told on the public page beside the notice, which itself stays as it was."""
    at = now or timezone.now()
    locked = _lock_running(consultation, at)
    given = _reason(reason)
    if closes_at <= locked.closes_at:
        raise ValidationError(
            {"last_on": "지금 마감보다 늦은 날을 고르십시오. 앞당기려면 ‘조기 종료’를 씁니다."}
        )
    ConsultationExtension.objects.create(
        consultation=locked,
        closes_before=locked.closes_at,
        closes_after=closes_at,
        reason=given,
        extended_at=at,
        extended_by=by,
    )
    before, locked.closes_at = locked.closes_at, closes_at
    locked.save(update_fields=["closes_at"])
    append.record(
        KIND_EXTENDED,
        actor=f"officer:{by.pk}",
        subject=f"consultation:{locked.number}",
        payload={"until": closes_at.isoformat(), "previous_until": before.isoformat()},
    )
    return locked


def is_shorter_than_minimum(consultation: PublicConsultation, now: dt.datetime) -> Minimum | None:
    """The legal period that ending it now would not reach; None when it has run long enough."""
    shortest = minimum(consultation, now)
    return shortest if shortest and now < shortest.closes_at else None


@transaction.atomic
def close_early(
    consultation: PublicConsultation, *, reason: str, by: Officer, now: dt.datetime | None = None
) -> PublicConsultation:
    """End it at once. It cannot be opened again; the reason is told on the public page."""
    at = now or timezone.now()
    locked = _lock_running(consultation, at)
    locked.closed_early_reason = _reason(reason)
    locked.closed_early_at = at
    locked.closed_early_by = by
    locked.save(update_fields=["closed_early_reason", "closed_early_at", "closed_early_by"])
    short = is_shorter_than_minimum(locked, at)
    append.record(
        KIND_CLOSED,
        actor=f"officer:{by.pk}",
        subject=f"consultation:{locked.number}",
        payload={
            "at": at.isoformat(),
            "previous_until": locked.closes_at.isoformat(),
            "short_of_minimum": short is not None,
        },
    )
    return locked
