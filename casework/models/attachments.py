"""첨부 파일: one row per file; `casework.attachments.keep` is the only writer."""

from django.conf import settings
from django.db import models


class Attachment(models.Model):
    """A file that belongs to a matter of the office: an act, a paper, a consultation, a contract. Never changed."""

    file = models.FileField("파일", upload_to="attachments/%Y/%m/", max_length=300)
    name = models.CharField("파일 이름", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("크기 (바이트)")
    added_at = models.DateTimeField("올린 시각", auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="올린 사람",
    )

    class Meta:
        verbose_name = "첨부 파일"
        verbose_name_plural = "첨부 파일"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
