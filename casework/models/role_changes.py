"""권한 변경: rights that one person asks for and another one gives; `casework.role_changes` is the only writer."""

from typing import Self

from django.conf import settings
from django.db import models

from accounts.roles import Role
from casework.moves import AllowedMove, MoveRow, StateTable


class RoleChangeState(models.TextChoices):
    WAITING = "waiting", "확인 대기"
    CONFIRMED = "confirmed", "확인함"
    REFUSED = "refused", "거절함"
    WITHDRAWN = "withdrawn", "철회함"
    EXPIRED = "expired", "기한이 지남"


class RoleChangeEvent(models.TextChoices):
    ASK = "ask", "요청"
    CONFIRM = "confirm", "확인"
    REFUSE = "refuse", "거절"
    WITHDRAW = "withdraw", "철회"
    EXPIRE = "expire", "기한 경과"


_ARTICLE = "개인정보의 안전성 확보조치 기준"
_FROM = (RoleChangeState.WAITING,)
TABLE = StateTable(
    (
        AllowedMove(RoleChangeEvent.ASK, ("",), RoleChangeState.WAITING, _ARTICLE),
        AllowedMove(RoleChangeEvent.CONFIRM, _FROM, RoleChangeState.CONFIRMED, _ARTICLE),
        AllowedMove(RoleChangeEvent.REFUSE, _FROM, RoleChangeState.REFUSED, _ARTICLE, is_forward=False),
        AllowedMove(RoleChangeEvent.WITHDRAW, _FROM, RoleChangeState.WITHDRAWN, _ARTICLE, is_forward=False),
        AllowedMove(RoleChangeEvent.EXPIRE, _FROM, RoleChangeState.EXPIRED, _ARTICLE, is_forward=False),
    ),
    states=RoleChangeState,
    events=RoleChangeEvent,
)


class RoleChangeQuerySet(models.QuerySet["RoleChange"]):
    def waiting(self) -> Self:
        return self.filter(state=RoleChangeState.WAITING)


class RoleChange(models.Model):
    """A role that is to be given, or an account that is to be opened again, until somebody else says so too."""

    class Kind(models.TextChoices):
        ROLE = "role", "역할 부여"
        REOPEN = "reopen", "계정 다시 사용"
        # Lost telephone and recovery codes: the person registers anew.
        FACTOR = "factor", "두 번째 인증 없애기"

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="role_changes",
        verbose_name="담당자",
    )
    kind = models.CharField("종류", max_length=8, choices=Kind)
    state = models.CharField("상태", max_length=12, choices=RoleChangeState)
    role_before = models.CharField("지금 역할", max_length=24, choices=Role, blank=True)
    role = models.CharField("줄 역할", max_length=24, choices=Role, blank=True)
    asked_at = models.DateTimeField("요청 시각")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="요청한 사람"
    )
    expires_at = models.DateTimeField("확인 기한")

    objects = RoleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "권한 변경"
        verbose_name_plural = "권한 변경"
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        permissions = [("confirm_rolechange", "다른 사람이 요청한 권한 변경 확인")]
        constraints = [
            models.UniqueConstraint(
                fields=["officer"],
                condition=models.Q(state=RoleChangeState.WAITING),
                name="one_waiting_role_change",
                violation_error_message="이미 확인을 기다리는 권한 변경이 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.what}"

    @property
    def what(self) -> str:
        """In words: from which role to which, or that the account is opened again."""
        if self.kind == self.Kind.REOPEN:
            return f"계정 다시 사용 ({self.get_role_display() or '역할 없음'})"
        if self.kind == self.Kind.FACTOR:
            return "두 번째 인증 없애기"
        return f"{self.get_role_before_display() or '역할 없음'} → {self.get_role_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == RoleChangeState.WAITING


class RoleChangeMove(MoveRow):
    """One step of it: who asked, who confirmed or refused, why."""

    table = TABLE
    subject_field = "change"

    change = models.ForeignKey(RoleChange, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "권한 변경의 처리"
        verbose_name_plural = "권한 변경의 처리"
