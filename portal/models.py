"""What belongs to no domain app: long work that a person starts in the portal, what officers were reminded of, and
the secret addresses of their calendars."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from accounts.longrun import LongRun
from ordinance.due import KEY_LENGTH


class LedgerVerification(LongRun):
    """One check of the whole ledger, started by a person: what was found stays on record."""

    kept_head = models.JSONField("비교한 봉인 파일", null=True, blank=True)
    entries = models.BigIntegerField("기록 수", null=True, blank=True)
    heads = models.BigIntegerField("봉인 수", null=True, blank=True)
    root = models.CharField("루트", max_length=64, blank=True)
    is_ok = models.BooleanField("이상 없음", null=True, blank=True)
    first_bad = models.BigIntegerField("처음 어긋난 기록", null=True, blank=True)
    reason = models.CharField("사유", max_length=500, blank=True)

    class Meta:
        verbose_name = "원장 검증"
        verbose_name_plural = "원장 검증"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_state_display()}"


class LeastStage(models.IntegerChoices):
    """From which urgency on an officer wants a mail; the numbers are those of `portal.agenda.Stage`."""

    ALL = 0, "새로 생긴 일과 다가오는 기한도"
    TODAY = 2, "오늘까지인 일부터"
    OVERDUE = 3, "기한이 지난 일과 위험만"


class ReminderChoice(models.Model):
    """How an officer wants to be told in the morning. No row: as the defaults say."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reminder_choice",
        verbose_name="담당자",
    )
    is_on = models.BooleanField(
        "아침 메일 받기",
        default=True,
        help_text="근무일 아침에 새로 알릴 일이 있을 때만 보냅니다. 같은 일은 두 번 알리지 않습니다.",
    )
    least_stage = models.PositiveSmallIntegerField("알릴 일", choices=LeastStage, default=LeastStage.ALL)

    class Meta:
        verbose_name = "알림 설정"
        verbose_name_plural = "알림 설정"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.officer}: {'받음' if self.is_on else '받지 않음'}"


class Reminder(models.Model):
    """That an officer was told of a matter: in which stage, and with which due date.

    Goes when the matter is over, so that the next one of its kind is told again.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders", verbose_name="담당자"
    )
    key = models.CharField("할 일", max_length=KEY_LENGTH)
    stage = models.PositiveSmallIntegerField("단계")
    due_on = models.DateField("기한", null=True, blank=True)
    mailed_at = models.DateTimeField("알린 시각")

    class Meta:
        verbose_name = "알린 할 일"
        verbose_name_plural = "알린 할 일"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.officer_id}: {self.key}"


class ReminderMail(models.Model):
    """The one morning mail of an officer on a day, from the decision to send it until it is handed over.

    Text and lines are kept only until then: afterwards the mail is in the officer's mailbox.
    """

    class State(models.TextChoices):
        NOTHING = "nothing", "알릴 일 없음"
        WAITING = "waiting", "보낼 예정"
        SENDING = "sending", "보내는 중"
        SENT = "sent", "보냄"
        FAILED = "failed", "실패"

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reminder_mails",
        verbose_name="담당자",
    )
    on = models.DateField("날짜")
    state = models.CharField("상태", max_length=10, choices=State, default=State.WAITING)
    items = models.PositiveIntegerField("할 일 수", default=0)
    # What it tells of: [{"key", "stage", "due_on"}]; becomes `Reminder` rows when it is sent.
    told = models.JSONField("알린 내용", default=list, blank=True)
    subject = models.CharField("제목", max_length=200, blank=True)
    text = models.TextField("본문", blank=True)
    html = models.TextField("본문(HTML)", blank=True)
    # The same at every attempt, so that a mail server can tell a repetition from another mail.
    message_id = models.CharField("Message-ID", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("시도", default=0)
    attempted_at = models.DateTimeField("마지막 시도", null=True, blank=True)
    sent_at = models.DateTimeField("보낸 시각", null=True, blank=True)
    error = models.CharField("오류", max_length=300, blank=True)

    class Meta:
        verbose_name = "아침 메일"
        verbose_name_plural = "아침 메일"
        ordering = ["-on", "officer_id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["officer", "on"], name="reminder_mail_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.officer}: {self.get_state_display()}"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def in_force(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """달력 주소: whoever knows it reads the officer's due dates. Only the digest of its secret is stored."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="calendar_feeds",
        verbose_name="담당자",
    )
    secret_digest = models.CharField("비밀 주소의 해시", max_length=64, unique=True)
    made_at = models.DateTimeField("만든 시각")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="만든 사람"
    )
    revoked_at = models.DateTimeField("폐기한 시각", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="폐기한 사람",
    )
    # To the day: enough to notice that somebody reads an address that nobody uses.
    last_read_on = models.DateField("마지막으로 읽은 날", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "달력 주소"
        verbose_name_plural = "달력 주소"
        ordering = ["-made_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["officer"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendar_feed_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.made_at:%Y-%m-%d}"


class CalendarEvent(models.Model):
    """What a calendar was last told of a matter: RFC 5545 asks that a moved event has a higher sequence."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="calendar_events",
        verbose_name="담당자",
    )
    key = models.CharField("할 일", max_length=KEY_LENGTH)
    due_on = models.DateField("기한")
    content_digest = models.CharField("내용의 해시", max_length=64)
    sequence = models.PositiveIntegerField("순번", default=0)
    changed_at = models.DateTimeField("바뀐 시각")

    class Meta:
        verbose_name = "달력 일정"
        verbose_name_plural = "달력 일정"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="calendar_event_once")]

    def __str__(self) -> str:
        return f"{self.officer_id}: {self.key}"


class SentForm(models.Model):
    """A form that somebody sent (`portal.sent_forms`): by digest alone, and for a day."""

    digest = models.CharField("양식의 해시", max_length=64, unique=True)
    sent_at = models.DateTimeField("보낸 시각", auto_now_add=True, db_index=True)
    led_to = models.TextField("이어진 화면", blank=True)

    class Meta:
        verbose_name = "보낸 양식"
        verbose_name_plural = "보낸 양식"
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class WorkerSign(models.Model):
    """When a task of the scheduler last went through the queue to a worker (`portal.worker`): one row."""

    at = models.DateTimeField("신호")

    class Meta:
        verbose_name = "작업자의 신호"
        verbose_name_plural = "작업자의 신호"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class FormDraft(models.Model):
    """What an officer has typed into a form and not sent (`portal.drafts`): sealed, the officer's own, for some hours."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="담당자"
    )
    # Officer and address by digest: an address may name what somebody looked for.
    place = models.CharField("양식의 해시", max_length=64, unique=True)
    content = EncryptedTextField("적은 내용", bound_to="place")
    saved_at = models.DateTimeField("적은 시각", db_index=True)
    # It was sent when the session had ended: the person thinks that it was done.
    is_unsent = models.BooleanField("보내지 못함", default=False)

    class Meta:
        verbose_name = "적다 만 양식"
        verbose_name_plural = "적다 만 양식"
        default_permissions = ()

    def __str__(self) -> str:
        return self.place


class StepNotice(models.Model):
    """That somebody told those who act next in a matter (`portal.telling`): by its number, without anything that it says."""

    matter = models.CharField("업무", max_length=100, db_index=True)
    code = models.CharField("단계", max_length=60)
    words = models.CharField("알린 말", max_length=200)
    address = models.CharField("화면", max_length=300)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="알린 사람"
    )
    told_at = models.DateTimeField("알린 시각", auto_now_add=True)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="받는 사람")
    sent_at = models.DateTimeField("보낸 시각", null=True, blank=True)

    class Meta:
        verbose_name = "다음 담당자에게 알림"
        verbose_name_plural = "다음 담당자에게 알림"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.matter}: {self.words}"


class SavedFilter(models.Model):
    """The query of a list under a name (`portal.filters`)."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="담당자"
    )
    path = models.CharField("목록", max_length=200, db_index=True)
    name = models.CharField("이름", max_length=60)
    query = models.CharField("조건", max_length=1000, blank=True)
    is_shared = models.BooleanField("함께 씀", default=False)

    class Meta:
        verbose_name = "보관한 거르기"
        verbose_name_plural = "보관한 거르기"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["officer", "path", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class SessionEnd(models.TextChoices):
    LOGGED_OUT = "logged_out", "로그아웃이나 시간 초과"
    NEWER = "newer", "다른 곳에서 로그인"
    OWNER = "owner", "본인이 끝냄"
    PASSWORD = "password", "비밀번호를 바꿈"
    ADMINISTRATOR = "administrator", "시스템 관리자가 끝냄"


class PortalSession(models.Model):
    """접속 of one person, for the person to see and end (`portal.open_sessions`)."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="담당자"
    )
    # In the session itself; its key changes with every step of a login.
    mark = models.UUIDField("표", unique=True)
    address = EncryptedTextField("주소", bound_to="mark", blank=True)
    device = models.CharField("기기", max_length=60)
    begun_at = models.DateTimeField("시작한 때")
    last_act_at = models.DateTimeField("마지막으로 쓴 때", db_index=True)
    ended_at = models.DateTimeField("끝난 때", null=True)
    ended_how = models.CharField("끝난 까닭", max_length=20, choices=SessionEnd.choices, blank=True)

    class Meta:
        verbose_name = "접속"
        verbose_name_plural = "접속"
        ordering = ["-last_act_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"officer:{self.officer_id} {self.device}"
