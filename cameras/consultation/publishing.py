"""Publishing a notice, and the two ways in which its end may still change: later, or early; both with a reason."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from accounts.korean import josa
from accounts.models import Officer
from cameras.consultation import notice, period
from cameras.consultation.drafting import refuse_published
from cameras.consultation.period import Minimum
from cameras.consultation.phase import RUNNING, phase_of
from cameras.enums import ConsultationMethod
from cameras.enums import PublicConsultationEvent as Event
from cameras.models import Camera, ConsultationExtension, PublicConsultation, PublicConsultationMove
from casework import acts, refusals
from casework.refusals import Refusal

KIND_PUBLISHED = "cameras.consultation_published"
KIND_EXTENDED = "cameras.consultation_extended"
KIND_CLOSED = "cameras.consultation_closed"
WITH_QUESTIONS = (ConsultationMethod.SURVEY, ConsultationMethod.OPINION_POLL)
HELD_ON_A_DAY = (ConsultationMethod.OPINION_HEARING, ConsultationMethod.BRIEFING)


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


def warnings(consultation: PublicConsultation) -> list[str]:
    """What the notice will not tell, since it is not on record; it may be published all the same."""
    return [*_without_view(consultation), *_without_address(consultation)]


def _without_view(consultation: PublicConsultation) -> list[str]:
    numbers = list(notice.without_view(consultation).order_by("sort_key").values_list("number", flat=True))
    if not numbers:
        return []
    shown = ", ".join(numbers[:5]) + (f" 외 {len(numbers) - 5:,}대" if len(numbers) > 5 else "")
    return [
        f"카메라 {len(numbers):,}대({shown})의 촬영 방향·범위가 비어 있어 공고에 ‘-’로 나옵니다. 무엇을 찍을지 모르면 주민이 의견을 내기 "
        "어렵습니다. 공고한 뒤에는 고칠 수 없으니 지금 적으십시오."
    ]


def _without_address(consultation: PublicConsultation) -> list[str]:
    told = notice.submission(consultation)
    labels = {"postal_address": "우편 주소", "email": "전자우편", "phone": "전화번호"}
    lacking = [label for name, label in labels.items() if not told[name]]
    if not lacking:
        return []
    return [
        f"관리기관의 {', '.join(lacking)}{josa(', '.join(lacking), '이/가')} 비어 있어 의견을 서면으로 보낼 곳이 공고에 나오지 않습니다. "
        "‘관리기관’에서 적으십시오."
    ]


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
    elif shortest and _is_announced_too_late(consultation, shortest):
        found.append(
            f"{consultation.get_method_display()}{josa(consultation.get_method_display(), '은/는')} 여는 날의 {shortest.days}일 전까지 알려야 합니다 "
            f"({shortest.citation}). 여는 날은 {shortest.last_on:%Y-%m-%d} 뒤여야 합니다."
        )
    return found


def _is_announced_too_late(consultation: PublicConsultation, shortest: Minimum) -> bool:
    """What people come to is announced its days before it is held, not before the period ends (Procedures Act art. 38)."""
    if consultation.event_at is None or consultation.method not in HELD_ON_A_DAY:
        return False
    return consultation.event_at < shortest.closes_at


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


def publish(
    consultation: PublicConsultation, *, by: Officer, now: dt.datetime | None = None
) -> PublicConsultation:
    """Freeze the notice and tell the public. It cannot be changed or taken back. `Refused` names what is missing."""
    with acts.begin(KIND_PUBLISHED, consultation, by=by, at=now) as act:
        # One project publishes one consultation at a time, and nobody slips a camera in meanwhile.
        act.hold(act.row.project)
        refuse_published(act.row)
        act.refuse(Refusal("notice", problem) for problem in problems(act.row, act.at))
        act.row.opens_at = starts_at(act.row, act.at)
        shortest = minimum(act.row, act.at)
        act.write(
            shortest_until=shortest.closes_at if shortest else None,
            notice=notice.contents(act.row),
            published_at=act.at,
        )
        act.move(PublicConsultationMove, Event.PUBLISH)
        act.payload |= _told(act.row)
    return act.row


def _told(consultation: PublicConsultation) -> dict[str, Any]:
    return {
        "project": consultation.project.number,
        "method": consultation.method,
        "from": consultation.opens_at.isoformat(),
        "until": consultation.closes_at.isoformat(),
        "cameras": consultation.notice["cameras"],
        "urgent": bool(consultation.urgency_reason),
        "sha256": notice.digest(consultation.notice),
    }


def _against_running(consultation: PublicConsultation, reason: str, now: dt.datetime) -> Iterator[Refusal]:
    if phase_of(consultation, now) not in RUNNING:
        yield Refusal("running", "공고되어 아직 끝나지 않은 의견수렴만 기간을 바꿀 수 있습니다.")
    yield from refusals.unwritten(reason, "reason", "사유를 적으십시오. 누리집에 그대로 나옵니다.")


def extend(
    consultation: PublicConsultation,
    closes_at: dt.datetime,
    *,
    reason: str,
    by: Officer,
    now: dt.datetime | None = None,
) -> PublicConsultation:
    """A later end, told on the public page beside the notice, which itself stays as it was."""
    with acts.begin(KIND_EXTENDED, consultation, by=by, at=now) as act:
        act.refuse(_against_running(act.row, reason, act.at))
        before = act.row.closes_at
        if closes_at <= before:
            sentence = "지금 마감보다 늦은 날을 고르십시오."
            remedy = "앞당기려면 ‘조기 종료’를 씁니다."
            act.refuse([Refusal("earlier", sentence, remedy=remedy, field="last_on")])
        act.add(
            ConsultationExtension(
                consultation=act.row,
                closes_before=before,
                closes_after=closes_at,
                reason=" ".join(reason.split()),
                extended_at=act.at,
                extended_by=by,
            )
        )
        act.write(closes_at=closes_at)
        act.move(PublicConsultationMove, Event.EXTEND, reason=reason)
        act.payload |= {"until": closes_at.isoformat(), "previous_until": before.isoformat()}
    return act.row


def is_shorter_than_minimum(consultation: PublicConsultation, now: dt.datetime) -> Minimum | None:
    """The legal period that ending it now would not reach; None when it has run long enough."""
    shortest = minimum(consultation, now)
    return shortest if shortest and now < shortest.closes_at else None


def close_early(
    consultation: PublicConsultation, *, reason: str, by: Officer, now: dt.datetime | None = None
) -> PublicConsultation:
    """End it at once. It cannot be opened again; the reason is told on the public page."""
    with acts.begin(KIND_CLOSED, consultation, by=by, at=now) as act:
        act.refuse(_against_running(act.row, reason, act.at))
        act.write(closed_early_reason=" ".join(reason.split()), closed_early_at=act.at)
        act.move(PublicConsultationMove, Event.CLOSE, reason=reason)
        act.payload |= {
            "at": act.at.isoformat(),
            "previous_until": act.row.closes_at.isoformat(),
            "short_of_minimum": is_shorter_than_minimum(act.row, act.at) is not None,
        }
    return act.row
