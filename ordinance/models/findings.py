"""지적 사항: what the assessment found unmet, who cares for it, and which subjects are excepted.

A finding names its subject by number only; the rule says of what kind it is. There are millions of findings
where there are a million cameras, so the row is narrow, what people add to it stands in `FindingCare`, and the
two references of a row carry no constraint in the database (`ordinance.judging` writes both ends).
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F
from simple_history.models import HistoricalRecords

from accounts.korean import josa
from accounts.longrun import LongRun, RunState
from ordinance.querysets import FindingQuerySet, RuleExceptionQuerySet


class NeverDeleted(TypeError):
    """Findings, assessments and exceptions are closed or revoked, never deleted."""


class KeptRow(models.Model):
    """A row that stays for good."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverDeleted(
            f"{self._meta.verbose_name}{josa(self._meta.verbose_name, '은/는')} 삭제하지 않습니다."
        )


class Assessment(KeptRow, LongRun):
    """조례 점검: one judgement of every rule, with its figures by rule code in `result`."""

    on = models.DateField("기준일")
    is_nightly = models.BooleanField("정기 점검", default=False)
    # {"<rule>": {"article", "place", "subjects", "unmet", "excepted", "met", "not_applicable", "opened", "closed"}}
    result = models.JSONField("결과", default=dict, blank=True)

    class Meta:
        verbose_name = "조례 점검"
        verbose_name_plural = "조례 점검"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=RunState.RUNNING),
                name="assessment_one_at_a_time",
                violation_error_message="다른 점검이 진행 중입니다.",
            )
        ]
        permissions = [("run_assessment", "조례 점검을 실행할 수 있음")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.on}"


class AssessedRule(KeptRow):
    """A rule that was ever assessed; findings of a rule that is gone from the program still say what it was."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField("규칙", max_length=40, unique=True)
    # None: a duty of another law, which `place` names.
    article = models.PositiveSmallIntegerField("조", null=True)
    place = models.CharField("근거 조문", max_length=60)
    title = models.CharField("의무", max_length=100)
    subject_kind = models.CharField("대상 종류", max_length=20)

    class Meta:
        verbose_name = "점검 규칙"
        verbose_name_plural = "점검 규칙"
        ordering = [F("article").asc(nulls_last=True), "place", "code"]

    def __str__(self) -> str:
        return f"{self.place} {self.title}"


class Finding(KeptRow):
    """One subject that did not meet one rule, from a day, until a day.

    On PostgreSQL `number` has the collation "C" (see the migration): a comparison with another table's number
    has to name it, as `ordinance.findings.number_of` does.
    """

    class Closing(models.TextChoices):
        MET = "met", "이행"
        EXCEPTED = "excepted", "예외 인정"
        NOT_COVERED = "not_covered", "적용 대상 아님"
        RULE_GONE = "rule_gone", "규칙 폐지"

    rule = models.ForeignKey(
        AssessedRule,
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name="규칙",
        db_constraint=False,
        db_index=False,
    )
    number = models.CharField("대상 번호", max_length=100)
    opened_on = models.DateField("발견일")
    # The rule's own word for what is missing (`Rule.evidence`) as last judged, and what met it in the end; what it
    # said before is an `EarlierEvidence`.
    evidence = models.CharField("발견 근거", max_length=200, blank=True)
    opened_by = models.ForeignKey(
        Assessment,
        on_delete=models.PROTECT,
        null=True,
        related_name="opened",
        verbose_name="발견한 점검",
        db_constraint=False,
        db_index=False,
    )
    closed_on = models.DateField("종결일", null=True, blank=True)
    closing = models.CharField("종결 사유", max_length=12, choices=Closing, null=True, blank=True)  # noqa: DJ001
    closing_evidence = models.CharField("종결 근거", max_length=200, null=True, blank=True)  # noqa: DJ001

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "미이행 사항"
        verbose_name_plural = "미이행 사항"
        ordering = ["rule", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "number"],
                condition=models.Q(closed_on__isnull=True),
                name="finding_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, closing__isnull=True)
                | models.Q(closed_on__isnull=False, closing__isnull=False),
                name="finding_closed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["number"], condition=models.Q(closed_on__isnull=False), name="finding_closed"
            ),
        ]
        permissions = [("care_for_finding", "미이행 사항의 담당자와 기한을 정할 수 있음")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class EarlierEvidence(KeptRow):
    """What a finding said was missing, until a judgement found something else missing."""

    finding = models.ForeignKey(
        Finding,
        on_delete=models.PROTECT,
        related_name="earlier",
        verbose_name="미이행 사항",
        db_constraint=False,
    )
    evidence = models.CharField("이전 근거", max_length=200, blank=True)
    until_on = models.DateField("바뀐 날")

    class Meta:
        verbose_name = "미이행 사항의 이전 근거"
        verbose_name_plural = "미이행 사항의 이전 근거"
        default_permissions = ()
        ordering = ["finding", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} ~{self.until_on}"


class FindingCare(models.Model):
    """담당: whose finding it is, by when it is to be met, and what there is to say about it."""

    finding = models.OneToOneField(
        Finding, on_delete=models.PROTECT, primary_key=True, related_name="care", verbose_name="미이행 사항"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="담당자",
    )
    due_on = models.DateField("조치 기한", null=True, blank=True, db_index=True)
    note = models.CharField("비고", max_length=1000, blank=True)
    changed_at = models.DateTimeField("변경 시각")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="변경자"
    )

    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "미이행 사항의 담당"
        verbose_name_plural = "미이행 사항의 담당"
        ordering = ["finding"]

    def __str__(self) -> str:
        return f"{self.finding_id}"


class RuleException(KeptRow):
    """예외: a subject is excused from a rule for a time. `ordinance.exceptions` is the only writer."""

    rule = models.CharField("규칙", max_length=40)
    subject_kind = models.CharField("대상 종류", max_length=20)
    number = models.CharField("대상 번호", max_length=100)
    reason = models.CharField("사유", max_length=500)
    citation = models.CharField("근거 조항", max_length=200)
    approver = models.CharField("승인자(직위)", max_length=100)
    document_number = models.CharField("문서번호", max_length=100, blank=True)
    from_on = models.DateField("시작일")
    until_on = models.DateField("마지막 날")
    granted_at = models.DateTimeField("등록 시각")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="등록자"
    )
    revoked_at = models.DateTimeField("취소 시각", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="취소자",
    )
    revoked_reason = models.CharField("취소 사유", max_length=500, blank=True)

    objects = RuleExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "점검 예외"
        verbose_name_plural = "점검 예외"
        ordering = ["-granted_at", "-pk"]
        indexes = [
            models.Index(fields=["rule", "number"], name="exception_subject"),
            models.Index(fields=["until_on"], name="exception_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="exception_ends_after_start",
                violation_error_message="마지막 날은 시작일보다 앞설 수 없습니다.",
            )
        ]
        permissions = [("grant_exception", "점검 예외를 인정하고 취소할 수 있음")]

    def __str__(self) -> str:
        return f"{self.rule} {self.number} ~{self.until_on}"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None
