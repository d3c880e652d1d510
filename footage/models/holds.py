"""What must stay, past its period."""

from django.conf import settings
from django.db import models

from cameras.models import Camera
from ledger.commitments import SALT_LENGTH


class Hold(models.Model):
    """삭제 유예: keeps a camera's range past its period (ordinance art. 24(1)). Per case; holds stack."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="holds", verbose_name="카메라")
    from_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    reason = models.CharField("사유", max_length=500)
    article = models.CharField("근거 조항", max_length=100, blank=True)
    case_reference = models.CharField("사건 번호", max_length=100, blank=True)
    placed_at = models.DateTimeField("유예 시각")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="유예한 사람",
    )
    released_at = models.DateTimeField("해제 시각", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="해제한 사람",
    )
    release_reason = models.CharField("해제 사유", max_length=500, blank=True)
    # Of the digests in the ledger (`ledger.commitments`); empty in holds from before there were any.
    salt = models.CharField("해시 소금", max_length=SALT_LENGTH, blank=True, editable=False)

    # What `holds.place` found destroyed already within the range; the ledger keeps it.
    already_gone: int = 0

    class Meta:
        verbose_name = "삭제 유예"
        verbose_name_plural = "삭제 유예"
        ordering = ["-placed_at"]
        permissions = [("place_hold", "삭제 유예 지정"), ("release_hold", "삭제 유예 해제")]
        indexes = [
            models.Index(
                fields=["camera"], condition=models.Q(released_at__isnull=True), name="hold_in_force"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")),
                name="hold_ends_after_start",
                violation_error_message="끝 시각은 시작 시각보다 뒤여야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.camera}"
