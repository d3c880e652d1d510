"""Where and when the footage is that a request asks for: places as they were named, cameras with their ranges."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from cameras.models import Camera, Site
from footage.models import Hold
from records.enums import NOT_THERE, SearchOutcome
from records.models.requests import ViewingRequest


class RequestedPlace(models.Model):
    """둘레: a place and a radius, of who does not know the camera. Every camera there is a `RequestedCamera`.

    Words and position are where somebody was: they go with the person.
    """

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="places")
    words = EncryptedTextField("장소", bound_to="request_id")
    position = EncryptedTextField("위치", bound_to="request_id")
    radius_metres = models.PositiveIntegerField("반경(m)")
    from_at = models.DateTimeField("영상정보 기록기간 시작")
    until_at = models.DateTimeField("영상정보 기록기간 끝")

    class Meta:
        verbose_name = "청구한 둘레"
        verbose_name_plural = "청구한 둘레"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="viewing_place_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.radius_metres} m"


class RequestedCameraQuerySet(models.QuerySet["RequestedCamera"]):
    def standing(self) -> Self:
        """What is asked for: without what was dropped."""
        return self.filter(dropped_at__isnull=True)

    def told(self) -> Self:
        """Whoever named a radius is told of no camera of which nothing may be told."""
        return self.exclude(place__isnull=False, camera__is_sign_exempt=True)


class RequestedCamera(models.Model):
    """A camera and a range that a request names, the hold on its footage, and what was gone when it was placed.

    A camera may be named more than once with ranges that do not touch (`records.viewing.asked` joins those that do).
    """

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="viewing_requests", verbose_name="카메라"
    )
    # Where it was asked for: the camera may stand elsewhere today.
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="viewing_requests", verbose_name="설치장소"
    )
    # Of a camera that nobody named, but that stands within a radius.
    place = models.ForeignKey(
        RequestedPlace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cameras",
        verbose_name="청구한 둘레",
    )
    from_at = models.DateTimeField("영상정보 기록기간 시작")
    until_at = models.DateTimeField("영상정보 기록기간 끝")
    # The end of the part that fits under the limits of the web (`records.viewing.short_holds`).
    fits_until_at = models.DateTimeField("한도에 드는 구간의 끝", null=True, blank=True)
    # None where the web could not freeze it and no officer has yet.
    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, null=True, related_name="requested_camera", verbose_name="삭제 유예"
    )
    already_gone = models.PositiveIntegerField("접수할 때 이미 파기된 파일 수", default=0)
    # Every day of the range had been scanned here. Otherwise nobody knows what is there, or was.
    is_checked = models.BooleanField("저장소에서 확인한 구간", default=False)
    secured_at = models.DateTimeField("녹화기에서 확보한 시각", null=True, blank=True)
    secured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확보한 사람",
    )
    secured_note = models.CharField("확보 결과", max_length=500, blank=True)

    # 제외: a camera within a radius that an officer found to have nothing to do with the request.
    dropped_at = models.DateTimeField("제외한 시각", null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="제외한 사람",
    )
    drop_reason = models.CharField("제외한 사유", max_length=500, blank=True)

    objects = RequestedCameraQuerySet.as_manager()

    class Meta:
        verbose_name = "청구한 카메라"
        verbose_name_plural = "청구한 카메라"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["request", "camera", "from_at"], name="viewing_range_once"),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="viewing_range_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.camera_id}"

    @property
    def is_hidden(self) -> bool:
        """As `told` leaves it out."""
        return self.place_id is not None and self.camera.is_sign_exempt

    @property
    def told_number(self) -> str:
        """What the person reads: of a camera exempt from signs for security no number (Decree art. 24(4))."""
        return "카메라" if self.camera.is_sign_exempt else self.camera.number

    @property
    def is_unseen(self) -> bool:
        """No storage here has seen its footage, and nobody was at the recorder: nothing keeps it yet."""
        return not self.is_checked and self.secured_at is None

    @property
    def is_to_be_secured(self) -> bool:
        """Unseen, and still promised: before the answer, and after it as long as the hold stands."""
        is_held = self.hold is not None and self.hold.released_at is None
        return self.is_unseen and (self.request.is_open or is_held)


class SearchResult(models.Model):
    """영상 확인 결과: what an officer confirmed about one camera and range. Never changed; the last one counts."""

    line = models.ForeignKey(
        RequestedCamera, on_delete=models.PROTECT, related_name="searches", verbose_name="청구한 카메라"
    )
    outcome = models.CharField("결과", max_length=14, choices=SearchOutcome)
    # What the records of this system said at that moment; tells of no person.
    record = models.TextField("이 시스템의 기록")
    destroyed_files = models.PositiveIntegerField("파기한 파일 수", default=0)
    ledger_entries = models.JSONField("파기의 원장 기록", default=list, blank=True)
    note = models.CharField("확인한 것", max_length=500, blank=True)
    found_at = models.DateTimeField("확인한 시각")
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="확인한 사람"
    )

    class Meta:
        verbose_name = "영상 확인 결과"
        verbose_name_plural = "영상 확인 결과"
        ordering = ["found_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.line_id} {self.get_outcome_display()}"

    @property
    def is_there(self) -> bool:
        return self.outcome not in NOT_THERE
