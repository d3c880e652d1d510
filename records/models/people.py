"""Who works in the control centre, when, and what they saw there (ordinance art. 16–19)."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from cameras.models import Camera


class StaffKind(models.TextChoices):
    OFFICIAL = "official", "공무원"
    MONITORING_STAFF = "monitoring_staff", "관제요원"
    POLICE_SECONDEE = "police_secondee", "파견경찰"
    CONTRACTOR = "contractor", "수탁자"


class StaffMemberQuerySet(models.QuerySet["StaffMember"]):
    def employed(self, on: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on)
        )


class StaffMember(models.Model):
    """인력 (art. 17): a person who may work in the centre, with the one account that is theirs."""

    number = models.CharField("사번", max_length=40, unique=True)
    name = EncryptedTextField("성명", bound_to="number", blank=True)
    kind = models.CharField("구분", max_length=16, choices=StaffKind)
    employer = models.CharField("소속", max_length=100, blank=True)
    # As the video system writes it; the person's account here where one bears that name.
    account = models.CharField("계정", max_length=100, blank=True, db_index=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="담당자 계정",
    )
    starts_on = models.DateField("시작일", null=True, blank=True)
    ends_on = models.DateField("종료일", null=True, blank=True)
    # Only for finding looks at one's own neighbourhood.
    address = EncryptedTextField("주소", bound_to="number", blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)

    objects = StaffMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "인력"
        verbose_name_plural = "인력"
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="staff_ends_after_start",
                violation_error_message="종료일은 시작일보다 앞설 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_kind_display()})"

    @property
    def ledger_subject(self) -> str:
        return f"staff:{self.number}"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def between(self, start: datetime, end: datetime) -> Self:
        """Those with any part in the range."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class DutyShift(models.Model):
    """근무 (art. 16, 18): one person from when until when. Two of one person never overlap (`records.people.duty`)."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="shifts", verbose_name="인력"
    )
    starts_at = models.DateTimeField("시작", db_index=True)
    ends_at = models.DateTimeField("종료", db_index=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = "근무"
        verbose_name_plural = "근무"
        ordering = ["starts_at", "staff"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["staff", "starts_at"], name="duty_shift_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_shift_ends_after_start",
                violation_error_message="종료는 시작보다 뒤여야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.starts_at}~{self.ends_at}"


class Incident(models.Model):
    """상황 (art. 18): what was seen, where, and whom it was reported to. One that goes on at another camera is one row
    for each camera."""

    number = models.CharField("사건번호", max_length=60)
    noticed_at = models.DateTimeField("인지시각", db_index=True)
    camera = models.ForeignKey(
        Camera,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="카메라",
    )
    kind = models.CharField("종류", max_length=100, blank=True)
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="인지한 사람",
    )
    body_told = models.CharField("통보기관", max_length=100, blank=True)
    told_at = models.DateTimeField("통보시각", null=True, blank=True)

    class Meta:
        verbose_name = "상황"
        verbose_name_plural = "상황"
        ordering = ["noticed_at", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["number", "camera"], name="incident_once_per_camera"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(camera__isnull=True), name="incident_without_camera_once"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__gte=F("noticed_at")),
                name="incident_told_after_noticed",
                violation_error_message="통보시각은 인지시각보다 앞설 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.number
