"""What an agency or another department asks of the footage, and who approves it. Personal columns are encrypted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from accounts.models import Department
from cameras.models import Camera
from casework.models import Attachment
from casework.moves import MoveRow
from footage.models import Hold
from ordinance.models import Ground
from records.provision.states import TABLE
from records.provision_enums import (
    LEAVING,
    ApprovalCapacity,
    ApprovalOutcome,
    ApprovalStep,
    ApprovalWay,
    CommitteeCare,
    CopiesEnd,
    PersonBasis,
    ProvisionState,
    PurposeRelation,
    ReleaseForm,
    ReleaseKind,
)

# Deferred wherever nobody reads them, so that nothing is decrypted.
PROVISION_PERSONAL = ("requester_rank", "requester_name", "requester_phone", "target")


class Agency(models.Model):
    """기관: a body outside the office that asks for footage; its units are rows of their own."""

    name = models.CharField("기관명", max_length=100, unique=True)

    class Meta:
        verbose_name = "제공받는 기관"
        verbose_name_plural = "제공받는 기관"
        ordering = ["name"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.name


class AgencyUnit(models.Model):
    """A unit of it, with the telephone of the unit, not of a person."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units", verbose_name="기관")
    name = models.CharField("부서", max_length=100)
    phone = models.CharField("부서 전화번호", max_length=40, blank=True)
    address = models.CharField("주소", max_length=200, blank=True)

    class Meta:
        verbose_name = "제공받는 기관의 부서"
        verbose_name_plural = "제공받는 기관의 부서"
        ordering = ["agency__name", "name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="agency_unit_once",
                violation_error_message="그 기관에 이미 있는 부서입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency.name} {self.name}"

    @property
    def ledger_subject(self) -> str:
        return f"agency-unit:{self.pk}"


class ApprovalAuthorityQuerySet(models.QuerySet["ApprovalAuthority"]):
    def in_force(self, on: object) -> Self:
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)


class ApprovalAuthority(models.Model):
    """결재권: who may sign a step in this system, as the post's holder, in his absence (대결) or by delegation (전결)."""

    step = models.CharField("결재 단계", max_length=10, choices=ApprovalStep)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="담당자"
    )
    capacity = models.CharField("자격", max_length=10, choices=ApprovalCapacity)
    from_on = models.DateField("시작일")
    until_on = models.DateField("마지막 날", null=True, blank=True)
    document_number = models.CharField("근거 문서번호", max_length=100)
    entered_at = models.DateTimeField("기록 시각")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록한 사람"
    )

    objects = ApprovalAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = "결재권"
        verbose_name_plural = "결재권"
        ordering = ["step", "-from_on", "pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="authority_ends_after_it_began",
                violation_error_message="마지막 날은 시작일보다 앞설 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.officer} ({self.get_capacity_display()})"

    @property
    def ledger_subject(self) -> str:
        return f"approval-authority:{self.pk}"


class Provision(models.Model):
    """이용·제공: one request of an agency, or of another department. `records.provision` is the only writer."""

    number = models.CharField("관리번호", max_length=30, unique=True)
    kind = models.CharField("구분", max_length=10, choices=ReleaseKind, default=ReleaseKind.PROVISION)
    state = models.CharField("상태", max_length=12, choices=ProvisionState, db_index=True)
    # The form's own number: the same form sent twice is one request.
    submission = models.UUIDField("양식 식별값", unique=True, editable=False)
    received_at = models.DateTimeField("접수한 때", db_index=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="접수한 사람"
    )
    letter_number = models.CharField("요청 문서번호", max_length=100)
    letter_on = models.DateField("요청 문서일자")

    unit = models.ForeignKey(
        AgencyUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="provisions",
        verbose_name="제공받는 기관",
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="이용하는 부서",
    )
    # The account of who asks within the office: never the one who approves.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="요청한 담당자",
    )
    requester_rank = EncryptedTextField("요청자 계급·직급", bound_to="number", blank=True)
    requester_name = EncryptedTextField("요청자 성명", bound_to="number")
    requester_phone = EncryptedTextField("요청자 연락처", bound_to="number", blank=True)
    # Whom or what to look for; may tell of a person.
    target = EncryptedTextField("찾는 사람·차량 등", bound_to="number", blank=True)

    purpose = models.CharField("목적", max_length=500)
    items = models.CharField("제공할 항목", max_length=300)
    form = models.CharField("형태", max_length=10, choices=ReleaseForm)
    use_until_on = models.DateField("이용 기간의 끝")
    is_urgent = models.BooleanField("긴급", default=False)
    follows_person = models.BooleanField("특정인을 살피는 요청", default=False)
    person_basis = models.CharField("특정인 수집의 근거", max_length=10, choices=PersonBasis, blank=True)
    person_basis_text = models.CharField("동의서 또는 법령과 조문", max_length=300, blank=True)
    consent_withdrawn_on = models.DateField("동의를 철회한 날", null=True, blank=True)

    # What a named officer made of it, before it is put to be approved.
    relation = models.CharField("목적과의 관계", max_length=8, choices=PurposeRelation, blank=True)
    ground = models.ForeignKey(
        Ground, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="조례의 근거"
    )
    national_ground = models.ForeignKey(
        Ground, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="법의 근거"
    )
    legal_basis = models.CharField("적용 법령과 조문", max_length=300, blank=True)
    balance = models.TextField("부당한 침해 우려의 검토", max_length=2_000, blank=True)
    # Ordinance 21(1)5: nobody can be identified, as a second person has seen.
    unidentifiable_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="식별할 수 없음을 확인한 사람",
    )
    committee_care = models.CharField("운영위원회", max_length=8, choices=CommitteeCare, blank=True)
    committee_document = models.CharField("심의 의결번호", max_length=100, blank=True)
    # Of a resolution on paper, from before resolutions were kept here: its day. Then nothing here vouches for it.
    committee_paper_on = models.DateField("종이 의결의 의결일", null=True, blank=True)
    copies_end = models.CharField("사본의 처리", max_length=20, choices=CopiesEnd, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="검토한 사람",
    )
    reviewed_at = models.DateTimeField("검토한 때", null=True, blank=True)
    recalled_why = models.CharField("회수하는 까닭", max_length=500, blank=True)
    holds_released_at = models.DateTimeField("삭제 유예 해제 시각", null=True, blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)
    attachments = models.ManyToManyField(
        Attachment, blank=True, related_name="provisions", verbose_name="요청 문서"
    )

    class Meta:
        verbose_name = "영상정보 이용·제공"
        verbose_name_plural = "영상정보 이용·제공"
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("handle_provision", "영상정보 이용·제공을 접수하고 처리할 수 있음"),
            ("approve_provision", "영상정보 이용·제공을 결재하거나 결재 문서를 기록할 수 있음"),
            ("publish_provision", "이용·제공의 게시와 회수 요구를 할 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReleaseKind.PROVISION, unit__isnull=False, department__isnull=True)
                | Q(kind=ReleaseKind.USE, unit__isnull=True, department__isnull=False),
                name="provision_has_one_recipient",
                violation_error_message="제공은 기관을, 이용은 부서를 하나 고릅니다.",
            ),
            models.CheckConstraint(
                condition=Q(follows_person=False) | ~Q(person_basis="") | Q(reviewed_at__isnull=True),
                name="particular_person_has_a_basis",
                violation_error_message="특정인을 살피는 요청에는 동의나 법령의 근거가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"provision:{self.number}"

    @property
    def recipient(self) -> str:
        """제공받은 자: the body, as it stands in the ledgers."""
        return str(self.unit or (self.department.name if self.department else ""))

    @property
    def basis(self) -> str:
        """근거: every ground with the provision of law."""
        grounds = [str(each) for each in (self.ground, self.national_ground) if each]
        return ", ".join([*grounds, *([self.legal_basis] if self.legal_basis else [])])

    @property
    def is_outside(self) -> bool:
        return self.relation == PurposeRelation.OUTSIDE

    @property
    def leaves_copies(self) -> bool:
        return self.form in LEAVING

    @property
    def deciding_ground(self) -> Ground | None:
        """Where the two layers differ the national one wins."""
        return self.national_ground or self.ground


class ProvisionCamera(models.Model):
    """A range of a camera that is asked for, and the hold on it; dropped ones stay on record."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="provisions", verbose_name="카메라"
    )
    from_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    # None for a live picture: nothing is recorded yet.
    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, null=True, related_name="provided_camera", verbose_name="삭제 유예"
    )
    already_gone = models.PositiveIntegerField("접수할 때 이미 파기된 파일 수", default=0)
    dropped_at = models.DateTimeField("제외한 때", null=True, blank=True)
    # Of a range that no storage here has seen (`records.provision.securing`).
    secured_at = models.DateTimeField("녹화기에서 확보한 시각", null=True, blank=True)
    secured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확보한 사람",
    )
    secured_note = models.CharField("확보 결과", max_length=500, blank=True)

    class Meta:
        verbose_name = "제공을 요청받은 카메라"
        verbose_name_plural = "제공을 요청받은 카메라"
        ordering = ["from_at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="provided_range_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision_id}/{self.camera_id}"


class ProvisionMove(MoveRow):
    """처리: one step of a provision."""

    table = TABLE
    subject_field = "provision"

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "이용·제공의 처리"
        verbose_name_plural = "이용·제공의 처리"


class ProvisionApprovalQuerySet(models.QuerySet["ProvisionApproval"]):
    def current(self) -> Self:
        """Those of the line that counts: one that was sent back is over."""
        return self.filter(is_void=False)

    def pending(self) -> Self:
        return self.current().filter(outcome="")


class SignedStep(models.Model):
    """Who signs as which post, in which way, and what came of it."""

    step = models.CharField("결재 단계", max_length=10, choices=ApprovalStep)
    outcome = models.CharField("결과", max_length=10, choices=ApprovalOutcome, blank=True)
    capacity = models.CharField("자격", max_length=10, choices=ApprovalCapacity, blank=True)
    way = models.CharField("방법", max_length=10, choices=ApprovalWay, blank=True)
    # When the approver said so, which may be before it was written down.
    decided_at = models.DateTimeField("승인한 때", null=True, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="결재한 사람",
    )
    document_number = models.CharField("결재 문서번호", max_length=100, blank=True)
    recorded_at = models.DateTimeField("기록 시각", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="기록한 사람",
    )

    class Meta:
        abstract = True


class ProvisionApproval(SignedStep):
    """결재: one step of the line as it was when the request was put to be approved."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="approvals")
    position = models.PositiveSmallIntegerField("순서")
    # Ordinance 21(3): the mayor's approval follows the release.
    is_after = models.BooleanField("사후승인", default=False)
    # Of an approval by telephone: the approver's own word, or the signed document.
    confirmed_at = models.DateTimeField("전화 승인을 확인한 때", null=True, blank=True)
    # The line was sent back before it was finished; the next one begins anew.
    is_void = models.BooleanField("반려로 무효", default=False)

    objects = ProvisionApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "이용·제공의 결재"
        verbose_name_plural = "이용·제공의 결재"
        ordering = ["provision", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "position"],
                condition=Q(is_void=False),
                name="approval_position_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.get_step_display()}"

    @property
    def is_unconfirmed_call(self) -> bool:
        return self.way == ApprovalWay.TELEPHONE and self.confirmed_at is None


class ProvisionExtension(SignedStep):
    """이용 기간의 연장: the recipient asks for it in a letter, and whoever signed last for the release signs for it, too."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="extensions")
    former_until_on = models.DateField("지금까지의 이용 기간의 끝")
    until_on = models.DateField("새 이용 기간의 끝")
    reason = models.CharField("연장하는 까닭", max_length=500)
    letter_number = models.CharField("연장을 요청한 문서번호", max_length=100)
    asked_at = models.DateTimeField("올린 때")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="올린 사람"
    )

    class Meta:
        verbose_name = "이용 기간의 연장"
        verbose_name_plural = "이용 기간의 연장"
        ordering = ["provision", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["provision"],
                condition=Q(outcome=""),
                name="extension_asked_once",
                violation_error_message="이미 결재를 기다리는 연장이 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("former_until_on")), name="extension_is_longer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} ~ {self.until_on}"
