"""개인정보 처리방침 in its versions; `casework.privacy` is the only writer."""

from django.conf import settings
from django.db import models


class PrivacyPolicy(models.Model):
    """One published version (PIPA art. 30): what citizens read, frozen as it was published."""

    version = models.PositiveIntegerField("판", unique=True)
    contents = models.JSONField("내용")
    # What is new against the version before, in words; empty for the first.
    changes = models.JSONField("달라진 점", default=list, blank=True)
    digest = models.CharField("SHA-256", max_length=64)
    effective_on = models.DateField("시행일")
    published_at = models.DateTimeField("공개 시각")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="공개한 사람"
    )

    class Meta:
        verbose_name = "개인정보 처리방침"
        verbose_name_plural = "개인정보 처리방침"
        ordering = ["-version"]
        default_permissions = ("view",)
        permissions = [("publish_privacypolicy", "개인정보 처리방침을 공개할 수 있음")]

    def __str__(self) -> str:
        return f"제{self.version}판"
