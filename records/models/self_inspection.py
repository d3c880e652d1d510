"""자체점검표: one document a year, in versions; frozen when it is signed off."""

from django.conf import settings
from django.db import models


class ItemResult(models.TextChoices):
    IN_ORDER = "in_order", "적정"
    NOT_IN_ORDER = "not_in_order", "부적정"
    NOT_APPLICABLE = "not_applicable", "해당 없음"


class SelfInspection(models.Model):
    """A version of a year's inspection. `records.self_inspection.inspecting` is the only writer."""

    year = models.PositiveSmallIntegerField("점검 대상 연도")
    version = models.PositiveSmallIntegerField("판", default=1)
    reason = models.CharField("다시 점검하는 이유", max_length=300, blank=True)
    begun_at = models.DateTimeField("시작 시각")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="시작한 사람"
    )
    opinion = models.TextField("종합 의견", blank=True)
    signed_off_at = models.DateTimeField("확정 시각", null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확정한 사람",
    )
    # What was signed off, as it is printed from then on.
    contents = models.JSONField("확정한 내용", default=dict, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    reported_on = models.DateField("제출일", null=True, blank=True)
    report_document = models.CharField("제출 문서번호", max_length=100, blank=True)
    published_on = models.DateField("공개일", null=True, blank=True)
    published_place = models.CharField("공개한 곳", max_length=300, blank=True)

    class Meta:
        verbose_name = "자체점검"
        verbose_name_plural = "자체점검"
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="self_inspection_version_once"),
            models.UniqueConstraint(
                fields=["year"],
                condition=models.Q(signed_off_at__isnull=True),
                name="self_inspection_one_draft",
                violation_error_message="같은 해의 점검이 이미 진행 중입니다.",
            ),
        ]
        permissions = [("sign_off_selfinspection", "자체점검을 확정하고 제출·공개를 기록할 수 있음")]

    def __str__(self) -> str:
        return f"{self.year}년 자체점검 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"self-inspection:{self.year}/{self.version}"

    @property
    def is_signed_off(self) -> bool:
        return self.signed_off_at is not None


class SelfInspectionItem(models.Model):
    """One thing that is looked at: what the system knew of it, and what a person found."""

    inspection = models.ForeignKey(
        SelfInspection, on_delete=models.PROTECT, related_name="items", verbose_name="자체점검"
    )
    position = models.PositiveSmallIntegerField("순서")
    code = models.CharField("항목", max_length=20)
    result = models.CharField("결과", max_length=16, choices=ItemResult, blank=True)
    words = models.TextField("내용", blank=True)
    # The system's figures as they were shown to the person who finished the item.
    facts = models.JSONField("시스템의 자료", default=list, blank=True)
    finished_at = models.DateTimeField("마친 시각", null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="점검한 사람",
    )

    class Meta:
        verbose_name = "자체점검 항목"
        verbose_name_plural = "자체점검 항목"
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code"], name="self_inspection_item_once"),
            models.CheckConstraint(
                condition=models.Q(result="", finished_at__isnull=True, finished_by__isnull=True)
                | (
                    ~models.Q(result="")
                    & models.Q(finished_at__isnull=False)
                    & models.Q(finished_by__isnull=False)
                ),
                name="self_inspection_item_finished_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.code}"
