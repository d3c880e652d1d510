"""청구에 딸린 서류: which papers came with a request, and whether their copies are still here."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Attachment
from records.enums import PaperWay, RequestPaperKind
from records.models.requests import ViewingRequest


class RequestPaper(models.Model):
    """One paper: seen at the counter, or kept as a copy. The row outlives the copy and says that it was.

    What stands on it is never written here. `records.viewing.papers` is the only writer.
    """

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField("서류", max_length=20, choices=RequestPaperKind.choices)
    way = models.CharField("확인 방법", max_length=8, choices=PaperWay.choices)
    attachment = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="request_papers",
        verbose_name="사본",
    )
    at = models.DateTimeField("받거나 본 때")
    # Nobody: the person sent it on the page of the request.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="받거나 본 담당자",
    )
    erased_at = models.DateTimeField("사본을 파기한 때", null=True, blank=True)

    class Meta:
        verbose_name = "청구에 딸린 서류"
        verbose_name_plural = "청구에 딸린 서류"
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="paper_kept_as_it_says",
                condition=Q(way="seen", attachment__isnull=True, erased_at__isnull=True)
                | Q(way="copy", attachment__isnull=False, erased_at__isnull=True)
                | Q(way="copy", attachment__isnull=True, erased_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_paper_per_copy",
                fields=["request", "attachment"],
                condition=Q(attachment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_way_display()})"
