"""서류: papers that prove a duty met for the cameras that they name."""

from django.conf import settings
from django.db import models

from cameras.enums import PaperKind
from casework.models import Attachment


class Paper(models.Model):
    """One document that proves something for cameras; `cameras.papers.file` is the only writer.

    It names cameras in one installation each (`PaperCamera`), or stands for all cameras of a project. A camera that
    is moved or gets another purpose begins a new installation, for which earlier papers prove nothing
    (Guideline art. 38). A wrong paper is withdrawn, never deleted.
    """

    kind = models.CharField("종류", max_length=24, choices=PaperKind)
    on = models.DateField("문서일자")
    document_number = models.CharField("문서번호", max_length=100)
    title = models.CharField("제목", max_length=200, blank=True)
    # What the kind asks for (checklist items, period of a consultation, exemption reason …), see `cameras.papers`.
    contents = models.JSONField("내용", default=dict, blank=True)
    project = models.ForeignKey(
        "cameras.InstallationProject",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="설치 사업",
    )
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="papers", verbose_name="첨부")
    filed_at = models.DateTimeField("등록 시각", auto_now_add=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="등록자"
    )
    withdrawn_at = models.DateTimeField("취소 시각", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField("취소 사유", max_length=300, blank=True)

    class Meta:
        verbose_name = "서류"
        verbose_name_plural = "서류"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["kind", "on"], name="paper_kind")]
        permissions = [("file_paper", "서류를 등록할 수 있음")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_number}"


class PaperCamera(models.Model):
    """A camera that a paper names, in the installation that it had then."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="lines", verbose_name="서류")
    camera = models.ForeignKey(
        "cameras.Camera",
        on_delete=models.PROTECT,
        related_name="paper_lines",
        verbose_name="카메라",
        db_index=False,
    )
    installation = models.PositiveSmallIntegerField("설치 차수", default=1)

    class Meta:
        verbose_name = "서류의 카메라"
        verbose_name_plural = "서류의 카메라"
        constraints = [
            models.UniqueConstraint(fields=["camera", "installation", "paper"], name="paper_camera_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.camera_id}"
