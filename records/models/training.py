"""교육과 보안서약 (ordinance art. 25, PIPA art. 28, Safety Standard art. 4): who was taught what, who swore what."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from casework.models import Attachment
from records.competence_enums import PledgeKind, PledgeWay, TrainingWay
from records.models.people import StaffKind, StaffMember


class TrainingCourse(models.Model):
    """교육 과정: for whom, how long, whether there is a test. `records.competence.courses` is the only writer."""

    title = models.CharField("과정명", max_length=200, unique=True)
    # Values of `StaffKind`.
    kinds = models.JSONField("대상", default=list)
    minutes = models.PositiveSmallIntegerField("교육 시간(분)")
    contents = models.TextField("교육 내용", max_length=2_000)
    pass_score = models.PositiveSmallIntegerField(
        "시험의 합격 점수", null=True, blank=True, help_text="100점 만점. 시험이 없으면 비웁니다."
    )
    is_in_use = models.BooleanField("사용", default=True)

    class Meta:
        verbose_name = "교육 과정"
        verbose_name_plural = "교육 과정"
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="course_lasts",
                violation_error_message="교육 시간은 1분 이상이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(pass_score__isnull=True) | Q(pass_score__gte=1, pass_score__lte=100),
                name="course_score_of_100",
                violation_error_message="합격 점수는 1점부터 100점까지입니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ledger_subject(self) -> str:
        return f"course:{self.pk}"

    @property
    def kind_labels(self) -> list[str]:
        labels = dict(StaffKind.choices)
        return [str(labels.get(kind, kind)) for kind in self.kinds]

    @property
    def hours(self) -> str:
        """As people say it: 90 minutes are 1시간 30분."""
        hours, minutes = divmod(self.minutes, 60)
        return " ".join(
            part for part in (f"{hours}시간" * bool(hours), f"{minutes}분" * bool(minutes)) if part
        )


class TrainingPlan(models.Model):
    """연간 교육 계획: purpose, targets, contents, schedule, method (Safety Standard); another person approves it.

    An approved one never changes; a changed plan is the next version.
    """

    year = models.PositiveSmallIntegerField("연도")
    version = models.PositiveSmallIntegerField("판", default=1)
    purpose = models.TextField("교육 목적", max_length=2_000)
    targets = models.TextField("교육 대상", max_length=2_000)
    contents = models.TextField("교육 내용", max_length=2_000)
    schedule = models.TextField("교육 일정", max_length=2_000)
    method = models.TextField("교육 방법", max_length=2_000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="작성한 사람"
    )
    written_at = models.DateTimeField("작성 시각")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="승인한 사람",
    )
    approved_at = models.DateTimeField("승인 시각", null=True, blank=True)
    document_number = models.CharField("문서번호", max_length=100, blank=True)

    class Meta:
        verbose_name = "교육 계획"
        verbose_name_plural = "교육 계획"
        ordering = ["-year", "-version"]
        default_permissions = ()
        permissions = [("approve_trainingplan", "교육 계획을 승인할 수 있음")]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="training_plan_version_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(approved_at__isnull=True), name="training_plan_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}년 교육 계획 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"training-plan:{self.year}/{self.version}"


class TrainingSession(models.Model):
    """교육 실시: one course held once. Its code hangs on the wall and takes attendance while it lasts."""

    course = models.ForeignKey(
        TrainingCourse, on_delete=models.PROTECT, related_name="sessions", verbose_name="교육 과정"
    )
    starts_at = models.DateTimeField("시작", db_index=True)
    ends_at = models.DateTimeField("끝")
    place = models.CharField("장소", max_length=200)
    trainer = models.CharField("강사", max_length=100)
    code = models.CharField("출석 코드", max_length=16, unique=True, editable=False)
    # A session that is over is closed: who passed then has a certificate. One that was called off says why.
    closed_at = models.DateTimeField("마친 시각", null=True, blank=True)
    called_off_why = models.CharField("취소 사유", max_length=300, blank=True)
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="교육 자료")

    class Meta:
        verbose_name = "교육"
        verbose_name_plural = "교육"
        ordering = ["-starts_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="training_session_ends_after_start",
                violation_error_message="끝나는 시각은 시작보다 뒤여야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} ({self.on:%Y-%m-%d})"

    @property
    def on(self) -> date:
        """The day of training, from which it counts: the day on which it begins, in Seoul."""
        return timezone.localdate(self.starts_at)

    @property
    def ledger_subject(self) -> str:
        return f"training-session:{self.pk}"


class TrainingQuerySet(models.QuerySet["Training"]):
    def completed(self) -> Self:
        """With a certificate that nobody has taken back."""
        return self.filter(certificate_number__isnull=False, withdrawn_at__isnull=True)


class Training(models.Model):
    """교육 이수: one person at one session, or an outside certificate. `records.competence` is the only writer."""

    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="trainings", verbose_name="인력"
    )
    course = models.ForeignKey(
        TrainingCourse, on_delete=models.PROTECT, related_name="trainings", verbose_name="교육 과정"
    )
    session = models.ForeignKey(
        TrainingSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainings",
        verbose_name="교육",
    )
    on = models.DateField("교육일")
    minutes = models.PositiveSmallIntegerField("교육 시간(분)")
    way = models.CharField("이수 방법", max_length=8, choices=TrainingWay)
    attended_at = models.DateTimeField("출석 시각", null=True, blank=True)
    score = models.PositiveSmallIntegerField("시험 점수", null=True, blank=True)
    certificate_number = models.CharField("이수번호", max_length=20, unique=True, null=True, blank=True)
    completed_at = models.DateTimeField("이수 처리 시각", null=True, blank=True)
    issuer = models.CharField("교육기관", max_length=200, blank=True)
    outside_number = models.CharField("외부 이수번호", max_length=100, blank=True)
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="이수증")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("기록 시각")
    withdrawn_at = models.DateTimeField("취소 시각", null=True, blank=True)
    withdrawn_why = models.CharField("취소 사유", max_length=300, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = "교육 이수"
        verbose_name_plural = "교육 이수"
        ordering = ["-on", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "staff"],
                condition=Q(session__isnull=False),
                name="training_once_per_session",
                violation_error_message="이미 출석한 교육입니다.",
            ),
            models.UniqueConstraint(
                fields=["staff", "course", "on", "issuer"],
                condition=Q(session__isnull=True, withdrawn_at__isnull=True),
                name="outside_certificate_once",
                violation_error_message="이미 등록한 외부 이수증입니다.",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=100),
                name="training_score_of_100",
                violation_error_message="점수는 0점부터 100점까지입니다.",
            ),
        ]
        indexes = [models.Index(fields=["staff", "on"], name="training_of_person")]

    def __str__(self) -> str:
        return self.certificate_number or f"{self.course} {self.on}"

    @property
    def ledger_subject(self) -> str:
        return f"training:{self.pk}"

    @property
    def is_valid(self) -> bool:
        return self.certificate_number is not None and self.withdrawn_at is None


class PledgeText(models.Model):
    """서약서의 문안 in versions: one that is published never changes."""

    kind = models.CharField("구분", max_length=10, choices=PledgeKind)
    version = models.PositiveSmallIntegerField("판", default=1)
    text = models.TextField("문안", max_length=5_000)
    # SHA-256 of the text.
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    effective_on = models.DateField("시행일")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("확정 시각")

    class Meta:
        verbose_name = "서약서 문안"
        verbose_name_plural = "서약서 문안"
        ordering = ["kind", "-version"]
        default_permissions = ("change",)
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="pledge_text_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} 서약서 제{self.version}판"

    @property
    def ledger_subject(self) -> str:
        return f"pledge-text:{self.kind}/{self.version}"


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Pledge(models.Model):
    """보안서약: who swore which text when. Signed in the portal by the person alone, or a scan of the paper."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("구분", max_length=10, choices=PledgeKind)
    text = models.ForeignKey(
        PledgeText, on_delete=models.PROTECT, related_name="pledges", verbose_name="문안"
    )
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name="인력",
    )
    # Of visitors and recipients, who are on no list of staff.
    name = EncryptedTextField("성명", bound_to="key", blank=True)
    organisation = models.CharField("소속", max_length=100, blank=True)
    # The number of the visit or provision.
    about = models.CharField("관련 번호", max_length=100, blank=True)
    signed_on = models.DateField("서약일", db_index=True)
    signed_at = models.DateTimeField("서명 시각", null=True, blank=True)
    way = models.CharField("방법", max_length=8, choices=PledgeWay)
    digest = models.CharField("문안의 SHA-256", max_length=64, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록한 사람"
    )
    recorded_at = models.DateTimeField("기록 시각")
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+", verbose_name="서약서")
    withdrawn_at = models.DateTimeField("취소 시각", null=True, blank=True)
    withdrawn_why = models.CharField("취소 사유", max_length=300, blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "보안서약"
        verbose_name_plural = "보안서약"
        ordering = ["-signed_on", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.signed_on}"

    @property
    def ledger_subject(self) -> str:
        return f"pledge:{self.pk}"
