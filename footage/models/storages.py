"""Where footage lies and what was found there. No row per file: the path says which camera and when (docs/footage.md)."""

from typing import Self

from django.conf import settings
from django.db import models

from cameras.models import Camera


class Storage(models.Model):
    """A recorder's folder."""

    name = models.CharField("저장소 이름", max_length=100, unique=True)
    root = models.CharField("폴더", max_length=1000)
    layout = models.CharField("경로 형식", max_length=300)
    timezone = models.CharField("경로 시간대", max_length=50, default="Asia/Seoul")
    segment_seconds = models.PositiveIntegerField("파일 길이(초)", default=600)
    queue = models.CharField(
        "작업 대기열", max_length=100, blank=True, help_text="이 디스크가 있는 서버의 Celery 대기열 이름"
    )
    created_at = models.DateTimeField("등록 시각", auto_now_add=True)
    names_confirmed_until = models.DateTimeField(
        "이름의 시각을 확인한 범위",
        null=True,
        blank=True,
        help_text="이때까지 마지막으로 쓰인 파일은 수정 시각이 달라도 이름의 시각을 따릅니다.",
    )
    # By how many whole hours nearly all files were written after what their names say (`footage.clock_offsets`), when
    # the tree was last read; None: they agree, or have nothing in common. Not an input to destruction.
    offset_hours = models.SmallIntegerField("이름과 수정 시각의 차이(시간)", null=True, blank=True)
    offset_files = models.PositiveBigIntegerField("그 차이를 본 파일 수", default=0)
    # Not an input to destruction: only tells an empty folder from a disk that is not mounted.
    files_on_record = models.PositiveBigIntegerField("기록된 파일 수", default=0)
    seen_at = models.DateTimeField("최근 확인 시각", null=True, blank=True)
    # Of the last reading of the whole tree; a sweep looks into some folders only, and renews `seen_at` alone.
    scanned_at = models.DateTimeField("최근 전체 확인 시각", null=True, blank=True)
    # When it came back after an absence: before that nothing on it could be destroyed.
    returned_at = models.DateTimeField("다시 연결된 시각", null=True, blank=True)
    # When the last scan was written down: what a sweep destroyed since it began may be counted in it.
    scan_ended_at = models.DateTimeField("최근 전체 확인을 적은 시각", null=True, blank=True)
    # Since when scans are compared with each other (`footage.vanished`); before it nobody can say what vanished.
    compared_since = models.DateTimeField("파일 수를 대조하기 시작한 시각", null=True, blank=True)
    last_absent_since = models.DateTimeField("지난 끊김의 시작", null=True, blank=True)
    # Registered in the portal it is swept from the confirmation of a second person on; by command, at once.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="등록한 사람",
    )
    confirmed_at = models.DateTimeField("확인 시각", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인한 사람",
    )
    absent_since = models.DateTimeField("연결 끊김", null=True, blank=True)
    absent_reason = models.CharField("연결 끊김 사유", max_length=300, blank=True)

    class Meta:
        verbose_name = "영상 저장소"
        verbose_name_plural = "영상 저장소"
        ordering = ["name"]
        permissions = [
            ("scan_storage", "저장소 확인 실행"),
            ("confirm_destroying", "파기할 저장소와 폴더의 두 번째 확인"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(segment_seconds__gt=0),
                name="segment_has_length",
                violation_error_message="파일 길이는 1초 이상이어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CameraClaim(models.Model):
    """Which camera owns a key in a storage, when the camera's own recording key does not say it all."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="claims", verbose_name="카메라")
    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", verbose_name="저장소"
    )
    key = models.CharField("녹화 식별자", max_length=200)
    from_at = models.DateTimeField("시작", null=True, blank=True)
    until_at = models.DateTimeField("끝", null=True, blank=True)
    is_former_key = models.BooleanField(
        "이전 식별자",
        default=False,
        help_text="녹화 식별자가 바뀌기 전의 영상을 계속 이 카메라의 것으로 봅니다.",
    )

    class Meta:
        verbose_name = "녹화 식별자 배정"
        verbose_name_plural = "녹화 식별자 배정"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_at__isnull=True)
                | models.Q(until_at__isnull=True)
                | models.Q(until_at__gt=models.F("from_at")),
                name="claim_ends_after_start",
                violation_error_message="끝 시각은 시작 시각보다 뒤여야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.camera}"


class FootageDay(models.Model):
    """What a scan found of one camera on one day (Asia/Seoul) in one storage."""

    storage = models.ForeignKey(Storage, on_delete=models.PROTECT, related_name="days", verbose_name="저장소")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="footage_days", verbose_name="카메라"
    )
    on = models.DateField("날짜")
    segments = models.PositiveIntegerField("파일 수", default=0)
    bytes = models.PositiveBigIntegerField("용량", default=0)
    first_at = models.DateTimeField("처음", null=True, blank=True)
    last_at = models.DateTimeField("마지막", null=True, blank=True)
    # Of the files that no hold covered at the scan; one that is held hides none behind it.
    first_unheld_at = models.DateTimeField("유예되지 않은 처음", null=True, blank=True)
    recorded_seconds = models.PositiveIntegerField("녹화 시간(초)", default=0)
    gaps = models.PositiveIntegerField("끊김", default=0)
    destroyed = models.PositiveIntegerField("파기 파일 수", default=0)
    destroyed_bytes = models.PositiveBigIntegerField("파기 용량", default=0)
    held = models.PositiveIntegerField("삭제 유예 파일 수", default=0)
    # Gone between two scans without our act (`footage.vanished`); of them held ones.
    vanished = models.PositiveIntegerField("파기 기록 없이 사라진 파일 수", default=0)
    vanished_held = models.PositiveIntegerField("그중 삭제 유예 파일 수", default=0)
    vanished_at = models.DateTimeField("사라진 것을 안 때", null=True, blank=True)
    scanned_at = models.DateTimeField("확인 시각", null=True, blank=True)

    class Meta:
        verbose_name = "일자별 영상"
        verbose_name_plural = "일자별 영상"
        ordering = ["-on", "camera_id"]
        constraints = [models.UniqueConstraint(fields=["storage", "camera", "on"], name="footage_day_once")]
        indexes = [models.Index(fields=["camera", "on"], name="footage_day_camera")]

    def __str__(self) -> str:
        return f"{self.camera} {self.on}"


class CapacityReading(models.Model):
    """How full a storage's disk was at a time."""

    storage = models.ForeignKey(
        Storage, on_delete=models.CASCADE, related_name="readings", verbose_name="저장소"
    )
    at = models.DateTimeField("시각")
    total_bytes = models.PositiveBigIntegerField("전체")
    free_bytes = models.PositiveBigIntegerField("남은 용량")

    class Meta:
        verbose_name = "저장 용량"
        verbose_name_plural = "저장 용량"
        ordering = ["storage", "at"]
        indexes = [models.Index(fields=["storage", "at"], name="capacity_by_time")]

    def __str__(self) -> str:
        return f"{self.storage} {self.at}"


class UnclaimedFolderQuerySet(models.QuerySet["UnclaimedFolder"]):
    def awaiting_confirmation(self) -> Self:
        return self.exclude(decision=UnclaimedFolder.Decision.OPEN).filter(confirmed_at__isnull=True)

    def unsettled(self) -> Self:
        """Whose footage no camera has been given by two persons."""
        return self.exclude(decision=UnclaimedFolder.Decision.ASSIGNED, confirmed_at__isnull=False)


class UnclaimedFolder(models.Model):
    """A camera folder that no camera claims: an item on the home page until someone decides."""

    class Decision(models.TextChoices):
        OPEN = "open", "미결정"
        ASSIGNED = "assigned", "카메라에 배정"
        DESTROY = "destroy", "최대 보관기간 후 파기"

    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, related_name="unclaimed", verbose_name="저장소"
    )
    key = models.CharField("녹화 식별자", max_length=300)
    files = models.PositiveIntegerField("파일 수", default=0)
    # Of the last scan; a sweep counts files and measures none. Empty: never measured.
    bytes = models.PositiveBigIntegerField("용량", null=True, blank=True)
    first_seen_at = models.DateTimeField("처음 발견")
    last_seen_at = models.DateTimeField("최근 발견")
    oldest_at = models.DateTimeField("가장 오래된 영상", null=True, blank=True)
    newest_at = models.DateTimeField("가장 최근 영상", null=True, blank=True)
    camera = models.ForeignKey(
        Camera,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="배정된 카메라",
    )
    decision = models.CharField("결정", max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="결정자",
    )
    decided_at = models.DateTimeField("결정 시각", null=True, blank=True)
    reason = models.CharField("사유", max_length=500, blank=True)
    # A decision counts from the word of a second person on.
    confirmed_at = models.DateTimeField("확인 시각", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인한 사람",
    )

    objects = UnclaimedFolderQuerySet.as_manager()

    class Meta:
        verbose_name = "미등록 폴더"
        verbose_name_plural = "미등록 폴더"
        ordering = ["storage", "key"]
        permissions = [("decide_folder", "미등록 폴더 결정")]
        constraints = [models.UniqueConstraint(fields=["storage", "key"], name="unclaimed_folder_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def awaits_confirmation(self) -> bool:
        return self.decision != self.Decision.OPEN and self.confirmed_at is None
