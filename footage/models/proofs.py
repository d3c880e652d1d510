"""That deletion works: by day and camera, and at the word of a person."""

from django.conf import settings
from django.db import models

from cameras.models import Camera


class DailyProof(models.Model):
    """일일 파기 확인: what should be the oldest footage of a camera on a day, and what is.

    A day without a row is a class of its own (확인 없음): nobody looked. None of the four stands in for another.
    """

    class Result(models.TextChoices):
        IN_ORDER = "in_order", "적정"
        NOT_IN_ORDER = "not_in_order", "부적정"
        NOT_SEEN = "not_seen", "확인 불가"

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="proofs", verbose_name="카메라")
    on = models.DateField("날짜")
    proved_at = models.DateTimeField("확인 시각")
    # As it was then; empty for proofs made before it was noted.
    retention_days = models.PositiveSmallIntegerField("보관일수", null=True, blank=True)
    oldest_allowed_at = models.DateTimeField("허용되는 가장 오래된 영상")
    oldest_found_at = models.DateTimeField("발견된 가장 오래된 영상", null=True, blank=True)
    destroyed_from_at = models.DateTimeField("파기 구간 시작", null=True, blank=True)
    destroyed_until_at = models.DateTimeField("파기 구간 끝", null=True, blank=True)
    destroyed_count = models.PositiveIntegerField("파기 파일 수", default=0)
    hold_ids = models.JSONField("삭제 유예 번호", default=list, blank=True)
    result = models.CharField("결과", max_length=12, choices=Result)
    reason = models.CharField("사유", max_length=300, blank=True)
    # Each look that said otherwise than the one before it, the first included; empty where all said the same.
    looks = models.JSONField("그날의 확인", default=list, blank=True)

    class Meta:
        verbose_name = "일일 파기 확인"
        verbose_name_plural = "일일 파기 확인"
        ordering = ["-on", "camera_id"]
        constraints = [models.UniqueConstraint(fields=["camera", "on"], name="daily_proof_once")]

    def __str__(self) -> str:
        return f"{self.camera} {self.on}"

    @property
    def is_in_order(self) -> bool:
        return self.result == self.Result.IN_ORDER


class DeletionConfirmation(models.Model):
    """자동삭제 확인 (Guideline art. 42(2)): a person confirmed that automatic deletion works."""

    confirmed_at = models.DateTimeField("확인 시각")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="담당자"
    )
    period_from = models.DateField("대상 기간 시작")
    period_until = models.DateField("대상 기간 끝")
    cycle = models.CharField("자동삭제 주기", max_length=100)
    is_working = models.BooleanField("정상 작동")
    note = models.TextField("비고", blank=True)
    ledger_sequence = models.BigIntegerField("원장 번호", null=True, blank=True)

    class Meta:
        verbose_name = "자동삭제 확인"
        verbose_name_plural = "자동삭제 확인"
        ordering = ["-confirmed_at"]

    def __str__(self) -> str:
        return f"{self.confirmed_at:%Y-%m-%d}"
