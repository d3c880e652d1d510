"""회전·확대 기록 (art. 10): who turned which camera, why, and when it looked again where it is registered to look."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cameras.models import Camera
from records.models.people import Incident, StaffMember


class CameraTurn(models.Model):
    """One turn as its operator wrote it down. What the video system logged of it are rows of `AccessEvent`."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="turns", verbose_name="카메라")
    turned_at = models.DateTimeField("돌린 때", db_index=True)
    reason = models.CharField("까닭", max_length=200)
    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="turns",
        verbose_name="관제 상황",
    )
    returned_at = models.DateTimeField("되돌린 때", null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="되돌린 사람",
    )
    # Whose account it is in the video system; empty where the operator is not on the list of staff.
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="turns",
        verbose_name="돌린 사람",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="적은 사람"
    )
    entered_at = models.DateTimeField("적은 때")
    # None where the office asks for no permission by camera.
    is_permitted = models.BooleanField("회전·확대 권한이 있었음", null=True, blank=True)

    class Meta:
        verbose_name = "회전·확대"
        verbose_name_plural = "회전·확대"
        ordering = ["-turned_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("turned_at")),
                name="camera_turned_back_after_turned",
                violation_error_message="되돌린 때는 돌린 때보다 앞설 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"회전·확대 {self.pk}"

    @property
    def ledger_subject(self) -> str:
        return f"camera:{self.camera.number}"
