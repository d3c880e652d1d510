"""Issued documents: frozen figures and files, by version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from accounts.longrun import LongRun
from accounts.models import Department
from casework.models import Attachment


class Frozen(RuntimeError):
    """An issued report never changes: a correction is a new version."""


class IssuedReport(LongRun):
    """A committee report: a run while it is being made, frozen once it is issued.

    A run that fails keeps no version; so every version that exists was issued.
    """

    kind = models.CharField("종류", max_length=40, default="committee")
    period = models.CharField("기간", max_length=10)
    with_annex = models.BooleanField("부록 포함", default=True)
    version = models.PositiveIntegerField("판", null=True, blank=True)
    is_interim = models.BooleanField("중간 보고", default=False)
    figures = models.JSONField("수치", default=dict, blank=True)
    changes = models.JSONField("이전 판과 달라진 점", default=list, blank=True)
    file = models.FileField("PDF", upload_to="reports/%Y/", max_length=300, blank=True)
    volumes = models.JSONField("부록", default=list, blank=True)
    # What is for everybody, of the same figures (`reports.editions`): kind, path, sha256, pages.
    editions = models.JSONField("공개판", default=list, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveIntegerField("쪽수", null=True, blank=True)
    ledger_size = models.BigIntegerField("원장 크기", null=True, blank=True)
    ledger_root = models.CharField("원장 루트", max_length=64, blank=True)
    ledger_at = models.DateTimeField("원장 봉인 시각", null=True, blank=True)
    ledger_entry = models.BigIntegerField("발행을 적은 원장 번호", null=True, blank=True)
    issued_at = models.DateTimeField("발행 시각", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="발행자",
    )

    # How the files were made, for who has just issued them; not stored.
    printing: Sequence[Mapping[str, Any]] = ()

    class Meta:
        verbose_name = "발행 보고서"
        verbose_name_plural = "발행 보고서"
        ordering = ["-period", "-version", "-pk"]
        permissions = [("issue_report", "보고서 발행"), ("view_report", "발행 보고서 열람")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "version"],
                name="report_version_once",
                violation_error_message="같은 기간에 이미 있는 판입니다.",
            )
        ]

    def __str__(self) -> str:
        version = f" 제{self.version}판" if self.version else ""
        return f"{self.period}{version}"

    @property
    def is_issued(self) -> bool:
        return bool(self.sha256)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and IssuedReport.objects.filter(pk=self.pk).exclude(sha256="").exists():
            raise Frozen("발행한 보고서는 고칠 수 없습니다. 바로잡으려면 다시 발행하십시오.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_issued:
            raise Frozen("발행한 보고서는 지울 수 없습니다.")
        return super().delete(*args, **kwargs)


class YearlyKind(models.TextChoices):
    """해마다 내는 문서 (`reports.yearly`)."""

    EVALUATION = "evaluation", "운영위원회의 연간 평가"
    COUNCIL = "council", "운영위원회 운영의 의회 보고"
    NOTICES = "notices", "행정예고 통계"
    IMPACT = "impact", "설치목적별 영향 요약"


class YearlyPaper(models.Model):
    """A paper of a year: prepared from the records, finished by a person, frozen then. `reports.yearly` is the only writer."""

    kind = models.CharField("문서", max_length=12, choices=YearlyKind)
    year = models.PositiveSmallIntegerField("연도")
    version = models.PositiveSmallIntegerField("판", default=1)
    # The figures as they were when somebody finished it, with that person's words.
    contents = models.JSONField("내용")
    digest = models.CharField("SHA-256", max_length=64)
    finished_at = models.DateTimeField("확정 시각")
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="확정한 사람"
    )
    sent_on = models.DateField("제출일", null=True, blank=True)
    sent_document = models.CharField("제출 문서번호", max_length=100, blank=True)

    class Meta:
        verbose_name = "연간 문서"
        verbose_name_plural = "연간 문서"
        ordering = ["-year", "kind", "-version"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "version"],
                name="yearly_paper_version_once",
                violation_error_message="같은 문서를 다른 사람이 방금 확정했습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}년 {self.get_kind_display()} 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"yearly:{self.kind}/{self.year}/{self.version}"


class Certificate(models.Model):
    """An issued certificate of destruction: its number and what identifies it. The paper itself is the recipient's."""

    number = models.CharField("발급번호", max_length=30, unique=True)
    camera_number = models.CharField("카메라 번호", max_length=100)
    from_on = models.DateField("영상의 첫 날")
    until_on = models.DateField("영상의 마지막 날")
    files = models.PositiveIntegerField("파기한 파일 수")
    sha256 = models.CharField("SHA-256", max_length=64)
    issued_at = models.DateTimeField("발급 시각")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="발급자",
    )

    class Meta:
        verbose_name = "파기 확인서"
        verbose_name_plural = "파기 확인서"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen("발급한 확인서는 고칠 수 없습니다. 바로잡으려면 새로 발급하십시오.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("발급한 확인서는 지울 수 없습니다.")


class LetterTemplate(models.Model):
    """공문 문안: the words of one kind of letter, in versions. `reports.letters.templates` is the only writer."""

    kind = models.CharField("공문 종류", max_length=40)
    version = models.PositiveIntegerField("판")
    subject = models.CharField("제목", max_length=200)
    body = models.TextField("본문")
    why = models.CharField("바꾼 까닭", max_length=300)
    made_at = models.DateTimeField("기록 시각")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="바꾼 사람"
    )

    class Meta:
        verbose_name = "공문 문안"
        verbose_name_plural = "공문 문안"
        ordering = ["kind", "-version"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="letter_template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"letter-template:{self.kind}"


class SendingWay(models.TextChoices):
    """발송 방법."""

    WEB = "web", "누리집 (본인 조회 화면)"
    MAIL = "mail", "전자우편으로 조회 주소 안내"
    POST = "post", "우편"
    HAND = "hand", "직접 교부"
    SYSTEM = "system", "전자문서시스템"


class OutgoingDocument(models.Model):
    """발송 대장의 한 줄: a letter under its number. Its words stand from the number on, its files from the sending on.

    `reports.letters.outgoing` is the only writer. Nothing is deleted, so that numbers have no gap; words and files are
    emptied when the person's time is over.
    """

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="시행 부서"
    )
    year = models.PositiveSmallIntegerField("연도")
    ordinal = models.PositiveIntegerField("연번")
    # Department, year and ordinal in one: what the sealed columns are bound to, and what the ledger calls it.
    code = models.CharField("관리값", max_length=40, unique=True, editable=False)
    number = models.CharField("문서번호", max_length=120)
    on = models.DateField("시행일")
    kind = models.CharField("공문 종류", max_length=40)
    # 0: the words that come with the program.
    template_version = models.PositiveIntegerField("문안의 판", default=0)
    subject = models.CharField("제목", max_length=300)
    # By reference, never by name: 열람등 청구 260101-ABCDEF의 청구인.
    receiver = models.CharField("수신", max_length=300)
    # What it is about, in the ledger's words, and the row that it was written from.
    about = models.CharField("관련 업무", max_length=100, blank=True, db_index=True)
    source = models.CharField("근거 기록", max_length=100, blank=True, db_index=True)
    words = EncryptedTextField("내용", bound_to="code", blank=True)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    numbered_at = models.DateTimeField("번호를 받은 때", db_index=True)
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기안자"
    )
    way = models.CharField("발송 방법", max_length=10, choices=SendingWay, blank=True)
    sent_on = models.DateField("발송일", null=True, blank=True)
    sent_at = models.DateTimeField("발송을 기록한 때", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="발송한 사람",
    )
    # The number of the registered letter, or who saw the hand-over: no name of a receiver.
    proof = models.CharField("발송 증빙", max_length=300, blank=True)
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="증빙 파일")
    # As they were sent, in base64, with their digests; the ledger has both.
    pdf = EncryptedTextField("PDF", bound_to="code", blank=True)
    hwpx = EncryptedTextField("HWPX", bound_to="code", blank=True)
    pdf_sha256 = models.CharField("PDF의 SHA-256", max_length=64, blank=True)
    hwpx_sha256 = models.CharField("HWPX의 SHA-256", max_length=64, blank=True)
    voided_at = models.DateTimeField("발송하지 않기로 한 때", null=True, blank=True)
    void_reason = models.CharField("발송하지 않는 까닭", max_length=300, blank=True)
    erased_at = models.DateTimeField("내용을 파기한 때", null=True, blank=True)

    class Meta:
        verbose_name = "발송 대장"
        verbose_name_plural = "발송 대장"
        ordering = ["-year", "department", "-ordinal"]
        default_permissions = ("view",)
        permissions = [
            ("send_letter", "공문을 쓰고 발송할 수 있음"),
            ("answer_own_data", "개인정보 열람 요구에 답할 수 있음"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "year", "ordinal"], name="document_number_once_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(voided_at__isnull=True),
                name="document_is_sent_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.on:%Y-%m-%d})"

    @property
    def ledger_subject(self) -> str:
        return f"document:{self.code}"

    @property
    def is_waiting(self) -> bool:
        """It has a number, and nobody has sent it yet."""
        return self.sent_at is None and self.voided_at is None
