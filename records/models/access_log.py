"""접속기록 of the video system (Safety Standard art. 8): what its audit log says, row by row, and the files it came in."""

from datetime import datetime
from typing import Self

from django.db import models


class Act(models.TextChoices):
    LOGIN = "login", "로그인"
    LOGOUT = "logout", "로그아웃"
    LIVE = "live", "실시간"
    PLAYBACK = "playback", "재생"
    PTZ = "ptz", "회전확대"
    EXPORT = "export", "반출"
    SETTING = "setting", "설정"


# Acts by which somebody looks at people.
LOOKS = (Act.LIVE, Act.PLAYBACK, Act.PTZ, Act.EXPORT)


class AccessLogFile(models.Model):
    """가져온 접속기록 파일: one import of one file. `records.access_log.importing` is the only writer."""

    name = models.CharField("파일 이름", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    map = models.CharField("열 대응표", max_length=60)
    begun_at = models.DateTimeField("시작 시각")
    # None while it goes on, and where it was broken off: the same file again brings the rest.
    finished_at = models.DateTimeField("마친 시각", null=True, blank=True)
    rows = models.PositiveBigIntegerField("행", default=0)
    created = models.PositiveBigIntegerField("새 행", default=0)
    known = models.PositiveBigIntegerField("이미 있는 행", default=0)
    rejected = models.PositiveBigIntegerField("오류 행", default=0)
    first_at = models.DateTimeField("첫 시각", null=True, blank=True)
    last_at = models.DateTimeField("마지막 시각", null=True, blank=True)
    errors = models.JSONField("오류", default=list, blank=True)
    ledger_entry = models.PositiveBigIntegerField("원장 번호", null=True, blank=True)

    class Meta:
        verbose_name = "접속기록 파일"
        verbose_name_plural = "접속기록 파일"
        ordering = ["-begun_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(at__gte=start, at__lt=end)


class AccessEvent(models.Model):
    """One row of the log, in the words of the video system. Rows are added by COPY and never changed.

    The same row is stored once: `digest` is the first eight bytes of BLAKE2b over its contents. The unique key begins
    with the time, so that it is the index of a month too and grows at its end.
    """

    at = models.DateTimeField("시각")
    digest = models.BigIntegerField("내용 해시")
    number = models.CharField("번호", max_length=100, blank=True)
    account = models.CharField("계정", max_length=100)
    act = models.CharField("행위", max_length=8, choices=Act)
    camera = models.CharField("카메라", max_length=100, blank=True)
    target_from = models.DateTimeField("대상시작", null=True, blank=True)
    target_until = models.DateTimeField("대상종료", null=True, blank=True)
    place = models.CharField("접속지", max_length=100, blank=True)
    case_number = models.CharField("사건번호", max_length=100, blank=True)
    content = models.TextField("내용", blank=True)
    file = models.ForeignKey(
        AccessLogFile, on_delete=models.PROTECT, related_name="events", db_index=False, verbose_name="파일"
    )
    line = models.PositiveBigIntegerField("줄")

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = "접속기록"
        verbose_name_plural = "접속기록"
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["at", "digest"], name="access_event_once")]
        indexes = [models.Index(fields=["account", "at"], name="access_event_of_person")]

    def __str__(self) -> str:
        return f"{self.number} {self.account} {self.get_act_display()}"
