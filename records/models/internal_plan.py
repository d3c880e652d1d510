"""내부 관리계획 (Safety Standard art. 4): its versions, and the yearly check whether it is carried out."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class InternalPlan(models.Model):
    """One version: a draft that waits for another person, or an approved one, frozen.

    `records.internal_plan.writing` is the only writer.
    """

    version = models.PositiveSmallIntegerField("판", unique=True)
    # [{"code", "title", "text"}] in order.
    contents = models.JSONField("내용", default=list)
    # Numbers of the officers who began this version, changed it or asked for its approval: they do not approve it.
    writers = models.JSONField("작성한 사람", default=list)
    # With what official text the titles were compared; empty: with none.
    compared_with = models.CharField("원문 대조", max_length=200, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="시작한 사람"
    )
    begun_at = models.DateTimeField("시작 시각")
    why = models.CharField("제정·변경 사유", max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="승인을 요청한 사람",
    )
    asked_at = models.DateTimeField("승인 요청 시각", null=True, blank=True)
    returned_why = models.CharField("돌려보낸 이유", max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="승인한 사람",
    )
    approved_at = models.DateTimeField("승인 시각", null=True, blank=True)
    document_number = models.CharField("결재 문서번호", max_length=100, blank=True)
    effective_on = models.DateField("시행일", null=True, blank=True)
    # What was approved, with what the system knew that day, as it is printed from then on.
    frozen = models.JSONField("확정한 내용", default=dict, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = "내부 관리계획"
        verbose_name_plural = "내부 관리계획"
        ordering = ["-version"]
        default_permissions = ("view", "change")
        permissions = [("approve_internalplan", "내부 관리계획을 승인하고 이행을 점검할 수 있음")]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(approved_at__isnull=True),
                name="internal_plan_one_draft",
                violation_error_message="이미 작성 중인 판이 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(approved_by__isnull=False, effective_on__isnull=False) & ~Q(digest=""),
                name="internal_plan_approved_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"내부 관리계획 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"internal-plan:{self.version}"

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class InternalPlanCheck(models.Model):
    """이행 실태 점검: what the privacy officer found of each content. `records.internal_plan.checking` is the only writer."""

    plan = models.ForeignKey(
        InternalPlan, on_delete=models.PROTECT, related_name="checks", verbose_name="내부 관리계획"
    )
    checked_at = models.DateTimeField("점검 시각", db_index=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="점검한 사람"
    )
    # As it is printed: each content with its result, words, and what the system knew that day.
    contents = models.JSONField("점검 결과")
    digest = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = "내부 관리계획 이행 점검"
        verbose_name_plural = "내부 관리계획 이행 점검"
        ordering = ["-checked_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.plan} 이행 점검 {self.pk}"

    @property
    def ledger_subject(self) -> str:
        return f"internal-plan-check:{self.pk}"
