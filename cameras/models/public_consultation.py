"""의견수렴 (ordinance art. 8, Decree art. 23, Procedures Act art. 46-47): notice, opinions, answers, result."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from cameras.enums import (
    ConsultationMethod,
    OpinionChannel,
    OpinionDecision,
    PersonReadPurpose,
    PublicConsultationState,
)
from cameras.public_consultation_states import TABLE
from casework.moves import MoveRow


class PublicConsultation(models.Model):
    """It opens and closes by the clock: its phase is read from `published_at`, `opens_at`, `closes_at`.

    What the office did, who and why stands in its moves.
    """

    number = models.CharField("공고번호", max_length=30, unique=True)
    project = models.ForeignKey(
        "cameras.InstallationProject",
        on_delete=models.PROTECT,
        related_name="public_consultations",
        verbose_name="설치 사업",
    )
    state = models.CharField(
        "상태",
        max_length=24,
        choices=PublicConsultationState,
        default=PublicConsultationState.DRAFT,
        editable=False,
    )
    method = models.CharField("방법", max_length=24, choices=ConsultationMethod)
    title = models.CharField("제목", max_length=200)
    text = models.TextField("내용", help_text="무엇을, 왜, 어디에 설치하는지")
    places = models.TextField("게재·게시 장소", blank=True, help_text="한 줄에 하나씩")
    event_place = models.CharField("설명회 장소", max_length=200, blank=True)
    event_at = models.DateTimeField("설명회 일시", null=True, blank=True)
    opens_at = models.DateTimeField("시작")
    closes_at = models.DateTimeField("마감")
    # When the shortest period that the law allows ends, as reckoned at publication; empty where there is none.
    shortest_until = models.DateTimeField("최소 기간의 끝", null=True, blank=True, editable=False)
    urgency_reason = models.CharField("긴급 사유", max_length=500, blank=True)
    urgency_approver = models.CharField("긴급 단축 승인자", max_length=100, blank=True)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="public_consultations", verbose_name="첨부"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="작성자"
    )
    made_at = models.DateTimeField("작성 시각", auto_now_add=True)
    published_at = models.DateTimeField("공고 시각", null=True, blank=True)
    # What the public was told, frozen at publication: cameras with place and purpose, period and its reckoning.
    notice = models.JSONField("공고 내용", default=dict, blank=True)
    closed_early_at = models.DateTimeField("조기 종료 시각", null=True, blank=True)
    closed_early_reason = models.CharField("조기 종료 사유", max_length=500, blank=True)
    result_text = models.TextField("결과", blank=True)
    result = models.JSONField("결과 수치", default=dict, blank=True)
    result_published_at = models.DateTimeField("결과 공고 시각", null=True, blank=True)

    class Meta:
        verbose_name = "의견수렴"
        verbose_name_plural = "의견수렴"
        ordering = ["-opens_at", "-pk"]
        permissions = [("publish_consultation", "의견수렴을 공고할 수 있음")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="consultation_closes_after_opening",
                violation_error_message="마감은 시작보다 늦어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ledger_subject(self) -> str:
        return f"consultation:{self.number}"


class PublicConsultationMove(MoveRow):
    """처리: one step of a public consultation."""

    table = TABLE
    subject_field = "consultation"

    consultation = models.ForeignKey(PublicConsultation, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "의견수렴의 처리"
        verbose_name_plural = "의견수렴의 처리"


class ConsultationExtension(models.Model):
    """A later end than the one that was published; the published notice itself stays as it was."""

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="extensions", verbose_name="의견수렴"
    )
    closes_before = models.DateTimeField("연장 전 마감")
    closes_after = models.DateTimeField("연장한 마감")
    reason = models.CharField("연장 사유", max_length=500)
    extended_at = models.DateTimeField("연장 시각")
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="연장한 사람"
    )

    class Meta:
        verbose_name = "의견수렴 연장"
        verbose_name_plural = "의견수렴 연장"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_after__gt=models.F("closes_before")),
                name="extension_ends_later",
                violation_error_message="연장한 마감은 지금 마감보다 늦어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.closes_after:%Y-%m-%d %H:%M}"


class ResultCorrection(models.Model):
    """정정: what of the published result was wrong. It stands beside the result, which stays as it was."""

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="corrections", verbose_name="의견수렴"
    )
    ordinal = models.PositiveSmallIntegerField("호")
    text = models.TextField("바로잡은 내용")
    reason = models.CharField("정정 사유", max_length=500)
    corrected_at = models.DateTimeField("정정 시각")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="정정한 사람"
    )

    class Meta:
        verbose_name = "결과 정정"
        verbose_name_plural = "결과 정정"
        ordering = ["consultation", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "ordinal"], name="correction_ordinal_once")
        ]

    def __str__(self) -> str:
        return f"정정 {self.ordinal}호"


class HeardExpert(models.Model):
    """관계 전문가의 의견 (ordinance art. 8, PIPA art. 25(3)): who was asked, when, what they said, on which paper.

    The person's name stands in the document; here only the post and field.
    """

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="experts", verbose_name="의견수렴"
    )
    who = models.CharField("소속·직위와 분야", max_length=200)
    heard_on = models.DateField("들은 날")
    said = models.TextField("의견")
    document_number = models.CharField("문서번호", max_length=100)
    entered_at = models.DateTimeField("기록 시각")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록한 사람"
    )

    class Meta:
        verbose_name = "관계 전문가의 의견"
        verbose_name_plural = "관계 전문가의 의견"
        ordering = ["heard_on", "pk"]

    def __str__(self) -> str:
        return f"{self.who} ({self.heard_on})"


class SurveyQuestion(models.Model):
    """A question of a survey or poll; without choices the answer is free text."""

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="questions", verbose_name="의견수렴"
    )
    position = models.PositiveSmallIntegerField("순서")
    text = models.CharField("질문", max_length=300)
    choices = models.JSONField("선택지", default=list, blank=True)
    is_multiple = models.BooleanField("여러 개 선택", default=False)
    is_required = models.BooleanField("필수", default=False)

    class Meta:
        verbose_name = "설문 문항"
        verbose_name_plural = "설문 문항"
        ordering = ["consultation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="question_position_once")
        ]

    def __str__(self) -> str:
        return self.text


class OpinionAnswer(models.Model):
    """How one opinion, or a group of like ones, was dealt with."""

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="answers", verbose_name="의견수렴"
    )
    decision = models.CharField("처리", max_length=12, choices=OpinionDecision)
    text = models.TextField("처리 내용과 이유")
    answered_at = models.DateTimeField("처리 시각", auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="처리자"
    )

    class Meta:
        verbose_name = "의견 처리"
        verbose_name_plural = "의견 처리"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.text[:40]}"


def receipt_secret() -> str:
    """What a citizen types beside the receipt number to see the own opinion again; 40 bits, unguessable online."""
    return secrets.token_hex(5)


class Opinion(models.Model):
    """제출의견. Name and contact are optional, encrypted, and erased after the period in the profile."""

    consultation = models.ForeignKey(
        PublicConsultation, on_delete=models.PROTECT, related_name="opinions", verbose_name="의견수렴"
    )
    receipt_number = models.CharField("접수번호", max_length=30, unique=True)
    receipt_secret = EncryptedTextField("확인번호", bound_to="receipt_number", blank=True, editable=False)
    # The form that it was sent with: the same form sent twice is one opinion.
    submission_key = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    channel = models.CharField("접수 경로", max_length=10, choices=OpinionChannel, default=OpinionChannel.WEB)
    received_at = models.DateTimeField("접수 시각")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = EncryptedTextField("성명", bound_to="receipt_number", blank=True)
    contact = EncryptedTextField("연락처", bound_to="receipt_number", blank=True)
    text = models.TextField("의견", blank=True)
    attachment = models.ForeignKey(
        "casework.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_hidden = models.BooleanField("비공개", default=False)
    hidden_reason = models.CharField("비공개 사유", max_length=300, blank=True)
    hidden_notice = models.CharField("제출자 안내", max_length=500, blank=True)
    hidden_at = models.DateTimeField("비공개 시각", null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.ForeignKey(
        OpinionAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)

    class Meta:
        verbose_name = "제출의견"
        verbose_name_plural = "제출의견"
        ordering = ["received_at", "pk"]
        permissions = [("read_opinion_person", "의견 제출자의 인적사항을 볼 수 있음")]

    def __str__(self) -> str:
        return self.receipt_number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.receipt_secret = self.receipt_secret or receipt_secret()
        super().save(*args, **kwargs)

    @property
    def ledger_subject(self) -> str:
        return f"opinion:{self.receipt_number}"


class SurveyAnswer(models.Model):
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="survey_answers")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="answers")
    # Positions of the chosen choices, or the text of a free answer.
    chosen = models.JSONField("선택", default=list, blank=True)
    text = models.TextField("답", blank=True)

    class Meta:
        verbose_name = "설문 응답"
        verbose_name_plural = "설문 응답"
        constraints = [models.UniqueConstraint(fields=["opinion", "question"], name="survey_answer_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id}/{self.question_id}"


class OpinionPersonReading(models.Model):
    """An officer looked at the name and contact of an opinion's author: who, when, what for."""

    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, related_name="person_readings", verbose_name="제출의견"
    )
    read_at = models.DateTimeField("열람 시각")
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="열람한 사람"
    )
    purpose = models.CharField("열람 목적", max_length=12, choices=PersonReadPurpose)
    detail = models.CharField("구체적인 사유", max_length=200, blank=True)

    class Meta:
        verbose_name = "인적사항 열람"
        verbose_name_plural = "인적사항 열람"
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.get_purpose_display()}"
