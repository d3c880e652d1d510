"""What went out, under which restrictions, and how it ended; what was published and told."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.encryption import EncryptedTextField
from casework.models import Attachment
from records.models.provision import Provision
from records.provision_enums import (
    LEAVING,
    ChaserAbout,
    EndingKind,
    Medium,
    ProvisionState,
    ReleaseForm,
    SubjectNoticeOutcome,
)


class ProvisionRestrictionQuerySet(models.QuerySet["ProvisionRestriction"]):
    def current(self) -> Self:
        """Those that tell of what was approved."""
        return self.filter(superseded_at__isnull=True)


class ProvisionRestriction(models.Model):
    """제한 요청 (PIPA 18(5)): what the recipient was asked in writing, and what he answered in writing."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="restrictions", verbose_name="이용·제공"
    )
    text = models.TextField("제한하거나 요청한 내용", max_length=2_000)
    document_number = models.CharField("요청 문서번호", max_length=100)
    asked_on = models.DateField("요청한 날")
    # Of the digest in the ledger.
    salt = models.CharField(max_length=32, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="요청한 사람"
    )
    answered_on = models.DateField("회신받은 날", null=True, blank=True)
    answer_document = models.CharField("회신 문서번호", max_length=100, blank=True)
    answer_text = models.TextField("조치했다고 알려온 내용", max_length=2_000, blank=True)
    has_pledge = models.BooleanField("보안서약을 받음", default=False)
    answer_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="회신을 기록한 사람",
    )
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="회신 문서")
    # What it says holds no more: the request was sent back, or its period extended; another one is asked.
    superseded_at = models.DateTimeField("다시 요청하게 된 때", null=True, blank=True)

    objects = ProvisionRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = "제공의 제한 요청"
        verbose_name_plural = "제공의 제한 요청"
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["provision"], condition=Q(superseded_at__isnull=True), name="restriction_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.document_number}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def outside(self) -> Self:
        """In somebody else's hands, and nobody has confirmed the end: copies, and live pictures that nobody cut off."""
        sent = Q(provision__form=ReleaseForm.LIVE, until_at__isnull=True)
        # Those that were over before a cut was asked for have none.
        live = sent & ~Q(provision__state__in=(ProvisionState.ENDED, ProvisionState.RECALLED))
        return self.filter(Q(provision__form__in=LEAVING) | live, ending__isnull=True)


class HandOver(models.Model):
    """인계: what was given or shown to whom. Never changed; carries what form 3 of the Guideline demands (art. 42)."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="hand_overs")
    at = models.DateTimeField("인계한 때", db_index=True)
    # Of a viewing or a live picture: until when it was seen.
    until_at = models.DateTimeField("열람을 마친 때", null=True, blank=True)
    file_name = models.CharField("영상정보 파일의 명칭", max_length=200)
    medium = models.CharField("매체", max_length=10, choices=Medium)
    medium_number = models.CharField("매체 관리번호", max_length=100, blank=True)
    file_count = models.PositiveSmallIntegerField("파일 수", default=0)
    is_masked = models.BooleanField("다른 사람을 가림", default=False)
    unmasked_why = models.CharField("가리지 않은 까닭", max_length=300, blank=True)
    receiver_rank = EncryptedTextField("받은 사람의 계급·직급", bound_to="provision_id", blank=True)
    receiver_name = EncryptedTextField("받은 사람의 성명", bound_to="provision_id")
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="업무처리 담당자"
    )
    recorded_at = models.DateTimeField("기록 시각")
    salt = models.CharField(max_length=32, editable=False)
    # Which publication told of it; empty where none did yet, or none has to.
    publication = models.ForeignKey(
        "ProvisionPublication", on_delete=models.PROTECT, null=True, blank=True, related_name="hand_overs"
    )
    # As it was when this was given: the ledgers print it, whatever is extended later.
    use_until_on = models.DateField("인계할 때의 이용 기간의 끝")
    # What the copy's end counts from; moves when the period is extended.
    end_due_on = models.DateField("반환·파기 기한", null=True, blank=True)
    attachments = models.ManyToManyField(
        Attachment, blank=True, related_name="+", verbose_name="서명한 인수증"
    )

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = "영상정보의 인계"
        verbose_name_plural = "영상정보의 인계"
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.provision_id} {self.file_name}"


class HandOverFile(models.Model):
    """A file of it by its SHA-256: reckoned by this system from the file itself, or as the official wrote it."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="files")
    name = models.CharField("파일 이름", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("크기 (바이트)", null=True, blank=True)
    is_checked = models.BooleanField("이 시스템이 파일에서 계산함", default=False)

    class Meta:
        verbose_name = "인계한 파일"
        verbose_name_plural = "인계한 파일"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CopyEnding(models.Model):
    """반환·파기: what the recipient confirmed of a copy. Due and done are two facts."""

    hand_over = models.OneToOneField(HandOver, on_delete=models.PROTECT, related_name="ending")
    kind = models.CharField("결과", max_length=10, choices=EndingKind)
    at = models.DateTimeField("반환·파기한 때")
    confirmer_name = EncryptedTextField("확인한 상대방", bound_to="hand_over_id", blank=True)
    document_number = models.CharField("확인 문서번호", max_length=100, blank=True)
    note = models.CharField("방법과 내용", max_length=500, blank=True)
    recorded_at = models.DateTimeField("기록 시각")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="업무처리 담당자"
    )
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="확인서")

    class Meta:
        verbose_name = "제공한 사본의 반환·파기"
        verbose_name_plural = "제공한 사본의 반환·파기"
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.get_kind_display()}"


class ProvisionChaser(models.Model):
    """독촉: a letter that asks once more."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="chasers")
    about = models.CharField("무엇을", max_length=12, choices=ChaserAbout)
    on = models.DateField("보낸 날")
    document_number = models.CharField("문서번호", max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="보낸 사람"
    )

    class Meta:
        verbose_name = "제공의 독촉"
        verbose_name_plural = "제공의 독촉"
        ordering = ["on", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.provision_id} {self.on}"


class ProvisionPublicationQuerySet(models.QuerySet["ProvisionPublication"]):
    def shown(self, on: object) -> Self:
        return self.filter(published_on__lte=on, shown_until_on__gte=on)


class ProvisionPublication(models.Model):
    """게시 (PIPA 18(4)): the four facts of what had gone out until then, as they were published. Never changed, and down by itself after its days."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="publications", verbose_name="이용·제공"
    )
    released_on = models.DateField("이용·제공한 날")
    # Further days on which something went out that the same publication tells of ("2026-11-28").
    released_again_on = models.JSONField("그 뒤 이용·제공한 날", default=list, blank=True)
    basis = models.CharField("법적 근거", max_length=700)
    purpose = models.CharField("목적", max_length=500)
    items = models.CharField("항목", max_length=300)
    published_on = models.DateField("게시한 날", db_index=True)
    shown_until_on = models.DateField("게시하는 마지막 날", db_index=True)
    published_at = models.DateTimeField("기록 시각")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="게시한 사람"
    )
    taken_down_at = models.DateTimeField("게시를 마친 때", null=True, blank=True)

    objects = ProvisionPublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "이용·제공의 게시"
        verbose_name_plural = "이용·제공의 게시"
        ordering = ["-published_on", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.provision_id} {self.published_on}"

    @property
    def released_days(self) -> list[dt.date]:
        return [self.released_on, *map(dt.date.fromisoformat, self.released_again_on)]


class SubjectNotice(models.Model):
    """정보주체 통지: given and how, or why not and when to look again. The last one counts."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="subject_notices")
    outcome = models.CharField("결과", max_length=10, choices=SubjectNoticeOutcome)
    on = models.DateField("알린 날 또는 판단한 날")
    how = models.CharField("알린 방법", max_length=200, blank=True)
    why = models.CharField("알리지 않은 까닭", max_length=500, blank=True)
    look_again_on = models.DateField("다시 볼 날", null=True, blank=True)
    recorded_at = models.DateTimeField("기록 시각")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록한 사람"
    )

    class Meta:
        verbose_name = "정보주체 통지"
        verbose_name_plural = "정보주체 통지"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.provision_id} {self.get_outcome_display()}"
