"""Long work that a person starts in the portal and that belongs to no domain app."""

from django.db import models

from accounts.longrun import LongRun


class LedgerVerification(LongRun):
    """One check of the whole ledger, started by a person: what was found stays on record."""

    kept_head = models.JSONField("비교한 봉인 파일", null=True, blank=True)
    entries = models.BigIntegerField("기록 수", null=True, blank=True)
    heads = models.BigIntegerField("봉인 수", null=True, blank=True)
    root = models.CharField("루트", max_length=64, blank=True)
    is_ok = models.BooleanField("이상 없음", null=True, blank=True)
    first_bad = models.BigIntegerField("처음 어긋난 기록", null=True, blank=True)
    reason = models.CharField("사유", max_length=500, blank=True)

    class Meta:
        verbose_name = "원장 검증"
        verbose_name_plural = "원장 검증"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_state_display()}"
