"""회의록과 수당 (ordinance art. 29, 30). Written by `committee.minutes` and `committee.allowances` only."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.encryption import EncryptedTextField
from committee.enums import AnswerWay, MinutesState
from committee.models.agenda import AgendaItem, HeardExpert, SignedLink
from committee.models.decisions import Meeting
from committee.models.members import Term
from ordinance import citations


def _by(label: str, **more: Any) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


# Of a meeting: its minutes are kept back, with the article that allows it; without one it is not by law.
WITHHELD = Q(minutes__withheld_on__isnull=False, minutes__withheld_reason__regex=citations.PROVISION)


class Minutes(models.Model):
    """회의록: a draft of what was said and decided, confirmed by members, then locked; corrections stand beside it."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, related_name="minutes", verbose_name="회의"
    )
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField("상태", max_length=8, choices=MinutesState, default=MinutesState.DRAFT)
    other = models.TextField("그 밖의 사항", blank=True)
    # Of recordings from before they were kept here (`Recording`).
    audio_name = models.CharField("녹음 파일", max_length=200, blank=True)
    audio_sha256 = models.CharField("녹음 파일의 SHA-256", max_length=64, blank=True)
    audio_place = models.CharField("녹음 파일을 보관한 곳", max_length=200, blank=True)
    # As it was locked, with names: canonical JSON.
    contents = EncryptedTextField("확정한 내용", blank=True, bound_to="code")
    sha256 = models.CharField("내용의 SHA-256", max_length=64, blank=True)
    locked_at = models.DateTimeField("확정한 시각", null=True, blank=True)
    locked_by = _by("확정한 사람", null=True, blank=True)
    # What the website shows: without the names of speakers.
    public = models.JSONField("공개한 내용", null=True, blank=True)
    published_at = models.DateTimeField("공개한 시각", null=True, blank=True)
    published_by = _by("공개한 사람", null=True, blank=True)
    withheld_on = models.DateField("비공개로 정한 날", null=True, blank=True)
    withheld_reason = models.CharField("비공개 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = _by("기록자")

    class Meta:
        verbose_name = "회의록"
        verbose_name_plural = "회의록"
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MinutesState.DRAFT, locked_at=None, sha256="")
                | (Q(state=MinutesState.LOCKED, locked_at__isnull=False) & ~Q(sha256="")),
                name="locked_minutes_have_their_digest",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state=MinutesState.LOCKED),
                name="only_locked_minutes_are_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 회의록"

    @property
    def ledger_subject(self) -> str:
        return f"minutes:{self.meeting.number}"

    @property
    def is_locked(self) -> bool:
        return self.state == MinutesState.LOCKED

    @property
    def is_withheld(self) -> bool:
        """`WITHHELD`, of one."""
        return self.withheld_on is not None and citations.names_a_provision(self.withheld_reason)

    @property
    def frozen(self) -> dict[str, Any]:
        """What was locked; empty before, and after its persons were erased."""
        found: dict[str, Any] = json.loads(self.contents) if self.contents else {}
        return found


class Recording(models.Model):
    """녹음: the audio of a meeting, encrypted, until its last day; then its name and digest. `committee.recordings` writes it."""

    minutes = models.ForeignKey(
        Minutes, on_delete=models.PROTECT, related_name="recordings", verbose_name="회의록"
    )
    code = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField("파일 이름", max_length=200)
    size = models.PositiveBigIntegerField("크기 (바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    # Of the file alone, sealed under the office's key; empty once it was erased.
    sealed_key = models.CharField(max_length=300, blank=True, editable=False)
    erase_on = models.DateField("보관하는 마지막 날", db_index=True)
    kept_at = models.DateTimeField("보관한 시각")
    kept_by = _by("보관한 사람")
    erased_at = models.DateTimeField("파기한 시각", null=True, blank=True)

    class Meta:
        verbose_name = "회의 녹음"
        verbose_name_plural = "회의 녹음"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["minutes"], condition=Q(erased_at=None), name="one_recording_in_keeping"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(sealed_key=""), name="erased_recording_has_no_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} {self.name}"

    @property
    def ledger_subject(self) -> str:
        return self.minutes.ledger_subject


class Statement(models.Model):
    """발언: what somebody said on an item, in short."""

    minutes = models.ForeignKey(
        Minutes, on_delete=models.PROTECT, related_name="statements", verbose_name="회의록"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="안건"
    )
    position = models.PositiveSmallIntegerField("순서")
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="발언한 위원"
    )
    # Who is no member: by post, not by name.
    speaker = models.CharField("발언한 사람의 직위", max_length=100, blank=True)
    text = models.TextField("발언 내용")

    class Meta:
        verbose_name = "발언"
        verbose_name_plural = "발언"
        ordering = ["position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.minutes} {self.position}"


class MinutesConfirmation(models.Model):
    """확인: a member who was there says that the draft of that digest is right, or what is not."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    minutes = models.ForeignKey(
        Minutes, on_delete=models.PROTECT, related_name="confirmations", verbose_name="회의록"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name="위원")
    sha256 = models.CharField("확인한 내용의 SHA-256", max_length=64)
    objection = EncryptedTextField("고칠 것", blank=True, bound_to="code")
    has_objection = models.BooleanField("고칠 것이 있음", default=False)
    way = models.CharField("방법", max_length=8, choices=AnswerWay)
    on = models.DateField("확인한 날")
    at = models.DateTimeField("기록 시각")
    link = models.ForeignKey(
        SignedLink, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmations"
    )
    entered_by = _by("기록자", null=True, blank=True)

    class Meta:
        verbose_name = "회의록 확인"
        verbose_name_plural = "회의록 확인"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "term", "sha256"],
                name="minutes_confirmed_once",
                violation_error_message="이 내용을 이미 확인한 위원입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} {self.term}"


class MinutesCorrection(models.Model):
    """정정표: what is to be read instead, beside the locked minutes; never in them."""

    minutes = models.ForeignKey(
        Minutes, on_delete=models.PROTECT, related_name="corrections", verbose_name="회의록"
    )
    ordinal = models.PositiveSmallIntegerField("정정 차례")
    text = models.TextField("바로잡는 내용")
    reason = models.CharField("사유", max_length=300)
    at = models.DateTimeField("기록 시각")
    by = _by("기록자")

    class Meta:
        verbose_name = "회의록 정정"
        verbose_name_plural = "회의록 정정"
        ordering = ["ordinal"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["minutes", "ordinal"], name="minutes_correction_once")]

    def __str__(self) -> str:
        return f"{self.minutes} 정정 {self.ordinal}"


class AllowanceSheet(models.Model):
    """수당 지급 조서: who of those that attended gets what, and why not. No account numbers."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, related_name="allowances", verbose_name="회의"
    )
    budget_line = models.CharField("예산 과목", max_length=100)
    document_number = models.CharField("지급 결의 문서번호", max_length=100)
    made_at = models.DateTimeField("작성 시각")
    made_by = _by("작성자")
    paid_on = models.DateField("지급일", null=True, blank=True)

    class Meta:
        verbose_name = "수당 지급 조서"
        verbose_name_plural = "수당 지급 조서"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.meeting} 수당"

    @property
    def ledger_subject(self) -> str:
        return f"allowances:{self.meeting.number}"


class AllowanceLine(models.Model):
    """One person who attended: the amount in won, or the reason for none."""

    sheet = models.ForeignKey(
        AllowanceSheet, on_delete=models.PROTECT, related_name="lines", verbose_name="조서"
    )
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="위원"
    )
    expert = models.ForeignKey(
        HeardExpert, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="전문가"
    )
    amount = models.PositiveIntegerField("금액(원)")
    why_none = models.CharField("지급하지 않는 사유", max_length=100, blank=True)

    class Meta:
        verbose_name = "수당"
        verbose_name_plural = "수당"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=(Q(amount=0) & ~Q(why_none="")) | (Q(amount__gt=0) & Q(why_none="")),
                name="allowance_or_a_reason_for_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.amount}"
