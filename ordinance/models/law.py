"""Ordinance and law as data: profiles, articles by version, parameters, grounds, contents of signs.

A district is a *profile*: rows that carry its slug. What the nation decides carries an empty profile. A second
district is a second set of rows, never a second set of ifs (docs/ordinance.md).
"""

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from ordinance.querysets import (
    ArticleQuerySet,
    GroundQuerySet,
    OrdinanceQuerySet,
    ParameterQuerySet,
    PurposeGroundQuerySet,
    SignContentQuerySet,
)

HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)")


class Mark(models.TextChoices):
    """How far a figure may be trusted."""

    VERIFIED = "V", "원문 확인"
    SETTING = "D", "설정(법정 수치 아님)"
    MEMORY = "M", "원문 확인 필요"


class LoadedRow(models.Model):
    """A row that comes from a data file; what a person changed afterwards is not overwritten by a reload."""

    is_edited = models.BooleanField(
        "직접 수정함",
        default=False,
        editable=False,
        help_text="화면에서 고친 값은 자료 파일을 다시 읽어도 바뀌지 않습니다.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, from_file: bool = False, **kwargs: Any) -> None:
        if not from_file:
            self.is_edited = True
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "is_edited"}
        super().save(*args, **kwargs)


class Ordinance(LoadedRow):
    """One district's ordinance in one version; a second district differs only in rows."""

    profile = models.SlugField("프로필", max_length=40)
    district = models.CharField("자치구", max_length=50)
    title = models.CharField("제명", max_length=200)
    number = models.CharField("공포번호", max_length=30, blank=True)
    promulgated_on = models.DateField("공포일")
    effective_on = models.DateField("시행일")
    change = models.CharField("개정 내용", max_length=300, blank=True)
    source_url = models.URLField("공식 본문", max_length=500)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.VERIFIED)

    objects = OrdinanceQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "조례"
        verbose_name_plural = "조례"
        ordering = ["profile", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "effective_on"],
                name="ordinance_version_once",
                violation_error_message="같은 시행일의 판이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.effective_on})"


class Article(LoadedRow):
    """조문: number, title and our own summary; the text itself stays at its official address."""

    ordinance = models.ForeignKey(
        Ordinance, on_delete=models.PROTECT, related_name="articles", verbose_name="조례"
    )
    number = models.PositiveSmallIntegerField("조")
    chapter = models.CharField("장", max_length=60)
    title = models.CharField("제목", max_length=100)
    summary = models.TextField("요약")
    conflict = models.TextField("상위법과의 차이", blank=True)
    source_url = models.URLField("공식 본문", max_length=500)

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "조문"
        verbose_name_plural = "조문"
        ordering = ["ordinance", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["ordinance", "number"],
                name="article_once",
                violation_error_message="같은 조가 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"제{self.number}조({self.title})"


class Law(LoadedRow):
    """A national act, decree or notice that rows of this system cite."""

    class Kind(models.TextChoices):
        ACT = "act", "법률"
        DECREE = "decree", "대통령령"
        RULE = "rule", "부령"
        NOTICE = "notice", "고시"
        ORDINANCE = "ordinance", "조례"

    code = models.SlugField("코드", max_length=40, unique=True)
    kind = models.CharField("종류", max_length=10, choices=Kind)
    title = models.CharField("법령명", max_length=200)
    short_title = models.CharField("약칭", max_length=60)
    source_url = models.URLField("공식 본문", max_length=500)

    class Meta:
        verbose_name = "법령"
        verbose_name_plural = "법령"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class LawVersion(LoadedRow):
    """A law's text as it applied from a date."""

    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="versions", verbose_name="법령")
    number = models.CharField("공포번호", max_length=30, blank=True)
    promulgated_on = models.DateField("공포일", null=True, blank=True)
    effective_on = models.DateField("시행일")
    change = models.CharField("개정 내용", max_length=500, blank=True)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.VERIFIED)

    class Meta:
        verbose_name = "법령 판"
        verbose_name_plural = "법령 판"
        ordering = ["law", "effective_on"]
        constraints = [models.UniqueConstraint(fields=["law", "effective_on"], name="law_version_once")]

    def __str__(self) -> str:
        return f"{self.law.title} ({self.effective_on} 시행)"


class ParameterDefinition(LoadedRow):
    """What a parameter means and which values it may take, so that a wrong value is refused when typed."""

    class Kind(models.TextChoices):
        NUMBER = "number", "수"
        DATE = "date", "날짜"
        FLAG = "flag", "예/아니오"
        CHOICE = "choice", "선택"
        TEXT = "text", "글"
        HOURS = "hours", "시간대"

    code = models.SlugField("코드", max_length=60, unique=True)
    label = models.CharField("이름", max_length=100)
    description = models.CharField("설명", max_length=300, blank=True)
    kind = models.CharField("종류", max_length=10, choices=Kind)
    unit = models.CharField("단위", max_length=20, blank=True)
    minimum = models.IntegerField("최소", null=True, blank=True)
    maximum = models.IntegerField("최대", null=True, blank=True)
    choices = models.JSONField("선택지", default=dict, blank=True)
    is_nullable = models.BooleanField("없을 수 있음", default=False)
    # A figure of the law that no code asks for yet: said, so that nobody takes what is on screen for enforced.
    unused_because = models.CharField("아직 적용하지 않는 이유", max_length=200, blank=True)

    class Meta:
        verbose_name = "설정 항목"
        verbose_name_plural = "설정 항목"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    def problem_with(self, candidate: Any) -> str:
        """What is wrong with a value for this parameter, in Korean; empty when nothing is."""
        if candidate is None:
            return "" if self.is_nullable else "값이 필요합니다."
        kind = self.Kind(self.kind)
        if kind is self.Kind.NUMBER:
            return self._problem_with_number(candidate)
        if kind is self.Kind.FLAG:
            return "" if isinstance(candidate, bool) else "예(true) 또는 아니오(false)여야 합니다."
        if kind is self.Kind.CHOICE:
            if isinstance(candidate, str) and candidate in self.choices:
                return ""
            return "다음 가운데 하나여야 합니다: " + ", ".join(f"{k}({v})" for k, v in self.choices.items())
        if kind is self.Kind.HOURS:
            return _problem_with_hours(candidate)
        if kind is self.Kind.DATE:
            return _problem_with_date(candidate)
        return "" if isinstance(candidate, str) and candidate.strip() else "빈칸이 아닌 글이어야 합니다."

    def _problem_with_number(self, candidate: Any) -> str:
        if isinstance(candidate, bool) or not isinstance(candidate, int):
            return "정수여야 합니다."
        if self.minimum is not None and candidate < self.minimum:
            return f"{self.minimum} 이상이어야 합니다."
        if self.maximum is not None and candidate > self.maximum:
            return f"{self.maximum} 이하여야 합니다."
        return ""


def _problem_with_date(candidate: Any) -> str:
    try:
        datetime.date.fromisoformat(candidate)
    except (TypeError, ValueError):
        return '"2023-05-10"처럼 적은 날짜여야 합니다.'
    return ""


def _problem_with_hours(candidate: Any) -> str:
    problem = '"09:00-12:00"처럼 이른 순서로 겹치지 않게 적은 시간대 목록이어야 합니다.'
    if not isinstance(candidate, list) or not candidate:
        return problem
    previous = ""
    for span in candidate:
        if not isinstance(span, str) or not HOURS.fullmatch(span):
            return problem
        begin, end = span.split("-")
        if begin < previous or begin >= end:
            return problem
        previous = end
    return ""


class Parameter(LoadedRow):
    """A figure or choice that the ordinance or law fixes, with the provision that it comes from."""

    profile = models.SlugField("프로필", max_length=40, blank=True, help_text="비우면 전국 공통입니다.")
    code = models.SlugField("코드", max_length=60)
    value = models.JSONField("값", null=True, blank=True)
    effective_on = models.DateField("시행일")
    citation = models.CharField("근거", max_length=200)
    article_number = models.PositiveSmallIntegerField("조례의 조", null=True, blank=True)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.SETTING)
    note = models.CharField("비고", max_length=300, blank=True)
    # What the district decided for itself, beyond ordinance and law: the mayor's decision or a local rule.
    document_number = models.CharField("결정 문서번호", max_length=100, blank=True)
    document_on = models.DateField("결정 문서일자", null=True, blank=True)
    document_title = models.CharField("결정 문서 제목", max_length=200, blank=True)

    objects = ParameterQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "설정값"
        verbose_name_plural = "설정값"
        ordering = ["profile", "code", "effective_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document_number="", document_title="", document_on__isnull=True)
                | (~Q(document_number="") & ~Q(document_title="") & Q(document_on__isnull=False)),
                name="parameter_document_complete",
                violation_error_message="결정 문서는 번호, 날짜, 제목을 모두 적거나 모두 비웁니다.",
            ),
            models.UniqueConstraint(
                fields=["profile", "code", "effective_on"],
                name="parameter_version_once",
                violation_error_message="같은 시행일의 값이 이미 있습니다.",
            ),
        ]
        permissions = [("decide_parameter", "조례와 법령이 자치구에 맡긴 것을 결정 문서로 정할 수 있음")]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"

    @property
    def is_verified(self) -> bool:
        return self.mark == Mark.VERIFIED

    @property
    def document(self) -> str:
        """The decision on paper, in words; empty where the value needs none."""
        if not self.document_number:
            return ""
        return f"{self.document_title} ({self.document_number}, {self.document_on})"

    def clean(self) -> None:
        definition = ParameterDefinition.objects.filter(code=self.code).first()
        if definition is None:
            raise ValidationError({"code": f"알 수 없는 설정 항목입니다: {self.code}"})
        if problem := definition.problem_with(self.value):
            raise ValidationError({"value": problem})


class Ground(LoadedRow):
    """근거: one item of a closed legal list, in the ordinance or in national law, by version.

    The ordinance's own items point at the national ones beside which they stand (`national`), since where the two
    layers differ the national law wins.
    """

    class Layer(models.TextChoices):
        PIPA_PROVISION = "pipa18", "목적 외 이용·제공 (법 제18조제2항)"
        ORDINANCE_PROVISION = "ordinance21", "이용·제공 (조례)"
        PIPA_INSTALLATION = "pipa25", "설치·운영 (법 제25조제1항)"
        PIPA_REFUSAL = "pipa35", "열람 제한·거절 (법 제35조제4항)"
        PIPA_CORRECTION = "pipa36", "정정·삭제 거절 (법 제36조)"
        ORDINANCE_REFUSAL = "ordinance22", "열람등 거부 (조례)"

    layer = models.CharField("구분", max_length=12, choices=Layer)
    profile = models.SlugField("프로필", max_length=40, blank=True)
    item = models.CharField("호", max_length=10)
    position = models.PositiveSmallIntegerField("순서")
    code = models.CharField("코드", max_length=40)
    title = models.CharField("제목", max_length=200)
    summary = models.TextField("요약", blank=True)
    citation = models.CharField("근거", max_length=200)
    must_publish = models.BooleanField(
        "공개 게시", default=False, help_text="30일 이내에 관보 또는 누리집에 게시 (법 제18조제4항)"
    )
    is_public_body_only = models.BooleanField("공공기관만", default=False)
    # Which kinds of a request it may refuse (`existence`, `viewing`, `correction`); none: it does not fit footage.
    refuses = models.JSONField("거절할 수 있는 청구", default=list, blank=True)
    is_partial_only = models.BooleanField(
        "일부 제한만", default=False, help_text="가림 처리 등을 하고 보여야 하며 전부를 거절할 수 없습니다."
    )
    effective_on = models.DateField("시행일")
    until_on = models.DateField("마지막 적용일", null=True, blank=True)
    national = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="local", verbose_name="대응하는 상위법"
    )
    national_note = models.CharField("상위법 대응", max_length=300, blank=True)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.VERIFIED)

    objects = GroundQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "근거"
        verbose_name_plural = "근거"
        ordering = ["layer", "profile", "position", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "profile", "item", "effective_on"], name="ground_version_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("effective_on")),
                name="ground_ends_after_start",
                violation_error_message="마지막 적용일은 시행일보다 앞설 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citation} {self.title}"

    @property
    def is_verified(self) -> bool:
        return self.mark == Mark.VERIFIED


class SignContent(LoadedRow):
    """안내판 기재사항: one line that a sign must carry, by layer and by version of the law."""

    class Condition(models.TextChoices):
        ALWAYS = "always", "항상"
        ENTRUSTED = "entrusted", "위탁한 경우"
        INTEGRATED = "integrated", "통합관리하는 경우"

    profile = models.SlugField("프로필", max_length=40, blank=True)
    code = models.SlugField("코드", max_length=40)
    position = models.PositiveSmallIntegerField("순서")
    label = models.CharField("기재사항", max_length=200)
    condition = models.CharField("적용 조건", max_length=12, choices=Condition, default=Condition.ALWAYS)
    citation = models.CharField("근거", max_length=200)
    effective_on = models.DateField("시행일")
    until_on = models.DateField("마지막 적용일", null=True, blank=True)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.VERIFIED)

    objects = SignContentQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "안내판 기재사항"
        verbose_name_plural = "안내판 기재사항"
        ordering = ["profile", "position", "effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "code", "effective_on"], name="sign_content_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("effective_on")),
                name="sign_content_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PurposeGround(LoadedRow):
    """설치목적과 설치 근거: an item of PIPA art. 25(1) that fits a purpose of ordinance art. 6, and what it asks besides.

    `purpose` is a code of the register (`cameras.enums.InstallPurpose`). A district's own rows of a purpose stand
    instead of the nation's. A day on which no row is in force is not judged by this table.
    """

    class Need(models.TextChoices):
        LAW = "law", "허용한 법령"
        DETAIL = "detail", "설치목적 상세"
        NOTHING_STORED = "nothing_stored", "영상을 저장하지 않음"

    profile = models.SlugField("프로필", max_length=40, blank=True, help_text="비우면 전국 공통입니다.")
    purpose = models.SlugField("설치목적", max_length=24)
    item = models.PositiveSmallIntegerField("법 제25조제1항의 호")
    needs = models.JSONField("갖출 것", default=list, blank=True)
    citation = models.CharField("근거", max_length=200)
    effective_on = models.DateField("시행일")
    until_on = models.DateField("마지막 적용일", null=True, blank=True)
    mark = models.CharField("확인 상태", max_length=1, choices=Mark, default=Mark.SETTING)
    note = models.CharField("비고", max_length=300, blank=True)

    objects = PurposeGroundQuerySet.as_manager()

    class Meta:
        verbose_name = "설치목적과 설치 근거"
        verbose_name_plural = "설치목적과 설치 근거"
        ordering = ["profile", "purpose", "item", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "purpose", "item", "effective_on"], name="purpose_ground_version_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("effective_on")),
                name="purpose_ground_ends_after_start",
                violation_error_message="마지막 적용일은 시행일보다 앞설 수 없습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.item}호"

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields(exclude=exclude)
        if unknown := [need for need in self.needs if need not in self.Need.values]:
            raise ValidationError(
                {
                    "needs": f"다음 가운데서 고릅니다: {', '.join(self.Need.values)} (아님: {', '.join(unknown)})"
                }
            )

    @property
    def needs_in_words(self) -> list[str]:
        return [str(self.Need(need).label) for need in self.needs]
