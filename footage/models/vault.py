"""증거 보관함: what is kept of held footage, for which case, and what became of it (docs/vault.md)."""

import uuid
from typing import Self

from django.db import models

from cameras.models import Camera
from footage.models.holds import Hold
from footage.models.storages import Storage


class VaultCase(models.Model):
    """A case with its key. Without the key what is kept for it cannot be opened: destroying it destroys all copies."""

    reference = models.CharField("사건 번호", max_length=100)
    folder = models.UUIDField("폴더", unique=True, default=uuid.uuid4, editable=False)
    # Empty once it was destroyed. Wrapped by a key outside the database (`footage.vault.case_keys`).
    wrapped_key = models.BinaryField("싼 열쇠", editable=False)
    master_id = models.CharField("싼 열쇠의 식별값", max_length=32, editable=False)
    opened_at = models.DateTimeField("연 때")
    destroyed_at = models.DateTimeField("열쇠를 파기한 때", null=True, blank=True)

    class Meta:
        verbose_name = "보관함의 사건"
        verbose_name_plural = "보관함의 사건"
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=models.Q(destroyed_at=None), name="vault_case_open_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def ledger_subject(self) -> str:
        return f"vault:{self.reference}"


class VaultIntake(models.Model):
    """How far the copying of one hold from one storage has come."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="intakes", verbose_name="삭제 유예")
    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, related_name="intakes", verbose_name="저장소"
    )
    looked_at = models.DateTimeField("마지막으로 본 때", null=True, blank=True)
    # Everything was copied when the whole range lay in the past: looked at again once a day only.
    complete_at = models.DateTimeField("모두 복사한 때", null=True, blank=True)
    # Of the last look: what is still to be copied, what was seen before and gone when its turn came, what cannot be read.
    waiting = models.PositiveIntegerField("복사할 파일 수", default=0)
    vanished = models.PositiveIntegerField("복사하기 전에 사라진 파일 수", default=0)
    unreadable = models.PositiveIntegerField("읽을 수 없는 파일 수", default=0)
    problem = models.CharField("문제", max_length=300, blank=True)

    class Meta:
        verbose_name = "보관함 복사"
        verbose_name_plural = "보관함 복사"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["hold", "storage"], name="vault_intake_once")]

    def __str__(self) -> str:
        return f"{self.hold_id}/{self.storage_id}"

    @property
    def is_whole(self) -> bool:
        """Nothing is known to be missing from the copies, apart from what still waits."""
        return not (self.vanished or self.unreadable or self.problem)


class VaultFileQuerySet(models.QuerySet["VaultFile"]):
    def originals(self) -> Self:
        """What a recorder wrote, as against what was made of it."""
        return self.filter(made_as=VaultFile.MadeAs.ORIGINAL)


class VaultFile(models.Model):
    """One original as it was copied, or what was made of originals of the same camera: it goes when they go.

    The row stays when the file is destroyed: what there was, and until when.
    """

    class MadeAs(models.TextChoices):
        ORIGINAL = "original", "원본의 사본"
        REDACTED = "redacted", "가린 사본"
        TRACKS = "tracks", "가림 처리의 자취"
        COPY = "copy", "내보낼 사본"

    class Problem(models.TextChoices):
        MISSING = "missing", "없어짐"
        CUT = "cut", "잘림"
        CHANGED = "changed", "바뀜"
        SWAPPED = "swapped", "다른 파일로 바뀜"
        NOT_OURS = "not_ours", "보관함의 파일이 아님"
        UNREADABLE = "unreadable", "읽을 수 없음"
        NO_KEY = "no_key", "열쇠가 없음"

    case = models.ForeignKey(VaultCase, on_delete=models.PROTECT, related_name="files", verbose_name="사건")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="vault_files", verbose_name="카메라"
    )
    storage = models.ForeignKey(
        Storage, on_delete=models.PROTECT, related_name="vault_files", verbose_name="저장소"
    )
    made_as = models.CharField("종류", max_length=10, choices=MadeAs, default=MadeAs.ORIGINAL)
    file_id = models.UUIDField("파일 식별값", unique=True, default=uuid.uuid4, editable=False)
    path = models.CharField("원본의 경로", max_length=1000)
    first_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    bytes = models.PositiveBigIntegerField("크기")
    # Of the original when it was copied (nanoseconds since 1970): a file that was written anew is copied anew.
    modified_ns = models.BigIntegerField("원본의 수정 시각")
    sha256 = models.CharField("SHA-256", max_length=64)
    kept_at = models.DateTimeField("복사한 때")
    # The line of the ledger that names its batch, and the digest that stands there.
    batch = models.CharField("묶음", max_length=32, db_index=True)
    checked_at = models.DateTimeField("마지막으로 확인한 때")
    problem = models.CharField("확인 결과", max_length=12, choices=Problem, blank=True)
    removed_at = models.DateTimeField("파기한 때", null=True, blank=True)

    objects = VaultFileQuerySet.as_manager()

    class Meta:
        verbose_name = "보관한 파일"
        verbose_name_plural = "보관한 파일"
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["checked_at"], condition=models.Q(removed_at=None), name="vault_file_to_check"
            ),
            models.Index(fields=["case", "camera", "first_at"], name="vault_file_by_time"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def line(self) -> str:
        """As it stands in the digest of its batch."""
        return f"{self.sha256} {self.bytes} {self.file_id.hex} {self.storage_id} {self.path}"
