"""Imports of the standard dataset in the portal."""

from django.db import models

from accounts.longrun import LongRun, RunState


class ImportRun(LongRun):
    """One import of the standard dataset in the portal: file, preview, result."""

    file = models.FileField("파일", upload_to="imports/%Y/%m/")
    file_name = models.CharField("파일 이름", max_length=255)
    is_dry_run = models.BooleanField("미리보기", default=True)
    skip_invalid = models.BooleanField("오류 행 제외", default=False)
    newest_only = models.BooleanField("장소마다 가장 새 자료만", default=False)
    retention_if_unknown = models.PositiveSmallIntegerField("모르는 보관일수에 쓸 값", null=True, blank=True)
    digest = models.CharField("파일 해시", max_length=64, blank=True)
    result = models.JSONField("결과", default=dict, blank=True)
    rejected_file = models.FileField("오류 행 파일", upload_to="imports/%Y/%m/", blank=True)

    class Meta:
        verbose_name = "대장 가져오기"
        verbose_name_plural = "대장 가져오기"
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_stored(self) -> bool:
        """What it came to stands in the register, whatever became of the run afterwards."""
        return bool(self.result.get("stored"))

    @property
    def came_to_nothing(self) -> bool:
        """It ended before it stored anything, so that it may be made again."""
        return self.state in (RunState.FAILED, RunState.CANCELLED) and not self.is_stored
