"""A 보관일수 that became shorter: what was recorded before keeps the former one until a second person has confirmed it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from cameras.models import Camera

if TYPE_CHECKING:
    from typing import Self


class Shortening(models.Model):
    """One act that made the periods of some cameras shorter."""

    at = models.DateTimeField("단축 시각")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="단축한 사람",
    )
    reason = models.CharField("사유", max_length=500, blank=True)
    confirmed_at = models.DateTimeField("확인 시각", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인한 사람",
    )

    class Meta:
        verbose_name = "보관기간 단축"
        verbose_name_plural = "보관기간 단축"
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class ShortenedCameraQuerySet(models.QuerySet["ShortenedCamera"]):
    def unconfirmed(self) -> "Self":
        return self.filter(shortening__confirmed_at__isnull=True)


class ShortenedCamera(models.Model):
    shortening = models.ForeignKey(
        Shortening, on_delete=models.PROTECT, related_name="cameras", verbose_name="보관기간 단축"
    )
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="shortenings", verbose_name="카메라"
    )
    days_before = models.PositiveSmallIntegerField("이전 보관일수")
    days_after = models.PositiveSmallIntegerField("새 보관일수")
    # From when on nothing that was recorded before is left, whatever is confirmed.
    lapses_at = models.DateTimeField("이전 보관기간이 다하는 때")

    objects = ShortenedCameraQuerySet.as_manager()

    class Meta:
        verbose_name = "보관기간을 줄인 카메라"
        verbose_name_plural = "보관기간을 줄인 카메라"
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["lapses_at"], name="shortening_lapses")]

    def __str__(self) -> str:
        return f"{self.camera}: {self.days_before} → {self.days_after}"
