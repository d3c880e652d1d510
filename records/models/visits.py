"""출입 (ordinance art. 19): who enters the restricted area, with whose approval, with what, and what they saw."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from cameras.models import EntrustmentContract
from casework.moves import MoveRow
from records.duty_enums import VISIT_TABLE, VisitKind, VisitState


class Visit(models.Model):
    """One visit, of one person or of a group that somebody leads. `records.people.visits` is the only writer."""

    number = models.CharField("출입번호", max_length=30, unique=True)
    state = models.CharField("상태", max_length=12, choices=VisitState)
    kind = models.CharField("구분", max_length=12, choices=VisitKind)
    zone = models.CharField("구역", max_length=100, default="통합관제센터")
    organisation = models.CharField("소속", max_length=100)
    # Whoever comes, or leads the group.
    name = EncryptedTextField("성명", bound_to="number")
    phone = EncryptedTextField("연락처", bound_to="number", blank=True)
    people = models.PositiveSmallIntegerField("인원", default=1)
    purpose = models.CharField("출입 목적", max_length=300)
    equipment = models.CharField("휴대 장비", max_length=300, blank=True)
    contract = models.ForeignKey(
        EntrustmentContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="위탁 계약",
    )
    planned_from = models.DateTimeField("예정 시작")
    planned_until = models.DateTimeField("예정 끝")
    # Empty where the applicant used the public form.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="신청을 적은 담당자",
    )
    received_at = models.DateTimeField("신청 시각")
    submission = models.UUIDField("양식의 표", null=True, blank=True, unique=True)
    approved_at = models.DateTimeField("승인 시각", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="승인자",
    )
    escort = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="안내자",
    )
    refusal = models.CharField("불승인 사유", max_length=300, blank=True)
    has_pledged = models.BooleanField("보안서약", default=False)
    is_sealed = models.BooleanField("기기·렌즈 봉인", default=False)
    in_at = models.DateTimeField("입실", null=True, blank=True, db_index=True)
    in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="입실을 확인한 사람",
    )
    carried_in = models.CharField("반입", max_length=300, blank=True)
    out_at = models.DateTimeField("퇴실", null=True, blank=True)
    carried_out = models.CharField("반출", max_length=300, blank=True)
    equipment_used = models.CharField("장비 사용", max_length=300, blank=True)
    is_media_checked = models.BooleanField("저장매체 점검", default=False)
    seen = models.CharField("본 것", max_length=300, blank=True)
    remark = models.CharField("비고", max_length=300, blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)

    class Meta:
        verbose_name = "출입"
        verbose_name_plural = "출입"
        ordering = ["-planned_from", "-pk"]
        default_permissions = ()
        permissions = [
            ("view_visit_log", "통제구역의 출입을 볼 수 있음"),
            ("keep_door", "통제구역의 출입을 신청하고 입실·퇴실을 적을 수 있음"),
            ("approve_visit", "통제구역의 출입을 승인할 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_until__gt=F("planned_from")), name="visit_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(out_at__isnull=True) | Q(out_at__gte=F("in_at")), name="visit_out_after_in"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"visit:{self.number}"

    @property
    def was_approved_before(self) -> bool:
        return self.approved_at is not None and self.in_at is not None and self.approved_at <= self.in_at


class VisitMove(MoveRow):
    table = VISIT_TABLE
    subject_field = "visit"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="moves", verbose_name="출입")

    class Meta(MoveRow.Meta):
        verbose_name = "출입의 처리"
        verbose_name_plural = "출입의 처리"
