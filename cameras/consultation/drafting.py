"""Drafts of a consultation: only they can be changed; what is published stays as it was published."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras.models import InstallationProject, PublicConsultation, SurveyQuestion
from casework import attachments
from casework.numbers_of_year import next_number
from casework.refusals import Refusal, Refused

FIELDS = frozenset(
    {
        "method",
        "title",
        "text",
        "places",
        "event_place",
        "event_at",
        "opens_at",
        "closes_at",
        "urgency_reason",
        "urgency_approver",
    }
)
MOST_QUESTIONS = 30
MOST_CHOICES = 20
LONGEST_CHOICE = 100


def open_draft(project: InstallationProject, *, by: Officer, **fields: Any) -> PublicConsultation:
    """A draft for a project, with the next number of the year. Several may be drafted; one is published."""
    if not project.is_open:
        raise ValidationError("끝난 사업의 의견수렴은 시작할 수 없습니다.")
    _check_names(fields)
    consultation = PublicConsultation(project=project, made_by=by, **fields)
    with transaction.atomic():
        consultation.number = next_number(PublicConsultation, "", timezone.localdate())
        consultation.full_clean()
        consultation.save(force_insert=True)
    return consultation


def change(consultation: PublicConsultation, **fields: Any) -> PublicConsultation:
    """ValidationError once it is published."""
    _check_names(fields)
    with transaction.atomic():
        locked = lock_draft(consultation)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(fields))
    return locked


def _check_names(fields: Iterable[str]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not a field of a draft: {sorted(unknown)}")


def lock_draft(consultation: PublicConsultation) -> PublicConsultation:
    locked = PublicConsultation.objects.select_for_update().get(pk=consultation.pk)
    refuse_published(locked)
    return locked


def refuse_published(consultation: PublicConsultation) -> None:
    if consultation.published_at is not None:
        sentence, remedy = "이미 공고한 의견수렴은 고칠 수 없습니다.", "기간은 ‘연장’으로 늘릴 수 있습니다."
        raise Refused([Refusal("published", sentence, remedy=remedy)])


@transaction.atomic
def attach(consultation: PublicConsultation, uploads: Sequence[UploadedFile], *, by: Officer) -> None:
    """Files that everybody may download once the notice is published."""
    locked = lock_draft(consultation)
    locked.attachments.add(*attachments.keep_all(uploads, by=by))


@transaction.atomic
def detach(consultation: PublicConsultation, attachment_id: int) -> None:
    """The file itself stays on record: another paper may hold it too."""
    lock_draft(consultation).attachments.remove(attachment_id)


@transaction.atomic
def add_question(
    consultation: PublicConsultation,
    text: str,
    *,
    choices: Iterable[str] = (),
    is_multiple: bool = False,
    is_required: bool = False,
) -> SurveyQuestion:
    """Appended to the end. Without choices the answer is free text."""
    locked = lock_draft(consultation)
    listed = _choices(choices)
    last = locked.questions.order_by("-position").first()
    if locked.questions.count() >= MOST_QUESTIONS:
        raise ValidationError(f"문항은 {MOST_QUESTIONS}개까지입니다.")
    question = SurveyQuestion(
        consultation=locked,
        position=last.position + 1 if last else 1,
        text=text,
        choices=listed,
        is_multiple=is_multiple and bool(listed),
        is_required=is_required,
    )
    question.full_clean()
    question.save()
    return question


def _choices(given: Iterable[str]) -> list[str]:
    listed = [line.strip() for line in given if line.strip()]
    if len(listed) == 1:
        raise ValidationError({"choices": "선택지는 둘 이상이거나 없어야 합니다."})
    if len(listed) > MOST_CHOICES:
        raise ValidationError({"choices": f"선택지는 {MOST_CHOICES}개까지입니다."})
    if len(set(listed)) != len(listed):
        raise ValidationError({"choices": "같은 선택지가 두 번 있습니다."})
    if any(len(line) > LONGEST_CHOICE for line in listed):
        raise ValidationError({"choices": f"선택지는 하나에 {LONGEST_CHOICE}자까지입니다."})
    return listed


@transaction.atomic
def remove_question(consultation: PublicConsultation, question_id: int) -> None:
    lock_draft(consultation).questions.filter(pk=question_id).delete()


@transaction.atomic
def discard(consultation: PublicConsultation) -> None:
    """A draft that nobody was told of may go; a published one never does."""
    locked = lock_draft(consultation)
    locked.questions.all().delete()
    locked.attachments.clear()
    locked.delete()
