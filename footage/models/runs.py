"""Scans and sweeps, and what a sweep destroyed."""

from django.conf import settings
from django.db import models

from accounts.longrun import LongRun
from footage.models.storages import Storage


class Scan(LongRun):
    """One reading of the tree: of one storage, or of all."""

    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, null=True, blank=True, related_name="scans", verbose_name="저장소"
    )
    result = models.JSONField("결과", default=dict, blank=True)

    class Meta:
        verbose_name = "저장소 확인"
        verbose_name_plural = "저장소 확인"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Sweep(LongRun):
    """One run of enforce_retention: its instant, what it destroyed, its line in the ledger."""

    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, null=True, blank=True, related_name="sweeps", verbose_name="저장소"
    )
    at = models.DateTimeField("기준 시각")
    is_by_clock = models.BooleanField("시계 기준", default=True)
    is_dry_run = models.BooleanField("모의 실행", default=False)
    is_refused = models.BooleanField("거부", default=False)
    destroyed = models.PositiveBigIntegerField("파기", default=0)
    bytes = models.PositiveBigIntegerField("파기 용량", default=0)
    held = models.PositiveBigIntegerField("유예", default=0)
    kept = models.PositiveBigIntegerField("보관", default=0)
    unrecognised = models.PositiveBigIntegerField("형식 외", default=0)
    unclaimed = models.PositiveBigIntegerField("미등록", default=0)
    errors = models.PositiveBigIntegerField("오류", default=0)
    max_lateness_seconds = models.FloatField("최대 지연(초)", null=True, blank=True)
    # Destroyed within a minute of being due: the promise is 99 in 100.
    on_time = models.PositiveBigIntegerField("1분 이내 파기", default=0)
    ledger_sequence = models.BigIntegerField("원장 번호", null=True, blank=True)
    report = models.JSONField("내역", default=dict, blank=True)

    class Meta:
        verbose_name = "파기 실행"
        verbose_name_plural = "파기 실행"
        ordering = ["-pk"]
        permissions = [
            ("run_sweep", "파기 실행"),
            ("confirm_clock", "시계 확인"),
            ("confirm_deletion", "자동삭제 확인"),
        ]
        indexes = [models.Index(fields=["at"], name="sweep_at")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.at}"


class ManifestBlock(models.Model):
    """What a sweep is going to destroy, written before it does: up to some ten thousand lines, compressed.

    Open while `done_at` is empty: its files may be there or gone. `outcome` says which lines were struck and
    when the others were unlinked; `ledger_sequence` is set with the sweep's entry in the ledger.
    """

    sweep = models.ForeignKey(
        Sweep, on_delete=models.PROTECT, related_name="blocks", verbose_name="파기 실행"
    )
    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, related_name="blocks", verbose_name="저장소"
    )
    lines = models.BinaryField("파기 목록")
    count = models.PositiveIntegerField("줄 수")
    digest = models.CharField("해시", max_length=64)
    approved_at = models.DateTimeField("확정 시각")
    done_at = models.DateTimeField("완료 시각", null=True, blank=True)
    outcome = models.JSONField("결과", default=dict, blank=True)
    destroyed = models.PositiveIntegerField("파기", default=0)
    bytes = models.PositiveBigIntegerField("파기 용량", default=0)
    first_at = models.DateTimeField("처음", null=True, blank=True)
    last_at = models.DateTimeField("마지막", null=True, blank=True)
    ledger_sequence = models.BigIntegerField("원장 번호", null=True, blank=True)

    class Meta:
        verbose_name = "파기 목록"
        verbose_name_plural = "파기 목록"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["storage"],
                condition=models.Q(ledger_sequence__isnull=True),
                name="manifest_unentered",
            ),
            models.Index(fields=["done_at"], name="manifest_done_at"),
            models.Index(fields=["ledger_sequence"], name="manifest_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.sweep_id}/{self.pk}"


class ClockConfirmation(models.Model):
    """A person looked at the clock that the guard refused, and said that it is right."""

    confirmed_at = models.DateTimeField("확인한 시계 시각")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인자",
    )
    # Sweeps up to this one no longer count as evidence: they ran by the clock that was wrong.
    after_sweep = models.BigIntegerField("이전 파기 실행", default=0)
    refusal = models.CharField("거부 사유", max_length=500, blank=True)

    class Meta:
        verbose_name = "시계 확인"
        verbose_name_plural = "시계 확인"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.confirmed_at}"
