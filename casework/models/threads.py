"""대화와 내부 메모: what the office and a person say to each other, and what the office says to itself.

Two tables, so that nothing which shows the one can ever show the other. `casework.threads` is the only writer.
"""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from casework.models.attachments import Attachment


class ThreadQuerySet(models.QuerySet["Message"]):
    def of(self, kind: str, number: str) -> Self:
        return self.filter(subject_kind=kind, subject_number=number)


class Message(models.Model):
    """One message of a matter's thread: to the person (`by` an officer) or from the person (`by` nobody)."""

    subject_kind = models.CharField("업무", max_length=40)
    subject_number = models.CharField("번호", max_length=40)
    text = EncryptedTextField("내용", bound_to="subject_number", blank=True)
    at = models.DateTimeField("보낸 때")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="보낸 담당자",
    )
    # When the other side first saw it.
    read_at = models.DateTimeField("읽은 때", null=True, blank=True)
    attachments = models.ManyToManyField(Attachment, related_name="messages", verbose_name="첨부 파일")
    # Of the digest in the ledger; goes with the text.
    salt = models.CharField(max_length=32, blank=True, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "대화"
        verbose_name_plural = "대화"
        ordering = ["at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["subject_kind", "subject_number"], name="message_of_matter")]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_from_person(self) -> bool:
        return self.by_id is None


class InnerNote(models.Model):
    """내부 메모: of the office for itself, never shown to the person nor published."""

    subject_kind = models.CharField("업무", max_length=40)
    subject_number = models.CharField("번호", max_length=40)
    text = EncryptedTextField("내용", bound_to="subject_number", blank=True)
    at = models.DateTimeField("적은 때")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="적은 담당자"
    )

    class Meta:
        verbose_name = "내부 메모"
        verbose_name_plural = "내부 메모"
        ordering = ["at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["subject_kind", "subject_number"], name="note_of_matter")]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.at:%Y-%m-%d %H:%M}"
