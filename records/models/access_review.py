"""접속기록의 점검 (ordinance art. 23; Safety Standard art. 8(2)): logs that come in by the portal, and the review of each month."""

from typing import Any

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from accounts.longrun import LongRun
from records.models.access_log import AccessLogFile
from records.models.people import StaffMember


class AccessImport(LongRun):
    """A log that was uploaded, or lay in the watched folder. `records.access_log.arrivals` is the only writer."""

    # Sealed, and gone as soon as it was read; a log of the watched folder stays where it lies.
    file = models.FileField("파일", upload_to="access-logs/", blank=True)
    name = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기")
    # Of the watched folder: the same name, size and time is the same file and is not read again.
    modified_at = models.DateTimeField("파일의 시각", null=True, blank=True)
    map = models.CharField("열 대응표", max_length=60)
    log = models.ForeignKey(
        AccessLogFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="arrivals",
        verbose_name="접속기록 파일",
    )
    result = models.JSONField("결과", default=dict, blank=True)

    class Meta:
        verbose_name = "접속기록 가져오기"
        verbose_name_plural = "접속기록 가져오기"
        ordering = ["-requested_at", "-pk"]
        default_permissions = ()
        permissions = [("import_accesslog", "접속기록을 가져올 수 있음")]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "size", "modified_at"],
                condition=models.Q(modified_at__isnull=False),
                name="watched_log_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AccessReview(LongRun):
    """The review of one month: made by the worker, judged finding by finding, signed, then frozen.

    `records.access_log.monthly` is the only writer.
    """

    month = models.DateField("점검한 달", unique=True)
    made_at = models.DateTimeField("만든 시각", null=True, blank=True)
    # Rows by act, what explains them, looks by day, what could not be known.
    figures = models.JSONField("수치", default=dict, blank=True)
    opinion = models.TextField("점검 의견", blank=True)
    signed_at = models.DateTimeField("서명 시각", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="서명한 사람",
    )
    countersigned_at = models.DateTimeField("함께 서명한 시각", null=True, blank=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="함께 서명한 사람",
    )
    # When the last of the signatures that it needs was there.
    frozen_at = models.DateTimeField("확정 시각", null=True, blank=True)
    contents = models.JSONField("확정한 내용", default=dict, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = "접속기록 점검"
        verbose_name_plural = "접속기록 점검"
        ordering = ["-month"]
        default_permissions = ("view",)
        permissions = [
            ("sign_accessreview", "접속기록 점검의 결과를 판정하고 서명할 수 있음"),
            ("countersign_accessreview", "관리책임자에 관한 점검 결과를 판정하고 함께 서명할 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(frozen_at__isnull=True) | models.Q(signed_at__isnull=False),
                name="access_review_frozen_when_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y년 %-m월} 접속기록 점검"

    @property
    def ledger_subject(self) -> str:
        return f"access-review:{self.month:%Y-%m}"

    @property
    def is_made(self) -> bool:
        return self.made_at is not None


class Judgement(models.TextChoices):
    PROPER = "proper", "정당"
    DOUBTFUL = "doubtful", "소명 부족"
    IMPROPER = "improper", "부당"


class AccessFinding(models.Model):
    """점검할 것: rows that a rule asks about, what the person says, what was judged. `records.access_log.judging` writes."""

    review = models.ForeignKey(
        AccessReview, on_delete=models.PROTECT, related_name="findings", verbose_name="점검"
    )
    number = models.CharField("번호", max_length=20, unique=True)
    rule = models.CharField("규칙", max_length=40)
    # As the log writes it; empty where the log itself is at fault.
    account = models.CharField("계정", max_length=100, blank=True)
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="인력"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="access_findings",
        verbose_name="담당자",
    )
    why = models.CharField("까닭", max_length=500)
    score = models.FloatField("점수", default=0)
    # Keys of the rows of the log and of looks in this system; a finding is known again by them.
    events = models.JSONField("접속기록", default=list)
    looks = models.JSONField("영상 재생", default=list, blank=True)
    explanation = EncryptedTextField("소명", bound_to="number", blank=True)
    explained_at = models.DateTimeField("소명 시각", null=True, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="소명을 적은 사람",
    )
    judgement = models.CharField("판정", max_length=10, choices=Judgement, blank=True)
    judged_words = EncryptedTextField("판정의 까닭", bound_to="number", blank=True)
    judged_at = models.DateTimeField("판정 시각", null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="판정한 사람",
    )
    measure = EncryptedTextField("조치", bound_to="number", blank=True)
    measured_at = models.DateTimeField("조치 시각", null=True, blank=True)
    measured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="조치를 적은 사람",
    )
    # Salts of what the ledger holds as digests; they go with the words.
    salts = models.JSONField(default=dict, blank=True, editable=False)
    words_erased_at = models.DateTimeField("소명·판정 글 파기 시각", null=True, blank=True)

    class Meta:
        verbose_name = "접속기록 점검 결과"
        verbose_name_plural = "접속기록 점검 결과"
        ordering = ["number"]
        default_permissions = ()
        permissions = [("explain_accessfinding", "자기에 관한 점검 결과를 보고 소명할 수 있음")]
        indexes = [models.Index(fields=["rule", "judgement"], name="access_finding_rates")]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"access-finding:{self.number}"

    @property
    def rows(self) -> int:
        return len(self.events) + len(self.looks)

    def as_told(self) -> dict[str, Any]:
        """What the ledger says of it: nobody's name."""
        return {"review": f"{self.number[:7]}", "rule": self.rule, "rows": self.rows}
