"""Holidays, and the due dates that follow them."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords

from ordinance import holiday_changes
from ordinance.querysets import DueDateQuerySet, HolidayQuerySet


class Holiday(models.Model):
    """공휴일: a day that a deadline does not end on, or does not count. Sundays are not rows."""

    class Kind(models.TextChoices):
        NATIONAL = "national", "법정공휴일"
        SUBSTITUTE = "substitute", "대체공휴일"
        TEMPORARY = "temporary", "임시공휴일"
        ELECTION = "election", "선거일"
        LOCAL = "local", "지방공휴일"

    on = models.DateField("날짜")
    name = models.CharField("이름", max_length=100)
    kind = models.CharField("종류", max_length=10, choices=Kind, default=Kind.TEMPORARY)
    source = models.CharField("출처", max_length=200, blank=True, help_text="관보 호수, 공고 번호 등")

    objects = HolidayQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "공휴일"
        verbose_name_plural = "공휴일"
        ordering = ["on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["on", "name"],
                name="holiday_once",
                violation_error_message="같은 날짜에 같은 이름의 공휴일이 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Through whatever form it is changed: due dates move in the same transaction, old day and new one."""
        with holiday_changes.changing(by="system:holidays") as change:
            if self.pk is not None:
                change.days += Holiday.objects.filter(pk=self.pk).values_list("on", flat=True)
            is_new = self._state.adding
            super().save(*args, **kwargs)
            change.note(self.on, f"공휴일 {'추가' if is_new else '변경'}: {self}")


class DueDate(models.Model):
    """처리기한: what a matter of a later app is due, and the rule by which the date was reached.

    The matter is kind and number as text, since this app knows no other. While it is open the date follows the
    table of holidays; every date that it had before stays as an `EarlierDueDate`.
    """

    class Unit(models.TextChoices):
        DAYS = "days", "일"
        WEEKS = "weeks", "주"
        MONTHS = "months", "개월"
        YEARS = "years", "년"

    subject_kind = models.CharField("대상 종류", max_length=60)
    subject_number = models.CharField("대상 번호", max_length=100)
    purpose = models.CharField("기한의 내용", max_length=60, default="answer")
    rule = models.CharField("계산 방법", max_length=20)
    start_at = models.DateTimeField("기산 시각")
    amount = models.PositiveSmallIntegerField("기간")
    unit = models.CharField("단위", max_length=6, choices=Unit, default=Unit.DAYS)
    start_on = models.DateField("기산일(서울)")
    due_on = models.DateField("기한")
    due_at = models.DateTimeField("기한 시각")
    internal_due_on = models.DateField("내부 기한")
    is_provisional = models.BooleanField(
        "잠정", default=False, help_text="공휴일이 등록되지 않은 해에 걸친 기한입니다."
    )
    citation = models.CharField("근거", max_length=200)
    opened_at = models.DateTimeField("등록 시각")
    closed_at = models.DateTimeField("종결 시각", null=True, blank=True)

    objects = DueDateQuerySet.as_manager()
    history = HistoricalRecords(verbose_name="변경 이력")

    class Meta:
        verbose_name = "처리기한"
        verbose_name_plural = "처리기한"
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["closed_at", "due_on"], name="due_date_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_number", "purpose"], name="due_date_once_per_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_number}: {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class EarlierDueDate(models.Model):
    """A date that a matter was due before, why it moved and when. Never changed, never removed."""

    due_date = models.ForeignKey(
        DueDate, on_delete=models.PROTECT, related_name="earlier", verbose_name="처리기한"
    )
    due_on = models.DateField("이전 기한")
    due_at = models.DateTimeField("이전 기한 시각")
    new_due_on = models.DateField("바뀐 기한")
    reason = models.CharField("사유", max_length=500)
    changed_at = models.DateTimeField("변경 시각")
    changed_by = models.CharField("변경자", max_length=100)

    class Meta:
        verbose_name = "이전 처리기한"
        verbose_name_plural = "이전 처리기한"
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.due_on} → {self.new_due_on}"
