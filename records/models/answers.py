"""What lies between a request and its answer: papers that are missing, a decision that one prepares for another, and what
each camera and range gets."""

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from ordinance.models import Ground
from records.enums import DecisionOutcome, TransferEnd, TransferTo, outcome_label
from records.models.requested import RequestedCamera
from records.models.requests import ViewingDecision, ViewingNotice, ViewingRequest


class ViewingSupplement(models.Model):
    """보완 요청: what is missing and until when, and what became of it. The office's days stand still meanwhile."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="supplements")
    notice = models.OneToOneField(ViewingNotice, on_delete=models.PROTECT, related_name="supplement")
    until_on = models.DateField("보완 기한")
    # What was left of the office's own days; None where they go on: over already, or they stood still before.
    days_left = models.PositiveSmallIntegerField("남은 처리기한 (일)", null=True, blank=True)
    came_on = models.DateField("보완한 날", null=True, blank=True)
    # Of what was sent; erased with the person.
    note = models.CharField("보완한 내용", max_length=500, blank=True)
    ended_at = models.DateTimeField("끝난 때", null=True, blank=True)

    class Meta:
        verbose_name = "열람등 청구의 보완 요청"
        verbose_name_plural = "열람등 청구의 보완 요청"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(ended_at__isnull=True), name="one_open_supplement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.until_on}"


class ViewingTransfer(models.Model):
    """이송: on which other way the request went on, and what became of it there. By the law of that way it has days of its
    own, counted from the first receipt (`records.viewing.routes`)."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="transfers")
    to = models.CharField("이송한 곳", max_length=12, choices=TransferTo)
    number = models.CharField("그곳의 접수번호나 이송 문서번호", max_length=100)
    on = models.DateField("이송을 알린 날")
    extended_on = models.DateField("그곳에서 기한을 늘린 날", null=True, blank=True)
    ended_on = models.DateField("끝난 날", null=True, blank=True)
    outcome = models.CharField("끝", max_length=12, choices=TransferEnd, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="이송한 사람",
    )

    class Meta:
        verbose_name = "열람등 청구의 이송"
        verbose_name_plural = "열람등 청구의 이송"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(ended_on__isnull=True), name="one_open_transfer"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, outcome="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(outcome="")),
                name="transfer_ends_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_to_display()} {self.number}"

    @property
    def is_own(self) -> bool:
        """It stays with this office, which counts its days; another body counts its own."""
        return self.to != TransferTo.OTHER_BODY

    @property
    def is_waited_for(self) -> bool:
        return self.is_own and self.ended_on is None

    @property
    def due_purpose(self) -> str:
        """Of its due date; the extended one has a word more."""
        return f"route-{self.to}-{self.pk}"


class RangeDecision(models.Model):
    """카메라와 구간마다의 결정: what one of them gets by a decision. Never changed."""

    decision = models.ForeignKey(ViewingDecision, on_delete=models.PROTECT, related_name="ranges")
    line = models.ForeignKey(
        RequestedCamera, on_delete=models.PROTECT, related_name="decisions", verbose_name="청구한 카메라"
    )
    outcome = models.CharField("결정", max_length=14, choices=DecisionOutcome)
    ground = models.ForeignKey(
        Ground, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="조례의 사유"
    )
    national_ground = models.ForeignKey(
        Ground, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="법의 사유"
    )
    reason = EncryptedTextField("구체적인 사유", bound_to="decision_id", blank=True)
    # What the records say of footage that is not there.
    proof = models.TextField("영상이 없다는 증명", blank=True)

    class Meta:
        verbose_name = "카메라와 구간의 결정"
        verbose_name_plural = "카메라와 구간의 결정"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["decision", "line"], name="one_decision_of_a_range"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.outcome_label}"

    @property
    def outcome_label(self) -> str:
        return outcome_label(self.decision.kind, self.outcome)


class DecisionDraft(models.Model):
    """결정안: what one officer proposes and another one decides. Its words go with the person."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="drafts")
    # The answers as `records.viewing.drafts` reads them.
    content = EncryptedTextField("내용", bound_to="request_id", blank=True)
    prepared_at = models.DateTimeField("작성한 때")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="작성한 사람"
    )
    ended_at = models.DateTimeField("끝난 때", null=True, blank=True)

    class Meta:
        verbose_name = "결정안"
        verbose_name_plural = "결정안"
        ordering = ["prepared_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(ended_at__isnull=True), name="one_open_draft"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.prepared_at:%Y-%m-%d}"
