"""Issued documents: frozen figures and files, by version."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import models

from accounts.longrun import LongRun


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
