"""설치 사업: cameras of one plan. One project has one consultation, one resolution, one contractor."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from casework.models.history import history_of


class InstallationProject(models.Model):
    """What a project has fulfilled holds for each of its cameras, as long as they belong to it.

    `cameras.projects` makes it and puts cameras into it; once a consultation has begun no camera is added,
    since nobody was asked about that camera.
    """

    number = models.CharField("사업번호", max_length=20, unique=True)
    title = models.CharField("사업명", max_length=200)
    summary = models.TextField("사업 내용", blank=True)
    installing_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="projects", verbose_name="설치부서"
    )
    contract = models.ForeignKey(
        "cameras.EntrustmentContract",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="위탁 계약",
    )
    builder_name = models.CharField("시공업체", max_length=200, blank=True)
    builder_registration = models.CharField(
        "정보통신공사업 등록번호", max_length=60, blank=True, help_text="조례 제5조제4호"
    )
    builder_checked_on = models.DateField("등록 확인일", null=True, blank=True)
    works_start_on = models.DateField("착공 예정일", null=True, blank=True)
    opened_at = models.DateTimeField("등록 시각", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="등록자"
    )
    closed_on = models.DateField("종료일", null=True, blank=True)
    closed_reason = models.CharField("종료 사유", max_length=300, blank=True)

    history = history_of(excluded=[], no_index=["installing_department", "contract", "opened_by"])

    class Meta:
        verbose_name = "설치 사업"
        verbose_name_plural = "설치 사업"
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def ledger_subject(self) -> str:
        return f"project:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None
