"""결과 공고: what was said and what came of it, also when nothing was said.

Published once, never changed: what was wrong is said in a numbered correction beside it.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import Officer
from cameras import findings
from cameras.consultation import answers, experts, proofs, survey
from cameras.consultation.period import end_text, start_text
from cameras.consultation.phase import Phase, ended_at, phase_of
from cameras.enums import OpinionChannel, OpinionDecision
from cameras.enums import PublicConsultationEvent as Event
from cameras.models import Camera, Opinion, PublicConsultation, PublicConsultationMove, ResultCorrection
from casework import acts, refusals
from casework.refusals import Refusal

KIND_RESULT = proofs.KIND_RESULT
KIND_CORRECTION = "cameras.consultation_result_corrected"
RULE = "public_consultation"
NO_OPINION = "의견 없음"
LONGEST = 20_000


def figures(consultation: PublicConsultation) -> dict[str, Any]:
    """Counts only, plain JSON; nothing of any single opinion."""
    opinions = Opinion.objects.filter(consultation=consultation).order_by()
    channels = dict(opinions.values_list("channel").annotate(count=Count("pk")))
    decisions = dict(
        opinions.exclude(answer=None).values_list("answer__decision").annotate(count=Count("pk"))
    )
    return {
        "opinions": sum(channels.values()),
        "hidden": opinions.filter(is_hidden=True).count(),
        "channels": [
            {"label": channel.label, "count": channels[channel.value]}
            for channel in OpinionChannel
            if channel.value in channels
        ],
        "decisions": [
            {"label": decision.label, "count": decisions[decision.value]}
            for decision in OpinionDecision
            if decision.value in decisions
        ],
        "survey": [tally.as_json() for tally in survey.tallies(consultation)],
        "experts": experts.told(consultation),
    }


def suggested_text(consultation: PublicConsultation) -> str:
    """A first wording of the result from the counts; an officer completes it."""
    counted = figures(consultation)
    notice = consultation.notice
    # As it really was, not as it was announced: it may have been extended or have ended early.
    period = f"{start_text(consultation.opens_at)}부터 {end_text(ended_at(consultation))}까지"
    if consultation.closed_early_at is not None:
        period += f"(예정보다 일찍 끝냄: {consultation.closed_early_reason})"
    elif consultation.extensions.exists():
        period += "(연장한 기간을 포함함)"
    if not counted["opinions"]:
        return (
            f"‘{notice['title']}’에 대하여 {period} 의견을 받은 결과, 제출된 의견이 없습니다({NO_OPINION})."
        )
    decisions = ", ".join(f"{row['label']} {row['count']}건" for row in counted["decisions"])
    return (
        f"‘{notice['title']}’에 대하여 {period} 의견을 받은 결과, 모두 {counted['opinions']}건이 제출되었습니다. "
        f"처리 결과: {decisions}. 의견을 내 주신 분들께 감사드립니다."
    )


def problems(consultation: PublicConsultation, now: dt.datetime) -> list[str]:
    """What keeps the result from being published, each with what to do."""
    phase = phase_of(consultation, now)
    if phase == Phase.RESULT or consultation.result_published_at is not None:
        return ["이미 결과를 공고했습니다."]
    if phase != Phase.CLOSED:
        return ["의견수렴이 끝난 뒤에 결과를 공고할 수 있습니다."]
    found = experts.problems(consultation)
    if waiting := answers.unanswered(consultation).count():
        found.append(f"처리하지 않은 의견이 {waiting}건 있습니다. 모두 처리한 뒤 공고하십시오.")
    return found


@transaction.atomic
def save_text(consultation: PublicConsultation, text: str) -> None:
    """Keep the wording until it is published."""
    locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.result_published_at is not None:
        raise ValidationError("공고한 결과는 고칠 수 없습니다.")
    locked.result_text = _text(text)
    locked.save(update_fields=["result_text"])


def _text(text: str) -> str:
    given = text.strip()
    if len(given) > LONGEST:
        raise ValidationError({"text": f"{LONGEST:,}자까지 적을 수 있습니다."})
    if "\x00" in given:
        raise ValidationError({"text": "쓸 수 없는 문자가 들어 있습니다."})
    return given


def publish(
    consultation: PublicConsultation, text: str, *, by: Officer, now: dt.datetime | None = None
) -> PublicConsultation:
    """Freeze counts and wording and tell the public; not before the close, not before every opinion has an answer."""
    asked_for = f"결과를 적으십시오. 의견이 없었으면 ‘{NO_OPINION}’이라고 적습니다."
    with acts.begin(KIND_RESULT, consultation, by=by, at=now) as act:
        act.refuse(Refusal("result", problem) for problem in problems(act.row, act.at))
        act.refuse(refusals.unwritten(text, "text", asked_for))
        act.write(
            result_text=_text(text),
            result=figures(act.row),
            result_published_at=act.at,
        )
        act.move(PublicConsultationMove, Event.PUBLISH_RESULT)
        act.payload |= {
            "project": act.row.project.number,
            "opinions": act.row.result["opinions"],
            "hidden": act.row.result["hidden"],
            "sha256": _digest(act.row.result_text),
            **proofs.digests(act.row),
        }
        # The duty of article 8 is met from now on.
        cameras = list(Camera.objects.filter(project=act.row.project).values_list("pk", flat=True))
        act.afterwards(lambda: findings.follow(cameras, codes=[RULE]))
    return act.row


def correct(
    consultation: PublicConsultation, text: str, *, reason: str, by: Officer, now: dt.datetime | None = None
) -> ResultCorrection:
    """정정: say beside a published result what of it was wrong, with the next number. Nothing of it is changed."""
    with acts.begin(KIND_CORRECTION, consultation, by=by, at=now) as act:
        act.refuse(_against_correcting(act.row, text, reason))
        made = act.add(
            ResultCorrection(
                consultation=act.row,
                ordinal=act.row.corrections.count() + 1,
                text=_text(text),
                reason=reason.strip()[:500],
                corrected_at=act.at,
                corrected_by=by,
            )
        )
        act.move(PublicConsultationMove, Event.CORRECT, reason=reason)
        act.payload |= {"ordinal": made.ordinal, "sha256": _digest(made.text)}
    return made


def _against_correcting(consultation: PublicConsultation, text: str, reason: str) -> Iterator[Refusal]:
    if consultation.result_published_at is None:
        yield Refusal("unpublished", "아직 공고하지 않은 결과입니다.", remedy="결과 글을 고치십시오.")
    yield from refusals.unwritten(text, "text", "바로잡은 내용을 적으십시오.")
    yield from refusals.unwritten(reason, "reason", "정정 사유를 적으십시오.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def opinions_with_answers(consultation: PublicConsultation) -> "QuerySet[Opinion]":
    """In the order of receipt. Who sent them is not read from the database at all."""
    return (
        consultation.opinions.select_related("answer")
        .prefetch_related("survey_answers__question")
        .defer("name", "contact")
        .order_by("received_at", "pk")
    )
