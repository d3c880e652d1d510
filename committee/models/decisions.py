"""회의와 의결 (ordinance art. 28, 29). Written by `committee.meetings` and `committee.resolutions` only."""

import datetime as dt
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact, GreaterThan, LessThanOrEqual
from django.utils import timezone

from casework.models.history import history_of
from committee import voting
from committee.enums import CARRIED, CommitteeFunction, MeetingKind, Outcome
from committee.querysets import RecordIsFinal, ResolutionQuerySet

_OFFICER: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "null": True,
    "related_name": "+",
    "verbose_name": "기록자",
}


class Meeting(models.Model):
    """One meeting or written deliberation; `number` is the year and the order in it ("2026-3").

    Planned meetings have no figures yet. Once it has a resolution it is not changed any more.
    """

    number = models.CharField("회의번호", max_length=12, unique=True)
    year = models.PositiveSmallIntegerField("연도", editable=False)
    ordinal = models.PositiveSmallIntegerField("차수", editable=False)
    kind = models.CharField("개최 방법", max_length=8, choices=MeetingKind, default=MeetingKind.MEETING)
    on = models.DateField("개최일", help_text="서면심의는 의견을 모두 받은 날")
    place = models.CharField("장소", max_length=200, blank=True)
    # Why it was decided in writing: trivial or urgent (ordinance art. 29).
    written_reason = models.CharField("서면심의 사유", max_length=300, blank=True)
    enrolled = models.PositiveSmallIntegerField("재적위원", null=True, blank=True)
    present = models.PositiveSmallIntegerField(
        "출석위원", null=True, blank=True, help_text="서면심의는 의견을 낸 위원"
    )
    starts_at = models.TimeField("시작 시각", null=True, blank=True)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="meetings", verbose_name="출석부"
    )
    cancelled_on = models.DateField("취소일", null=True, blank=True)
    cancel_reason = models.CharField("취소 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = models.ForeignKey(**_OFFICER)

    history = history_of(excluded=[], no_index=["recorded_by"])

    class Meta:
        verbose_name = "회의"
        verbose_name_plural = "회의"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "ordinal"], name="meeting_once_a_year"),
            models.CheckConstraint(
                condition=Q(enrolled=None, present=None)
                | Q(enrolled__isnull=False, present__isnull=False, present__lte=F("enrolled")),
                name="meeting_present_within_enrolled",
                violation_error_message="출석위원은 재적위원보다 많을 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}년 제{self.ordinal}차 {self.get_kind_display()}"

    @property
    def ledger_subject(self) -> str:
        return f"meeting:{self.number}"

    @property
    def is_written(self) -> bool:
        return self.kind == MeetingKind.WRITTEN

    @property
    def is_held(self) -> bool:
        """Whether it is known who was there."""
        return self.enrolled is not None

    def has_begun(self, now: dt.datetime) -> bool:
        """Its hour has passed; without an hour its day has. Of a written deliberation: nobody answers any more."""
        today = timezone.localdate(now)
        if self.on != today or self.starts_at is None:
            return self.on < today
        return timezone.localtime(now).time() >= self.starts_at

    @property
    def is_quorate(self) -> bool | None:
        """Whether enough members were there; None as long as the figures are not known."""
        if self.enrolled is None or self.present is None:
            return None
        return self.present >= voting.quorum(self.enrolled)


class Resolution(models.Model):
    """의결: recorded once with the figures of its vote. A mistake is corrected by a later one that names it.

    The outcome follows from the figures (`committee.voting`), and the database refuses one that contradicts them.
    """

    number = models.CharField("의결번호", max_length=12, unique=True)
    year = models.PositiveSmallIntegerField("연도", editable=False)
    ordinal = models.PositiveSmallIntegerField("순번", editable=False)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="resolutions", verbose_name="회의"
    )
    # None: recorded without an agenda, as before 0.2.0.
    item = models.ForeignKey(
        "AgendaItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name="안건",
    )
    on = models.DateField("의결일")
    function_no = models.PositiveSmallIntegerField(
        "심의 사항", choices=CommitteeFunction, help_text="조례 제28조"
    )
    title = models.CharField("안건", max_length=200)
    text = models.TextField("의결 내용")
    conditions = models.TextField("조건", blank=True)
    enrolled = models.PositiveSmallIntegerField("재적위원")
    present = models.PositiveSmallIntegerField("출석위원")
    votes_for = models.PositiveSmallIntegerField("찬성")
    votes_against = models.PositiveSmallIntegerField("반대")
    abstained = models.PositiveSmallIntegerField("기권")
    outcome = models.CharField("의결 결과", max_length=12, choices=Outcome)
    projects = models.ManyToManyField(
        "cameras.InstallationProject", blank=True, related_name="resolutions", verbose_name="설치 사업"
    )
    cameras = models.ManyToManyField(
        "cameras.Camera",
        through="ResolutionCamera",
        blank=True,
        related_name="resolutions",
        verbose_name="카메라",
    )
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="resolutions", verbose_name="의결서"
    )
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name="정정하는 의결",
    )
    correction_reason = models.CharField("정정 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = models.ForeignKey(**_OFFICER)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = "의결"
        verbose_name_plural = "의결"
        default_permissions = ("view", "add")
        ordering = ["-on", "-year", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["year", "ordinal"], name="resolution_once_a_year"),
            models.CheckConstraint(
                condition=Q(function_no__gte=1, function_no__lte=6), name="resolution_function_of_article_28"
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("enrolled")) & Q(GreaterThan(F("present") * 2, F("enrolled"))),
                name="resolution_quorate",
                violation_error_message="의사정족수(재적위원 과반수)에 이르지 못했습니다(조례 제29조).",
            ),
            models.CheckConstraint(
                condition=Exact(F("votes_for") + F("votes_against") + F("abstained"), F("present")),
                name="resolution_votes_add_up",
                violation_error_message="찬성·반대·기권의 합이 출석위원과 다릅니다.",
            ),
            models.CheckConstraint(
                condition=(Q(outcome__in=CARRIED) & Q(GreaterThan(F("votes_for") * 2, F("present"))))
                | (Q(outcome=Outcome.FAILED) & Q(LessThanOrEqual(F("votes_for") * 2, F("present")))),
                name="resolution_outcome_follows_vote",
                violation_error_message="의결 결과가 찬반 수와 맞지 않습니다(조례 제29조: 가부동수는 부결).",
            ),
        ]

    def __str__(self) -> str:
        return f"의결 {self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsFinal("의결은 고칠 수 없습니다. 정정하는 의결을 기록하십시오.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsFinal("의결은 지울 수 없습니다. 정정하는 의결을 기록하십시오.")

    @property
    def ledger_subject(self) -> str:
        return f"resolution:{self.number}"

    @property
    def is_carried(self) -> bool:
        return self.outcome in CARRIED

    @property
    def is_corrected(self) -> bool:
        return hasattr(self, "correction")

    @property
    def citation(self) -> str:
        """How a decision that rests on it names it."""
        return f"운영위원회 의결 {self.number} ({self.on:%Y-%m-%d}, 조례 제28조제{self.function_no}호)"


class ResolutionCamera(models.Model):
    """A camera that a resolution names, in the installation that it had then (Guideline art. 38)."""

    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="lines", verbose_name="의결"
    )
    camera = models.ForeignKey(
        "cameras.Camera",
        on_delete=models.PROTECT,
        related_name="resolution_lines",
        verbose_name="카메라",
        db_index=False,
    )
    installation = models.PositiveSmallIntegerField("설치 차수", default=1)

    class Meta:
        verbose_name = "의결의 카메라"
        verbose_name_plural = "의결의 카메라"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "installation", "resolution"], name="resolution_camera_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.camera_id}"


class ResolutionCondition(models.Model):
    """조건: one condition of a carried decision, followed up until it is fulfilled."""

    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="follow_ups", verbose_name="의결"
    )
    position = models.PositiveSmallIntegerField("순서")
    text = models.TextField("조건")
    due_on = models.DateField("이행 기한", null=True, blank=True)
    fulfilled_on = models.DateField("이행한 날", null=True, blank=True)
    proof = models.CharField("이행 내용", max_length=500, blank=True)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="resolution_conditions", verbose_name="증빙"
    )

    class Meta:
        verbose_name = "의결의 조건"
        verbose_name_plural = "의결의 조건"
        ordering = ["resolution", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["resolution", "position"], name="resolution_condition_once"),
            models.CheckConstraint(
                condition=Q(fulfilled_on=None, proof="") | (Q(fulfilled_on__isnull=False) & ~Q(proof="")),
                name="condition_is_fulfilled_with_a_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution} 조건 {self.position}"

    @property
    def ledger_subject(self) -> str:
        return self.resolution.ledger_subject
