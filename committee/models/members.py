"""위원 (ordinance art. 26, 27): persons, and the terms for which they sit. Written by `committee.membership` only."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.encryption import EncryptedTextField
from casework.models.history import history_of
from committee.enums import EX_OFFICIO, EndGround, Gender, Office, Recruitment, SeatGround
from committee.querysets import TermQuerySet

# Deferred wherever nobody reads them, so that nothing is decrypted.
MEMBER_PERSONAL = ("name", "phone", "email")


class Member(models.Model):
    """A person who sits or sat on the committee. The name is public while it is kept; contacts never are."""

    number = models.CharField("위원번호", max_length=24, unique=True)
    name = EncryptedTextField("성명", bound_to="number")
    phone = EncryptedTextField("전화번호", blank=True, bound_to="number")
    email = EncryptedTextField("전자우편", blank=True, bound_to="number")
    gender = models.CharField("성별", max_length=8, choices=Gender)
    affiliation = models.CharField("소속과 직위", max_length=120)
    is_district_official = models.BooleanField("구 소속 공무원", default=False)
    # Of the district, besides this one (general committee ordinance: three at most).
    other_committees = models.PositiveSmallIntegerField("함께 맡은 다른 위원회 수", default=0)
    erased_at = models.DateTimeField("개인정보를 파기한 때", null=True, editable=False)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록자"
    )

    history = history_of(excluded=[*MEMBER_PERSONAL], no_index=["recorded_by"])

    class Meta:
        verbose_name = "위원"
        verbose_name_plural = "위원"
        ordering = ["pk"]
        default_permissions = ("view", "change")
        permissions = [("read_member_contact", "위원의 연락처를 볼 수 있음")]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"committee-member:{self.number}"

    @property
    def shown_name(self) -> str:
        return self.name or "(파기함)"


class Term(models.Model):
    """임기: one stay of a person on one seat. Ex officio members sit as long as they hold the post (no last day)."""

    number = models.CharField("임기번호", max_length=30, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="terms", verbose_name="위원")
    ground = models.CharField("자격", max_length=20, choices=SeatGround)
    office = models.CharField("직책", max_length=12, choices=Office, blank=True)
    from_on = models.DateField("시작일")
    until_on = models.DateField("임기 만료일", null=True, blank=True)
    document_number = models.CharField("위촉·지정 문서번호", max_length=100)
    recommended_by = models.CharField("추천 기관", max_length=100, blank=True)
    recruitment = models.CharField("모집", max_length=8, choices=Recruitment, blank=True)
    recruitment_reason = models.CharField("공개모집을 하지 않은 사유", max_length=300, blank=True)
    # Why the person stays beyond what the general committee ordinance allows.
    limit_reason = models.CharField("재직 상한의 예외 사유", max_length=300, blank=True)
    renews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewal", verbose_name="연임"
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="substitute",
        verbose_name="보궐",
    )
    ended_on = models.DateField("해촉·종료일", null=True, blank=True)
    end_ground = models.CharField("해촉·종료 사유", max_length=16, choices=EndGround, blank=True)
    end_document = models.CharField("해촉·종료 문서번호", max_length=100, blank=True)
    vacant_reason = models.CharField("자리를 비워 두는 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="기록자"
    )

    objects = TermQuerySet.as_manager()
    history = history_of(excluded=[], no_index=["recorded_by", "member", "renews", "replaces"])

    class Meta:
        verbose_name = "위원 임기"
        verbose_name_plural = "위원 임기"
        ordering = ["-from_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="term_ends_after_it_began",
                violation_error_message="임기 만료일은 시작일보다 앞설 수 없습니다.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_ground="")
                | (Q(ended_on__gte=F("from_on")) & ~Q(end_ground="")),
                name="term_ends_with_a_ground",
                violation_error_message="해촉·종료일은 시작일보다 앞설 수 없고 사유가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=EX_OFFICIO, until_on=None)
                | (~Q(ground__in=EX_OFFICIO) & Q(until_on__isnull=False)),
                name="term_of_appointed_members_only",
                violation_error_message="임기는 위촉직에만 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ledger_subject(self) -> str:
        return f"committee-term:{self.number}"

    @property
    def is_ex_officio(self) -> bool:
        return self.ground in EX_OFFICIO

    @property
    def kind_label(self) -> str:
        return "당연직" if self.is_ex_officio else "위촉직"

    @property
    def last_on(self) -> dt.date | None:
        """The last day in the seat as far as it is known; None: as long as the post is held."""
        days = [day for day in (self.ended_on, self.until_on) if day is not None]
        return min(days) if days else None

    def is_on(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.last_on is None or day <= self.last_on)

    def overlaps(self, from_on: dt.date, until_on: dt.date | None) -> bool:
        starts_before = until_on is None or self.from_on <= until_on
        return starts_before and (self.last_on is None or self.last_on >= from_on)
