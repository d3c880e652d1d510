"""안내판 신고: what citizens say about a sign that is missing or wrong (ordinance art. 9, PIPA art. 25(4))."""

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from cameras.enums import SignProblem, SignReportOutcome


class SignReport(models.Model):
    """One report. `cameras.sign_reports` receives and closes it; contact and photograph are erased in time."""

    receipt_number = models.CharField("접수번호", max_length=30, unique=True)
    # The form's own number: sending the same form twice is one report.
    submission = models.UUIDField("양식 번호", unique=True, editable=False)
    # None: the sender knew no number, perhaps since the sign is missing; the office finds the site by what follows.
    site = models.ForeignKey(
        "cameras.Site",
        on_delete=models.PROTECT,
        related_name="sign_reports",
        null=True,
        blank=True,
        verbose_name="설치장소",
    )
    place = models.CharField("신고한 사람이 적은 장소", max_length=300, blank=True)
    # Erased with the contact: beside it they may say where a person was.
    latitude = models.FloatField("신고한 위치의 위도", null=True, blank=True)
    longitude = models.FloatField("신고한 위치의 경도", null=True, blank=True)
    problem = models.CharField("무엇이 잘못되었나요", max_length=16, choices=SignProblem)
    text = models.TextField("내용", blank=True)
    photo = models.FileField("사진", upload_to="sign-reports/%Y/%m/", max_length=300, blank=True)
    contact = EncryptedTextField("연락처", bound_to="receipt_number", blank=True)
    has_contact = models.BooleanField("연락처 있음", default=False)
    received_at = models.DateTimeField("접수 시각", db_index=True)
    person_erased_at = models.DateTimeField("연락처·사진 파기 시각", null=True, blank=True)
    outcome = models.CharField("처리 결과", max_length=12, choices=SignReportOutcome, blank=True)
    closing_note = models.CharField("처리 내용", max_length=500, blank=True)
    closed_at = models.DateTimeField("처리 시각", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="처리자",
    )

    class Meta:
        verbose_name = "안내판 신고"
        verbose_name_plural = "안내판 신고"
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("close_signreport", "안내판 신고를 처리할 수 있음"),
            ("read_signreport_contact", "안내판 신고자의 연락처를 볼 수 있음"),
        ]
        indexes = [
            models.Index(fields=["site"], condition=models.Q(closed_at__isnull=True), name="sign_report_open")
        ]

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def ledger_subject(self) -> str:
        return f"sign-report:{self.receipt_number}"

    @property
    def place_text(self) -> str:
        """Where it is, as far as anybody knows."""
        if self.site is not None:
            return f"{self.site.number} {self.site.address}".strip()
        return self.place or ("지도 위치만 있음" if self.latitude is not None else "알 수 없음")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
