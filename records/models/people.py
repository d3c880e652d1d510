"""Who works in the control centre, when, and what they saw there (ordinance art. 16–19)."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from cameras.models import Camera, EntrustmentContract
from casework.models.history import history_of
from footage.models import Hold
from records.duty_enums import AbsenceReason, ContactWay, DutyPattern, StaffEnd, StaffKind, SwapState


class StaffMemberQuerySet(models.QuerySet["StaffMember"]):
    def employed(self, on: date) -> Self:
        """Who works on that day: begun, and no last day over."""
        has_begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
        return self.filter(has_begun, ~Q(pk__in=StaffMember.objects.left(on).values("pk")))

    def left(self, on: date) -> Self:
        """Whose last day is over by then: their own, or that of the contract under which they work."""
        return self.filter(
            Q(ends_on__lt=on) | Q(contract__ends_on__lt=on) | Q(contract__ended_early_on__lt=on)
        )

    def without_basis(self) -> Self:
        """`StaffMember.has_basis`, of many."""
        outside, seconded = Q(kind=StaffKind.CONTRACTOR), Q(kind=StaffKind.POLICE_SECONDEE)
        agents = Q(kind=StaffKind.MONITORING_STAFF)
        no_contract, no_order = Q(contract__isnull=True), Q(order_document="")
        return self.filter((outside | agents & no_order) & no_contract | seconded & no_order)


class DutyRota(models.Model):
    """근무조: the pattern by which the teams of one kind of staff take turns (art. 18: shifts are allowed)."""

    name = models.CharField("근무조 이름", max_length=60, unique=True)
    kind = models.CharField("구분", max_length=16, choices=StaffKind, default=StaffKind.MONITORING_STAFF)
    pattern = models.CharField("교대 방식", max_length=16, choices=DutyPattern)
    first_shift_at = models.TimeField("첫 근무의 시작")
    # On this day team 1 begins its cycle; each further team is further on in it.
    anchor_on = models.DateField("1조가 주기를 시작하는 날")

    class Meta:
        verbose_name = "근무조"
        verbose_name_plural = "근무조"
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.get_pattern_display()})"

    @property
    def ledger_subject(self) -> str:
        return f"duty-rota:{self.pk}"


class StaffMember(models.Model):
    """인력 (art. 17): a person who may work in the centre, with the one account that is theirs."""

    number = models.CharField("사번", max_length=40, unique=True)
    name = EncryptedTextField("성명", bound_to="number", blank=True)
    kind = models.CharField("구분", max_length=16, choices=StaffKind)
    employer = models.CharField("소속", max_length=100, blank=True)
    # As the video system writes it; the person's account here where one bears that name.
    account = models.CharField("계정", max_length=100, blank=True, db_index=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="담당자 계정",
    )
    starts_on = models.DateField("시작일", null=True, blank=True)
    ends_on = models.DateField("종료일", null=True, blank=True)
    # Only for finding looks at one's own neighbourhood.
    address = EncryptedTextField("주소", bound_to="number", blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)
    contract = models.ForeignKey(
        EntrustmentContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="위탁 계약",
    )
    # Of who works here without a contract: by which document he was appointed, or seconded.
    order_document = models.CharField("발령·파견 문서", max_length=100, blank=True)
    zone = models.CharField("담당 구역", max_length=100, blank=True)
    rota = models.ForeignKey(
        DutyRota,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="근무조",
    )
    team = models.PositiveSmallIntegerField("조", null=True, blank=True)
    end_reason = models.CharField("끝난 까닭", max_length=12, choices=StaffEnd, blank=True)

    objects = StaffMemberQuerySet.as_manager()
    # Who was on the list on a day of the past is told as it was known then, whatever is entered later.
    history = history_of(excluded=["name", "address"], no_index=["officer", "contract", "rota"])

    class Meta:
        verbose_name = "인력"
        verbose_name_plural = "인력"
        ordering = ["number"]
        default_permissions = ()
        permissions = [
            ("view_staff", "관제 인력의 명단을 볼 수 있음"),
            ("change_staff", "관제 인력을 등록하고 고칠 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="staff_ends_after_start",
                violation_error_message="종료일은 시작일보다 앞설 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_kind_display()})"

    @property
    def ledger_subject(self) -> str:
        return f"staff:{self.number}"

    @property
    def last_on(self) -> date | None:
        """The own last day, or the contract's where that is earlier."""
        days = [self.ends_on]
        if self.contract:
            days += [self.contract.ended_early_on or self.contract.ends_on]
        return min((day for day in days if day), default=None)

    @property
    def has_basis(self) -> bool:
        """Outside specialists work under a contract, police officers by the order of their secondment (art. 17)."""
        if self.kind == StaffKind.CONTRACTOR:
            return self.contract_id is not None
        if self.kind == StaffKind.POLICE_SECONDEE:
            return bool(self.order_document)
        return self.kind == StaffKind.OFFICIAL or self.contract_id is not None or bool(self.order_document)

    def is_employed(self, on: date) -> bool:
        """`StaffMemberQuerySet.employed`, of one."""
        return (self.starts_on is None or self.starts_on <= on) and (
            self.last_on is None or on <= self.last_on
        )


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def between(self, start: datetime, end: datetime) -> Self:
        """Those with any part in the range."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def served(self) -> Self:
        """Those that the person stands, or stood."""
        return self.filter(absent_reason="")


class DutyShift(models.Model):
    """근무 (art. 16, 18): one person from when until when. Two of one person never overlap (`records.people.duty`)."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="shifts", verbose_name="인력"
    )
    starts_at = models.DateTimeField("시작", db_index=True)
    ends_at = models.DateTimeField("종료", db_index=True)
    label = models.CharField("근무 이름", max_length=20, blank=True)
    absent_reason = models.CharField("결근 사유", max_length=12, choices=AbsenceReason, blank=True)
    stands_in_for = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stand_in",
        verbose_name="대신하는 근무",
    )

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = "근무"
        verbose_name_plural = "근무"
        ordering = ["starts_at", "staff"]
        default_permissions = ()
        permissions = [
            ("view_duty", "근무표를 볼 수 있음"),
            ("change_duty", "근무표를 짜고 고칠 수 있음"),
            ("stand_duty", "근무를 바꾸자고 하고, 인수인계를 적고 받을 수 있음"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["staff", "starts_at"], name="duty_shift_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_shift_ends_after_start",
                violation_error_message="종료는 시작보다 뒤여야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.starts_at}~{self.ends_at}"

    @property
    def ledger_subject(self) -> str:
        return f"duty-shift:{self.pk}"


class DutySwap(models.Model):
    """근무 교환: one asks another to take a shift, for one of theirs or for none; nothing changes before they consent."""

    shift = models.ForeignKey(
        DutyShift, on_delete=models.PROTECT, related_name="swaps", verbose_name="넘길 근무"
    )
    other = models.ForeignKey(
        DutyShift,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="받을 근무",
    )
    asked = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="+", verbose_name="요청받은 사람"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="요청한 사람"
    )
    asked_at = models.DateTimeField("요청 시각")
    reason = models.CharField("사유", max_length=200, blank=True)
    state = models.CharField("상태", max_length=12, choices=SwapState, default=SwapState.ASKED)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="답한 사람",
    )
    answered_at = models.DateTimeField("답한 시각", null=True, blank=True)

    class Meta:
        verbose_name = "근무 교환"
        verbose_name_plural = "근무 교환"
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["shift"],
                condition=Q(state="asked"),
                name="duty_swap_asked_once",
                violation_error_message="이 근무의 교환을 이미 요청했습니다. 답을 기다리거나 거두십시오.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} → {self.asked_id}"

    @property
    def ledger_subject(self) -> str:
        return f"duty-swap:{self.pk}"


class HandoverCheck(models.Model):
    """교대 때의 보안 점검 항목 (art. 19), in the office's own words; those in use make the next checklist."""

    label = models.CharField("점검 항목", max_length=200)
    position = models.PositiveSmallIntegerField("순서", default=0)
    is_in_use = models.BooleanField("사용", default=True)

    class Meta:
        verbose_name = "교대 점검 항목"
        verbose_name_plural = "교대 점검 항목"
        ordering = ["position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def ledger_subject(self) -> str:
        return f"handover-check:{self.pk}"


class ShiftHandover(models.Model):
    """인수인계 (art. 18, 19): what one shift leaves to the next, with the security check of the change of shifts."""

    turn_at = models.DateTimeField("교대 시각", unique=True)
    happened = models.TextField("있었던 일", max_length=4000)
    open_matters = models.TextField("처리 중인 상황", max_length=4000, blank=True)
    equipment = models.TextField("장비와 시스템 상태", max_length=2000)
    # [{"label", "given": bool, "accepted": bool}] as asked that day: the giver's tick, and the taker's.
    checks = models.JSONField("보안 점검", default=list, blank=True)
    fault = models.CharField("점검하지 못한 까닭과 조치", max_length=500, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="인계자"
    )
    given_at = models.DateTimeField("인계 시각")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="인수자",
    )
    accepted_at = models.DateTimeField("인수 시각", null=True, blank=True)
    remark = models.CharField("인수자의 의견", max_length=500, blank=True)

    class Meta:
        verbose_name = "인수인계"
        verbose_name_plural = "인수인계"
        ordering = ["-turn_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | (Q(accepted_at__gte=F("given_at")) & Q(accepted_by__isnull=False)),
                name="handover_accepted_after_given",
            )
        ]

    def __str__(self) -> str:
        return f"{self.turn_at:%Y-%m-%d %H:%M}"

    @property
    def ledger_subject(self) -> str:
        return f"handover:{self.pk}"


class Incident(models.Model):
    """상황 (art. 18): what was seen, where, and whom it was reported to. One that goes on at another camera is one row
    for each camera."""

    number = models.CharField("사건번호", max_length=60)
    noticed_at = models.DateTimeField("인지시각", db_index=True)
    camera = models.ForeignKey(
        Camera,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="카메라",
    )
    kind = models.CharField("종류", max_length=100, blank=True)
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name="인지한 사람",
    )
    body_told = models.CharField("통보기관", max_length=100, blank=True)
    told_at = models.DateTimeField("통보시각", null=True, blank=True)
    told_how = models.CharField("통보방법", max_length=12, choices=ContactWay, blank=True)
    told_to = EncryptedTextField("통보받은 사람", bound_to="number", blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)
    result = models.CharField("결과", max_length=1000, blank=True)
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="삭제 유예"
    )
    # Empty where it came from the situation system.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="입력한 사람",
    )
    entered_at = models.DateTimeField("입력 시각", null=True, blank=True)
    # Of the digest of what is told and of the result, in the ledger's line of each version.
    salt = models.CharField(max_length=32, blank=True, editable=False)

    # Who was told is erased after its days, so no version keeps it.
    history = history_of(excluded=["told_to"], no_index=["camera", "staff", "hold", "entered_by"])

    class Meta:
        verbose_name = "상황"
        verbose_name_plural = "상황"
        ordering = ["noticed_at", "number"]
        default_permissions = ()
        permissions = [
            ("view_incident_log", "관제 상황을 볼 수 있음"),
            ("enter_incident", "관제 상황을 적을 수 있음"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number", "camera"], name="incident_once_per_camera"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(camera__isnull=True), name="incident_without_camera_once"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__gte=F("noticed_at")),
                name="incident_told_after_noticed",
                violation_error_message="통보시각은 인지시각보다 앞설 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"incident:{self.number}"
