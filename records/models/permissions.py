"""접근권한 (ordinance art. 23(1), Safety Standard art. 5): who may do what with which cameras, and what lifts a gate once."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Department
from cameras.enums import InstallPurpose
from cameras.models import Camera
from casework.moves import MoveRow
from records.competence_enums import (
    LIFTABLE_GATES,
    Ability,
    PermissionScope,
    PermissionState,
    ReviewVerdict,
)
from records.models.people import StaffMember
from records.permission_states import ENDING, TABLE


class CameraPermissionQuerySet(models.QuerySet["CameraPermission"]):
    def granted(self) -> Self:
        return self.filter(state=PermissionState.GRANTED)


class CameraPermission(models.Model):
    """One person, one group of cameras, for a time. What was asked for never changes: another wish is another row."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="permissions", verbose_name="인력"
    )
    scope = models.CharField("카메라의 묶음", max_length=8, choices=PermissionScope)
    purpose = models.CharField("설치목적", max_length=24, choices=InstallPurpose, blank=True)
    area = models.CharField("지역", max_length=50, blank=True, help_text="주소에 들어 있는 동이나 길의 이름")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="카메라"
    )
    # Values of `Ability`.
    abilities = models.JSONField("할 수 있는 일", default=list)
    from_on = models.DateField("시작일")
    until_on = models.DateField("종료일")
    reason = models.CharField("사유", max_length=500)
    state = models.CharField("상태", max_length=24, choices=PermissionState, blank=True, default="")
    # Of which it takes the place once it is granted.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="바꾸는 권한"
    )
    # Where the person stood when it was granted: another post ends it.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("역할", max_length=24, blank=True)
    granted_at = models.DateTimeField("부여 시각", null=True, blank=True)

    objects = CameraPermissionQuerySet.as_manager()

    class Meta:
        verbose_name = "카메라 접근권한"
        verbose_name_plural = "카메라 접근권한"
        ordering = ["-pk"]
        default_permissions = ("view", "add")
        permissions = [("decide_camerapermission", "카메라 접근권한을 승인·말소하고 점검할 수 있음")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="permission_ends_after_start",
                violation_error_message="종료일은 시작일보다 앞설 수 없습니다.",
            )
        ]
        indexes = [models.Index(fields=["staff"], condition=Q(state="granted"), name="permission_of_person")]

    def __str__(self) -> str:
        return f"권한 {self.pk}"

    @property
    def ledger_subject(self) -> str:
        return f"camera-permission:{self.pk}"

    @property
    def group(self) -> str:
        """The group of cameras in words."""
        if self.scope == PermissionScope.PURPOSE:
            return f"설치목적: {InstallPurpose(self.purpose).label}"
        if self.scope == PermissionScope.AREA:
            return f"지역: {self.area}"
        return f"카메라 {self.camera.number}" if self.camera else str(PermissionScope.ALL.label)

    @property
    def ability_labels(self) -> list[str]:
        return [str(ability.label) for ability in Ability if ability in self.abilities]


class CameraPermissionMove(MoveRow):
    """신청, 부여, 변경, 말소: one step each, kept three years and longer (Safety Standard art. 5(3)). Never changed."""

    table = TABLE
    subject_field = "permission"

    permission = models.ForeignKey(CameraPermission, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "카메라 접근권한의 처리"
        verbose_name_plural = "카메라 접근권한의 처리"

    @property
    def is_end(self) -> bool:
        return self.event in ENDING


class PermissionReview(models.Model):
    """접근권한 정기 점검: one for each half of a year; frozen when it is signed."""

    year = models.PositiveSmallIntegerField("연도")
    half = models.PositiveSmallIntegerField("반기")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("시작 시각")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확정한 사람",
    )
    signed_at = models.DateTimeField("확정 시각", null=True, blank=True)
    # What was signed, as it is printed from then on.
    contents = models.JSONField("확정한 내용", default=list, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = "접근권한 정기 점검"
        verbose_name_plural = "접근권한 정기 점검"
        ordering = ["-year", "-half"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["year", "half"], name="permission_review_once")]

    def __str__(self) -> str:
        return f"{self.year}년 {'상반기' if self.half == 1 else '하반기'} 접근권한 점검"

    @property
    def ledger_subject(self) -> str:
        return f"permission-review:{self.year}/{self.half}"


class PermissionReviewLine(models.Model):
    """One permission as it was looked at: goes on, or ends."""

    review = models.ForeignKey(PermissionReview, on_delete=models.PROTECT, related_name="lines")
    permission = models.ForeignKey(CameraPermission, on_delete=models.PROTECT, related_name="review_lines")
    verdict = models.CharField("결과", max_length=4, choices=ReviewVerdict, blank=True)
    reason = models.CharField("사유", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("점검 시각", null=True, blank=True)

    class Meta:
        verbose_name = "접근권한 점검의 항목"
        verbose_name_plural = "접근권한 점검의 항목"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["review", "permission"], name="permission_review_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.permission_id}"


class GateLift(models.Model):
    """예외 허용: one person, one matter, until an hour; by the CCTV manager, never for the own person."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="gate_lifts",
        verbose_name="허용받은 사람",
    )
    # A `LookCase`, or an entry of the catalogue of personal data.
    case_kind = models.CharField("구분", max_length=40)
    case_key = models.PositiveBigIntegerField("사건의 식별값")
    case_number = models.CharField("사건 번호", max_length=100)
    # Names of `records.access.gates`.
    gates = models.JSONField("넘는 요건", default=list)
    reason = models.CharField("사유", max_length=500)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="허용한 사람"
    )
    at = models.DateTimeField("허용한 때", db_index=True)
    until_at = models.DateTimeField("끝나는 때")

    class Meta:
        verbose_name = "열람 요건의 예외 허용"
        verbose_name_plural = "열람 요건의 예외 허용"
        ordering = ["-at", "-pk"]
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return f"{self.case_number} {self.officer_id}"

    @property
    def ledger_subject(self) -> str:
        return f"officer:{self.officer_id}"

    @property
    def gate_labels(self) -> str:
        return ", ".join(LIFTABLE_GATES.get(name, name) for name in self.gates)
