"""Opinions: sent by citizens on the public site, or entered by officers who got them by post, telephone or visit."""

import datetime as dt
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Officer
from cameras.consultation.period import end_here, start_here
from cameras.consultation.phase import Phase, phase_of
from cameras.enums import OpinionChannel
from cameras.models import Opinion, PublicConsultation, SurveyAnswer, SurveyQuestion
from casework import attachments

LONGEST_TEXT = 10_000
LONGEST_ANSWER = 2_000
LONGEST_NAME = 100
LONGEST_CONTACT = 200
# Within this time the form sent again shows its receipt again (a double click, a reload); later it does not.
RECEIPT_SHOWN_AGAIN = dt.timedelta(minutes=10)
FLOOD_WITHIN = dt.timedelta(minutes=10)


class NotOpen(ValidationError):
    """The consultation takes no opinions at that moment; the message is for the citizen."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Positions of the chosen choices, or the text of a free answer."""

    chosen: tuple[int, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.chosen and not self.text.strip()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says; `answers` by the pk of their question."""

    text: str = ""
    name: str = ""
    contact: str = ""
    answers: Mapping[int, Answer] = field(default_factory=dict)
    upload: UploadedFile | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told once. Of a form sent again `is_repeat`; `shows_secret` while it is fresh."""

    opinion: Opinion
    is_repeat: bool = False
    shows_secret: bool = True


def is_flooded(consultation: PublicConsultation, now: dt.datetime) -> bool:
    """Whether more arrive than people can write: then the site asks to try again later, whoever sends."""
    recent = Opinion.objects.filter(
        consultation=consultation, channel=OpinionChannel.WEB, received_at__gt=now - FLOOD_WITHIN
    )
    return recent.count() >= settings.OPINIONS_PER_10_MINUTES


def submit(
    consultation: PublicConsultation, given: Given, *, submission_key: str, now: dt.datetime | None = None
) -> Receipt:
    """A citizen's opinion. The same form sent twice is one opinion. `NotOpen` outside of the period."""
    at = now or timezone.now()
    if repeated := received_with(submission_key, at):
        return repeated
    with transaction.atomic():
        locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
        # The twin of a double click waited for the lock above.
        if repeated := received_with(submission_key, at):
            return repeated
        _check_open(locked, at)
        opinion = _store(
            locked, given, channel=OpinionChannel.WEB, received_at=at, submission_key=submission_key
        )
    return Receipt(opinion)


def received_with(submission_key: str, at: dt.datetime) -> Receipt | None:
    """The receipt of a form that was received already."""
    opinion = (
        Opinion.objects.filter(submission_key=submission_key).select_related("consultation").first()
        if submission_key
        else None
    )
    if opinion is None:
        return None
    return Receipt(opinion, is_repeat=True, shows_secret=at - opinion.received_at < RECEIPT_SHOWN_AGAIN)


def _check_open(consultation: PublicConsultation, at: dt.datetime) -> None:
    phase = phase_of(consultation, at)
    if phase == Phase.OPEN and consultation.result_published_at is None:
        return
    raise NotOpen(why_not_open(consultation, at))


def why_not_open(consultation: PublicConsultation, at: dt.datetime) -> str:
    """For a person who wants to say something and cannot, in words that say what remains possible."""
    phase = phase_of(consultation, at)
    if phase in {Phase.DRAFT, Phase.ANNOUNCED}:
        return gettext("아직 의견을 받지 않습니다. %(start)s부터 보내실 수 있습니다.") % {
            "start": start_here(consultation.opens_at)
        }
    ended = consultation.closed_early_at or consultation.closes_at
    return gettext(
        "의견 받기가 %(end)s에 끝나 접수하지 못했습니다. 전하고 싶은 내용은 담당 부서에 전화나 우편으로 알려 주십시오."
    ) % {"end": end_here(ended)}


@transaction.atomic
def enter(
    consultation: PublicConsultation,
    given: Given,
    *,
    channel: str,
    received_at: dt.datetime,
    by: Officer,
    now: dt.datetime | None = None,
) -> Opinion:
    """An opinion that came another way, received within the period, entered until the result is published."""
    at = now or timezone.now()
    if channel not in OpinionChannel.values or channel == OpinionChannel.WEB:
        raise ValidationError({"channel": "누리집이 아닌 접수 경로를 고르십시오."})
    locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
    if phase_of(locked, at) not in {Phase.OPEN, Phase.CLOSED}:
        raise ValidationError("시작 전이거나 결과를 공고한 의견수렴에는 의견을 더할 수 없습니다.")
    if received_at > at:
        raise ValidationError({"received_at": "접수 시각이 지금보다 늦습니다."})
    if phase_of(locked, received_at) != Phase.OPEN:
        raise ValidationError({"received_at": "의견수렴 기간 안에 접수된 의견만 등록할 수 있습니다."})
    return _store(locked, given, channel=channel, received_at=received_at, entered_by=by)


def _store(consultation: PublicConsultation, given: Given, **facts: Any) -> Opinion:
    """Call with the consultation's row locked: the receipt number is the next one."""
    questions = list(consultation.questions.all())
    check(given, questions)
    opinion = Opinion(
        consultation=consultation,
        receipt_number=f"{consultation.number}-{consultation.opinions.count() + 1:04d}",
        text=given.text.strip(),
        name=" ".join(given.name.split()),
        contact=" ".join(given.contact.split()),
        **facts,
    )
    if given.upload is not None:
        opinion.attachment = attachments.keep(given.upload, by=facts.get("entered_by"))
    try:
        opinion.save(force_insert=True)
    except Exception:
        # The row of the file goes with the transaction; the file itself must not stay behind.
        if opinion.attachment is not None:
            opinion.attachment.file.storage.delete(str(opinion.attachment.file.name))
        raise
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            opinion=opinion,
            question=question,
            chosen=sorted(set(answer.chosen)),
            text=answer.text.strip(),
        )
        for question in questions
        if (answer := given.answers.get(question.pk)) and not answer.is_empty
    )
    return opinion


def check(given: Given, questions: "list[SurveyQuestion]") -> None:
    """ValidationError by field: `text`, `name`, `contact`, `question_<pk>`."""
    errors: dict[str, str] = {}
    for name, longest in (("text", LONGEST_TEXT), ("name", LONGEST_NAME), ("contact", LONGEST_CONTACT)):
        errors.update(_check_text(name, getattr(given, name), longest))
    if unknown := set(given.answers) - {question.pk for question in questions}:
        raise ValidationError(f"이 의견수렴의 문항이 아닙니다: {', '.join(map(str, sorted(unknown)))}")
    for question in questions:
        errors.update(_check_answer(question, given.answers.get(question.pk, Answer())))
    has_answer = any(not answer.is_empty for answer in given.answers.values())
    if not given.text.strip() and not has_answer:
        errors.setdefault("text", gettext("의견을 적어 주십시오."))
    if errors:
        raise ValidationError(errors)


def _check_text(name: str, text: str, longest: int) -> dict[str, str]:
    if "\x00" in text:
        return {name: gettext("쓸 수 없는 문자가 들어 있습니다. 지우고 다시 적어 주십시오.")}
    if len(text) > longest:
        too_long = gettext(
            "%(longest)s자까지 적을 수 있습니다 (지금 %(length)s자). 긴 내용은 파일로 붙여 주십시오."
        )
        return {name: too_long % {"longest": f"{longest:,}", "length": f"{len(text):,}"}}
    return {}


def _check_answer(question: SurveyQuestion, answer: Answer) -> dict[str, str]:
    name = f"question_{question.pk}"
    if answer.is_empty:
        return {name: gettext("꼭 답해야 하는 문항입니다.")} if question.is_required else {}
    if not question.choices:
        return _check_text(name, answer.text, LONGEST_ANSWER)
    if not answer.chosen or any(position not in range(len(question.choices)) for position in answer.chosen):
        return {name: gettext("선택지에 없는 답입니다.")}
    if len(set(answer.chosen)) > 1 and not question.is_multiple:
        return {name: gettext("하나만 골라 주십시오.")}
    return {}


def find(receipt_number: str, secret: str) -> Opinion | None:
    """The opinion of whoever knows both numbers; the comparison takes equally long for any wrong secret."""
    opinion = (
        Opinion.objects.filter(receipt_number=receipt_number.strip())
        .select_related("consultation", "answer", "attachment")
        .first()
        if "\x00" not in receipt_number
        else None
    )
    known = opinion.receipt_secret if opinion else "-" * 10
    typed = "".join(secret.split()).lower()
    matches = hmac.compare_digest(known.encode(), typed.encode("utf-8", "replace"))
    if opinion is None or not matches:
        return None
    return opinion if opinion.consultation.published_at else None
