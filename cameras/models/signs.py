"""안내판 (ordinance art. 9, PIPA art. 25(4), Decree art. 24): what it says, where it hangs, when it was checked."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.longrun import LongRun
from cameras.enums import SignSize, SubstituteReason


class Sign(models.Model):
    """One sign of a site, as printed: contents frozen, so that a later difference to the register shows."""

    site = models.ForeignKey(
        "cameras.Site", on_delete=models.PROTECT, related_name="signs", verbose_name="설치장소"
    )
    version = models.PositiveSmallIntegerField("판")
    size = models.CharField("크기", max_length=10, choices=SignSize, default=SignSize.A4)
    # Everything printed, and the codes of `ordinance.SignContent` that it covers; see `cameras.signs.contents`.
    contents = models.JSONField("기재사항", default=dict)
    digest = models.CharField("SHA-256", max_length=64)
    # Of what all signs of an institution share (manager's contact, integrated control): compared in SQL.
    shared_digest = models.CharField("공통 기재사항 식별값", max_length=64, blank=True)
    made_on = models.DateField("작성일")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="작성자"
    )
    put_up_on = models.DateField("설치일", null=True, blank=True)
    put_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.CharField("부착 위치", max_length=200, blank=True)
    last_checked_on = models.DateField("최근 확인일", null=True, blank=True)
    retired_on = models.DateField("교체·철거일", null=True, blank=True)
    retired_reason = models.CharField("교체·철거 사유", max_length=300, blank=True)

    class Meta:
        verbose_name = "안내판"
        verbose_name_plural = "안내판"
        ordering = ["site", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["site", "version"], name="sign_version_once"),
            models.UniqueConstraint(
                fields=["site"],
                condition=models.Q(retired_on__isnull=True),
                name="sign_current_once",
                violation_error_message="이 설치장소에는 이미 쓰고 있는 안내판이 있습니다.",
            ),
        ]
        permissions = [("check_sign", "안내판을 확인할 수 있음")]

    def __str__(self) -> str:
        return f"{self.site_id} 제{self.version}판"


class SignCamera(models.Model):
    """What the sign says about one camera; equal columns in `Camera` mean that sign and register agree."""

    sign = models.ForeignKey(Sign, on_delete=models.PROTECT, related_name="cameras", verbose_name="안내판")
    camera = models.ForeignKey(
        "cameras.Camera", on_delete=models.PROTECT, related_name="sign_lines", verbose_name="카메라"
    )
    install_purpose = models.CharField("설치목적", max_length=24)
    purpose_detail = models.CharField("설치목적 상세", max_length=200, blank=True)
    filming_range = models.CharField("촬영범위", max_length=200, blank=True)
    filming_direction = models.CharField("촬영방면정보", max_length=500, blank=True)
    filming_hours = models.CharField("촬영시간", max_length=100, blank=True)
    operating_hours = models.CharField("운영시간", max_length=100, blank=True)
    after_hours_purpose = models.CharField("운영시간 외 활용목적", max_length=200, blank=True)
    # Digest of the contractors that it names (`cameras.entrustment.key_of`).
    entrusted = models.CharField("수탁자 식별값", max_length=64, blank=True)
    # Not read any more since a camera may have several contractors. Removed in the next release.
    contractor = models.ForeignKey(
        "cameras.Contractor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    contractor_name = models.CharField("수탁자명", max_length=200, blank=True)
    contractor_phone = models.CharField("수탁자 연락처", max_length=40, blank=True)
    address = models.CharField("설치장소", max_length=300, blank=True)
    # The sign tells that the camera is managed together with others (Guideline art. 39(3)).
    is_integrated = models.BooleanField("통합관리", default=False)
    # The sign tells that nothing is stored (PIPA art. 25(1) item 6).
    is_not_stored = models.BooleanField("저장하지 않음", default=False)
    # The camera's own telephone, where neither department nor institution had one to print.
    phone = models.CharField("관리기관전화번호", max_length=40, blank=True)

    class Meta:
        verbose_name = "안내판의 카메라"
        verbose_name_plural = "안내판의 카메라"
        constraints = [models.UniqueConstraint(fields=["sign", "camera"], name="sign_camera_once")]

    def __str__(self) -> str:
        return f"{self.sign_id}/{self.camera_id}"


class SignCheck(models.Model):
    """A look at the sign on the pole: a photograph whose code was read, or a person's word with a reason."""

    class Outcome(models.TextChoices):
        READ = "read", "QR 판독으로 확인"
        BY_HAND = "by_hand", "담당자 확인"
        REFUSED = "refused", "확인하지 못함"

    site = models.ForeignKey(
        "cameras.Site", on_delete=models.PROTECT, related_name="sign_checks", verbose_name="설치장소"
    )
    sign = models.ForeignKey(
        Sign, on_delete=models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="안내판"
    )
    outcome = models.CharField("결과", max_length=8, choices=Outcome)
    reason = models.CharField("사유", max_length=300, blank=True)
    # The photograph as taken, and the copy without place and device data that may be shown to the public.
    photo = models.FileField("사진", upload_to="signs/%Y/%m/", max_length=300, blank=True)
    public_photo = models.FileField("공개용 사진", upload_to="signs/%Y/%m/", max_length=300, blank=True)
    photo_erased_at = models.DateTimeField("사진 파기 시각", null=True, blank=True, editable=False)
    photo_sha256 = models.CharField("사진 SHA-256", max_length=64, blank=True)
    # What the photograph itself says; None where it says nothing, or a time that lies ahead.
    taken_at = models.DateTimeField("촬영 시각", null=True, blank=True)
    # What an official states where the photograph says nothing: a person's word, not measured.
    stated_on = models.DateField("담당자가 적은 촬영일", null=True, blank=True)
    latitude = models.DecimalField("위도", max_digits=12, decimal_places=9, null=True, blank=True)
    longitude = models.DecimalField("경도", max_digits=12, decimal_places=9, null=True, blank=True)
    distance_metres = models.PositiveIntegerField("설치장소와의 거리 (m)", null=True, blank=True)
    checked_at = models.DateTimeField("확인 시각", auto_now_add=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="확인자"
    )

    class Meta:
        verbose_name = "안내판 확인"
        verbose_name_plural = "안내판 확인"
        ordering = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.site_id} {self.get_outcome_display()}"

    @property
    def seen_on(self) -> dt.date:
        """The day on which the sign hung there: as measured, else as stated. Checks from before always have a time."""
        if self.stated_on is not None:
            return self.stated_on
        return timezone.localdate(self.taken_at or self.checked_at)


class SignBatch(LongRun):
    """Signs of many sites in one PDF, made by the worker; `reports.documents.sign_batch` is the only writer."""

    title = models.CharField("제목", max_length=200)
    # Primary keys of `Site` in the order of printing.
    sites = models.JSONField("설치장소", default=list)
    size = models.CharField("크기", max_length=10, choices=SignSize, default=SignSize.A4)
    file = models.FileField("PDF", upload_to="signs/batches/%Y/", max_length=300, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveIntegerField("쪽수", null=True, blank=True)
    # Sites without a sign in the file, each with the reason: [[number, reason], …].
    left_out = models.JSONField("빠진 설치장소", default=list, blank=True)

    class Meta:
        verbose_name = "안내판 묶음"
        verbose_name_plural = "안내판 묶음"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class SignSubstitute(models.Model):
    """안내판 갈음: the website stands in for the sign of a site (Decree art. 24(2))."""

    site = models.ForeignKey(
        "cameras.Site", on_delete=models.PROTECT, related_name="sign_substitutes", verbose_name="설치장소"
    )
    reason = models.CharField("사유", max_length=12, choices=SubstituteReason)
    explanation = models.CharField("설명", max_length=500)
    document_number = models.CharField("문서번호", max_length=100)
    from_on = models.DateField("시작일")
    until_on = models.DateField("마지막 날", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="결정자"
    )
    decided_at = models.DateTimeField("등록 시각", auto_now_add=True)

    class Meta:
        verbose_name = "안내판 갈음"
        verbose_name_plural = "안내판 갈음"
        ordering = ["-from_on", "-pk"]
        permissions = [("decide_signsubstitute", "안내판 갈음을 결정할 수 있음")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.get_reason_display()}"
