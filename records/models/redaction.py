"""가림 처리: a clip of a matter in which third persons are hidden, who made it, who checked it (docs/redaction.md)."""

from typing import Any, BinaryIO, Self

from django.conf import settings
from django.db import models

from accounts.longrun import LongRun
from cameras.models import Camera
from casework.moves import MoveRow
from footage.models import Hold, VaultFile
from footage.vault import made
from records.look_enums import LookCase
from records.redaction.states import TABLE
from records.redaction_enums import UNFINISHED, RedactionState, RedactionWork


class RedactionQuerySet(models.QuerySet["Redaction"]):
    def of(self, kind: str, key: int) -> Self:
        """Those of one matter."""
        return self.filter(case_kind=kind, case_key=key)

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def checked(self) -> Self:
        """Those whose result a second officer checked and that is still kept."""
        return self.filter(
            state=RedactionState.CHECKED, result__removed_at=None, result__case__destroyed_at=None
        )


class Redaction(models.Model):
    """One camera's range of a matter. `records.redaction` is the only writer."""

    case_kind = models.CharField("구분", max_length=10, choices=LookCase)
    case_key = models.PositiveBigIntegerField("사건의 식별값")
    case_number = models.CharField("사건 번호", max_length=100)
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="redactions", verbose_name="카메라"
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, related_name="redactions", verbose_name="삭제 유예"
    )
    from_at = models.DateTimeField("시작")
    until_at = models.DateTimeField("끝")
    state = models.CharField("상태", max_length=24, choices=RedactionState)
    created_at = models.DateTimeField("시작한 때")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="시작한 사람"
    )
    # What was found: in the vault, since boxes over weeks of a street are nothing to lie about in the database.
    tracks = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="자취"
    )
    # SHA-256 over the kept files and the range that were read (`footage.redaction.vaulted.digest_of`).
    source_sha256 = models.CharField("원본의 SHA-256", max_length=64, blank=True)
    # Which state of the recipe counts, and how often it was changed: two officers cannot overwrite each other.
    recipe = models.PositiveIntegerField("지금의 처리 기록", default=0)
    turn = models.PositiveIntegerField("바꾼 횟수", default=0)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="만든 사람",
    )
    result = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="가린 사본"
    )
    result_sha256 = models.CharField("가린 사본의 SHA-256", max_length=64, blank=True)
    # Which recipe, and which code and libraries, the result was made with: the same once more gives the same bytes.
    made_with = models.JSONField("만든 도구", default=dict, blank=True)
    made_at = models.DateTimeField("만든 때", null=True, blank=True)
    # How many moments there are to look at, of the last result.
    doubts = models.PositiveIntegerField("확인할 곳", default=0)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인한 사람",
    )
    checked_at = models.DateTimeField("확인한 때", null=True, blank=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = "가림 처리"
        verbose_name_plural = "가림 처리"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="redaction_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(maker=models.F("checker")),
                name="redaction_by_two",
                violation_error_message="만든 사람이 아닌 다른 사람이 확인해야 합니다.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RedactionState.CHECKED)
                | models.Q(result__isnull=False, checker__isnull=False, checked_at__isnull=False),
                name="redaction_checked_has_result",
            ),
        ]
        indexes = [models.Index(fields=["case_kind", "case_key"], name="redaction_by_case")]

    def __str__(self) -> str:
        return f"{self.case_number} {self.camera_id}"

    @property
    def seconds(self) -> float:
        return (self.until_at - self.from_at).total_seconds()

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def open_result(self) -> BinaryIO:
        """The covered copy, for reading and seeking: MP4 (H.264). `FileNotFoundError` where it is not kept (any more).

        Whoever reads it writes the line of the ledger that says what for.
        """
        if self.result is None:
            raise FileNotFoundError(f"redaction {self.pk} has no result")
        return made.opened(self.result)

    def as_told(self) -> dict[str, Any]:
        """What the ledger says of it in every line."""
        return {
            "redaction": self.pk,
            "case": self.case_number,
            "camera": self.camera.number,
            "from": self.from_at.isoformat(),
            "until": self.until_at.isoformat(),
        }


class RedactionMove(MoveRow):
    """처리: one step of a redaction."""

    table = TABLE
    subject_field = "redaction"

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "가림 처리의 단계"
        verbose_name_plural = "가림 처리의 단계"


class RedactionRecipe(models.Model):
    """처리 기록: what is covered, after one change. Never changed; undoing leads back to `before`."""

    redaction = models.ForeignKey(
        Redaction, on_delete=models.PROTECT, related_name="recipes", verbose_name="가림 처리"
    )
    number = models.PositiveIntegerField("번호")
    # The one that it changed.
    before = models.PositiveIntegerField("앞의 번호")
    # `records.redaction.recipes.Content`: tracks that stay visible, regions that were drawn, style.
    content = models.JSONField("내용")
    at = models.DateTimeField("바꾼 때")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="바꾼 사람"
    )

    class Meta:
        verbose_name = "가림 처리의 기록"
        verbose_name_plural = "가림 처리의 기록"
        ordering = ["redaction", "number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["redaction", "number"], name="redaction_recipe_once")]

    def __str__(self) -> str:
        return f"{self.redaction_id}/{self.number}"


class RedactionTick(models.Model):
    """A doubtful moment of a result that the checker looked at."""

    redaction = models.ForeignKey(
        Redaction, on_delete=models.PROTECT, related_name="ticks", verbose_name="가림 처리"
    )
    # Of which result: one that is made again is looked at again.
    result = models.ForeignKey(
        VaultFile, on_delete=models.PROTECT, related_name="+", verbose_name="가린 사본"
    )
    doubt = models.PositiveIntegerField("확인할 곳의 순서")
    at = models.DateTimeField("본 때")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="본 사람"
    )

    class Meta:
        verbose_name = "가림 처리에서 확인한 곳"
        verbose_name_plural = "가림 처리에서 확인한 곳"
        ordering = ["redaction", "doubt"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["result", "doubt", "by"], name="redaction_tick_once")]

    def __str__(self) -> str:
        return f"{self.redaction_id}/{self.doubt}"


class RedactionRun(LongRun):
    """What a worker of the storage's machine does for one. Killed, it is begun again; half of it counts for nothing."""

    redaction = models.ForeignKey(
        Redaction, on_delete=models.PROTECT, related_name="runs", verbose_name="가림 처리"
    )
    work = models.CharField("하는 일", max_length=10, choices=RedactionWork)
    # Whose worker reads the footage; "" the usual one.
    queue = models.CharField("작업 큐", max_length=100, blank=True)

    class Meta:
        verbose_name = "가림 처리의 작업"
        verbose_name_plural = "가림 처리의 작업"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["redaction"],
                condition=models.Q(state__in=("waiting", "running")),
                name="redaction_one_run",
            )
        ]

    def __str__(self) -> str:
        return f"{self.redaction_id} {self.work}"
