"""재생 준비: a kept file that browsers do not play, made playable piece by piece."""

from django.db import models

from accounts.longrun import LongRun
from footage.models.vault import VaultFile


class Conversion(LongRun):
    """One row per kept file that cannot be played as it is; the pieces lie beside it and go with it (docs/playback.md)."""

    file = models.OneToOneField(
        VaultFile, on_delete=models.PROTECT, related_name="conversion", verbose_name="보관한 파일"
    )
    # Number of the piece -> its own id (hexadecimal; the key is derived from it), or "" where it has no frame.
    pieces = models.JSONField("준비한 조각", default=dict, blank=True)
    # Where somebody looks now: made first.
    wanted_piece = models.PositiveIntegerField("먼저 만들 조각", default=0)
    # As the file says itself, once it was opened.
    seconds = models.FloatField("길이(초)", null=True, blank=True)

    class Meta:
        verbose_name = "재생 준비"
        verbose_name_plural = "재생 준비"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.file_id}"
