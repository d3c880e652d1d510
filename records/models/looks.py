"""영상 재생: who was let in to look at what, and what was really read."""

import datetime as dt
import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models

from cameras.models import Camera
from footage.models import Hold
from records.look_enums import LookCase, LookEnd, LookStep

# From and until, in seconds from the beginning of the range that was granted.
Span = tuple[float, float]


class FootageLookQuerySet(models.QuerySet["FootageLook"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class FootageLook(models.Model):
    """One officer, one session, the range of one camera, a quarter of an hour. `records.access` is the only writer.

    Those that begin together, the cameras side by side, have one `group`.
    """

    group = models.UUIDField("묶음", default=uuid.uuid4, db_index=True, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks", verbose_name="담당자"
    )
    # SHA-256 of the session's key: the same person in another browser is let in anew.
    session_digest = models.CharField("접속의 식별값", max_length=64, editable=False)
    case_kind = models.CharField("구분", max_length=10, choices=LookCase)
    case_key = models.PositiveBigIntegerField("사건의 식별값")
    case_number = models.CharField("사건 번호", max_length=100)
    step = models.CharField("하는 일", max_length=10, choices=LookStep)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="looks", verbose_name="카메라")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="looks", verbose_name="삭제 유예")
    from_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    purpose = models.CharField("목적", max_length=500)
    # Of the purpose's digest in the ledger.
    salt = models.CharField(max_length=32, blank=True, editable=False)
    # Guideline art. 46, of footage that is shown: who looked said that nobody else can be recognised.
    is_clear = models.BooleanField("다른 사람이 알아볼 수 없음을 확인함", default=False)
    granted_at = models.DateTimeField("허가한 때", db_index=True)
    expires_at = models.DateTimeField("허가가 끝나는 때")
    # What was read, joined; `records.access.looks.note_read` writes it before the bytes leave.
    read = models.JSONField("읽은 구간", default=list, blank=True)
    frames_stepped = models.PositiveIntegerField("한 장면씩 본 수", default=0)
    stills = models.PositiveIntegerField("정지화면 수", default=0)
    closed_at = models.DateTimeField("마친 때", null=True, blank=True)
    closed_how = models.CharField("마친 방법", max_length=10, choices=LookEnd, blank=True)

    objects = FootageLookQuerySet.as_manager()

    class Meta:
        verbose_name = "영상 재생"
        verbose_name_plural = "영상 재생"
        ordering = ["-granted_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("look_at_footage", "사건의 영상을 재생할 수 있음")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="look_ends_after_start"
            )
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(closed_at__isnull=True), name="look_to_close"
            ),
            models.Index(fields=["case_kind", "case_key"], name="look_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.camera_id}"

    @property
    def seconds_read(self) -> float:
        return round(sum(until - from_ for from_, until in self.read), 3)

    @property
    def read_from(self) -> dt.datetime | None:
        """The first moment that was read; None where nothing was."""
        return self.from_at + dt.timedelta(seconds=self.read[0][0]) if self.read else None

    @property
    def read_until(self) -> dt.datetime | None:
        return self.from_at + dt.timedelta(seconds=self.read[-1][1]) if self.read else None

    def as_told(self) -> dict[str, Any]:
        """What the ledger says of it at both ends."""
        return {
            "look": self.pk,
            "look_case": self.case_kind,
            "case": self.case_number,
            "look_step": self.step,
            "camera": self.camera.number,
        }
