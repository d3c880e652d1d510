"""How often somebody sent a public form: counted without keeping who it was."""

from django.db import models


class FloodMark(models.Model):
    """One accepted form. `source` is a keyed digest of the sender's network address; gone after a day."""

    form = models.CharField("양식", max_length=40)
    source = models.CharField("보낸 곳의 식별값", max_length=64)
    at = models.DateTimeField("시각")
    # What the form used up, where it is not the number of forms that counts (hours of footage).
    amount = models.FloatField("쓴 양", default=0)

    class Meta:
        verbose_name = "양식 접수 횟수"
        verbose_name_plural = "양식 접수 횟수"
        default_permissions = ()
        indexes = [
            models.Index(fields=["form", "source", "at"], name="flood_mark_source"),
            models.Index(fields=["at"], name="flood_mark_at"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.at}"
