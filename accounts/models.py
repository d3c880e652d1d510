"""Who works here: institutions, departments, officers."""

from datetime import date
from typing import Any, ClassVar, NoReturn, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models

from accounts.encryption import EncryptedTextField


class LoginDelay(models.Model):
    """Failed logins of an account, a browser, an address block or everybody: by keyed digest, for an hour."""

    key = models.CharField(max_length=80, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    # Until then no password is looked at.
    until_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "로그인 지연"
        verbose_name_plural = "로그인 지연"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Institution(models.Model):
    """관리기관: the body that manages cameras, as the national dataset names it."""

    name = models.CharField("관리기관명", max_length=200, unique=True)
    code = models.CharField("제공기관코드", max_length=7, blank=True)
    phone = models.CharField("관리기관전화번호", max_length=40, blank=True)
    # Where letters of citizens go: in notices and at the foot of the office's own letters.
    postal_address = models.CharField(
        "우편 주소", max_length=200, blank=True, help_text="우편번호부터. 의견수렴 공고와 공문에 적힙니다."
    )
    email = models.EmailField(
        "전자우편",
        blank=True,
        help_text="의견수렴 공고에 적힙니다. 개인의 주소가 아닌 부서의 주소를 적습니다.",
    )

    class Meta:
        verbose_name = "관리기관"
        verbose_name_plural = "관리기관"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_subject(self) -> str:
        return f"institution:{self.pk}"


class Department(models.Model):
    """A department of an institution."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="departments", verbose_name="관리기관"
    )
    name = models.CharField("부서명", max_length=100)
    phone = models.CharField("전화번호", max_length=40, blank=True)

    class Meta:
        verbose_name = "부서"
        verbose_name_plural = "부서"
        ordering = ["institution__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"],
                name="department_name_once",
                violation_error_message="같은 관리기관에 이미 있는 부서입니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_subject(self) -> str:
        return f"department:{self.pk}"


class ResponsibleDesignationQuerySet(models.QuerySet["ResponsibleDesignation"]):
    def in_force(self, on: date) -> Self:
        return self.filter(models.Q(until_on__isnull=True) | models.Q(until_on__gte=on), from_on__lte=on)

    def overlapping(self, from_on: date, until_on: date | None) -> Self:
        started = self.filter(models.Q(until_on__isnull=True) | models.Q(until_on__gte=from_on))
        return started if until_on is None else started.filter(from_on__lte=until_on)


class ResponsibleDesignation(models.Model):
    """전담부서 지정 (ordinance art. 4): which department is responsible, from when until when.

    One institution has one responsible department on any date. The form says so (`clean`), and the database
    refuses what does not come through a form (migration 0002).
    """

    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        related_name="designations",
        editable=False,
        verbose_name="관리기관",
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="designations", verbose_name="부서"
    )
    from_on = models.DateField("지정일")
    until_on = models.DateField("해제일", null=True, blank=True, help_text="이 날까지 전담부서입니다.")
    document_number = models.CharField("문서번호", max_length=100, blank=True)
    manager_post = models.CharField(
        "관리책임자의 직위",
        max_length=100,
        blank=True,
        help_text="운영·관리 방침에 싣습니다(개인정보 보호법 시행령 제25조제1항제3호). 예: 안전관리과장. 이름은 적지 않습니다.",
    )

    objects = ResponsibleDesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "전담부서 지정"
        verbose_name_plural = "전담부서 지정"
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="designation_ends_after_start",
                violation_error_message="해제일은 지정일보다 앞설 수 없습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} ({self.from_on}~{self.until_on or ''})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Kept beside the department, so that the database can hold the rule without a join.
        self.institution = self.department.institution
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.department_id is None or self.from_on is None:
            return  # the fields' own errors say it
        others = ResponsibleDesignation.objects.filter(institution=self.department.institution)
        other = others.exclude(pk=self.pk).overlapping(self.from_on, self.until_on).first()
        if other is not None:
            raise ValidationError(f"같은 기간에 이미 지정된 전담부서가 있습니다: {other} (조례 제4조)")


class NeverDeleted(TypeError):
    """Trails outlive people: an account is deactivated, its row stays (ordinance art. 23, 25)."""


class OfficerQuerySet(models.QuerySet["Officer"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def delete(self) -> NoReturn:
        raise NeverDeleted("담당자는 삭제하지 않고 사용 중지합니다.")


class OfficerManager(UserManager["Officer"].from_queryset(OfficerQuerySet)):  # type: ignore[misc]
    """Creates users as Django does; refuses to delete them."""

    use_in_migrations = False


class Officer(AbstractUser):
    """A person with an account: officials, monitoring agents, auditors."""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name="부서",
    )
    position = models.CharField("직위", max_length=50, blank=True)

    objects: ClassVar[OfficerManager] = OfficerManager()

    class Meta:
        verbose_name = "담당자"
        verbose_name_plural = "담당자"
        ordering = ["username"]
        # No "delete": an account that has acted stays on record.
        default_permissions = ("add", "change", "view")
        permissions = [("cancel_run", "다른 사람이 시작한 작업 취소")]

    def get_full_name(self) -> str:
        """Korean order: family name first, no space."""
        return f"{self.last_name}{self.first_name}".strip()

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def deactivate(self) -> None:
        """End the account. Open sessions end with it: Django refuses an inactive user at the next request."""
        self.is_active = False
        self.save(update_fields=["is_active"])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverDeleted("담당자는 삭제하지 않고 사용 중지합니다.")


class SecondFactor(models.Model):
    """두 번째 인증 of one officer; `accounts.second_factor` is the only writer."""

    officer = models.OneToOneField(
        Officer, on_delete=models.PROTECT, related_name="second_factor", verbose_name="담당자"
    )
    secret = EncryptedTextField("열쇠", bound_to="officer_id", blank=True)
    # Shown and not confirmed by a code yet; the former one works until then.
    offered = EncryptedTextField("보여 준 열쇠", bound_to="officer_id", blank=True)
    confirmed_at = models.DateTimeField("등록한 때", null=True, blank=True)
    # A code works once.
    last_step = models.PositiveBigIntegerField("마지막으로 쓴 단계", default=0)
    # Keyed digests of the recovery codes that are left.
    recovery = models.JSONField("복구 번호", default=list, blank=True)

    class Meta:
        verbose_name = "두 번째 인증"
        verbose_name_plural = "두 번째 인증"
        default_permissions = ()

    def __str__(self) -> str:
        return f"officer:{self.officer_id}"


class Passkey(models.Model):
    """패스키 or 보안 키 of one officer; `accounts.passkeys` writes it, `accounts.second_factor` takes it away."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="passkeys", verbose_name="담당자"
    )
    name = models.CharField("이름", max_length=40)
    credential = models.CharField(
        "열쇠의 번호", max_length=1400, unique=True, error_messages={"unique": "이미 등록한 열쇠입니다."}
    )
    # Public: whoever reads it can check an answer and give none.
    public_key = models.TextField("공개 열쇠")
    # Of the last answer; keys that do not count give 0.
    counter = models.BigIntegerField("사용 횟수", default=0)
    added_at = models.DateTimeField("등록한 때")
    last_used_at = models.DateTimeField("마지막으로 쓴 때", null=True, blank=True)

    class Meta:
        verbose_name = "패스키"
        verbose_name_plural = "패스키"
        ordering = ["added_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "name"],
                name="passkey_name_once",
                violation_error_message="같은 이름의 패스키가 이미 있습니다.",
            )
        ]

    def __str__(self) -> str:
        return self.name
