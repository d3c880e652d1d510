"""설치부터 철거까지: what happened to a camera, decision by decision. `cameras.lifecycle` is the only writer."""

from django.conf import settings
from django.db import models

from cameras.enums import CameraState, LifecycleEvent


class LifecycleAct(models.Model):
    """One decision about one or many cameras: date, person, document, files, reason."""

    event = models.CharField("처리", max_length=16, choices=LifecycleEvent)
    on = models.DateField("처리일")
    document_number = models.CharField("문서번호", max_length=100, blank=True)
    reason = models.CharField("사유", max_length=500)
    citation = models.CharField("근거", max_length=200, blank=True)
    project = models.ForeignKey(
        "cameras.InstallationProject",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name="설치 사업",
    )
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="acts", verbose_name="첨부"
    )
    at = models.DateTimeField("기록 시각", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="처리자"
    )

    class Meta:
        verbose_name = "상태 변경"
        verbose_name_plural = "상태 변경"
        ordering = ["-at", "-pk"]
        permissions = [("move_camera", "카메라의 상태를 변경할 수 있음")]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.on}"


class Move(models.Model):
    """One camera's step within an act."""

    act = models.ForeignKey(LifecycleAct, on_delete=models.PROTECT, related_name="moves", verbose_name="처리")
    camera = models.ForeignKey(
        "cameras.Camera", on_delete=models.PROTECT, related_name="moves", verbose_name="카메라"
    )
    installation = models.PositiveSmallIntegerField("설치 차수", default=1)
    from_state = models.CharField("이전 상태", max_length=12, choices=CameraState, blank=True)
    to_state = models.CharField("다음 상태", max_length=12, choices=CameraState)

    class Meta:
        verbose_name = "카메라의 상태 변경"
        verbose_name_plural = "카메라의 상태 변경"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["act", "camera"], name="move_once_per_act")]

    def __str__(self) -> str:
        return f"{self.camera_id}: {self.from_state} → {self.to_state}"
