"""사전협의 (ordinance art. 7): the installing department asks, the responsible department replies."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.models import Department
from cameras.enums import ConsultationReply, PriorConsultationEvent, PriorConsultationState
from cameras.prior_consultation_states import STANDING, TABLE
from casework.moves import MoveRow


class PriorConsultationQuerySet(models.QuerySet["PriorConsultation"]):
    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(state__in=STANDING)


class PriorConsultation(models.Model):
    number = models.CharField("협의번호", max_length=20, unique=True)
    project = models.ForeignKey(
        "cameras.InstallationProject",
        on_delete=models.PROTECT,
        related_name="prior_consultations",
        verbose_name="설치 사업",
    )
    requesting_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name="요청 부서"
    )
    state = models.CharField(
        "상태",
        max_length=24,
        choices=PriorConsultationState,
        blank=True,
        default=PriorConsultationState.ASKED,
    )
    plan = models.TextField("설치 계획")
    request_document = models.CharField("요청 문서번호", max_length=100)
    asked_on = models.DateField("요청일")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="접수자"
    )
    asked_at = models.DateTimeField("접수 시각", auto_now_add=True)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="prior_consultations", verbose_name="첨부"
    )
    reply = models.CharField("회신", max_length=12, choices=ConsultationReply, blank=True)
    reply_text = models.TextField("회신 내용", blank=True)
    reply_document = models.CharField("회신 문서번호", max_length=100, blank=True)
    replied_on = models.DateField("회신일", null=True, blank=True)
    replied_at = models.DateTimeField("회신 시각", null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="회신자",
    )
    replying_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="회신 부서",
    )
    # What the letter of the reply says of others' rows, as they were then (`cameras.prior_consultation`).
    letter = models.JSONField("회신문의 내용", default=dict, blank=True, editable=False)

    objects = PriorConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "사전협의"
        verbose_name_plural = "사전협의"
        ordering = ["-asked_on", "-pk"]
        permissions = [("reply_consultation", "사전협의에 회신할 수 있음")]

    def __str__(self) -> str:
        return f"{self.number} {self.project.title}"

    @property
    def ledger_subject(self) -> str:
        return f"prior_consultation:{self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.state == PriorConsultationState.ASKED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == PriorConsultationState.WITHDRAWN

    @property
    def withdrawal(self) -> "PriorConsultationMove | None":
        return self.moves.filter(event=PriorConsultationEvent.WITHDRAW).last()


class PriorConsultationMove(MoveRow):
    """처리: one step of a prior consultation."""

    table = TABLE
    subject_field = "consultation"

    consultation = models.ForeignKey(PriorConsultation, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "사전협의의 처리"
        verbose_name_plural = "사전협의의 처리"


class ConsultationCondition(models.Model):
    """A condition of the reply, followed until it is fulfilled."""

    consultation = models.ForeignKey(
        PriorConsultation, on_delete=models.PROTECT, related_name="conditions", verbose_name="사전협의"
    )
    position = models.PositiveSmallIntegerField("순서")
    text = models.CharField("조건", max_length=500)
    due_on = models.DateField("이행 기한", null=True, blank=True)
    fulfilled_on = models.DateField("이행일", null=True, blank=True)
    fulfilled_note = models.CharField("이행 내용", max_length=500, blank=True)
    fulfilled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="conditions", verbose_name="첨부"
    )

    class Meta:
        verbose_name = "협의 조건"
        verbose_name_plural = "협의 조건"
        ordering = ["consultation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="condition_position_once")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def ledger_subject(self) -> str:
        return self.consultation.ledger_subject
