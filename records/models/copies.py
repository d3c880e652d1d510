"""나가는 사본: what is made of a case's footage to leave the office, who decided it, and how it left (docs/copies.md)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.encryption import EncryptedTextField
from accounts.longrun import UNFINISHED, LongRun, LongRunQuerySet, RunState
from cameras.models import Camera
from casework.models import Attachment
from footage.models import Hold, VaultFile
from records.copy_enums import CopySource, CopyStage, CopyWay, UnmaskedGround
from records.enums import SignatureWay
from records.look_enums import LookCase
from records.models.provision import Provision
from records.models.provision_release import HandOver
from records.models.redaction import Redaction
from records.models.requests import ViewingAppointment, ViewingRequest
from records.provision_enums import Medium


class CaseCopyQuerySet(LongRunQuerySet):
    def allowed(self) -> Self:
        """Covered, or somebody else decided that the original may be used."""
        return self.filter(Q(source=CopySource.MASKED) | Q(is_allowed=True))

    def made(self) -> Self:
        return self.filter(state=RunState.SUCCEEDED)

    def here(self) -> Self:
        """Of which files are kept in this office."""
        parts = CopyPart.objects.filter(copy=OuterRef("pk"))
        kept = Q(result__removed_at=None, result__case__destroyed_at=None)
        package = Q(package__isnull=False, package__removed_at=None, package__case__destroyed_at=None)
        return self.filter(Exists(parts.filter(kept, result__isnull=False)) | package)


class CaseCopy(LongRun):
    """A copy of some ranges of one matter, for one recipient. `records.copies` is the only writer."""

    number = models.CharField("사본번호", max_length=30, unique=True)
    request = models.ForeignKey(
        ViewingRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="열람등 청구",
    )
    provision = models.ForeignKey(
        Provision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="이용·제공",
    )
    source = models.CharField("원천", max_length=10, choices=CopySource)
    ground = models.CharField("가리지 않는 사유", max_length=12, choices=UnmaskedGround, blank=True)
    why = models.CharField("구체적인 까닭", max_length=500, blank=True)
    # Of the digest of `why` in the ledger.
    salt = models.CharField(max_length=32, blank=True, editable=False)
    # None while nobody decided; of a covered copy nobody has to.
    is_allowed = models.BooleanField("원본 사용을 허용함", null=True, blank=True)
    decided_at = models.DateTimeField("결정한 때", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="결정한 사람",
    )
    decision_note = models.CharField("결정의 까닭", max_length=500, blank=True)
    # What is burnt into every picture; a leak names its copy.
    mark = models.CharField("새긴 표시", max_length=200)
    on = models.DateField("표시의 날짜")
    # 봉함: the package, under a password that is written down nowhere.
    package = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="꾸러미"
    )
    manifest_sha256 = models.CharField("목록의 SHA-256", max_length=64, blank=True)
    sealed_at = models.DateTimeField("봉한 때", null=True, blank=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="봉한 사람",
    )
    withdrawn_at = models.DateTimeField("거두어들인 때", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="거두어들인 사람",
    )
    withdrawn_why = models.CharField("거두어들인 까닭", max_length=500, blank=True)

    objects = CaseCopyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "영상 사본"
        verbose_name_plural = "영상 사본"
        ordering = ["pk"]
        default_permissions = ("view",)
        permissions = [
            ("make_casecopy", "영상 사본을 만들어 내보낼 수 있음"),
            ("decide_casecopy", "가리지 않은 원본의 사본을 결정할 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=True) ^ Q(provision__isnull=True), name="copy_of_one_matter"
            ),
            models.CheckConstraint(
                condition=Q(source=CopySource.MASKED) | ~Q(ground=""), name="original_has_a_ground"
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=models.F("decided_by")),
                name="original_by_two",
                violation_error_message="요청한 사람이 아닌 다른 사람이 결정해야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"copy:{self.number}"

    @property
    def case_kind(self) -> LookCase:
        return LookCase.VIEWING if self.request_id else LookCase.PROVISION

    @property
    def case_key(self) -> int:
        return int(self.request_id or self.provision_id or 0)

    @property
    def case_number(self) -> str:
        if self.request is not None:
            return str(self.request.receipt_number)
        assert self.provision is not None  # noqa: S101 - as the constraint says
        return str(self.provision.number)

    @property
    def is_here(self) -> bool:
        """Files of it are kept in this office."""
        return type(self).objects.here().filter(pk=self.pk).exists()

    @property
    def stage(self) -> CopyStage:
        if self.withdrawn_at is not None:
            return CopyStage.WITHDRAWN
        if self.source == CopySource.ORIGINAL and not self.is_allowed:
            return CopyStage.DECIDING if self.is_allowed is None else CopyStage.DENIED
        if self.state in UNFINISHED:
            return CopyStage.MAKING
        if self.state != RunState.SUCCEEDED:
            return CopyStage.FAILED
        leaving = getattr(self, "leaving", None)
        if leaving is not None:
            return CopyStage.LEFT if leaving.at is not None else CopyStage.OPEN
        if not self.is_here:
            return CopyStage.GONE
        return CopyStage.SEALED if self.package_id else CopyStage.MADE


class CopySealing(LongRun):
    """봉하는 일: what a worker does when somebody asked for the package. Killed, it is begun again, under the same password.

    `seed`: of it and a key outside the database the password is made (`records.copies.sealing`). It is wiped with the end of
    the work, whatever the end was: from then on nobody can make the password again.
    """

    copy = models.ForeignKey(CaseCopy, on_delete=models.PROTECT, related_name="sealings", verbose_name="사본")
    seed = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "사본을 봉하는 작업"
        verbose_name_plural = "사본을 봉하는 작업"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(state__in=("waiting", "running")),
                name="copy_sealed_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} 봉하기"

    def cancel(self) -> None:
        super().cancel()
        self.forget()

    def forget(self) -> None:
        """Of a work that is over the password is not to be had any more."""
        if self.is_finished and self.seed:
            self.seed = ""
            self.save(update_fields=["seed"])


class CopyPart(models.Model):
    """One file of it: of which source, and what came of it."""

    copy = models.ForeignKey(CaseCopy, on_delete=models.PROTECT, related_name="parts")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="copy_parts", verbose_name="카메라"
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, related_name="copy_parts", verbose_name="삭제 유예"
    )
    from_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    source = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, related_name="copied_as", verbose_name="원천 파일"
    )
    redaction = models.ForeignKey(
        Redaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copy_parts",
        verbose_name="가림 처리",
    )
    name = models.CharField("파일 이름", max_length=120)
    result = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="사본 파일"
    )
    # They outlive both files.
    source_sha256 = models.CharField("원천의 SHA-256", max_length=64)
    sha256 = models.CharField("사본의 SHA-256", max_length=64, blank=True)
    frames = models.PositiveIntegerField("장면 수", default=0)
    seconds = models.FloatField("길이(초)", default=0)
    # All that its bytes depend on (`footage.copies.rendering`).
    recipe = models.TextField("만든 방법", blank=True)
    # What is missing of it, or why there is none.
    problem = models.CharField("문제", max_length=500, blank=True)

    class Meta:
        verbose_name = "사본의 파일"
        verbose_name_plural = "사본의 파일"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=models.F("from_at")), name="copy_part_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CopyLeaving(models.Model):
    """나감: how a copy came into its recipient's hands. One of each copy."""

    copy = models.OneToOneField(CaseCopy, on_delete=models.PROTECT, related_name="leaving")
    way = models.CharField("방법", max_length=10, choices=CopyWay)
    # When it left: handed over, or downloaded for the first time. None while nobody downloaded it.
    at = models.DateTimeField("나간 때", null=True, blank=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="업무처리 담당자"
    )
    recorded_at = models.DateTimeField("기록 시각")
    # To an agency: the hand-over of the provision, with its receipt, its end and its line of the official ledger.
    hand_over = models.OneToOneField(
        HandOver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copy_leaving",
        verbose_name="인계",
    )
    # Given along when the person came to see it: the line of that viewing tells of the copy, too.
    appointment = models.ForeignKey(
        ViewingAppointment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copy_leavings",
        verbose_name="열람",
    )
    medium = models.CharField("매체", max_length=10, choices=Medium, blank=True)
    medium_number = models.CharField("매체 관리번호", max_length=100, blank=True)
    receiver_name = EncryptedTextField("받은 사람의 성명", bound_to="copy_id", blank=True)
    signature_way = models.CharField("인수 확인", max_length=8, choices=SignatureWay, blank=True)
    attachments = models.ManyToManyField(
        Attachment, blank=True, related_name="+", verbose_name="서명한 인수증"
    )
    # Of a download: keyed digest of the second number, until when, how often, how often so far.
    secret_digest = models.CharField("두 번째 번호의 식별값", max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField("내려받기를 연 때", null=True, blank=True)
    expires_at = models.DateTimeField("내려받기가 끝나는 때", null=True, blank=True)
    most = models.PositiveSmallIntegerField("내려받을 수 있는 횟수", default=0)
    used = models.PositiveSmallIntegerField("내려받은 횟수", default=0)

    class Meta:
        verbose_name = "사본이 나감"
        verbose_name_plural = "사본이 나감"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=models.F("most")), name="copy_not_downloaded_more")
        ]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.get_way_display()}"

    @property
    def times_left(self) -> int:
        return max(int(self.most) - int(self.used), 0)
