"""The operation and management policy in its versions."""

from django.conf import settings
from django.db import models


class OperationPolicy(models.Model):
    """고정형 영상정보처리기기 운영·관리 방침 (Decree art. 25): one draft, any number of published versions.

    A published version freezes its text and figures; `cameras.policy` is the only writer.
    """

    version = models.PositiveIntegerField("판", unique=True, null=True, blank=True)
    texts = models.JSONField("본문", default=dict)
    contents = models.JSONField("공고 내용", default=dict, blank=True)
    changes = models.JSONField("달라진 점", default=list, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    effective_on = models.DateField("시행일", null=True, blank=True)
    updated_at = models.DateTimeField("수정 시각", auto_now=True)
    published_at = models.DateTimeField("공고 시각", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="공고자",
    )

    class Meta:
        verbose_name = "운영·관리 방침"
        verbose_name_plural = "운영·관리 방침"
        ordering = ["-version"]
        permissions = [("publish_policy", "운영·관리 방침 공고")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, published_at__isnull=True)
                | models.Q(version__isnull=False, published_at__isnull=False, effective_on__isnull=False),
                name="policy_version_when_published",
                violation_error_message="공고된 방침에는 판과 시행일이 있어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"제{self.version}판" if self.version else "초안"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None
