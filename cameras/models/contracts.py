"""위탁 (ordinance art. 11, PIPA art. 26, Decree art. 26): contractors, contracts, training, inspections."""

from django.conf import settings
from django.db import models

from accounts.models import Institution
from cameras.contract_querysets import ContractQuerySet
from cameras.enums import ContractCoverage, ContractScope, ReentrustmentState
from cameras.reentrustment_states import TABLE as REENTRUSTMENT_TABLE
from casework.models.history import history_of
from casework.moves import MoveRow


class Contractor(models.Model):
    """수탁자: its name and telephone stand on sign, policy and public site."""

    name = models.CharField("수탁자명", max_length=200, unique=True)
    phone = models.CharField("연락처", max_length=40, blank=True)

    class Meta:
        verbose_name = "수탁자"
        verbose_name_plural = "수탁자"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_subject(self) -> str:
        return f"contractor:{self.pk}"


class EntrustmentContract(models.Model):
    """위탁 계약 with the five contents of Decree art. 26(1). The whole operation of the centre is refused."""

    number = models.CharField("계약번호", max_length=60, unique=True)
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, related_name="contracts", verbose_name="수탁자"
    )
    title = models.CharField("계약명", max_length=200)
    # Values of `enums.ContractScope`.
    scopes = models.JSONField("위탁 업무", default=list)
    # Which cameras: see `cameras.entrustment`.
    coverage = models.CharField(
        "대상 카메라", max_length=8, choices=ContractCoverage, default=ContractCoverage.NAMED
    )
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="관리기관",
        help_text="비우면 모든 관리기관의 카메라입니다.",
    )
    signed_on = models.DateField("계약일")
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("종료일")
    purpose_and_scope = models.TextField("위탁업무의 목적 및 범위", blank=True)
    reentrustment_limits = models.TextField("재위탁 제한에 관한 사항", blank=True)
    safety_measures = models.TextField("접근 제한 등 안전성 확보 조치", blank=True)
    supervision = models.TextField("관리 현황 점검에 관한 사항", blank=True)
    liability = models.TextField("의무 위반 시 책임에 관한 사항", blank=True)
    is_whole_centre_operation = models.BooleanField("통합관제센터 운영 전부 위탁", default=False)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="contracts", verbose_name="첨부"
    )
    ended_early_on = models.DateField("중도 해지일", null=True, blank=True)
    ended_early_reason = models.CharField("중도 해지 사유", max_length=300, blank=True)

    objects = ContractQuerySet.as_manager()
    history = history_of(excluded=[], no_index=["contractor", "institution"])

    class Meta:
        verbose_name = "위탁 계약"
        verbose_name_plural = "위탁 계약"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_whole_centre_operation=False),
                name="contract_not_whole_centre",
                violation_error_message="통합관제센터 운영 전부는 위탁할 수 없습니다(조례 제11조제1항).",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message="종료일은 시작일보다 앞설 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_early_on=None)
                | (
                    models.Q(ended_early_on__gte=models.F("starts_on"))
                    & models.Q(ended_early_on__lte=models.F("ends_on"))
                    & ~models.Q(ended_early_reason="")
                ),
                name="contract_ended_within_period",
                violation_error_message="중도 해지일은 계약 기간 안의 날이어야 하고 사유가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ledger_subject(self) -> str:
        return f"contract:{self.pk}"

    @property
    def scope_labels(self) -> list[str]:
        """What is entrusted, in Korean; a value that is no scope is shown as it is stored."""
        labels = dict(ContractScope.choices)
        return [str(labels.get(scope, scope)) for scope in self.scopes]


class ContractCamera(models.Model):
    """A camera that was named for a contract; `cameras.contracts` writes it. A line is released, never deleted."""

    contract = models.ForeignKey(
        EntrustmentContract, on_delete=models.PROTECT, related_name="lines", verbose_name="위탁 계약"
    )
    camera = models.ForeignKey(
        "cameras.Camera",
        on_delete=models.PROTECT,
        related_name="contract_lines",
        verbose_name="카메라",
    )
    named_on = models.DateField("지정일")
    named_reason = models.CharField("지정 사유", max_length=500)
    released_on = models.DateField("해제일", null=True, blank=True)
    released_reason = models.CharField("해제 사유", max_length=500, blank=True)

    class Meta:
        verbose_name = "위탁 계약의 카메라"
        verbose_name_plural = "위탁 계약의 카메라"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "camera"],
                condition=models.Q(released_on__isnull=True),
                name="contract_camera_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.camera_id}"


class Reentrustment(models.Model):
    """재위탁: only with the district's consent (PIPA art. 26(6))."""

    contract = models.ForeignKey(
        EntrustmentContract, on_delete=models.PROTECT, related_name="reentrustments", verbose_name="위탁 계약"
    )
    state = models.CharField("상태", max_length=24, choices=ReentrustmentState, blank=True, default="")
    contractor_name = models.CharField("재수탁자", max_length=200)
    phone = models.CharField("연락처", max_length=40, blank=True)
    scope = models.CharField("재위탁 업무", max_length=300)
    asked_on = models.DateField("요청일", null=True, blank=True)
    consented_on = models.DateField("동의일", null=True, blank=True)
    consent_document = models.CharField("동의 문서번호", max_length=100, blank=True)
    refused_on = models.DateField("거부일", null=True, blank=True)
    refusal_reason = models.CharField("거부 사유", max_length=300, blank=True)
    ended_on = models.DateField("종료일", null=True, blank=True)

    class Meta:
        verbose_name = "재위탁"
        verbose_name_plural = "재위탁"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consented_on=None) | models.Q(refused_on=None),
                name="reentrustment_answered_once",
                violation_error_message="거부한 재위탁에는 동의할 수 없고, 동의한 재위탁은 거부할 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(consented_on=None) | ~models.Q(consent_document=""),
                name="reentrustment_consent_has_document",
                violation_error_message="재위탁 동의에는 문서번호가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.contractor_name

    @property
    def is_waiting(self) -> bool:
        """Asked for, and nobody has answered."""
        return self.state == ReentrustmentState.ASKED

    @property
    def is_in_effect(self) -> bool:
        return self.state == ReentrustmentState.CONSENTED

    @property
    def ledger_subject(self) -> str:
        return self.contract.ledger_subject


class ReentrustmentMove(MoveRow):
    """처리: one step of a request for re-entrustment."""

    table = REENTRUSTMENT_TABLE
    subject_field = "reentrustment"

    reentrustment = models.ForeignKey(Reentrustment, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "재위탁의 처리"
        verbose_name_plural = "재위탁의 처리"


class ContractorTraining(models.Model):
    """수탁자 교육 (ordinance art. 11(3), PIPA art. 26(4))."""

    contract = models.ForeignKey(
        EntrustmentContract, on_delete=models.PROTECT, related_name="trainings", verbose_name="위탁 계약"
    )
    on = models.DateField("교육일")
    subject = models.CharField("교육 내용", max_length=300)
    attendees = models.PositiveSmallIntegerField("참석 인원")
    trainer = models.CharField("강사", max_length=100, blank=True)
    attachments = models.ManyToManyField("casework.Attachment", blank=True, related_name="trainings")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)

    class Meta:
        verbose_name = "수탁자 교육"
        verbose_name_plural = "수탁자 교육"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.subject}"


class InspectionItem(models.Model):
    """점검 항목: what an inspection looks at, in the office's own words; those in use make the next checklist."""

    code = models.SlugField("코드", max_length=40, unique=True, editable=False)
    label = models.CharField("점검 항목", max_length=300)
    citation = models.CharField("근거", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("순서", default=0)
    is_in_use = models.BooleanField("사용", default=True)

    class Meta:
        verbose_name = "수탁자 점검 항목"
        verbose_name_plural = "수탁자 점검 항목"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class ContractorInspection(models.Model):
    """수탁자 관리·감독 (ordinance art. 11(3), Guideline art. 43(3)) by checklist."""

    contract = models.ForeignKey(
        EntrustmentContract, on_delete=models.PROTECT, related_name="inspections", verbose_name="위탁 계약"
    )
    on = models.DateField("점검일")
    # [{"code", "label", "result": "good"|"bad"|"none", "note"}], see `cameras.contractor_supervision`.
    checklist = models.JSONField("점검표", default=list)
    is_satisfactory = models.BooleanField("적합", default=False)
    findings = models.TextField("지적 사항", blank=True)
    remedied_on = models.DateField("시정 완료일", null=True, blank=True)
    remedy = models.CharField("시정 내용", max_length=500, blank=True)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="점검자"
    )
    attachments = models.ManyToManyField("casework.Attachment", blank=True, related_name="inspections")
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)

    class Meta:
        verbose_name = "수탁자 관리·감독"
        verbose_name_plural = "수탁자 관리·감독"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {'적합' if self.is_satisfactory else '부적합'}"

    @property
    def ledger_subject(self) -> str:
        return self.contract.ledger_subject
